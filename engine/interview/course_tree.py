"""The course's flowchart as an interview: what the node asks at which the path of a need stops."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache

from whyllm.engine import facts as f
from whyllm.engine.catalogue import Catalogue, QuestionEntry
from whyllm.engine.consulting import Consultant
from whyllm.engine.interview.standings import REMEMBERED
from whyllm.engine.need import Need, Value

MACHINE = "machine"
"""The axis of the tree that stands for all kinds of memory."""


class CourseTree:
    """Knows where a need stops in the tree. Not for several threads at once."""

    def __init__(self, catalogue: Catalogue, on: dt.date) -> None:
        self._catalogue = catalogue
        self._on = on
        self._consultant = Consultant(catalogue, "course")
        known = catalogue.known.common
        self._asks = {str(x["node"]): str(x["axis"]) for x in known if isinstance(x, f.Question)}
        self._memory = {
            str(x["machine"]): (str(x["memory"]), float(x["stated_gb"]))
            for x in known
            if isinstance(x, f.MachineClass)
        }
        self._end_of = lru_cache(REMEMBERED)(self._consulted)

    def question(self, need: Need) -> QuestionEntry | None:
        """What the node asks at which the path stops; None at an end of the tree."""
        node = self._end_of(tuple(need.stated.items()))
        axis = self._asks.get(node)
        if axis is None:
            return None
        explains = next(q.explains for q in self._catalogue.questions if q.id == axis)
        replies = tuple(
            (", ".join(edge.label.split("<br/>")), self._states(axis, edge.replies[0]))
            for edge in self._catalogue.edges
            if edge.source == node
        )
        return QuestionEntry(axis, f"{self._catalogue.nodes[node].label}?", explains, None, replies)

    def _consulted(self, stated: tuple[tuple[str, object], ...]) -> str:
        return self._consultant.consult(Need.of(dict(stated)), self._on).path[-1]

    def _states(self, axis: str, reply: str) -> Mapping[str, Value]:
        """What a reply states: a class of machine stands for the figure that the chapter prints."""
        if axis != MACHINE:
            return {axis: reply}
        memory, figure = self._memory[reply]
        return {memory: figure}
