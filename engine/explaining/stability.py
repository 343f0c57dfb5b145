"""Stability: between which values of each stated number the shortlist stays the same.

A model with a cause that does not hang on the axis never matters there. Of each other one, the
status (whether it is kept, how it runs, its merits) moves one way along the axis: what is equal
at both ends of a stretch is constant between. So a stretch is left out where nothing that differs
at its ends could outrank the shortlist at its best, and is halved where something could.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from whyllm.engine.consulting import OUT_OF_SCOPE, Consultation
from whyllm.engine.explaining.bearing import bearing
from whyllm.engine.explaining.dependence import Dependence
from whyllm.engine.explaining.loosening import NUMBERS
from whyllm.engine.explaining.readings import Number, Reader, Reading, Steps, reading_of
from whyllm.engine.explaining.relaxation import stated_behind

SMALLER = 0.6
"""A consultant for fewer models is made where they are at most this share of the present ones."""

NEARER = (1.1, 1.5)
"""Times the stated number, or parts of it, up to which a change is looked for first."""

Key = tuple[tuple[int, ...], str]


@dataclass(frozen=True)
class Beyond:
    """The first value at which the shortlist is another: that shortlist, who comes and who goes."""

    value: Number
    shortlist: tuple[str, ...]
    comes: tuple[str, ...]
    goes: tuple[str, ...]


@dataclass(frozen=True)
class Interval:
    """The values of one axis, `least` to `most`, at which the shortlist stays as it is.

    Memory in 1e9 bytes, told in tenths; counts by one. None for `below` or `above`: the shortlist
    stays the same as far down, or up, as the axis goes.
    """

    axis: str
    stated: Number
    least: Number
    most: Number
    below: Beyond | None
    above: Beyond | None


@dataclass(frozen=True)
class Stability:
    """The intervals of the numbers that a need states, in the order of the axes."""

    consultation: Consultation
    intervals: tuple[Interval, ...]


def stability(consultation: Consultation) -> Stability:
    """For each stated number the values at which the shortlist keeps its models in their order."""
    axes = [axis for axis in consultation.need.stated if axis in NUMBERS]
    return Stability(consultation, tuple(_interval(consultation, axis) for axis in axes))


def _interval(consultation: Consultation, axis: str) -> Interval:
    (stated,) = consultation.need.values(axis)
    assert isinstance(stated, int | float)
    steps = Steps(axis)
    if consultation.outcome == OUT_OF_SCOPE:  # no number brings it back into scope
        return Interval(axis, stated, steps.value(steps.least), steps.value(steps.most), None, None)
    search = _Search(consultation, axis, steps)
    exact = round(float(stated) * steps.per_unit, 6)
    down, up = search.first_change(exact, steps.least), search.first_change(exact, steps.most)
    return Interval(
        axis,
        stated,
        _last_inside(stated, down, 1, steps),
        _last_inside(stated, up, -1, steps),
        None if down is None else search.beyond(down),
        None if up is None else search.beyond(up),
    )


def _last_inside(stated: Number, changed: Reading | None, back: int, steps: Steps) -> Number:
    """The value one step back from a change, or the stated one where that lies between steps."""
    if changed is None:
        return steps.value(steps.least if back > 0 else steps.most)
    value = steps.value(changed.place + back)
    beyond = float(value) * back > float(stated) * back
    return stated if beyond else value


class _Search:
    """The search along one axis of a consultation."""

    def __init__(self, consultation: Consultation, axis: str, steps: Steps) -> None:
        self._consultation = consultation
        self._axis = axis
        self._steps = steps
        self._shortlist = consultation.shortlist
        self._family = {m: entry.family for m, entry in consultation.catalogue.models.items()}
        self._ranked = consultation.rulebook.id != "course"  # the course orders by its leaf
        self._bearing = bearing(consultation.catalogue)
        self._whole = self._reader(_that_matter(consultation, axis))
        self._listed = self._reader(self._shortlist)

    def first_change(self, start: float, end: int) -> Reading | None:
        """The first step from a place towards an end at which the shortlist differs, or None."""
        here = reading_of(self._consultation, self._axis, start)
        for window in (*_windows(start, end), end):
            here = self._read_towards(here, window)
            if here.shortlist != self._shortlist:
                return here
        return None

    def _read_towards(self, here: Reading, end: int) -> Reading:
        """The first reading up to an end whose shortlist differs, or that at the end."""
        while here.place != end and here.shortlist == self._shortlist:
            far = self._whole.read(end)
            turn = None if far.common == here.common else self._first_turn(here.place, end)
            if turn is not None:
                far = self._whole.read(_back(turn, here.place))
            event = self._first_event(here, far)
            if event is not None:
                here = event if self._tells_all(here, event) else self._whole.read(event.place)
            else:
                here = far if turn is None else self._whole.read(turn)
        return here

    def _tells_all(self, before: Reading, event: Reading) -> bool:
        """Whether the models left out of a reading stand where they stood: behind the shortlist."""
        return self._ranked and all(
            event.statuses.get(m) == before.statuses[m] for m in self._shortlist
        )

    def beyond(self, reading: Reading) -> Beyond:
        """What the shortlist is at a reading."""
        after = reading.shortlist
        return Beyond(
            self._steps.value(reading.place),
            after,
            tuple(m for m in after if m not in self._shortlist),
            tuple(m for m in self._shortlist if m not in after),
        )

    def _reader(self, models: Collection[str]) -> Reader:
        return Reader(self._consultation, self._axis, self._steps, models)

    def _first_turn(self, start: float, end: int) -> int:
        """The first step at which something else is true of all models, a class of machine."""
        before = self._listed.read(start).common
        here, far = start, end
        while abs(far - here) > 1:
            middle = _between(here, far)
            if self._listed.read(middle).common == before:
                here = middle
            else:
                far = middle
        return far

    def _first_event(self, start: Reading, end: Reading) -> Reading | None:
        """The first reading in which the shortlist or the status of a model on it may be another.

        Both readings are of all models that matter; between them nothing common to all changes.
        """
        contenders = self._contenders(start, end)
        if not contenders:
            return None
        reader = self._reader(self._bearing.with_bearing({*contenders, *self._shortlist}))
        return self._first(reader, reader.read(start.place), reader.read(end.place))

    def _first(self, reader: Reader, start: Reading, end: Reading) -> Reading | None:
        contenders = self._contenders(start, end)
        if not contenders:
            return None
        if abs(end.place - start.place) <= 1:
            moved = end.shortlist != start.shortlist or contenders & set(self._shortlist)
            return end if moved else None
        needed = self._bearing.with_bearing({*contenders, *self._shortlist})
        if len(needed) <= SMALLER * len(reader.models):
            reader = self._reader(needed)
            start, end = reader.read(start.place), reader.read(end.place)
        middle = reader.read(_between(start.place, end.place))
        found = self._first(reader, start, middle)
        return found if found is not None else self._first(reader, middle, end)

    def _contenders(self, start: Reading, end: Reading) -> set[str]:
        """The models that move between, and are on the shortlist or could come onto it.

        As long as none of the shortlist moves, no other model can change it.
        """
        models = {*start.statuses, *end.statuses}
        differing = {m for m in models if start.statuses.get(m) != end.statuses.get(m)}
        moving = differing | {m for m in models if self._bearing.on(m) & differing}
        return {m for m in moving if not self._ranked or self._could_matter(m, start, end)}

    def _could_matter(self, model: str, start: Reading, end: Reading) -> bool:
        if model in self._shortlist:
            return True
        family = self._family[model]
        rival = next((m for m in self._shortlist if self._family[m] == family), None)
        if rival is None and len(self._shortlist) == self._consultation.catalogue.shortlist_length:
            rival = self._shortlist[-1]
        if rival is None:
            return True
        levels = [r.statuses[model].merits for r in (start, end) if model in r.statuses]
        best = [max(column) for column in zip(*levels, strict=True)]
        criteria = self._consultation.catalogue.criteria
        if model in self._bearing.newer:  # which may be out of the way somewhere between
            best[criteria.index("generation")] = 0
        if model in self._bearing.outdone:  # who may be there somewhere between
            best[criteria.index("measured")] = self._bearing.most_measured[model]
        return _key(model, best) < _key(rival, start.statuses[rival].merits)


def _key(model: str, levels: Sequence[int]) -> Key:
    """The place of a model in the ranking: the smaller, the better."""
    return tuple(-level for level in levels), model


def _back(step: int, start: float) -> float:
    """The place one step nearer to the start, or the start itself."""
    return max(start, step - 1) if step > start else min(start, step + 1)


def _windows(start: float, end: int) -> list[int]:
    """Nearer ends, looked at first: the next change mostly lies close by."""
    up = end > start
    found = [math.ceil(start * x) if up else math.floor(start / x) for x in NEARER]
    return [x for x in found if (start < x < end if up else end < x < start)]


def _between(start: float, end: float) -> int:
    """A whole step between two places: the geometric mean where they lie far apart."""
    low, high = sorted((start, end))
    if high > 4 * max(low, 1):
        middle = math.isqrt(int(max(low, 1)) * int(high))
    else:
        middle = int(low + high) // 2
    return min(max(middle, math.floor(low) + 1), math.ceil(high) - 1)


def _that_matter(consultation: Consultation, axis: str) -> set[str]:
    """The models that no cause keeps out whatever the axis says."""
    dependence = Dependence(consultation.rulebook, consultation.catalogue)
    found: dict[int, bool] = {}
    out: set[str] = set()
    for type_name in ("Excluded", "Undecided"):
        for firing, fact in consultation.trace.concluding(type_name):
            if id(firing) not in found:
                behind = stated_behind(firing, consultation, dependence)
                found[id(firing)] = any(constraint.axis == axis for constraint in behind)
            if not found[id(firing)]:
                out.add(str(fact["model"]))
    return {m for m in consultation.catalogue.models if m not in out}
