"""The decision graph as a networkx graph: typed nodes and edges, read off tree and rulebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whyllm.engine.rulebook import Rulebook
from whyllm.kb.schema import Tree

if TYPE_CHECKING:
    import networkx as nx

ROOT = "need"


def course_tree(tree: Tree) -> nx.DiGraph[str]:
    """The chapter's flowchart: nodes with `kind` and `label`, edges with `label` ('' if none)."""
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph(name="The course's decision tree")
    for node in tree.nodes:
        graph.add_node(node.id, kind=node.shape, label=node.label)
    for edge in tree.edges:
        graph.add_edge(edge.source, edge.target, label=edge.label or "", kind="reply")
    return graph


def rulebook_tree(rulebook: Rulebook) -> nx.DiGraph[str]:
    """A rulebook as its stages in order, each with its rules."""
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph(name=rulebook.title, direction="LR")
    graph.add_node(ROOT, kind="start", label="What is your need")
    previous = ROOT
    for stage in rulebook.stages:
        graph.add_node(stage.id, kind="question", label=stage.question)
        graph.add_edge(previous, stage.id, label="", kind="then")
        for card in stage.cards:
            graph.add_node(card.id, kind="leaf", label=f"{card.id}<br/>{card.title}")
            concludes = ", ".join(fact.__name__ for fact in card.concludes)
            graph.add_edge(stage.id, card.id, label=concludes, kind="rule")
        previous = stage.id
    return graph
