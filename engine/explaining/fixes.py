"""The smallest changes of a need that admit a model, each tried on the engine.

Every cause hangs on some constraints; a fix must change one of them for each cause. The fixes are
therefore minimal hitting sets of the causes, found as in a hitting-set tree (Reiter, Artificial
Intelligence 32, 1987): change one constraint of a cause, judge again, go on with what is left.
Constraints that no cause ties together are searched apart, so every choice in one part combines
with every choice in the others.

A change is smallest when no part of it is enough and no number in it could stay nearer to what was
stated. Numbers that trade against each other (memory, context, quantisation) are changed one at a
time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product
from typing import Any

from whyllm.engine.consulting import Consultation
from whyllm.engine.explaining.change_words import told
from whyllm.engine.explaining.constraints import Change, Constraint, axes_set
from whyllm.engine.explaining.judge import Against, Judge
from whyllm.engine.explaining.loosening import NUMBERS, nearest_enough, replacements
from whyllm.engine.need import MEMORIES

MOST_FIXES = 100
"""Combinations of independent choices beyond this are counted, not listed."""


LEAST_USE = "research"
"""The use that licences ask least of."""


@dataclass(frozen=True)
class Fix:
    """A change of the need: axis -> new value, None to state it no longer; and its words."""

    set: Mapping[str, Any]
    text: str

    def as_json(self) -> dict[str, Any]:
        """`{"set": {axis: value}, "text": …}`."""
        values = {k: list(v) if isinstance(v, tuple) else v for k, v in self.set.items()}
        return {"set": values, "text": self.text}


@dataclass(frozen=True)
class WaysOut:
    """What admits a model: from each part one choice; no parts where no change of the need does.

    Each choice is a smallest change of the constraints of its part.
    """

    need_changes: tuple[tuple[Change, ...], ...]
    judge: Judge

    @property
    def count(self) -> int:
        """How many smallest changes there are."""
        total = 1 if self.need_changes else 0
        for part in self.need_changes:
            total *= len(part)
        return total

    @cached_property
    def parts(self) -> tuple[tuple[Fix, ...], ...]:
        """The choices of each part, in words."""
        return tuple(tuple(map(self._fix, part)) for part in self.need_changes)

    @cached_property
    def fixes(self) -> tuple[Fix, ...]:
        """The smallest changes, the first MOST_FIXES of them, those of fewest axes first."""
        if not self.need_changes:
            return ()
        whole = [{k: v for c in choice for k, v in c.items()} for choice in self._combined()]
        return tuple(map(self._fix, sorted(whole, key=len)[:MOST_FIXES]))

    def _combined(self) -> Iterator[tuple[Change, ...]]:
        return islice(product(*self.need_changes), 20 * MOST_FIXES)

    def _fix(self, change: Change) -> Fix:
        return Fix(axes_set(self.judge.need, change), told(self.judge, change))


def ways_out(
    consultation: Consultation, model: str, within: Collection[Constraint] | None = None
) -> WaysOut:
    """All smallest changes of the need that keep a model which it does not keep.

    `within` names the constraints that may be changed; all of them unless given.
    """
    judge = Judge(consultation, model)
    return WaysOut(_Search(judge, within).parts(), judge)


class _Search:
    """The search for one model."""

    def __init__(self, judge: Judge, within: Collection[Constraint] | None) -> None:
        self.judge = judge
        self._within = within
        self._tied: list[frozenset[Constraint]] = []

    def parts(self) -> tuple[tuple[Change, ...], ...]:
        causes = self._against({})
        if any(not cause.hangs_on for cause in causes):
            return ()
        while True:
            groups = _tied_together([*(c.hangs_on for c in causes), *self._tied])
            known = len(self._tied)
            found = [self._part(group) for group in groups]
            if len(self._tied) == known:
                break  # no cause turned up that ties two groups together
        return tuple(found) if all(found) else ()

    def _part(self, group: frozenset[Constraint]) -> tuple[Change, ...]:
        """The smallest changes of a group by which no cause hangs on it."""
        admitting: list[dict[Constraint, Any]] = []
        seen: set[frozenset[tuple[Constraint, Any]]] = set()
        waiting: list[dict[Constraint, Any]] = [{}] if self._has_hope({}, group) else []
        while waiting:
            change = waiting.pop(0)
            key = frozenset(change.items())
            if key in seen or any(_is_part(found, change) for found in admitting):
                continue
            seen.add(key)
            left = [a for a in self._against(change) if a.hangs_on & group]
            if not left:
                admitting.append(self._nearest(change, group))
                continue
            cause = min(left, key=lambda against: len(against.hangs_on - change.keys()))
            for constraint in sorted(cause.hangs_on - change.keys(), key=_order):
                for value in dict.fromkeys(replacements(self.judge, cause, constraint, change)):
                    further = {**change, constraint: value}
                    if self._has_hope(further, group):
                        waiting.append(further)
        return tuple(_smallest(admitting))

    def _has_hope(self, change: Change, group: frozenset[Constraint]) -> bool:
        """Whether the change admits the model once all else in the group asks least.

        What is not stated constrains nothing; only the use asks less when it is research.
        """
        dropped = {c: None for c in group if c.value is not None}
        use = {c: LEAST_USE for c in group if c.axis == "use"}
        return any(
            not any(a.hangs_on & group for a in self._against({**least, **change}))
            for least in (dropped, {**dropped, **use})
        )

    def _against(self, change: Change) -> tuple[Against, ...]:
        found = self.judge.against(change)
        if self._within is not None:
            found = tuple(Against(a.firing, a.hangs_on & frozenset(self._within)) for a in found)
        self._tied += [a.hangs_on for a in found if a.hangs_on not in self._tied]
        return found

    def _nearest(self, change: dict[Constraint, Any], group: frozenset[Constraint]) -> Any:
        """The change with each number as near to the stated one as the others allow."""
        for constraint in [c for c in change if c.axis in NUMBERS and change[c] is not None]:
            others = {c: v for c, v in change.items() if c != constraint}
            nearest = nearest_enough(self.judge, constraint, others)
            if nearest is not None:
                moved = {**change, constraint: nearest}
                if not any(a.hangs_on & group for a in self._against(moved)):
                    change = moved
        return change


def _order(constraint: Constraint) -> tuple[str, str]:
    return constraint.axis, str(constraint.value)


def _tied_together(sets: Iterable[frozenset[Constraint]]) -> list[frozenset[Constraint]]:
    """The sets merged where they share a member; a cause that hangs on nothing stays alone."""
    groups: list[frozenset[Constraint]] = []
    for found in sets:
        touching = [group for group in groups if group & found]
        groups = [group for group in groups if group not in touching]
        groups.append(found.union(*touching))
    return groups


def _is_part(smaller: Change, change: Change) -> bool:
    """Whether a change does all that a smaller one does, and no number less far."""
    return all(
        constraint in change and _as_far(constraint, value, change[constraint])
        for constraint, value in smaller.items()
    )


def _as_far(constraint: Constraint, value: Any, other: Any) -> bool:
    if value == other:
        return True
    if constraint.axis not in NUMBERS or value is None:
        return False
    if other is None:
        return True
    return bool(other > value if constraint.axis in MEMORIES else other < value)


def _smallest(found: list[dict[Constraint, Any]]) -> Iterator[Change]:
    """Without those of which another one is a part, or that drop what another one only changes."""
    for change in found:
        if any(other != change and _is_part(other, change) for other in found):
            continue
        dropped = {c for c, value in change.items() if value is None}
        if not any(
            other.keys() == change.keys()
            and {c for c, value in other.items() if value is None} < dropped
            for other in found
        ):
            yield change
