"""Whether a drawn run says what the consultation found, no more and no less."""

from __future__ import annotations

from whyllm.engine.consulting import Consultation
from whyllm.engine.graph.elements import DecisionGraph, EdgeKind, NodeKind, State

AGAINST = {EdgeKind.EXCLUDES, EdgeKind.LEAVES_OPEN}


def path_of(graph: DecisionGraph) -> list[str]:
    """The chain of taken nodes, walked by the taken edges from the first."""
    step = next(iter(graph))
    path = [step]
    while following := [t for _, t, d in graph.out_edges(step, data=True) if d["state"] == "taken"]:
        (step,) = following
        path.append(step)
    return path


def says_what_was_judged(graph: DecisionGraph, answer: Consultation) -> None:
    """Assert path, verdict of every model, and every cause."""
    path = path_of(graph)
    assert [step for step in path if step in answer.path] == list(answer.path)
    assert {n for n, s in graph.nodes(data="state") if s == State.TAKEN} == set(path)
    names = {model: entry.name for model, entry in answer.catalogue.models.items()}
    drawn = {n: d for n, d in graph.nodes(data=True) if d["kind"] == NodeKind.MODEL}
    assert {n: d["state"] for n, d in drawn.items()} == {m: answer.verdict(m) for m in names}
    assert {n: d["label"] for n, d in drawn.items()} == names
    causes = [(rule, model) for rule, model, d in graph.edges(data=True) if d["kind"] in AGAINST]
    wanted = {
        (firing.rule, model)
        for against in (answer.excluded, answer.undecided)
        for model, firings in against.items()
        for firing in firings
    }
    assert len(causes) == len(wanted)
    assert set(causes) == wanted
    kept = [m for _, m, d in graph.out_edges(path[-1], data=True) if d["kind"] == EdgeKind.KEEPS]
    assert kept[: len(answer.shortlist)] == list(answer.shortlist)
    assert sorted(kept) == sorted(answer.kept)
