"""Every graph against what it is read off: the rulebook, the trace, the knowledge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.consulting import Consultation
from whyllm.engine.explaining.explanation import explain
from whyllm.engine.explaining.proof import Proof
from whyllm.engine.facts import Asked, Excluded
from whyllm.engine.graph.difference import difference
from whyllm.engine.graph.elements import DecisionGraph, EdgeKind, NodeKind, State
from whyllm.engine.graph.knowledge import knowledge_graph
from whyllm.engine.graph.rules import rules_graph
from whyllm.engine.graph.run import run_graph
from whyllm.engine.graph.tree import rulebook_tree
from whyllm.engine.graph.views import collapsed, focused, seen, spine
from whyllm.engine.graph.why import why_graph
from whyllm.engine.rulebook import Rulebook, Stage
from whyllm.engine.stages import RULEBOOKS, rulebook
from whyllm.kb.knowledge import KnowledgeBase

from tests.engine.graph.judged import path_of, says_what_was_judged
from tests.engine.needs import random_need

Ask = Callable[..., Consultation]
CODE = {"modality": "code", "use": "commercial", "vram": 24.0}


def of_kind(graph: DecisionGraph, kind: NodeKind) -> list[str]:
    return [node for node, data in graph.nodes(data=True) if data["kind"] == kind]


def edges(graph: DecisionGraph, *kinds: EdgeKind) -> Counter[tuple[str, str, str]]:
    """The edges of some kinds, or of all, as source, target and kind."""
    found = ((s, t, d["kind"]) for s, t, d in graph.edges(data=True))
    return Counter(edge for edge in found if not kinds or edge[2] in kinds)


def with_another_rule(book: Rulebook) -> Rulebook:
    """A rulebook whose last stage has one rule more."""
    last = book.stages[-1]
    stage = Stage(last.id, last.prefix, last.question, list(last.cards))

    @stage.rule(f"{last.prefix}-990", "Another one", when=[Asked(axis="use", value="personal")],
                because="So it is.", concludes=[Excluded])  # fmt: skip
    def another() -> None:
        """Nothing."""

    return replace(book, stages=(*book.stages[:-1], stage))


# The tree and the rules


@pytest.mark.parametrize("name", RULEBOOKS)
def test_the_tree_of_a_rulebook_has_every_stage_and_rule_once(name: str) -> None:
    book = rulebook(name)
    graph = rulebook_tree(book)
    assert of_kind(graph, NodeKind.STAGE) == [stage.id for stage in book.stages]
    assert of_kind(graph, NodeKind.RULE) == [card.id for card in book.cards]
    assert edges(graph, EdgeKind.RULE) == Counter(
        (card.stage, card.id, "rule") for card in book.cards
    )
    chain = ["start", *(stage.id for stage in book.stages)]
    assert list(edges(graph, EdgeKind.THEN)) == [(a, b, "then") for a, b in pairwise(chain)]
    for card in book.cards:
        assert graph.nodes[card.id]["label"] == f"{card.id}\n{card.title}"


@pytest.mark.parametrize("name", RULEBOOKS)
def test_the_rules_graph_has_every_condition_and_conclusion(name: str) -> None:
    book = rulebook(name)
    graph = rules_graph(book)
    wanted = Counter(
        edge
        for card in book.cards
        for edge in {
            *((fact.__name__, card.id, "reads") for fact in card.reads),
            *((fact.__name__, card.id, "negates") for fact in card.negates),
            *((card.id, fact.__name__, "concludes") for fact in card.concludes),
        }
    )
    assert edges(graph) == wanted
    assert set(of_kind(graph, NodeKind.FACT)) == {
        fact.__name__
        for card in book.cards
        for fact in (*card.reads, *card.negates, *card.concludes)
    }


def test_a_changed_rule_changes_the_graphs() -> None:
    book = rulebook("expert")
    other = with_another_rule(book)
    for draw in (rulebook_tree, rules_graph):
        before, after = draw(book), draw(other)
        assert set(after) - set(before) == {"CAV-990"}
        assert after.number_of_edges() > before.number_of_edges()
        assert [n for n, s in difference(before, after).nodes(data="state") if s == "added"] == [
            "CAV-990"
        ]


def test_rules_of_one_stage_only() -> None:
    graph = rules_graph(rulebook("expert"), ["licence"])
    assert {rule.partition("-")[0] for rule in of_kind(graph, NodeKind.RULE)} == {"LIC"}
    with pytest.raises(KeyError):
        rules_graph(rulebook("expert"), ["nonsense"])


# The run; that 300 needs in either rulebook are drawn as judged is part of test_partition


@pytest.mark.parametrize("name", RULEBOOKS)
def test_a_run_is_drawn_as_judged(ask: Ask, name: str) -> None:
    answer = ask(name, **CODE)
    graph = run_graph(answer)
    says_what_was_judged(graph, answer)
    assert graph.number_of_edges() > len(answer.catalogue.models)


def test_the_replies_stand_on_the_path(ask: Ask) -> None:
    graph = run_graph(ask("course", modality="text", task="reasoning", use="internal"))
    path = path_of(graph)
    assert path == ["Start", "Modal", "Task", "Reason", "License", "AnyLic", "remaining"]
    replies = [graph.edges[a, b, 0]["label"] for a, b in pairwise(path)]
    assert replies == [
        "", "text only", "reasoning (mathematics, logic, several steps)", "", "internal use", "",
    ]  # fmt: skip
    graph = run_graph(ask(**CODE))
    assert graph.edges["modality", "task", 0]["label"] == "modality: code mostly"
    assert graph.edges["licence", "preference", 0]["label"] == "use: commercial use"


def test_out_of_scope_and_nothing_remains_are_drawn(ask: Ask) -> None:
    outside = run_graph(ask(modality="image-generation"))
    assert outside.nodes["remaining"]["label"].startswith("Out of scope")
    nothing = run_graph(ask(modality="code", vram=0.5))
    assert nothing.nodes["remaining"]["label"] == "Nothing remains"


def test_a_model_that_is_named_like_a_step_is_a_node_of_its_own(ask: Ask) -> None:
    answer = ask(**CODE)
    entry = replace(answer.catalogue.models["codestral-22b-v0.1"], id="memory", name="Memory")
    models = {**answer.catalogue.models, "memory": entry}
    excluded = {**answer.excluded, "memory": answer.excluded["codestral-22b-v0.1"]}
    other = replace(answer, catalogue=replace(answer.catalogue, models=models), excluded=excluded)
    graph = run_graph(other)
    assert graph.nodes["memory"]["kind"] == NodeKind.STAGE
    assert graph.nodes["memory (model)"]["label"] == "Memory"


# The proof


def told(proof: Proof) -> set[str]:
    """The texts of a proof and of all below it."""
    below = (proof.premises, proof.guards)
    inner = set().union(*(told(premise) for part in below for premise in part), set())
    return {proof.text, *proof.absences} | inner


@pytest.mark.parametrize("seed", range(12))
def test_a_proof_is_drawn_whole_and_nothing_besides(ask: Ask, seed: int) -> None:
    name = RULEBOOKS[seed % 2]
    answer = ask(name, **random_need(seed))
    for model in list(answer.catalogue.models)[seed::70]:
        explanation = explain(answer, model)
        graph = why_graph(explanation)
        own = answer.catalogue.models[model].name
        drawn = {
            data["label"].partition("\n")[2] or data["label"]
            for _, data in graph.nodes(data=True)
            if data["kind"] != NodeKind.MODEL
        }
        wanted = set().union(*map(told, explanation.proofs), set())
        assert drawn == {text.strip() for text in wanted}
        verdict = next(n for n, label in graph.nodes(data="label") if label == own)
        assert graph.out_degree(verdict) == 0
        assert graph.in_degree(verdict) == len({p.text for p in explanation.proofs})
        facts = {*of_kind(graph, NodeKind.FACT), *of_kind(graph, NodeKind.ABSENCE)}
        assert all(graph.in_degree(fact) == 0 for fact in facts)


def test_the_proof_of_codestral(ask: Ask) -> None:
    graph = why_graph(explain(ask(**CODE), "codestral-22b-v0.1"))
    assert graph.nodes["codestral-22b-v0.1"]["state"] == State.EXCLUDED
    assert set(graph.predecessors("codestral-22b-v0.1")) == {"LIC-020", "LIC-030"}
    labels = {graph.nodes[node]["label"] for node in graph.predecessors("LIC-020")}
    assert any("Mistral Non-Production License" in label for label in labels)


# The knowledge


def test_the_knowledge_graph_has_every_variant_licence_and_base(kb: KnowledgeBase) -> None:
    graph = knowledge_graph(kb)
    assert set(of_kind(graph, NodeKind.MODEL)) == set(kb.models)
    assert edges(graph, EdgeKind.MADE_FROM) == Counter(
        (model.id, model.base, "made from") for model in kb.models.values() if model.base
    )
    assert edges(graph, EdgeKind.LICENSED) == Counter(
        (model.id, f"licence:{licence}", "licensed")
        for model in kb.models.values()
        for licence in dict.fromkeys(kb.binding_licences(model))
    )
    for model in kb.models.values():
        family = f"family:{model.family}"
        publisher = f"publisher:{kb.families[model.family].publisher}"
        assert graph.has_edge(family, model.id)
        assert graph.has_edge(publisher, family)


# Views


def test_the_spine_is_path_and_shortlist(ask: Ask) -> None:
    answer = ask(**CODE)
    small = spine(run_graph(answer))
    assert set(small) == {*path_of(small), *answer.shortlist}


def test_groups_hold_the_models_of_each_cause(ask: Ask) -> None:
    graph = run_graph(ask(**CODE))
    small = collapsed(graph)
    assert small.number_of_nodes() < 40
    for rule in of_kind(graph, NodeKind.RULE):
        hanging = {graph.nodes[model]["label"] for model in graph.successors(rule)}
        shown = [
            name
            for node in small.successors(rule)
            for name in (small.nodes[node]["members"] or small.nodes[node]["label"]).split("\n")
        ]
        assert len(shown) == len(set(shown))
        assert set(shown) == hanging
    (group,) = small.successors("LIC-020")
    assert small.nodes[group]["label"] == f"{graph.out_degree('LIC-020')} models"
    assert small.nodes[group]["state"] == State.EXCLUDED


def test_no_licence_is_lost_when_variants_are_grouped(kb: KnowledgeBase) -> None:
    graph = knowledge_graph(kb)
    small = collapsed(graph)
    assert set(of_kind(small, NodeKind.LICENCE)) == set(of_kind(graph, NodeKind.LICENCE))
    assert all(small.in_degree(node) for node in of_kind(small, NodeKind.LICENCE))


def test_a_focus_keeps_what_bears_on_it_and_the_path(ask: Ask) -> None:
    graph = run_graph(ask(**CODE))
    model = "codestral-22b-v0.1"
    near = focused(graph, model)
    assert of_kind(near, NodeKind.MODEL) == [model]
    assert set(of_kind(near, NodeKind.RULE)) == set(graph.predecessors(model))
    assert path_of(near) == path_of(graph)
    assert model in seen(graph, "collapsed", model)
    with pytest.raises(KeyError):
        focused(graph, "nobody")


# Differences


def test_a_graph_does_not_differ_from_itself(ask: Ask) -> None:
    graph = run_graph(ask(**CODE))
    same = difference(graph, graph)
    assert {state for _, state in same.nodes(data="state")} == {"plain"}
    assert {d["state"] for _, _, d in same.edges(data=True)} == {"plain"}
    assert edges(same) == edges(graph)


def test_a_difference_is_exact_both_ways(ask: Ask, models: Catalogue) -> None:
    before = run_graph(ask(**CODE))
    after = run_graph(ask(**{**CODE, "use": "research"}))
    there, back = difference(before, after), difference(after, before)
    swapped = {"added": "removed", "removed": "added"}
    for graph, other in ((there, back), (back, there)):
        states = dict(graph.nodes(data="state"))
        assert {n: swapped.get(s, s) for n, s in states.items()} == dict(other.nodes(data="state"))
    codestral = there.nodes["codestral-22b-v0.1"]
    assert codestral["state"] == State.CHANGED
    assert "excluded → " in codestral["label"]
    stays = edges(after) - edges(before)
    added = Counter(
        (s, t, d["kind"]) for s, t, d in there.edges(data=True) if d["state"] == State.ADDED
    )
    assert stays <= added
