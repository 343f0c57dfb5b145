"""A run: the path with its replies, what fell on each rule, what is left open, what remains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whyllm.engine.consulting import NOTHING_REMAINS, OUT_OF_SCOPE, Consultation
from whyllm.engine.graph.elements import (
    EdgeKind,
    NodeKind,
    State,
    add_edge,
    add_node,
    new_graph,
)
from whyllm.engine.graph.links import model_card
from whyllm.engine.graph.tree import QUESTION, ROOT, add_rule
from whyllm.engine.trace import Firing

if TYPE_CHECKING:
    from whyllm.engine.graph.elements import DecisionGraph

REMAINING = "remaining"


def run_graph(consultation: Consultation) -> DecisionGraph:
    """What one consultation did with the whole catalogue.

    The path is a chain of `taken` nodes with the replies on its edges. A model hangs on each rule
    that excluded it or left it undecided, by an edge a rule; a kept one hangs on the last node.
    """
    catalogue = consultation.catalogue
    graph = new_graph(
        "run",
        "The run of a consultation",
        f"{len(consultation.kept)} of {len(catalogue.models)} models are kept, "
        f"{len(consultation.excluded)} excluded, {len(consultation.undecided)} undecided, "
        f"by the {consultation.rulebook.id} rulebook. A model hangs on every rule against it.",
    )
    steps = _add_path(graph, consultation)
    _add_remaining(graph, consultation, steps[-1])
    for kind, state, against in (
        (EdgeKind.EXCLUDES, State.EXCLUDED, consultation.excluded),
        (EdgeKind.LEAVES_OPEN, State.UNDECIDED, consultation.undecided),
    ):
        for model, firings in against.items():
            node = add_model(graph, consultation, model)
            for firing in firings:
                if firing.rule not in graph:
                    add_rule(graph, consultation.rulebook.card(firing.rule))
                    step = _step_of(firing, consultation, steps)
                    add_edge(graph, step, firing.rule, EdgeKind.RULE)
                if not graph.has_edge(firing.rule, node):
                    add_edge(graph, firing.rule, node, kind, state=state)
    return graph


def add_model(graph: DecisionGraph, consultation: Consultation, model: str) -> str:
    """Add the node of a model with its verdict and what stands against it; gives the node's id."""
    entry = consultation.catalogue.models[model]
    against = consultation.excluded.get(model) or consultation.undecided.get(model) or ()
    node = model if model not in graph else f"{model} (model)"  # the id of a step, in an overlay
    add_node(
        graph,
        node,
        NodeKind.MODEL,
        entry.name,
        state=State(consultation.verdict(model)),
        note="\n".join(dict.fromkeys(map(consultation.sentence, against))),
        url=model_card(entry.hf_repo),
    )
    return node


def _add_path(graph: DecisionGraph, consultation: Consultation) -> list[str]:
    """Add the chain of steps, the replies on its edges; gives the ids of the steps."""
    steps: list[tuple[str, NodeKind, str]] = []
    nodes = consultation.catalogue.nodes
    questions = {stage.id: stage.question for stage in consultation.rulebook.stages}
    for step in consultation.path:
        if step in nodes:
            label = nodes[step].label.replace("<br/>", "\n")
            steps.append((step, NodeKind(nodes[step].shape), label))
        else:
            steps.append((step, NodeKind.STAGE, questions[step]))
    if not steps or steps[0][1] != NodeKind.START:
        steps.insert(0, (ROOT, NodeKind.START, QUESTION))
    replies = {**_replies(consultation), **_branches(consultation)}
    for place, (step, kind, label) in enumerate(steps):
        add_node(graph, step, kind, label, state=State.TAKEN)
        if place:
            _add_step(graph, steps[place - 1][0], step, replies)
    return [step for step, *_ in steps]


def _add_step(graph: DecisionGraph, step: str, following: str, replies: dict[str, str]) -> None:
    reply = replies.get(step, "")
    kind = EdgeKind.REPLY if reply else EdgeKind.THEN
    add_edge(graph, step, following, kind, reply, state=State.TAKEN)


def _branches(consultation: Consultation) -> dict[str, str]:
    """Node of the flowchart -> the reply by which the path leaves it, in words."""
    return {
        str(branch["node"]): consultation.words.name(str(branch["axis"]), branch["value"])
        for firing, _ in consultation.trace.concluding("At")
        for branch in firing.premises
        if branch.type == "Branch"
    }


def _replies(consultation: Consultation) -> dict[str, str]:
    """Stage -> what was stated, of all that its rules fired on, in words."""
    stage_of = {card.id: card.stage for card in consultation.rulebook.cards}
    found: dict[str, dict[str, None]] = {}
    for firing in consultation.trace.firings:
        for fact in firing.premises:
            if fact.type == "Asked" and fact["origin"] == "stated":
                axis = str(fact["axis"])
                value = consultation.words.name(axis, fact["value"])
                reply = f"{axis.replace('_', ' ')}: {value}"
                found.setdefault(stage_of[firing.rule], {})[reply] = None
    return {stage: "\n".join(replies) for stage, replies in found.items()}


def _step_of(firing: Firing, consultation: Consultation, steps: list[str]) -> str:
    """The step that a rule hangs on: its stage, a node of the path that it binds, else the last."""
    stage = consultation.rulebook.card(firing.rule).stage
    if stage in steps:
        return stage
    return next((str(value) for _, value in firing.bindings if value in steps), steps[-1])


def _add_remaining(graph: DecisionGraph, consultation: Consultation, last: str) -> None:
    """Add what remains: the shortlist in its order, then the other kept models."""
    label = {
        NOTHING_REMAINS: "Nothing remains",
        OUT_OF_SCOPE: "Out of scope:\nno language model serves this",
    }.get(consultation.outcome, f"{len(consultation.kept)} models remain")
    add_node(graph, REMAINING, NodeKind.END, label, state=State.TAKEN)
    _add_step(graph, last, REMAINING, _replies(consultation))
    others = [model for model in consultation.kept if model not in consultation.shortlist]
    for place, model in enumerate((*consultation.shortlist, *others), 1):
        node = add_model(graph, consultation, model)
        listed = model in consultation.shortlist
        rank, state = (f"{place}.", State.SHORTLISTED) if listed else ("", State.KEPT)
        add_edge(graph, REMAINING, node, EdgeKind.KEEPS, rank, state=state)
