"""The JSON of a decision graph, as types that a graph read from a file is checked against."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, with_config
from typing_extensions import TypedDict  # pydantic asks for it below Python 3.12
from whyllm.engine.graph.elements import EdgeKind, NodeKind, State

CLOSED = ConfigDict(extra="forbid")


@with_config(CLOSED)
class GraphNodeJson(TypedDict):
    """A node; `members` one a line."""

    id: str
    kind: NodeKind
    label: str
    state: State
    note: str
    url: str
    members: str


@with_config(CLOSED)
class GraphEdgeJson(TypedDict):
    """An edge; `key` counts the edges between the same two nodes."""

    source: str
    target: str
    key: int
    kind: EdgeKind
    label: str
    state: State


@with_config(CLOSED)
class GraphAttributesJson(TypedDict):
    """What the graph says of itself."""

    kind: str
    name: str
    description: str
    direction: Literal["TB", "BT", "LR"]


@with_config(CLOSED)
class NodeLinkJson(TypedDict):
    """The graph as networkx writes node-link data."""

    directed: Literal[True]
    multigraph: Literal[True]
    graph: GraphAttributesJson
    nodes: list[GraphNodeJson]
    edges: list[GraphEdgeJson]


@with_config(CLOSED)
class GraphJson(TypedDict):
    """`whyllm.graph/1`: a decision graph as node-link data."""

    schema: Literal["whyllm.graph/1"]
    kind: str
    name: str
    description: str
    graph: NodeLinkJson
