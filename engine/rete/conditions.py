"""From experta's condition language to the three elements of the network: join, test, negation.

A rule becomes one or more branches; a branch is a sequence of elements read from left to right.
OR makes branches; inside NOT it makes several negations. EXISTS(a) is NOT(NOT(a)); FORALL(a, b)
is NOT(AND(a, NOT(b))), both as CLIPS defines them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

from whyllm.engine.experta_shim import (
    AND,
    EXISTS,
    FORALL,
    NOT,
    OR,
    TEST,
    AllOf,
    AnyOf,
    Fact,
    FieldConstraint,
    L,
    Not,
    P,
    W,
)


class ConditionError(ValueError):
    """A condition that cannot mean anything; the message names rule and variable."""


@dataclass(frozen=True)
class Pattern:
    """A fact pattern: its type, its field constraints by slot, and the variable of the fact."""

    fact_type: type[Fact]
    fields: tuple[tuple[Any, Any], ...]
    name: str | None


@dataclass(frozen=True)
class Test:
    """A function over variables that are bound before it; a parameter with a default may not be."""

    function: Callable[..., Any]
    parameters: tuple[str, ...]
    defaults: frozenset[str]


@dataclass(frozen=True)
class Negation:
    """No match of the sequence may exist."""

    sequence: tuple[Element, ...]


Element = Pattern | Test | Negation
Branch = tuple[Element, ...]


def branches(conditions: Sequence[Any]) -> list[Branch]:
    """The alternatives of a conjunction of conditional elements, each a sequence."""
    return [sum(parts, ()) for parts in product(*(_alternatives(c) for c in conditions))]


def _alternatives(element: Any) -> list[Branch]:
    if isinstance(element, Fact):
        return [(pattern,) for pattern in _patterns(element)]
    if isinstance(element, TEST):
        return [(_test(element[0]),)]
    if isinstance(element, AND):
        return branches(element)
    if isinstance(element, OR):
        return [branch for part in element for branch in _alternatives(part)]
    if isinstance(element, NOT):
        return [_negations(branches(element))]
    if isinstance(element, EXISTS):
        return [(Negation(_negations(branches(element))),)]
    if isinstance(element, FORALL):
        if len(element) < 2:
            raise ConditionError(
                "FORALL needs a pattern and at least one more that must hold for it"
            )
        holds = _negations(branches(element[1:]))
        return [tuple(Negation((*first, *holds)) for first in _alternatives(element[0]))]
    raise ConditionError(f"{element!r} is no conditional element")


@lru_cache(1_000)  # the same rules are built into many engines
def _test(function: Callable[..., Any]) -> Test:
    parameters = inspect.signature(function).parameters
    defaults = {
        n for n, parameter in parameters.items() if parameter.default is not parameter.empty
    }
    return Test(function, tuple(parameters), frozenset(defaults))


def _negations(alternatives: list[Branch]) -> Branch:
    """NOT of a disjunction: each alternative must fail."""
    return tuple(Negation(alternative) for alternative in alternatives)


def _patterns(fact: Fact) -> list[Pattern]:
    """A pattern, once for each way to satisfy an OR that binds a variable in a field."""
    slots = [slot for slot in fact if not fact.is_special(slot)]
    choices = [_field_alternatives(_constraint(fact[slot])) for slot in slots]
    name = fact.__bind__
    return [
        Pattern(type(fact), tuple(zip(slots, fields, strict=True)), name)
        for fields in product(*choices)
    ]


def _constraint(value: Any) -> FieldConstraint:
    return value if isinstance(value, FieldConstraint) else L(value)


def _field_alternatives(constraint: FieldConstraint) -> list[FieldConstraint]:
    """The disjuncts of a constraint in which an OR binds; else the constraint alone."""
    if isinstance(constraint, AnyOf) and any(True for _ in field_variables(constraint)):
        return [c for part in constraint for c in _field_alternatives(part)]
    if isinstance(constraint, AllOf):
        parts = product(*(_field_alternatives(part) for part in constraint))
        return [AllOf(*combination) for combination in parts]
    return [constraint]


def field_variables(constraint: FieldConstraint) -> Iterator[str]:
    """The variables that a field constraint names, in order."""
    name = getattr(constraint, "__bind__", None)
    if name is not None:
        yield name
    if isinstance(constraint, AllOf | AnyOf | Not):
        for part in constraint:
            yield from field_variables(part)


def conjuncts(constraint: FieldConstraint) -> Iterator[FieldConstraint]:
    """The parts of a constraint that must all hold."""
    if isinstance(constraint, AllOf):
        for part in constraint:
            yield from conjuncts(part)
    else:
        yield constraint


def holds(constraint: FieldConstraint, value: Any, variable: Callable[[str], Any]) -> bool:
    """Whether a value satisfies a constraint, given the value of each variable that it names."""
    name = getattr(constraint, "__bind__", None)
    if name is not None and variable(name) != value:
        return False
    if isinstance(constraint, L):
        return bool(constraint.value == value)
    if isinstance(constraint, P):
        return bool(constraint.match(value))
    if isinstance(constraint, W):
        return True
    if isinstance(constraint, AllOf):
        return all(holds(part, value, variable) for part in constraint)
    if isinstance(constraint, AnyOf):
        return any(holds(part, value, variable) for part in constraint)
    if isinstance(constraint, Not):
        return not holds(constraint[0], value, variable)
    raise ConditionError(f"{constraint!r} is no field constraint")


def identity(constraint: FieldConstraint) -> tuple[Any, ...]:
    """A hashable key that two constraints share only when they test the same."""
    if isinstance(constraint, L):
        return ("L", type(constraint.value), constraint.value)
    if isinstance(constraint, P):
        return ("P", id(constraint.match))
    return (type(constraint).__name__, *(identity(part) for part in constraint))
