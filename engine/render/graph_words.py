"""What a picture of a decision graph says: labels as drawn, tooltips, and the text alternative."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from whyllm.engine.graph.elements import State, plain_text
from whyllm.engine.render.graph_style import word_on_edge, word_on_node

if TYPE_CHECKING:
    from collections.abc import Mapping

    from whyllm.engine.graph.elements import DecisionGraph

NODE_WIDTH = 36
"""How many characters a line of a node's label may have, beyond which it is wrapped."""

EDGE_WIDTH = 22

_WITH_WORD = 48
"""How many characters a name and the word of its state may have together in one line."""


def node_lines(data: Mapping[str, str]) -> list[str]:
    """The lines of a node's label as drawn: wrapped, the state's word last.

    The word follows a short name in its line, so that a list of models takes half the room.
    """
    word, lines = word_on_node(data["state"]), _wrapped(data["label"], NODE_WIDTH)
    if not word:
        return lines
    together = " — ".join((*lines, word))
    if len(lines) == 1 and len(together) <= _WITH_WORD:
        return [together]
    return [*lines, f"— {word} —"]


def edge_lines(data: Mapping[str, str]) -> list[str]:
    """The lines of an edge's label as drawn, or none."""
    word = word_on_edge(data["state"])
    return [*_wrapped(data["label"], EDGE_WIDTH), *([f"— {word} —"] if word else [])]


def node_words(data: Mapping[str, str]) -> str:
    """A node in one line: what its tooltip says."""
    told = word_on_node(data["state"]) or data["state"]
    name = f"{_one_line(data['label'])} ({_with_state(data['kind'], told)})"
    parts = [name, _one_line(data["note"]), _one_line(data["members"])]
    return plain_text(". ".join(part.rstrip(".") for part in parts if part))


def edge_words(graph: DecisionGraph, source: str, target: str, data: Mapping[str, str]) -> str:
    """An edge in one line: from where, to where, its kind and its label."""
    ends = [_one_line(graph.nodes[node]["label"]) for node in (source, target)]
    label = f": {_one_line(data['label'])}" if data["label"] else ""
    return plain_text(f"{ends[0]} → {ends[1]} ({_with_state(data['kind'], data['state'])}){label}")


def description(graph: DecisionGraph) -> str:
    """The text alternative of a picture: every node, then every edge, one a line."""
    nodes = [node_words(data) for _, data in graph.nodes(data=True)]
    edges = [edge_words(graph, *edge) for edge in graph.edges(data=True)]
    lines = [graph.graph["description"], f"Nodes ({len(nodes)}):", *nodes]
    lines += [f"Edges ({len(edges)}):", *edges] if edges else []
    return plain_text("\n".join(line for line in lines if line))


def _with_state(kind: str, state: str) -> str:
    return kind if state == State.PLAIN else f"{kind}, {state}"


def _one_line(text: str) -> str:
    return ", ".join(line.rstrip(",") for line in plain_text(text).split("\n") if line)


def _wrapped(text: str, width: int) -> list[str]:
    """The lines of a text, long ones wrapped and endless words cut, so that no node is endless."""
    lines = plain_text(text).split("\n")
    return [part for line in lines for part in textwrap.wrap(line, width, break_on_hyphens=False)]
