"""Reading a rule's condition: which variables its patterns bind, and where they are used."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from whyllm.engine.experta_shim import NOT, TEST, Fact


def is_plain(element: Any) -> bool:
    """Whether an element of a condition is one that cards may use: all they say can be recorded."""
    if isinstance(element, NOT):
        return len(element) == 1 and isinstance(element[0], Fact)
    return isinstance(element, Fact | TEST)


def positive_patterns(when: tuple[Any, ...]) -> list[Fact]:
    """The patterns that a fact must match, in order."""
    return [element for element in when if isinstance(element, Fact)]


def negated_patterns(when: tuple[Any, ...]) -> list[Fact]:
    """The patterns that no fact may match, in order."""
    return [element[0] for element in when if isinstance(element, NOT)]


def tests(when: tuple[Any, ...]) -> list[Any]:
    """The functions of the TEST elements, in order."""
    return [element[0] for element in when if isinstance(element, TEST)]


def constraints(pattern: Fact) -> Iterator[tuple[str, Any]]:
    """Slot and constraint of a pattern, without what experta keeps for itself."""
    return ((slot, c) for slot, c in pattern.items() if not pattern.is_special(slot))


def variables(pattern: Fact) -> dict[str, str]:
    """Variable -> slot that binds it, for one pattern."""
    return {name: slot for slot, c in constraints(pattern) for name in _bound(c)}


def bound_variables(when: tuple[Any, ...]) -> list[str]:
    """The variables that the positive patterns bind, in order of first appearance."""
    names: dict[str, None] = {}
    for pattern in positive_patterns(when):
        names.update(dict.fromkeys(variables(pattern)))
    return list(names)


def test_variables(function: Any) -> list[str]:
    """The variables that the function of a TEST reads: its parameters."""
    return list(inspect.signature(function).parameters)


def variable_of(constraint: Any) -> str | None:
    """The variable of a plain MATCH, else None."""
    bound = list(_bound(constraint))
    return bound[0] if len(bound) == 1 and type(constraint).__name__ == "W" else None


def is_literal(constraint: Any) -> bool:
    """Whether the constraint is a value that the slot must equal."""
    return not isinstance(constraint, tuple) and not callable(constraint)


def literals(constraint: Any) -> frozenset[str]:
    """The values that a constraint such as `MATCH.x & (L("a") | L("b"))` lets a slot have.

    Empty when it names none, or names what the slot may not be.
    """
    if type(constraint).__name__ == "L":
        return frozenset({str(constraint.value)})
    if type(constraint).__name__ not in ("ANDFC", "ORFC"):
        return frozenset()
    return frozenset().union(*map(literals, constraint))


def _bound(constraint: Any) -> Iterator[str]:
    name = getattr(constraint, "__bind__", None)
    if isinstance(name, str):
        yield name
    if isinstance(constraint, tuple):  # experta's composed constraints are tuples of constraints
        for part in constraint:
            yield from _bound(part)
