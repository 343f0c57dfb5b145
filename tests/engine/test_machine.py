"""The machine tames experta: firings are recorded, facts told apart, engines left clean."""

from __future__ import annotations

import gc
import itertools
import threading
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
from whyllm.engine.experta_shim import MATCH, NOT
from whyllm.engine.facts import Asked, At, Kept, Merit, Model, WorkingFact
from whyllm.engine.machine import Machine
from whyllm.engine.rulebook import Rulebook, RuleCard, RuleError, Stage


def card(
    rule_id: str, when: list[Any], body: Any, concludes: list[type[WorkingFact]], stage: str = "one"
) -> RuleCard:
    return RuleCard(rule_id, "A rule", stage, tuple(when), "It is so.", tuple(concludes), (), body)


def book(*cards: RuleCard) -> Rulebook:
    stages = dict.fromkeys(c.stage for c in cards)
    return Rulebook(
        "test",
        "Test",
        tuple(Stage(s, "T", "?", [c for c in cards if c.stage == s]) for s in stages),
    )


def model(name: str) -> Model:
    return Model(model=name, family="-", kind="llm", source="test")


def test_two_reasons_are_two_firings() -> None:
    def body(model: str, axis: str) -> Iterator[WorkingFact]:
        yield Kept(model=model)

    rule = card("T-010", [Model(model=MATCH.model), Asked(axis=MATCH.axis)], body, [Kept])
    machine = Machine(book(rule))
    asked = [Asked(axis=a, value="x", origin="stated") for a in ("use", "task")]
    machine.run([model("sketch"), *asked])
    firings = machine.trace().firings
    assert [dict(f.bindings)["axis"] for f in firings] == ["use", "task"]
    assert [f.conclusions[0]["model"] for f in firings] == ["sketch", "sketch"]
    assert len(machine.facts(Kept)) == 1


def test_a_firing_records_premises_in_pattern_order_bindings_and_absences() -> None:
    def body(axis: str, model: str) -> Iterator[WorkingFact]:
        yield Kept(model=model)

    when = [Asked(axis=MATCH.axis), Model(model=MATCH.model), NOT(At(node=MATCH.model))]
    machine = Machine(book(card("T-010", when, body, [Kept])))
    machine.run([model("sketch"), Asked(axis="use", value="research", origin="stated")])
    (firing,) = machine.trace().firings
    assert [fact.type for fact in firing.premises] == ["Asked", "Model"]
    assert firing.bindings == (("axis", "use"), ("model", "sketch"))
    assert [fact.as_json() for fact in firing.absences] == [{"type": "At", "node": "sketch"}]


def test_an_absence_that_is_contradicted_later_is_an_error() -> None:
    def early(model: str) -> Iterator[WorkingFact]:
        yield Kept(model=model)

    def late(model: str) -> Iterator[WorkingFact]:
        yield At(node=model)

    machine = Machine(
        book(
            card("T-010", [Model(model=MATCH.model), NOT(At(node=MATCH.model))], early, [Kept]),
            card("T-020", [Kept(model=MATCH.model)], late, [At], stage="two"),
        )
    )
    machine.run([model("sketch")])
    with pytest.raises(RuleError, match=r"T-010 fired because .*'node': 'sketch'.* was absent"):
        machine.check_absences()


def test_a_conclusion_that_the_card_does_not_declare_is_an_error() -> None:
    def body(model: str) -> Iterator[WorkingFact]:
        yield At(node=model)

    machine = Machine(book(card("T-010", [Model(model=MATCH.model)], body, [Kept])))
    with pytest.raises(RuleError, match="T-010 yields At"):
        machine.run([model("sketch")])


def test_an_exception_in_a_body_leaves_the_engine_usable() -> None:
    calls = itertools.count()

    def body(model: str) -> Iterator[WorkingFact]:
        if next(calls) == 0:
            raise ZeroDivisionError
        yield Kept(model=model)

    machine = Machine(book(card("T-010", [Model(model=MATCH.model)], body, [Kept])))
    with pytest.raises(ZeroDivisionError):
        machine.run([model("first")])
    machine.run([model("second")])
    assert [f.conclusions[0]["model"] for f in machine.trace().firings] == ["second"]


@pytest.mark.parametrize("value", [1, True, 1.0, "1"], ids=repr)
def test_one_true_and_one_point_nought_stay_different(value: object) -> None:
    merit = Merit(model="sketch", criterion="size", level=value)
    if type(value) is int:
        merit.validate()
    else:
        with pytest.raises(TypeError, match=r"Merit.level: expected"):
            merit.validate()


@pytest.mark.parametrize(
    "slots", [{"model": "a"}, {"model": "a", "criterion": "b", "level": 1, "more": 2}]
)
def test_missing_and_unknown_slots_are_errors(slots: dict[str, object]) -> None:
    with pytest.raises(TypeError, match="missing or unknown slots"):
        Merit(**slots).validate()


def test_facts_that_python_calls_equal_are_different_facts() -> None:
    def body(axis: str, value: object) -> Iterator[WorkingFact]:
        yield Kept(model=repr(value))

    when = [Asked(axis=MATCH.axis, value=MATCH.value)]
    machine = Machine(book(card("T-010", when, body, [Kept])))
    values: list[Any] = [1, True, 1.0, "1"]
    machine.run([Asked(axis="tools", value=v, origin="stated") for v in [*values, *values]])
    assert [fact["value"] for fact in machine.facts(Asked)] == values
    assert [type(fact["value"]) for fact in machine.facts(Asked)] == [int, bool, float, str]
    assert [fact["model"] for fact in machine.facts(Kept)] == list(map(repr, values))


def test_a_conclusion_that_stands_already_is_recorded_all_the_same() -> None:
    def body(model: str, axis: str) -> Iterator[WorkingFact]:
        yield Kept(model=model)

    rule = card("T-010", [Model(model=MATCH.model), Asked(axis=MATCH.axis)], body, [Kept])
    machine = Machine(book(rule), [model("sketch")])
    machine.run([Asked(axis=a, value="x", origin="stated") for a in ("use", "task")])
    first, second = machine.trace().firings
    assert first.conclusions == second.conclusions == tuple(machine.facts(Kept))


def known_and_asked() -> tuple[Rulebook, list[WorkingFact], list[WorkingFact]]:
    """A rule that needs a known fact and one that is asked, and one of known facts alone."""

    def asked_for(model: str, axis: str) -> Iterator[WorkingFact]:
        yield Kept(model=f"{model} {axis}")

    def there(model: str) -> Iterator[WorkingFact]:
        yield At(node=model)

    rules = book(
        card("T-010", [Model(model=MATCH.model), NOT(Asked(axis=MATCH.model))], there, [At]),
        card("T-020", [Model(model=MATCH.model), Asked(axis=MATCH.axis)], asked_for, [Kept]),
    )
    asked = [Asked(axis=axis, value="x", origin="stated") for axis in ("use", "second")]
    return rules, [model("first"), model("second")], [*asked]


def test_what_was_asked_is_taken_back_and_the_known_facts_stay() -> None:
    rules, known, asked = known_and_asked()
    machine = Machine(rules, known)
    fresh = Machine(rules, known)
    fresh.run(asked)
    for _ in range(3):
        machine.run([Asked(axis="other", value="y", origin="stated")])
        machine.reset()
        assert [machine.facts(f) for f in (Asked, Kept, At)] == [[], [], []]
        assert len(machine.facts(Model)) == 2
        machine.run(asked)
        assert machine.trace() == fresh.trace()
        assert [machine.facts(f) for f in (Kept, At)] == [fresh.facts(f) for f in (Kept, At)]
        machine.reset()


def test_an_exception_in_a_body_is_taken_back_too() -> None:
    calls = itertools.count()

    def body(model: str, axis: str) -> Iterator[WorkingFact]:
        if next(calls) == 1:
            raise ZeroDivisionError
        yield Kept(model=model)

    rule = card("T-010", [Model(model=MATCH.model), Asked(axis=MATCH.axis)], body, [Kept])
    machine = Machine(book(rule), [model("first"), model("second")])
    asked = [Asked(axis="use", value="x", origin="stated")]
    with pytest.raises(ZeroDivisionError):
        machine.run(asked)
    machine.reset()
    machine.run(asked)
    assert [fact["model"] for fact in machine.facts(Kept)] == ["first", "second"]


def test_nothing_is_held_after_a_machine_is_dropped() -> None:
    rules, known, asked = known_and_asked()
    machine = Machine(rules, known)
    machine.run(asked)
    engine = weakref.ref(machine._engine)
    engine_class = weakref.ref(type(machine._engine))
    fact = weakref.ref(next(f for f in machine._engine.facts.values() if type(f) is Kept))
    del machine
    gc.collect()
    assert (engine(), engine_class(), fact()) == (None, None, None)


def test_a_body_that_yields_a_fact_without_a_slot_is_told_which() -> None:
    def body(model: str) -> Iterator[WorkingFact]:
        yield Merit(model=model)

    machine = Machine(book(card("T-010", [Model(model=MATCH.model)], body, [Merit])))
    with pytest.raises(TypeError, match="Merit: missing or unknown slots: criterion, level"):
        machine.run([model("sketch")])


def test_engines_in_threads_do_not_touch_each_other() -> None:
    def body(model: str) -> Iterator[WorkingFact]:
        yield Kept(model=model)

    rules = book(card("T-010", [Model(model=MATCH.model)], body, [Kept]))
    shared = [model("shared")]
    wrong: list[str] = []

    def work(number: int) -> None:
        for turn in range(20):
            own = f"model-{number}-{turn}"
            machine = Machine(rules)
            machine.run([*shared, model(own)])
            kept = [fact["model"] for fact in machine.facts(Kept)]
            if kept != ["shared", own]:
                wrong.append(f"{own}: {kept}")

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
