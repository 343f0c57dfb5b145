"""A decision graph as an outline: every node once in its place, a link where it is met again.

A node stands below the first node that leads to it. Stages that follow each other stand side by
side, since a run of ten of them nested in each other could not be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from whyllm.engine.graph.elements import EdgeKind, NodeKind, State
from whyllm.engine.render.graph_address import address

if TYPE_CHECKING:
    from whyllm.engine.graph.elements import DecisionGraph

DEEPEST = 24
"""How deep places nest: what lies below stands at the top again, so that a long chain is shown."""

_SPINE = {NodeKind.START, NodeKind.STAGE, NodeKind.END}
_TOLD_BY_PLACE = {EdgeKind.REPLY, EdgeKind.THEN, EdgeKind.RULE, EdgeKind.HOLDS}


@dataclass
class Place:
    """Where a node stands in the outline, or, with `again`, a link to where it stands."""

    number: int
    node: str
    kind: str
    state: str
    head: str
    rest: str
    note: str = ""
    url: str = ""
    members: tuple[str, ...] = ()
    source: int = 0  # the number of the node that leads here, 0 for none
    way: str = ""  # what the edge that leads here says
    way_kind: str = ""
    again: bool = False
    beside: bool = False  # it stands beside its source and not below it
    below: list[Place] = field(default_factory=list)


class _Outliner:
    def __init__(self, graph: DecisionGraph) -> None:
        self.graph = graph
        self.numbers = {node: number for number, node in enumerate(graph, 1)}
        self.placed: set[str] = set()
        self.later: list[Place] = []

    def outline(self) -> list[Place]:
        top: list[Place] = []
        starts = [node for node in self.graph if not self.graph.in_degree(node)]
        for node in (*starts, *self.graph):  # a node that only a ring leads to stands at the top
            if node not in self.placed:
                top += self.row(self.place(node), 1)
                while self.later:
                    top += self.row(self.later.pop(0), 1)
        return top

    def row(self, place: Place, depth: int) -> Iterator[Place]:
        """A place, then those that stand beside it, each with what stands below it."""
        waiting = [place]
        while waiting:
            current = waiting.pop(0)
            self.placed.add(current.node)  # before what is below, which may lead back here
            following: list[Place] = []
            for _, target, data in self.graph.out_edges(current.node, data=True):
                found = self.place(target, current, data)
                if found.again:
                    current.below.append(found)
                    continue
                self.placed.add(target)
                if self.beside(current.node, target, data):
                    found.beside = True
                    following.append(found)
                elif depth >= DEEPEST:
                    self.later.append(found)
                    current.below.append(self.place(target, current, data))
                else:
                    current.below += self.row(found, depth + 1)
            waiting = following + waiting
            yield current

    def beside(self, source: str, target: str, edge: dict[str, str]) -> bool:
        """Whether an edge is a step of the path, or of the stages that make one."""
        ends = {self.graph.nodes[source]["kind"], self.graph.nodes[target]["kind"]}
        step = edge["kind"] in (EdgeKind.THEN, EdgeKind.REPLY)
        return step and (ends <= _SPINE or edge["state"] == State.TAKEN)

    def place(self, node: str, source: Place | None = None, edge: dict[str, str] | None = None
              ) -> Place:  # fmt: skip
        data = self.graph.nodes[node]
        head, rest = _head_and_rest(data["label"])
        place = Place(
            number=self.numbers[node],
            node=node,
            kind=data["kind"],
            state=data["state"],
            head=head,
            rest=rest,
            again=node in self.placed,
        )
        if source is not None and edge is not None:
            place.source = source.number
            place.way_kind = edge["kind"]
            place.way = _way(edge)
        if not place.again:
            place.note = data["note"]
            place.url = address(data["url"])
            place.members = tuple(data["members"].split("\n")) if data["members"] else ()
        return place


def outline(graph: DecisionGraph) -> list[Place]:
    """The places at the top, in the order of the graph, each with those below it."""
    return _Outliner(graph).outline()


def _head_and_rest(label: str) -> tuple[str, str]:
    """The first line of a label, and the others as one line."""
    head, *others = [line for line in label.split("\n") if line]
    rest = ""
    for line in others:
        rest += ("" if not rest else " " if rest.endswith((",", ";", ":")) else " · ") + line
    return head, rest


def _way(edge: dict[str, str]) -> str:
    """What an edge says where the place itself does not tell it."""
    if edge["kind"] in _TOLD_BY_PLACE:
        return edge["label"]
    return f"{edge['kind']}: {edge['label']}" if edge["label"] else edge["kind"]
