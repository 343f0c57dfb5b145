"""The proof of one model's verdict: facts and absences below, rules between, the verdict on top."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whyllm.engine.explaining.explanation import Explanation
from whyllm.engine.explaining.proof import Length, Proof
from whyllm.engine.graph.elements import (
    EdgeKind,
    NodeKind,
    State,
    add_edge,
    add_node,
    new_graph,
    plain_text,
)
from whyllm.engine.graph.links import rule_page, source_page
from whyllm.engine.graph.run import add_model

if TYPE_CHECKING:
    from whyllm.engine.consulting import Consultation
    from whyllm.engine.graph.elements import DecisionGraph

_TO_VERDICT = {"excluded": EdgeKind.EXCLUDES, "undecided": EdgeKind.LEAVES_OPEN}


def why_graph(explanation: Explanation, length: Length = "full") -> DecisionGraph:
    """The proofs of a verdict as one graph, whose edges lead from premises to what they prove.

    A fact or a firing on which several proofs rest stands once. Each cause leads to the model.
    """
    consultation, model = explanation.consultation, explanation.model
    name = consultation.catalogue.models[model].name
    verdict = explanation.verdict
    graph = new_graph(
        "why",
        f"Why {name} is {verdict}",
        "From given facts and absences, rule by rule, to the verdict; each cause suffices alone."
        if verdict in _TO_VERDICT
        else "From given facts, rule by rule, to what speaks for the model.",
        "BT",
    )
    node = add_model(graph, consultation, model)
    kind = _TO_VERDICT.get(verdict, EdgeKind.KEEPS)
    for proof in explanation.proofs:
        cause = _add_proof(graph, proof.told(length), consultation)
        add_edge(graph, cause, node, kind, state=State(verdict))
    return graph


def _add_proof(graph: DecisionGraph, proof: Proof, consultation: Consultation) -> str:
    """Add a proof and all below it, unless it is there; gives the id of its node."""
    if proof.rule is None:
        return _add_fact(graph, proof, consultation)
    node = _numbered(graph, proof.rule, f"{proof.rule}\n{proof.text}")
    if node in graph:
        return node
    card = consultation.rulebook.card(proof.rule)
    add_node(
        graph,
        node,
        NodeKind.RULE,
        f"{proof.rule}\n{proof.text}",
        note=card.title,
        url=rule_page(card.id),
    )
    for premise in (*proof.premises, *proof.guards):
        add_edge(graph, _add_proof(graph, premise, consultation), node, EdgeKind.READS)
    for text in proof.absences:
        absence = _numbered(graph, "absence", text)
        if absence not in graph:
            add_node(graph, absence, NodeKind.ABSENCE, text)
        add_edge(graph, absence, node, EdgeKind.NEGATES)
    return node


def _add_fact(graph: DecisionGraph, proof: Proof, consultation: Consultation) -> str:
    assert proof.fact is not None
    node = _numbered(graph, proof.fact.type, proof.text, proof.source or "")
    if node not in graph:
        source = consultation.catalogue.sources.get(str(proof.fact.get("source")))
        add_node(
            graph,
            node,
            NodeKind.FACT,
            proof.text,
            note=proof.source or "",
            url=source_page(source),
        )
    return node


def _numbered(graph: DecisionGraph, name: str, label: str, note: str | None = None) -> str:
    """The id of a node that says this: a name, with a number where it is taken by another one."""
    said = plain_text(label), None if note is None else plain_text(note)
    number, node = 1, name
    while node in graph:
        data = graph.nodes[node]
        if (data["label"], None if note is None else data["note"]) == said:
            break
        number += 1
        node = f"{name} ({number})"
    return node
