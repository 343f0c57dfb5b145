"""What stock experta gets wrong and an engine with our two hooks gets right, fault by fault.

Each test runs on both; that the stock engine fails is expected, and checked.
"""

from __future__ import annotations

from typing import Any

import pytest
from whyllm.engine.experta_shim import (
    AND,
    EXISTS,
    FORALL,
    MATCH,
    NOT,
    TEST,
    Fact,
    KnowledgeEngine,
    Rule,
)
from whyllm.engine.rete import AgendaStrategy, ConditionError, IndexedMatcher


class Hooked(KnowledgeEngine):  # type: ignore[misc]
    __matcher__ = IndexedMatcher
    __strategy__ = AgendaStrategy


STOCK_FAILS = pytest.mark.xfail(strict=True, reason="a fault of stock experta")
both = pytest.mark.parametrize(
    "base", [Hooked, pytest.param(KnowledgeEngine, marks=STOCK_FAILS)], ids=["ours", "stock"]
)


class Model(Fact):  # type: ignore[misc]
    pass


class Licence(Fact):  # type: ignore[misc]
    pass


class Excluded(Fact):  # type: ignore[misc]
    pass


def fired_by(base: type[KnowledgeEngine], conditions: list[Any], *facts: Fact) -> list[Any]:
    """The bindings with which a rule fires, sorted."""
    fired: list[Any] = []

    def fire(_: KnowledgeEngine, **bound: Any) -> None:
        fired.append(tuple(bound.values()))

    engine = type("Engine", (base,), {"rule": Rule(*conditions)(fire)})()
    engine.reset()
    for fact in facts:
        engine.declare(fact)
    engine.run()
    return sorted(fired)


def numbered(base: type[KnowledgeEngine], rules: int, *facts: Fact) -> list[int]:
    """The numbers of the rules `Model(), NOT(Excluded(by=number))` that fire, in order."""
    fired: list[int] = []

    def rule(number: int) -> Rule:
        def fire(_: KnowledgeEngine) -> None:
            fired.append(number)

        return Rule(Model(), NOT(Excluded(by=number)))(fire)

    engine = type("Engine", (base,), {f"rule_{n}": rule(n) for n in range(rules)})()
    engine.reset()
    for fact in facts:
        engine.declare(fact)
    engine.run()
    return fired


@both
def test_a_rule_that_was_blocked_does_not_fire(base: type[KnowledgeEngine]) -> None:
    """The stock agenda looks for a stale activation among its neighbours only."""
    for blocked in range(12):
        assert blocked not in numbered(base, 12, Model(), Excluded(by=blocked))


@both
def test_ties_are_broken_by_declaration(base: type[KnowledgeEngine]) -> None:
    """The stock engine breaks them by the addresses of functions, which differ run by run."""
    assert numbered(base, 12, Model()) == list(range(12))


@both
def test_one_right_hand_side_declares_and_retracts(base: type[KnowledgeEngine]) -> None:
    """The stock matcher applies removals before additions, and looks for what is not there yet."""

    class Engine(base):  # type: ignore[misc,valid-type]
        @Rule(Model(id=MATCH.model))
        def fleeting(self, model: str) -> None:
            self.retract(self.declare(Excluded(model=model)))

        @Rule(Excluded())
        def never(self) -> None:
            raise AssertionError("the fact was gone before anything could match it")

    engine = Engine()
    engine.reset()
    engine.declare(Model(id="sketch"))
    engine.run()
    assert [type(fact) for fact in engine.facts.values()][1:] == [Model]


@both
def test_not_of_two_patterns_needs_both(base: type[KnowledgeEngine]) -> None:
    """The stock matcher ignores the second."""
    conditions = [Model(id=MATCH.model), NOT(Licence(of=MATCH.model), Excluded(model=MATCH.model))]
    assert fired_by(base, conditions, Model(id="sketch"), Licence(of="sketch")) == [("sketch",)]


@both
def test_not_of_and_is_matched_for_each_outer_binding(base: type[KnowledgeEngine]) -> None:
    conditions = [
        Model(id=MATCH.model),
        NOT(AND(Licence(of=MATCH.model, id=MATCH.licence), Excluded(licence=MATCH.licence))),
    ]
    facts = [
        Model(id="free"),
        Model(id="bound"),
        Licence(of="free", id="mit"),
        Licence(of="bound", id="nc"),
        Excluded(licence="nc"),
    ]
    assert fired_by(base, conditions, *facts) == [("free",)]


@both
def test_not_of_and_may_end_with_a_test(base: type[KnowledgeEngine]) -> None:
    conditions = [
        Model(id=MATCH.model, gb=MATCH.gb),
        NOT(AND(Model(gb=MATCH.other), TEST(lambda gb, other: other < gb))),
    ]
    assert fired_by(base, conditions, Model(id="small", gb=4), Model(id="large", gb=40)) == [
        ("small", 4)
    ]


@both
def test_exists_is_about_the_outer_variables(base: type[KnowledgeEngine]) -> None:
    conditions = [Model(id=MATCH.model), EXISTS(Licence(of=MATCH.model))]
    facts = [Model(id="with"), Model(id="without"), Licence(of="with", id=1), Licence(of="with")]
    assert fired_by(base, conditions, *facts) == [("with",)]


@both
def test_forall_is_about_the_outer_variables(base: type[KnowledgeEngine]) -> None:
    conditions = [
        Model(id=MATCH.model),
        FORALL(Licence(of=MATCH.model, id=MATCH.licence), Excluded(licence=MATCH.licence)),
    ]
    facts = [
        Model(id="all"),
        Model(id="some"),
        Licence(of="all", id="nc"),
        Licence(of="some", id="nc"),
        Licence(of="some", id="mit"),
        Excluded(licence="nc"),
    ]
    assert fired_by(base, conditions, *facts) == [("all",)]


@both
def test_a_misspelt_test_variable_is_an_error(base: type[KnowledgeEngine]) -> None:
    """The stock matcher hands None to the TEST."""
    with pytest.raises(ConditionError, match="rule fire: nothing binds 'modle'"):
        fired_by(base, [Model(id=MATCH.model), TEST(lambda modle: modle)])


class Counted(str):
    """A string that counts how often it is compared."""

    comparisons = 0

    def __eq__(self, other: object) -> bool:
        Counted.comparisons += 1
        return super().__eq__(other)

    __hash__ = str.__hash__


def comparisons(base: type[KnowledgeEngine], models: int) -> int:
    """How often ids are compared to join each model with its licence."""
    Counted.comparisons = 0
    facts = [Model(id=Counted(f"model {n}")) for n in range(models)]
    facts += [Licence(of=Counted(f"model {n}")) for n in range(models)]
    fired = fired_by(base, [Model(id=MATCH.model), Licence(of=MATCH.model)], *facts)
    assert len(fired) == models
    return Counted.comparisons


@both
def test_a_join_on_a_shared_variable_takes_time_in_proportion(
    base: type[KnowledgeEngine],
) -> None:
    """The stock matcher compares every model with every licence."""
    assert comparisons(base, 120) <= 4 * comparisons(base, 40)


@both
def test_an_activation_says_what_had_to_be_absent(base: type[KnowledgeEngine]) -> None:
    """A stock activation keeps an unordered set of the facts that are there, and nothing else."""
    engine = type(
        "Engine",
        (base,),
        {"rule": Rule(Model(id=MATCH.model), NOT(Excluded(model=MATCH.model)))(lambda _: None)},
    )()
    engine.reset()
    engine.declare(Model(id="sketch"))
    (activation,) = list(engine.agenda.activations)
    (absence,) = activation.absences
    assert absence.patterns == ((Excluded, {"model": "sketch"}),)
