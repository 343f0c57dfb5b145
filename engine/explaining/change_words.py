"""Changes of a need in words."""

from __future__ import annotations

from typing import Any

from whyllm.engine import facts as f
from whyllm.engine.explaining.constraints import Change, Constraint
from whyllm.engine.explaining.judge import Judge
from whyllm.engine.need import AXES, MEMORIES
from whyllm.engine.words import Words


def told(judge: Judge, change: Change) -> str:
    """A change as a sentence."""
    text = " and ".join(_one_told(judge, constraint, value) for constraint, value in change.items())
    return text[:1].upper() + text[1:] + "."


def constraint_told(words: Words, constraint: Constraint) -> str:
    """A stated constraint in a few words: `GPU memory = 8 GB`."""
    assert constraint.value is not None
    unit = " GB" if constraint.axis in MEMORIES else ""
    value = words.name(constraint.axis, constraint.value)
    return f"{words.name('axis', constraint.axis)} = {value}{unit}"


def _one_told(judge: Judge, constraint: Constraint, value: Any) -> str:
    words = judge.words
    axis, current = constraint.axis, constraint.value
    name = words.name("axis", axis)
    unit = " GB" if axis in MEMORIES else ""

    def named(item: Any) -> str:
        return words.name(axis, item) + unit

    if value is None:
        if AXES[axis].repeatable:
            return f"no longer ask for {name} = {named(current)}"
        return f"state no {name}"
    if current is None:
        return f"state {name} = {named(value)}"
    if axis == "deploy":  # its labels say how, not what
        return f"deploy {named(value)} instead of {named(current)}"
    if axis == "region":
        places = ", ".join(words.name("place", place) for place in _excluded_places(judge))
        return f"be in {words.name('place', value)}, or anywhere else outside {places}"
    if isinstance(value, int | float) and isinstance(current, int | float):
        verb = "raise" if value > current else "lower"
        return f"{verb} {name} from {named(current)} to {named(value)}"
    return f"change {name} from {named(current)} to {named(value)}"


def _excluded_places(judge: Judge) -> list[str]:
    known = judge.catalogue.known
    return sorted(
        {
            str(fact["place"])
            for licence in judge.catalogue.models[judge.model].licences
            for fact in known.of_licence[licence]
            if isinstance(fact, f.Exclusion)
        }
    )
