"""The rules: which types of facts each reads, which absences it needs, what it concludes."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import TYPE_CHECKING

from whyllm.engine.facts import Derived, WorkingFact
from whyllm.engine.graph.elements import (
    EdgeKind,
    NodeKind,
    add_edge,
    add_node,
    new_graph,
)
from whyllm.engine.graph.tree import add_rule
from whyllm.engine.rulebook import Rulebook

if TYPE_CHECKING:
    from whyllm.engine.graph.elements import DecisionGraph


def rules_graph(rulebook: Rulebook, stages: Sequence[str] = ()) -> DecisionGraph:
    """Fact types and rules of a rulebook, or of some of its stages; KeyError for another stage."""
    known = {stage.id: stage for stage in rulebook.stages}
    chosen = [known[name] for name in stages] or list(rulebook.stages)
    told = "of the stages " + ", ".join(s.id for s in chosen) if stages else "of every stage"
    graph = new_graph(
        "rules",
        f"The rules of the {rulebook.id} rulebook",
        f"The rules {told}: the types of facts that each reads, those whose absence it needs "
        "(dashed), and what it concludes.",
        "LR",
    )
    for stage in chosen:
        for card in stage.cards:
            _add_types(graph, [*card.reads, *card.negates])
            add_rule(graph, card)
            _add_types(graph, card.concludes)
            for fact_type in dict.fromkeys(card.reads):
                add_edge(graph, fact_type.__name__, card.id, EdgeKind.READS)
            for fact_type in dict.fromkeys(card.negates):
                add_edge(graph, fact_type.__name__, card.id, EdgeKind.NEGATES, "not")
            for fact_type in dict.fromkeys(card.concludes):
                add_edge(graph, card.id, fact_type.__name__, EdgeKind.CONCLUDES)
    return graph


def _add_types(graph: DecisionGraph, types: Sequence[type[WorkingFact]]) -> None:
    for fact_type in types:
        if fact_type.__name__ not in graph:
            origin = "derived" if issubclass(fact_type, Derived) else "given"
            doc = (inspect.getdoc(fact_type) or "").splitlines()[0]
            add_node(
                graph,
                fact_type.__name__,
                NodeKind.FACT,
                fact_type.__name__,
                note=f"{origin}: {doc}",
            )
