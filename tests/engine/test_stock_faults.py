"""What stock experta gets wrong beside its matcher and agenda, and our machine gets right.

Each test runs on both, behind one small interface; that the stock engine fails is expected.
"""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
from whyllm.engine.experta_shim import MATCH, Fact, KnowledgeEngine, Rule
from whyllm.engine.facts import Asked, Kept, WorkingFact
from whyllm.engine.machine import Machine
from whyllm.engine.rulebook import Rulebook, RuleCard, Stage

STOCK_FAILS = pytest.mark.xfail(strict=True, reason="a fault of stock experta")


class Stated(Fact):  # type: ignore[misc]
    pass


class Stock:
    """A stock engine that notes the values that it is given; `fail` makes its rule raise."""

    def __init__(self, fail: bool = False) -> None:
        noted: list[Any] = []

        class Engine(KnowledgeEngine):  # type: ignore[misc]
            @Rule(Stated(value=MATCH.value))
            def note(self, value: Any) -> None:
                if fail:
                    raise ZeroDivisionError
                noted.append(value)

        self.engine = Engine()
        self.engine.reset()
        self.noted = noted

    def declare(self, value: object) -> object:
        """What declaring a value gives back."""
        return self.engine.declare(Stated(value=value))

    def run(self) -> None:
        self.engine.run()


class Ours:
    """Our machine with the same rule."""

    def __init__(self, fail: bool = False) -> None:
        self.noted: list[Any] = []

        def note(value: Any) -> Iterator[WorkingFact]:
            if fail:
                raise ZeroDivisionError
            self.noted.append(value)
            yield Kept(model=repr(value))

        when = (Asked(value=MATCH.value),)
        card = RuleCard("T-010", "Note", "one", when, "It is so.", (Kept,), (), note)
        machine = Machine(Rulebook("test", "Test", (Stage("one", "T", "?", [card]),)))
        self.machine = machine
        self.engine = machine._engine

    def declare(self, value: object) -> object:
        return self.engine.declare(Asked(axis="tools", value=value, origin="stated"))

    def run(self) -> None:
        self.machine.run([])


both = pytest.mark.parametrize("kind", [Ours, pytest.param(Stock, marks=STOCK_FAILS)])
Kind = type[Ours] | type[Stock]


@both
def test_one_true_and_one_point_nought_are_three_facts(kind: Kind) -> None:
    """To the stock engine they are one, and two of them are lost."""
    engine = kind()
    for value in (1, True, 1.0):
        engine.declare(value)
    engine.run()
    assert sorted(map(repr, engine.noted)) == ["1", "1.0", "True"]


@both
def test_declaring_a_fact_again_gives_the_fact_that_is_there(kind: Kind) -> None:
    """The stock engine gives None, which the next line of a rule then takes for a fact."""
    engine = kind()
    first = engine.declare("code")
    assert first is not None
    assert engine.declare("code") is first


@both
def test_after_an_exception_the_engine_is_not_running(kind: Kind) -> None:
    """The stock engine stays `running`, so that what is declared next reaches no agenda."""
    engine = kind(fail=True)
    engine.declare("code")
    with pytest.raises(ZeroDivisionError):
        engine.run()
    assert not engine.engine.running
    engine.declare("text")
    assert len(engine.engine.agenda.activations) == 1


@both
def test_no_class_holds_the_last_engine(kind: Kind) -> None:
    """Stock DefFacts and Rules keep it on the class, where threads meet."""
    engine = kind()
    engine.declare("code")
    engine.run()
    held = weakref.ref(engine.engine)
    del engine
    gc.collect()
    assert held() is None


@pytest.mark.parametrize(
    "name",
    ["whyllm.engine.experta_shim", pytest.param("experta", marks=STOCK_FAILS)],
    ids=["ours", "stock"],
)
def test_experta_can_be_imported_and_leaves_nothing_behind(name: str) -> None:
    """frozendict 1.2 needs `collections.Mapping`; experta sets up the root logger."""
    script = (
        f"import collections, logging, {name}; "
        "print(hasattr(collections, 'Mapping'), logging.root.handlers)"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert found.stdout == "False []\n"
