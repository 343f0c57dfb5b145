"""The tree: the course's flowchart, or a rulebook as its stages and their rules."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from whyllm.engine.graph.elements import (
    EdgeKind,
    NodeKind,
    State,
    add_edge,
    add_node,
    new_graph,
)
from whyllm.engine.graph.links import rule_page
from whyllm.engine.rulebook import Rulebook, RuleCard

if TYPE_CHECKING:
    from whyllm.engine.graph.elements import DecisionGraph
    from whyllm.kb.schema import Tree

ROOT = "start"
QUESTION = "What is your need"


def course_tree(tree: Tree, path: Sequence[str] = ()) -> DecisionGraph:
    """The chapter's flowchart, with its own ids and labels; the nodes of a path are taken."""
    graph = new_graph(
        "tree",
        "The course's decision tree",
        "From a need, by the replies to four questions, to the models that the course names.",
    )
    for node in tree.nodes:
        add_node(graph, node.id, NodeKind(node.shape), node.label.replace("<br/>", "\n"))
    for edge in tree.edges:
        label = (edge.label or "").replace("<br/>", "\n")
        add_edge(graph, edge.source, edge.target, EdgeKind.REPLY if label else EdgeKind.THEN, label)
    for passed in path:
        graph.nodes[passed]["state"] = State.TAKEN
    for source, target in pairwise(path):
        for attributes in graph[source].get(target, {}).values():
            attributes["state"] = State.TAKEN
    return graph


def rulebook_tree(rulebook: Rulebook) -> DecisionGraph:
    """A rulebook as its stages in order, each with its rules."""
    graph = new_graph(
        "tree",
        rulebook.title,
        f"The {len(rulebook.stages)} stages of the {rulebook.id} rulebook in their order, each "
        "with its rules and with what they conclude.",
        "LR",
    )
    add_node(graph, ROOT, NodeKind.START, QUESTION)
    previous = ROOT
    for stage in rulebook.stages:
        add_node(graph, stage.id, NodeKind.STAGE, stage.question)
        add_edge(graph, previous, stage.id, EdgeKind.THEN)
        for card in stage.cards:
            add_rule(graph, card)
            concludes = ", ".join(fact.__name__ for fact in card.concludes)
            add_edge(graph, stage.id, card.id, EdgeKind.RULE, concludes)
        previous = stage.id
    return graph


def add_rule(graph: DecisionGraph, card: RuleCard) -> None:
    """Add the node of a rule: its id and title, what it teaches, and the page on it."""
    add_node(
        graph,
        card.id,
        NodeKind.RULE,
        f"{card.id}\n{card.title}",
        note=card.teaching[""],
        url=rule_page(card.id),
    )
