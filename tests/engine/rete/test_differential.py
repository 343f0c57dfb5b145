"""The matcher against brute force: the same activations after every change, whatever the rules."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest
from whyllm.engine.experta_shim import (
    AS,
    MATCH,
    NOT,
    OR,
    TEST,
    Fact,
    InitialFact,
    KnowledgeEngine,
    Rule,
)
from whyllm.engine.rete import AgendaStrategy, ConditionError, IndexedMatcher

from tests.engine.rete.reference import (
    TYPES,
    A,
    B,
    Condition,
    as_experta,
    matches,
    random_sequence,
)

CASES = 4000
BATCH = 200


def engine_of(rules: dict[str, list[Any]]) -> KnowledgeEngine:
    """An engine with the rules; each fires without effect."""

    def named(name: str, conditions: list[Any]) -> Rule:
        def fire(_: KnowledgeEngine, **__: Any) -> None:
            pass

        fire.__name__ = name
        return Rule(*conditions)(fire)

    body = {name: named(name, conditions) for name, conditions in rules.items()}
    hooks = {"__matcher__": IndexedMatcher, "__strategy__": AgendaStrategy}
    return type("Engine", (KnowledgeEngine,), {**hooks, **body})()


def random_fact(chance: random.Random, number: int) -> Fact:
    slots = {slot: chance.randrange(3) for slot in ("v", "w") if chance.random() < 0.9}
    fact = chance.choice(TYPES)(**slots)
    fact.__factid__ = number
    return fact


def activation_key(rule: str, bound: dict[str, Any], facts: tuple[Fact, ...]) -> tuple[Any, ...]:
    return rule, tuple(map(id, facts)), tuple(sorted(bound.items()))


def check(seed: int) -> None:
    chance = random.Random(seed)
    shared, bound = random_sequence(chance, [], 1, chance.choice([0, 1, 2]))
    rules: dict[str, list[Condition]] = {}
    for number in range(chance.choice([1, 2, 3])):
        own, _ = random_sequence(chance, bound, 2, chance.choice([1, 2, 3]))
        rules[f"rule_{number}"] = shared + own
    engine = engine_of({name: [as_experta(c) for c in rule] for name, rule in rules.items()})
    live: list[Fact] = []
    started, _ = engine.matcher.changes([InitialFact()], [])
    activations: dict[int, Any] = {id(activation): activation for activation in started}
    for step in range(chance.choice([4, 10, 16])):
        adding, deleting = [], []
        for _ in range(chance.choice([1, 1, 2, 3])):
            if live and chance.random() < 0.45:
                deleting.append(live.pop(chance.randrange(len(live))))
            else:
                adding.append(random_fact(chance, step))
        if chance.random() < 0.1:  # declared and retracted in one right-hand side
            fleeting = random_fact(chance, step)
            engine_adds = [*adding, fleeting]
            engine_deletes = [*deleting, fleeting]
        elif deleting and chance.random() < 0.1:  # retracted and declared again
            engine_adds, engine_deletes = [*adding, deleting[0]], deleting
            live.append(deleting[0])
        else:
            engine_adds, engine_deletes = adding, deleting
        live += adding
        added, removed = engine.matcher.changes(engine_adds, engine_deletes)
        for activation in removed:
            del activations[id(activation)]
        activations.update({id(activation): activation for activation in added})
        wanted = Counter(
            activation_key(name, found, facts)
            for name, rule in rules.items()
            for found, facts in matches(rule, {}, (), live)
        )
        got = Counter(
            activation_key(a.rule._wrapped.__name__, a.context, tuple(a.premises))
            for a in activations.values()
        )
        assert got == wanted, (seed, step, rules)


@pytest.mark.parametrize("first", range(0, CASES, BATCH))
def test_the_matcher_agrees_with_brute_force(first: int) -> None:
    for seed in range(first, first + BATCH):
        check(seed)


class Recorded(KnowledgeEngine):  # type: ignore[misc]
    __matcher__ = IndexedMatcher
    __strategy__ = AgendaStrategy

    def __init__(self) -> None:
        self.fired: list[Any] = []
        super().__init__()


def test_two_rules_with_one_condition_are_both_withdrawn() -> None:
    class Engine(Recorded):
        @Rule(A(), NOT(B()))
        def one(self) -> None:
            self.fired.append("one")
            self.declare(B())

        @Rule(A(), NOT(B()))
        def two(self) -> None:
            self.fired.append("two")

    engine = Engine()
    engine.reset()
    engine.declare(A())
    engine.run()
    assert engine.fired == ["one"]


def test_a_negation_is_counted_once_when_a_shallower_one_lets_pass() -> None:
    class Engine(Recorded):
        @Rule(A(v=MATCH.x), NOT(B(v=MATCH.x)), NOT(B()))
        def free(self, x: int) -> None:
            self.fired.append(x)

    engine = Engine()
    engine.reset()
    engine.declare(A(v=1))
    engine.declare(A(v=3))  # waits at the second negation, which so takes part in the retraction
    blocking = engine.declare(B(v=1))
    engine.declare(B(v=2))
    engine.retract(blocking)
    engine.run()
    assert engine.fired == []


def test_a_bound_fact_is_the_fact_and_premises_are_in_pattern_order() -> None:
    class Engine(Recorded):
        @Rule(B(v=MATCH.x), AS.found << A(v=MATCH.x))
        def both(self, x: int, found: Fact) -> None:
            last = self.agenda.activations.last
            self.fired.append((x, found is last.premises[1], [type(f) for f in last.premises]))

    engine = Engine()
    engine.reset()
    engine.declare(A(v=1))
    engine.declare(B(v=1))
    engine.run()
    assert engine.fired == [(1, True, [B, A])]


def test_an_or_that_binds_makes_branches() -> None:
    class Engine(Recorded):
        @Rule(OR(A(v=MATCH.x), B(v=MATCH.x)))
        def either(self, x: int) -> None:
            self.fired.append(x)

    engine = Engine()
    engine.reset()
    engine.declare(A(v=1))
    engine.declare(B(v=2))
    engine.run()
    assert engine.fired == [1, 2]


@pytest.mark.parametrize(
    ("conditions", "complaint"),
    [
        ([A(v=MATCH.x), TEST(lambda y: y)], "rule wrong: nothing binds 'y'"),
        ([A(v=~MATCH.x)], "rule wrong: 'x' is tested before it is captured"),
        ([NOT(A(v=MATCH.x)), TEST(lambda x: x)], "rule wrong: nothing binds 'x'"),
    ],
)
def test_what_cannot_mean_anything_is_an_error_when_built(
    conditions: list[Any], complaint: str
) -> None:
    with pytest.raises(ConditionError, match=complaint):
        engine_of({"wrong": conditions})
