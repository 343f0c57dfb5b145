"""What decision graphs are made of: kinds and states of nodes, kinds of edges, labels made safe.

A decision graph is a `networkx.MultiDiGraph`. Its own attributes are `name` (the title),
`description` (a sentence), `kind` (which graph it is) and `direction` (TB, BT or LR). A node has

- `kind`, a `NodeKind`; `state`, a `State`;
- `label`, lines parted by a line feed;
- `note`, what a tooltip says; `url`, where the node leads to; each may be ''.
- `members`, one a line: what a group node stands for; '' for any other node.

An edge has `kind`, an `EdgeKind`, `label` and `state`. All values are text, so that every format
can hold them. Nodes stand in the order in which a person would read them.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

    DecisionGraph = nx.MultiDiGraph[str]
else:
    DecisionGraph = "networkx.MultiDiGraph"  # a command that draws nothing imports no networkx


class NodeKind(StrEnum):
    """What a node stands for; it decides the node's shape."""

    START = "start"
    QUESTION = "question"
    LEAF = "leaf"
    END = "end"
    STAGE = "stage"
    RULE = "rule"
    FACT = "fact"
    ABSENCE = "absence"
    MODEL = "model"
    GROUP = "group"
    FAMILY = "family"
    PUBLISHER = "publisher"
    LICENCE = "licence"


class State(StrEnum):
    """What became of a node or an edge; it is told by line, word and colour."""

    PLAIN = "plain"
    TAKEN = "taken"
    SHORTLISTED = "shortlisted"
    KEPT = "kept"
    EXCLUDED = "excluded"
    UNDECIDED = "undecided"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class EdgeKind(StrEnum):
    """What an edge says of its two ends."""

    REPLY = "reply"  # a question, and where a reply to it leads
    THEN = "then"  # the next stage
    RULE = "rule"  # a stage, and a rule of it
    EXCLUDES = "excludes"  # a rule, and a model that it excluded
    LEAVES_OPEN = "leaves open"  # a rule, and a model that it left undecided
    KEEPS = "keeps"  # the last step, and a model that nothing stands against
    READS = "reads"  # a fact or a type of facts, and a rule that needs it
    NEGATES = "negates"  # a fact or a type of facts, and a rule that needs its absence
    CONCLUDES = "concludes"  # a rule, and what it concludes
    HOLDS = "holds"  # a whole, and a part of it
    LICENSED = "licensed"  # a model, and a licence that binds it
    MADE_FROM = "made from"  # a model, and the model that it was made from


_UNHOLDABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


def plain_text(text: str) -> str:
    """The text as any format can hold it: control characters replaced, empty ends taken off.

    Controls of the writing direction go too, since they could make a label read as another. A line
    break at the start of a label crashes some builds of Graphviz.
    """
    lines = _UNHOLDABLE.sub("\ufffd", text.replace("\t", " ")).split("\n")
    return "\n".join(line.strip() for line in lines).strip("\n")


def new_graph(kind: str, name: str, description: str, direction: str = "TB") -> DecisionGraph:
    """An empty decision graph."""
    import networkx as nx

    return nx.MultiDiGraph(
        kind=kind,
        name=plain_text(name),
        description=plain_text(description),
        direction=direction,
    )


def add_node(
    graph: DecisionGraph,
    node: str,
    kind: NodeKind,
    label: str,
    *,
    state: State = State.PLAIN,
    note: str = "",
    url: str = "",
    members: tuple[str, ...] = (),
) -> None:
    """Add a node, once; ValueError for an id that is taken, or that some format cannot hold."""
    if node in graph:
        raise ValueError(f"the graph already has a node {node!r}")
    if node != plain_text(node):
        raise ValueError(f"no format could hold the id {node!r} as it is")
    graph.add_node(
        node,
        kind=str(kind),
        label=plain_text(label) or node,
        state=str(state),
        note=plain_text(note),
        url=url,
        members="\n".join(plain_text(member).replace("\n", " ") for member in members),
    )


def add_edge(
    graph: DecisionGraph,
    source: str,
    target: str,
    kind: EdgeKind,
    label: str = "",
    *,
    state: State = State.PLAIN,
) -> None:
    """Add an edge between two nodes of the graph; KeyError for another."""
    for node in (source, target):
        if node not in graph:
            raise KeyError(node)
    graph.add_edge(source, target, kind=str(kind), label=plain_text(label), state=str(state))
