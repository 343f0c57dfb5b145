"""Conditions as plain data, what CLIPS says they mean by brute force, and random ones.

A condition is a tuple: ("fact", type, {slot: test}), ("test", variables, name), ("not", [...]),
("exists", [...]), ("and", [...]), ("forall", fact, [...]) or ("or", [[...], ...]). The evaluator
shares no code with the matcher: it tries every fact at every pattern.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from whyllm.engine.experta_shim import AND, EXISTS, FORALL, MATCH, NOT, OR, TEST, Fact, L, P, W

Condition = tuple[Any, ...]
Bindings = dict[str, Any]


class A(Fact):  # type: ignore[misc]
    pass


class B(Fact):  # type: ignore[misc]
    pass


class C(Fact):  # type: ignore[misc]
    pass


TYPES = (A, B, C)
TESTS = {
    ("even", 1): lambda a: a % 2 == 0,
    ("small", 1): lambda a: a < 2,
    ("even", 2): lambda a, b: (a + b) % 2 == 0,
    ("small", 2): lambda a, b: a < b,
}


def matches(
    sequence: list[Condition], bound: Bindings, matched: tuple[Fact, ...], facts: list[Fact]
) -> Iterator[tuple[Bindings, tuple[Fact, ...]]]:
    """All ways to satisfy a sequence of conditions, with bindings and matched facts."""
    if not sequence:
        yield bound, matched
        return
    (kind, *parts), rest = sequence[0], sequence[1:]
    if kind == "fact":
        for fact in facts:
            extended = _unified(parts[0], parts[1], fact, bound)
            if extended is not None:
                yield from matches(rest, extended, (*matched, fact), facts)
    elif kind == "test":
        variables, name = parts
        if TESTS[name, len(variables)](*(bound[v] for v in variables)):
            yield from matches(rest, bound, matched, facts)
    elif kind == "not":
        if not _any(parts[0], bound, facts):
            yield from matches(rest, bound, matched, facts)
    elif kind == "exists":
        if _any(parts[0], bound, facts):
            yield from matches(rest, bound, matched, facts)
    elif kind == "forall":
        each = matches([parts[0]], bound, (), facts)
        if all(_any(parts[1], extended, facts) for extended, _ in each):
            yield from matches(rest, bound, matched, facts)
    elif kind == "and":
        yield from matches(parts[0] + rest, bound, matched, facts)
    else:
        for alternative in parts[0]:
            yield from matches(alternative + rest, bound, matched, facts)


def _any(sequence: list[Condition], bound: Bindings, facts: list[Fact]) -> bool:
    return any(True for _ in matches(sequence, bound, (), facts))


def _unified(
    fact_type: type[Fact], tests: dict[str, Condition], fact: Fact, bound: Bindings
) -> Bindings | None:
    if type(fact) is not fact_type:
        return None
    for slot, (kind, *parts) in tests.items():
        if slot not in fact:
            return None
        value = fact[slot]
        if kind == "variable":
            if bound.get(parts[0], value) != value:
                return None
            bound = {**bound, parts[0]: value}
        elif kind == "other":
            if value == bound[parts[0]]:
                return None
        elif not PREDICATES[kind](value, *parts):
            return None
    return bound


PREDICATES = {
    "is": lambda value, wanted: value == wanted,
    "not": lambda value, wanted: value != wanted,
    "at least": lambda value, least: value >= least,
    "one of": lambda value, one, two: value in (one, two),
    "any": lambda _: True,
}


def as_experta(condition: Condition) -> Any:
    """The condition in experta's language."""
    kind, *parts = condition
    if kind == "fact":
        return parts[0](**{slot: _constraint(test) for slot, test in parts[1].items()})
    if kind == "test":
        variables, name = parts
        function = TESTS[name, len(variables)]
        text = f"lambda {', '.join(variables)}: function({', '.join(variables)})"
        return TEST(eval(text, {"function": function}))
    if kind == "forall":
        return FORALL(as_experta(parts[0]), *map(as_experta, parts[1]))
    if kind == "or":
        return OR(*(AND(*map(as_experta, alternative)) for alternative in parts[0]))
    wrapper = {"not": NOT, "exists": EXISTS, "and": AND}[kind]
    return wrapper(*map(as_experta, parts[0]))


def _constraint(test: Condition) -> Any:
    kind, *parts = test
    if kind == "variable":
        return getattr(MATCH, parts[0])
    if kind == "other":
        return ~getattr(MATCH, parts[0])
    if kind == "not":
        return ~L(parts[0])
    if kind == "at least":
        return P(lambda value, least=parts[0]: value >= least)
    if kind == "one of":
        return L(parts[0]) | L(parts[1])
    return W() if kind == "any" else parts[0]


def random_sequence(
    chance: random.Random, bound: list[str], depth: int, length: int
) -> tuple[list[Condition], list[str]]:
    """A random sequence over variables bound so far, and the variables bound after it."""
    sequence: list[Condition] = []
    bound = list(bound)
    for _ in range(length):
        kind = chance.choice(["fact"] * 4 + ["test", "not", "not", "exists", "forall", "or", "and"])
        if kind == "test" and bound:
            variables = tuple(chance.sample(sorted(set(bound)), min(len(set(bound)), 2)))
            sequence.append(("test", variables, chance.choice(["even", "small"])))
        elif kind in ("not", "exists") and depth:
            inner, _ = random_sequence(chance, bound, depth - 1, chance.choice([1, 1, 2]))
            sequence.append((kind, inner))
        elif kind == "and" and depth:
            inner, bound = random_sequence(chance, bound, depth - 1, 2)
            sequence.append((kind, inner))
        elif kind == "forall" and depth:
            first, extended = _random_fact(chance, bound)
            inner, _ = random_sequence(chance, extended, depth - 1, chance.choice([1, 2]))
            sequence.append((kind, first, inner))
        elif kind == "or" and depth:
            alternatives = [random_sequence(chance, bound, 0, 1)[0] for _ in range(2)]
            sequence.append((kind, alternatives))
        else:
            fact, bound = _random_fact(chance, bound)
            sequence.append(fact)
    return sequence, bound


def _random_fact(chance: random.Random, bound: list[str]) -> tuple[Condition, list[str]]:
    tests: dict[str, Condition] = {}
    bound = list(bound)
    for slot in ("v", "w"):
        kind = chance.choice(
            ["variable"] * 3 + ["other", "is", "not", "at least", "one of", "any", ""]
        )
        if kind == "variable":
            name = chance.choice("xyz")
            tests[slot] = (kind, name)
            bound.append(name)
        elif kind == "other" and bound:
            tests[slot] = (kind, chance.choice(bound))
        elif kind in ("is", "not", "at least"):
            tests[slot] = (kind, chance.randrange(3))
        elif kind == "one of":
            tests[slot] = (kind, chance.randrange(3), chance.randrange(3))
        elif kind == "any":
            tests[slot] = (kind,)
    return ("fact", chance.choice(TYPES), tests), bound
