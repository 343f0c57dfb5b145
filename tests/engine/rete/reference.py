"""What CLIPS says that rules mean, by brute force: no network, no index, no code of the matcher.

A rule is data (see `Rule`), so that one rule can be run here and in experta. The evaluator tries
every fact at every pattern; the engine evaluates all rules anew after every change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Condition = tuple[Any, ...]
"""("fact", type, {slot: alternatives}, name), ("test", variables, name), ("not", sequence),
("exists", sequence), ("and", sequence), ("forall", fact, sequence) or ("or", sequences).

The alternatives of a slot are lists of atoms that must all hold: ("variable", x), ("other", x),
("is", n), ("not", n), ("at least", n), ("any",).
"""
Action = tuple[Any, ...]
"""("declare", type, {slot: number or variable}), ("retract", variable of a fact),
("retract first", type) or ("retract last", type)."""

Bindings = dict[str, Any]
Slots = dict[str, int]


@dataclass(frozen=True)
class Rule:
    """Conditions, actions, salience."""

    when: list[Condition]
    then: list[Action]
    salience: int


@dataclass(frozen=True)
class Item:
    """A fact of the reference: `number` tells when it was declared."""

    number: int
    type: str
    slots: Slots


@dataclass(frozen=True)
class Match:
    """One way to satisfy a sequence: bindings, facts in pattern order, alternatives taken."""

    bound: Bindings = field(default_factory=dict)
    facts: tuple[Item, ...] = ()
    branch: tuple[int, ...] = ()


TESTS = {
    ("even", 1): lambda a: a % 2 == 0,
    ("small", 1): lambda a: a < 2,
    ("even", 2): lambda a, b: (a + b) % 2 == 0,
    ("small", 2): lambda a, b: a < b,
}


def matches(sequence: list[Condition], match: Match, facts: list[Item]) -> Iterator[Match]:
    """All ways to satisfy a sequence of conditions, beginning with a match."""
    if not sequence:
        yield match
        return
    (kind, *parts), rest = sequence[0], sequence[1:]
    if kind == "fact":
        for fact in facts:
            for extended in _unified(parts[0], parts[1], parts[2], fact, match):
                yield from matches(rest, extended, facts)
    elif kind == "test":
        variables, name = parts
        if TESTS[name, len(variables)](*(match.bound[v] for v in variables)):
            yield from matches(rest, match, facts)
    elif kind == "not":
        if not _any(parts[0], match, facts):
            yield from matches(rest, match, facts)
    elif kind == "exists":
        if _any(parts[0], match, facts):
            yield from matches(rest, match, facts)
    elif kind == "forall":
        if all(_any(parts[1], one, facts) for one in matches([parts[0]], match, facts)):
            yield from matches(rest, match, facts)
    elif kind == "and":
        yield from matches(parts[0] + rest, match, facts)
    else:
        for number, alternative in enumerate(parts[0]):
            taken = Match(match.bound, match.facts, (*match.branch, number))
            yield from matches(alternative + rest, taken, facts)


def _any(sequence: list[Condition], match: Match, facts: list[Item]) -> bool:
    return any(True for _ in matches(sequence, match, facts))


def _unified(
    fact_type: str, fields: dict[str, Any], name: str | None, fact: Item, match: Match
) -> Iterator[Match]:
    """The match extended by a fact, once for each way to satisfy an OR that names a variable."""
    if fact.type != fact_type or any(slot not in fact.slots for slot in fields):
        return
    found = [(match.bound, match.branch)]
    for slot, alternatives in fields.items():
        names_variable = any(kind in ("variable", "other") for a in alternatives for kind, *_ in a)
        extended = []
        for bound, branch in found:
            ways = [
                (number, way)
                for number, atoms in enumerate(alternatives)
                if (way := _satisfied(atoms, fact.slots[slot], bound)) is not None
            ]
            if len(alternatives) == 1 or names_variable:
                taken = () if len(alternatives) == 1 else None
                extended += [
                    (way, (*branch, *((number,) if taken is None else taken)))
                    for number, way in ways
                ]
            elif ways:
                extended.append((bound, branch))
        found = extended
    for bound, branch in found:
        named = bound if name is None else {**bound, name: fact}
        yield Match(named, (*match.facts, fact), branch)


def _satisfied(atoms: list[Condition], value: int, bound: Bindings) -> Bindings | None:
    for kind, *parts in atoms:
        if kind == "variable":
            if bound.get(parts[0], value) != value:
                return None
            bound = {**bound, parts[0]: value}
        elif kind == "other":
            if value == bound[parts[0]]:
                return None
        elif not ATOMS[kind](value, *parts):
            return None
    return bound


ATOMS = {
    "is": lambda value, wanted: value == wanted,
    "not": lambda value, wanted: value != wanted,
    "at least": lambda value, least: value >= least,
    "any": lambda _: True,
}

Identity = tuple[int, tuple[int, ...], tuple[int, ...]]
"""An activation: place of the rule, numbers of the facts, alternatives taken."""


class Engine:
    """An engine without a network; a right-hand side is one change."""

    def __init__(self, rules: list[Rule], *, newest_first: bool) -> None:
        self.rules = rules
        self.sign = -1 if newest_first else 1
        self.facts: list[Item] = []
        self.declared = 0
        self.standing: dict[Identity, Bindings] = {}
        self.pending: set[Identity] = set()
        self.observe()

    def observe(self) -> None:
        """What newly stands is pending; what no longer stands is not."""
        standing = {
            (place, tuple(fact.number for fact in match.facts), match.branch): match.bound
            for place, rule in enumerate(self.rules)
            for match in matches(rule.when, Match(), self.facts)
        }
        self.pending = (self.pending & standing.keys()) | (standing.keys() - self.standing.keys())
        self.standing = standing

    def order(self, identity: Identity) -> tuple[Any, ...]:
        """Salience, declaration, age of the facts pattern by pattern, alternatives."""
        place, numbers, branch = identity
        ages = tuple(self.sign * number for number in numbers)
        return (-self.rules[place].salience, place, ages, branch)

    def agenda(self) -> list[Identity]:
        """The pending activations in the order in which they would fire."""
        return sorted(self.pending, key=self.order)

    def fire(self) -> Identity | None:
        """Fire the first activation; which one, or None when none is pending."""
        if not self.pending:
            return None
        first = self.agenda()[0]
        self.pending.remove(first)
        bound = self.standing[first]
        for action in self.rules[first[0]].then:
            self.act(action, bound)
        self.observe()
        return first

    def act(self, action: Action, bound: Bindings) -> None:
        """Change the facts, without looking at what follows."""
        kind, *parts = action
        if kind == "declare":
            fact_type, slots = parts
            values = {s: bound[v] if isinstance(v, str) else v for s, v in slots.items()}
            if all((f.type, f.slots) != (fact_type, values) for f in self.facts):
                self.declared += 1
                self.facts.append(Item(self.declared, fact_type, values))
        elif kind == "retract":
            self.facts = [fact for fact in self.facts if fact is not bound[parts[0]]]
        else:
            found = [fact for fact in self.facts if fact.type == parts[0]]
            gone = found[:1] if kind == "retract first" else found[-1:]
            self.facts = [fact for fact in self.facts if fact not in gone]
