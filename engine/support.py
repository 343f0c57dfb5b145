"""Supports: the smallest sets of given facts that a firing rests on, read off a trace.

What was absent in a run stays vouched for, so the recorded firings are implications between facts,
and a set of given facts supports a firing when its premises follow from the set by them. A support
is minimal when no member can be left out. (The environments of an assumption-based truth
maintenance system; de Kleer, Artificial Intelligence 28, 1986.)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from whyllm.engine.trace import FactRecord, Firing, Trace


@dataclass(frozen=True)
class Support:
    """The given facts that a firing rests on, and for each derived fact the firing that drew it."""

    given: tuple[FactRecord, ...]
    drawn_by: dict[FactRecord, Firing]


class Supports:
    """The supports of the firings of one trace."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._place = {id(firing): number for number, firing in enumerate(trace.firings)}
        self._found: dict[int, Support] = {}

    def of(self, firing: Firing) -> Support:
        """A minimal support of a firing of the trace; the same at every call."""
        key = id(firing)
        if key not in self._found:
            self._found[key] = self._minimal(firing)
        return self._found[key]

    def _minimal(self, firing: Firing) -> Support:
        steps = self._behind(firing)
        given = dict.fromkeys(
            fact
            for step in (*steps, firing)
            for fact in step.premises
            if not self._trace.justifications(fact)
        )
        drawn = [fact for step in steps for fact in step.conclusions]
        if len(set(drawn)) < len(drawn):  # else each fact is drawn in one way, and all are needed
            for fact in reversed(list(given)):
                if _follows(firing, [other for other in given if other != fact], steps) is not None:
                    del given[fact]
        drawn_by = _follows(firing, given, steps)
        assert drawn_by is not None, "a recorded firing follows from what was given"
        return Support(tuple(given), drawn_by)

    def _behind(self, firing: Firing) -> list[Firing]:
        """The firings that may have led to the firing, in the order of the trace."""
        found: dict[int, Firing] = {}
        waiting = [firing]
        while waiting:
            for fact in waiting.pop().premises:
                for step in self._trace.justifications(fact):
                    if id(step) not in found:
                        found[id(step)] = step
                        waiting.append(step)
        return sorted(found.values(), key=lambda step: self._place[id(step)])


def _follows(
    firing: Firing, given: Iterable[FactRecord], steps: list[Firing]
) -> dict[FactRecord, Firing] | None:
    """What the steps draw from given facts, each with its first step.

    None where the firing does not follow from them.
    """
    known = set(given)
    drawn_by: dict[FactRecord, Firing] = {}
    waiting = steps
    while True:
        left = []
        for step in waiting:
            if known.issuperset(step.premises):
                for fact in step.conclusions:
                    if fact not in known:
                        known.add(fact)
                        drawn_by[fact] = step
            else:
                left.append(step)
        if len(left) == len(waiting):
            break
        waiting = left
    return drawn_by if known.issuperset(firing.premises) else None
