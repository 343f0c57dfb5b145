"""Constraints: one for each value that the user states, and what changing some makes of a need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from whyllm.engine.need import AXES, Need, Value


@dataclass(frozen=True)
class Constraint:
    """A stated value of an axis, or with None for its value an axis on which nothing is stated."""

    axis: str
    value: Value | None


Change = Mapping[Constraint, Value | None]
"""Constraint -> the value that takes its place; None states it no longer."""


def constraints_of(need: Need) -> list[Constraint]:
    """The constraints of a need, in the order of the axes."""
    return [Constraint(axis, value) for axis in need.stated for value in need.values(axis)]


def on_axis(need: Need, axis: str) -> list[Constraint]:
    """The constraints on an axis, or the one that nothing is stated on it."""
    return [Constraint(axis, value) for value in need.values(axis)] or [Constraint(axis, None)]


def axes_set(need: Need, change: Change) -> dict[str, Value | tuple[Value, ...] | None]:
    """What a change sets: axis -> new value, a tuple where repeatable, None to state no more."""
    found: dict[str, Value | tuple[Value, ...] | None] = {}
    for axis in dict.fromkeys(constraint.axis for constraint in change):
        if AXES[axis].repeatable:
            added = Constraint(axis, None)  # one value more beside those that are stated
            values = [change.get(c, c.value) for c in dict.fromkeys((*on_axis(need, axis), added))]
            found[axis] = tuple(dict.fromkeys(v for v in values if v is not None)) or None
        else:
            (found[axis],) = (change[c] for c in on_axis(need, axis))
    return found


def changed(need: Need, change: Change) -> Need:
    """The need after a change."""
    return need.with_changes(axes_set(need, change))


def changed_from(need: Need, change: Change, axis: str, value: Value) -> Iterator[Constraint]:
    """The constraints of the need that a value of the changed need comes from."""
    for constraint in on_axis(need, axis):
        if change.get(constraint, constraint.value) == value:
            yield constraint
