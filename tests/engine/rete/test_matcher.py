"""The matcher by example: sharing, order, branches, absences, changes of one right-hand side."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from typing import Any

import pytest
from whyllm.engine.experta_shim import (
    AND,
    AS,
    EXISTS,
    FORALL,
    MATCH,
    NOT,
    OR,
    TEST,
    Fact,
    InitialFact,
    KnowledgeEngine,
    L,
    P,
    Rule,
)
from whyllm.engine.rete import (
    Absence,
    Activation,
    AgendaStrategy,
    ConditionError,
    IndexedMatcher,
    RecentFirst,
)
from whyllm.engine.rete.beta import Token

from tests.engine.rete.translation import A, B, C


class Recorded(KnowledgeEngine):  # type: ignore[misc]
    __matcher__ = IndexedMatcher
    __strategy__ = AgendaStrategy

    def __init__(self) -> None:
        self.fired: list[Any] = []
        super().__init__()
        self.reset()


def engine_with(
    *conditions: Any,
    then: Callable[..., None] | None = None,
    strategy: type[AgendaStrategy] = AgendaStrategy,
) -> Recorded:
    """An engine of one rule, which notes its bindings when it fires and then does more."""

    def fire(engine: Recorded, **bound: Any) -> None:
        engine.fired.append(tuple(bound.values()))
        if then is not None:
            then(engine, **bound)

    body = {"rule": Rule(*conditions)(fire), "__strategy__": strategy}
    engine: Recorded = type("Engine", (Recorded,), body)()
    return engine


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
    engine.declare(A())
    engine.run()
    assert engine.fired == ["one"]


def test_a_negation_is_counted_once_when_a_shallower_one_lets_pass() -> None:
    engine = engine_with(A(v=MATCH.x), NOT(B(v=MATCH.x)), NOT(B()))
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
    engine.declare(A(v=1))
    engine.declare(B(v=1))
    engine.run()
    assert engine.fired == [(1, True, [B, A])]


def test_an_or_that_binds_makes_branches() -> None:
    engine = engine_with(OR(A(v=MATCH.x), B(v=MATCH.x)))
    engine.declare(A(v=1))
    engine.declare(B(v=2))
    engine.run()
    assert engine.fired == [(1,), (2,)]


def test_an_or_in_a_field_that_only_tests_is_one_predicate() -> None:
    engine = engine_with(A(v=L(1) | P(lambda v: v > 0)))
    engine.declare(A(v=1))
    engine.run()
    assert engine.fired == [()]


def test_an_or_in_a_field_that_binds_makes_branches() -> None:
    engine = engine_with(A(v=MATCH.x & L(1) | MATCH.x & P(lambda v: v > 0)))
    engine.declare(A(v=1))
    engine.declare(A(v=2))
    engine.run()
    assert engine.fired == [(1,), (1,), (2,)]


def test_values_inside_values_are_reached_by_nested_accessors() -> None:
    engine = engine_with(A(card__licences__1=MATCH.second), B(v=MATCH.second))
    engine.declare(A(card={"licences": ["mit", "llama"]}))
    engine.declare(A(card={"licences": ["mit"]}))
    engine.declare(B(v="llama"))
    engine.run()
    assert engine.fired == [("llama",)]


def test_a_predicate_may_bind() -> None:
    engine = engine_with(A(v=AS.x << P(lambda v: v > 1)))
    engine.declare(A(v=1))
    engine.declare(A(v=2))
    engine.run()
    assert engine.fired == [(2,)]


def test_a_test_may_have_parameters_of_its_own() -> None:
    engine = engine_with(A(v=MATCH.x), TEST(lambda x, limit=1: x > limit))
    engine.declare(A(v=1))
    engine.declare(A(v=2))
    engine.run()
    assert engine.fired == [(2,)]


def test_a_test_may_come_after_a_negation() -> None:
    engine = engine_with(A(v=MATCH.x), NOT(B(v=MATCH.x)), TEST(lambda x: x > 1))
    for value in (1, 2, 3):
        engine.declare(A(v=value))
    engine.declare(B(v=3))
    engine.run()
    assert engine.fired == [(2,)]


def test_facts_without_names_for_their_values_are_matched_by_position() -> None:
    engine = engine_with(A("context", MATCH.tokens))
    engine.declare(A("context", 4096))
    engine.declare(A("quant", "Q4_K_M"))
    engine.run()
    assert engine.fired == [(4096,)]


def test_a_literal_may_be_a_list() -> None:
    engine = engine_with(A(v=L([1, 2])))
    engine.declare(A(v=[1, 2]))
    engine.declare(A(v=[1]))
    engine.run()
    assert engine.fired == [()]


def test_the_newest_facts_come_first_when_the_strategy_says_so() -> None:
    for strategy, order in [(AgendaStrategy, [1, 2, 3]), (RecentFirst, [3, 2, 1])]:
        engine = engine_with(A(v=MATCH.x), strategy=strategy)
        for value in (1, 2, 3):
            engine.declare(A(v=value))
        engine.run()
        assert engine.fired == [(value,) for value in order]


def test_salience_comes_before_declaration_and_declaration_before_age() -> None:
    class Engine(Recorded):
        @Rule(A(v=MATCH.x))
        def first(self, x: int) -> None:
            self.fired.append(("first", x))

        @Rule(B())
        def second(self) -> None:
            self.fired.append(("second",))

        @Rule(B(), salience=1)
        def urgent(self) -> None:
            self.fired.append(("urgent",))

    engine = Engine()
    engine.declare(B())
    engine.declare(A(v=1))
    engine.declare(A(v=2))
    engine.run()
    assert engine.fired == [("urgent",), ("first", 1), ("first", 2), ("second",)]


def test_what_came_and_went_within_a_right_hand_side_fires_nothing_anew() -> None:
    """The EXISTS holds before and after, on another fact: the activation is the same one."""

    class Engine(Recorded):
        @Rule(A(), EXISTS(B()))
        def stands(self) -> None:
            self.fired.append("stands")

        @Rule(AS.old << B(v=1))
        def replace(self, old: Fact) -> None:
            self.retract(old)
            self.declare(B(v=2))

    engine = Engine()
    engine.declare(A())
    engine.declare(B(v=1))
    engine.run()
    assert engine.fired == ["stands"]


def test_a_fact_that_is_replaced_by_its_like_fires_anew() -> None:
    engine = engine_with(A(v=MATCH.x))
    fact = engine.declare(A(v=1))
    engine.run()
    engine.retract(fact)
    engine.declare(A(v=1))
    engine.run()
    assert engine.fired == [(1,), (1,)]


def test_a_fact_that_supports_a_pending_activation_is_retracted() -> None:
    def drop_the_others(engine: Recorded, **_: Any) -> None:
        for fact in [fact for fact in engine.facts.values() if type(fact) is A][1:]:
            engine.retract(fact)

    engine = engine_with(A(v=MATCH.x), then=drop_the_others)
    for value in (1, 2, 3):
        engine.declare(A(v=value))
    engine.run()
    assert engine.fired == [(1,)]
    assert len(engine.agenda.activations) == 0


def test_a_rule_that_begins_with_not_waits_for_reset() -> None:
    engine = engine_with(NOT(A()))
    engine.run()
    assert engine.fired == [()]
    (initial,) = [fact for fact in engine.facts.values() if type(fact) is InitialFact]
    engine.reset()
    engine.retract(next(iter(engine.facts)))
    engine.run()
    assert engine.fired == [()]
    assert initial not in engine.facts.values()


def pending(engine: Recorded) -> Activation:
    (activation,) = list(engine.agenda.activations)
    assert isinstance(activation, Activation)
    return activation


def test_absences_are_instantiated_and_nested() -> None:
    engine = engine_with(
        A(v=MATCH.x),
        NOT(B(v=MATCH.x, w="no")),
        NOT(AND(B(v=MATCH.x), C(w=MATCH.y & L(3)))),
        FORALL(B(v=MATCH.x, w=MATCH.z), C(w=MATCH.z)),
    )
    engine.declare(A(v=7))
    one, both, each = pending(engine).absences
    assert one == Absence(((B, {"v": 7, "w": "no"}),))
    assert both == Absence(((B, {"v": 7}), (C, {"w": 3})))
    assert each == Absence(((B, {"v": 7}),), unless=(Absence(((C, {}),)),))


def test_an_activation_can_be_read_after_its_premise_is_gone() -> None:
    engine = engine_with(A(v=MATCH.x))
    fact = engine.declare(A(v=7))
    activation = pending(engine)
    engine.retract(fact)
    assert (activation.premises, activation.context) == ([fact], {"x": 7})
    assert activation not in engine.agenda.activations


def test_the_agenda_forgets_what_it_no_longer_holds() -> None:
    engine = engine_with(A(v=MATCH.x), NOT(B()))
    for value in range(200):
        engine.declare(A(v=value))
    for _ in range(5):
        engine.retract(engine.declare(B()))
    assert len(engine.agenda.activations) == 200
    assert len(engine.agenda.activations._heap) <= 2 * 200 + 64


def test_after_a_condition_raised_nothing_is_concluded_until_reset() -> None:
    engine = engine_with(A(v=MATCH.x), TEST(lambda x: x > 1))
    with pytest.raises(TypeError):
        engine.declare(A(v="one"))
    with pytest.raises(RuntimeError, match="incomplete since a condition raised TypeError"):
        engine.declare(A(v=2))
    engine.reset()
    engine.declare(A(v=2))
    engine.run()
    assert engine.fired == [(2,)]


def tokens() -> int:
    """How many tokens there are, those of every engine that other tests keep among them."""
    gc.collect()
    return sum(type(found) is Token for found in gc.get_objects())


def test_a_fact_that_stays_does_not_hold_what_came_and_went() -> None:
    before = tokens()
    engine = engine_with(A(v=MATCH.x), B(v=MATCH.limit))
    engine.declare(B(v=1))
    for value in range(500):
        engine.retract(engine.declare(A(v=value)))
    assert tokens() - before < 200


def test_engines_of_one_class_in_threads_do_not_touch_each_other() -> None:
    class Engine(Recorded):
        @Rule(A(v=MATCH.x), NOT(B(v=MATCH.x)))
        def free(self, x: int) -> None:
            self.fired.append(x)

    wrong: list[Any] = []

    def work(number: int) -> None:
        for turn in range(20):
            engine = Engine()
            mine = [number * 1000 + turn * 10 + place for place in range(5)]
            for value in mine:
                engine.declare(A(v=value))
            engine.declare(B(v=mine[2]))
            engine.run()
            if engine.fired != [mine[0], mine[1], mine[3], mine[4]]:
                wrong.append((mine, engine.fired))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize(
    ("conditions", "complaint"),
    [
        ([A(v=MATCH.x), TEST(lambda y: y)], "rule fire: nothing binds 'y'"),
        ([TEST(lambda x: x), A(v=MATCH.x)], "rule fire: nothing binds 'x'"),
        ([A(v=~MATCH.x)], "rule fire: 'x' is tested before it is captured"),
        ([A(v=~MATCH.x, w=MATCH.x)], "rule fire: 'x' is tested before it is captured"),
        ([NOT(A(v=MATCH.x)), TEST(lambda x: x)], "rule fire: nothing binds 'x'"),
        ([OR(A(v=MATCH.x), B()), TEST(lambda x: x)], "rule fire: nothing binds 'x'"),
        ([AS.f << A(), AS.f << B()], "rule fire: 'f' is captured twice"),
        ([FORALL(A())], "rule fire: FORALL needs a pattern and at least one more"),
        (["a string"], "rule fire: 'a string' is no conditional element"),
    ],
)
def test_what_cannot_mean_anything_is_an_error_when_built(
    conditions: list[Any], complaint: str
) -> None:
    with pytest.raises(ConditionError, match=complaint):
        engine_with(*conditions)
