"""Fires a rulebook on experta and records the Trace; all that experta needs taming for is here.

What is tamed (experta 1.9.4): the agenda is a heap with a total order, so that removals find
their activation and runs repeat; `reset` does not use DefFacts, which keeps state on the class;
rules live on a class made for one engine; every engine ends stopped, whatever a rule raised;
absences are recorded beside premises and checked after the run.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from typing import Any

from experta.fact import InitialFact
from experta.factlist import FactList

from whyllm.engine.conditions import (
    bound_variables,
    constraints,
    is_literal,
    negated_patterns,
    variable_of,
)
from whyllm.engine.experta_shim import Activation, Agenda, Fact, KnowledgeEngine, Rule, Strategy
from whyllm.engine.facts import WorkingFact
from whyllm.engine.rulebook import RuleCard, Rulebook, RuleError
from whyllm.engine.trace import FactRecord, Firing, Trace

_PREMISE = "__premise_{}__"  # experta hands names with two underscores to no right-hand side
_Key = tuple[int, int, tuple[int, ...]]


class Machine:
    """One run of a rulebook: declare facts, run, perhaps declare more and run again."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._engine = _engine_class(rulebook)()
        self._engine.reset()

    def run(self, facts: Iterable[WorkingFact]) -> None:
        """Declare the facts and fire until the agenda is empty.

        Raises TypeError for a fact with a wrong slot, RuleError for a rule's wrong conclusion.
        """
        self._engine.declare(*facts)
        try:
            self._engine.run()
        finally:
            self._engine.running = False

    def trace(self) -> Trace:
        """The firings so far; RuleError when an absence was contradicted later in the run."""
        present = {fact_record(f) for f in self._engine.facts.values() if type(f) is not InitialFact}
        slots_of: dict[tuple[str, tuple[str, ...]], set[tuple[Any, ...]]] = {}
        for firing in self._engine.firings:
            for absence in firing.absences:
                names = tuple(name for name, _ in absence.slots)
                key = (absence.type, names)
                if key not in slots_of:
                    slots_of[key] = {
                        tuple(fact[name] for name in names)
                        for fact in present
                        if fact.type == absence.type
                    }
                if tuple(value for _, value in absence.slots) in slots_of[key]:
                    raise RuleError(
                        f"{firing.rule} fired because {absence.as_json()} was absent, "
                        "and a later rule concluded it"
                    )
        return Trace(tuple(self._engine.firings))

    def facts(self, wanted: type[WorkingFact]) -> list[FactRecord]:
        """The facts of one type in working memory, in order of declaration."""
        return [fact_record(f) for f in self._engine.facts.values() if type(f) is wanted]


def fact_record(fact: WorkingFact) -> FactRecord:
    """A fact as data, its slots in the order of its type."""
    return FactRecord(type(fact).__name__, tuple((s, fact[s]) for s in type(fact).slots()))


class _OrderedAgenda(Agenda):  # type: ignore[misc]
    """Activations by salience, then order of the rulebook, then age of their facts."""

    def __init__(self) -> None:
        super().__init__()
        self._heap: list[tuple[_Key, int]] = []
        self._live: dict[_Key, Activation] = {}
        self.current: Activation | None = None

    def add(self, activation: Activation) -> None:
        key = _key(activation)
        self._live[key] = activation
        heapq.heappush(self._heap, (key, id(activation)))

    def discard(self, activation: Activation) -> None:
        self._live.pop(_key(activation), None)

    def get_next(self) -> Activation | None:
        self.current = None
        while self._heap and self.current is None:
            key, _ = heapq.heappop(self._heap)
            self.current = self._live.pop(key, None)
        return self.current


class _OrderedStrategy(Strategy):  # type: ignore[misc]
    """Hands experta's additions and removals to the ordered agenda."""

    def _update_agenda(
        self, agenda: _OrderedAgenda, added: Iterable[Activation], removed: Iterable[Activation]
    ) -> None:
        for activation in removed:
            agenda.discard(activation)
        for activation in added:
            agenda.add(activation)


def _key(activation: Activation) -> _Key:
    """Total order of activations: two of one rule differ in their facts, or are the same."""
    facts = tuple(fact["__factid__"] for fact in _premises(activation))
    return (-activation.rule.salience, activation.rule._wrapped.order, facts)


def _premises(activation: Activation) -> list[Fact]:
    """The matched facts in the order of the patterns."""
    context = activation.context
    found = []
    while (name := _PREMISE.format(len(found))) in context:
        found.append(context[name])
    return found


class _RecordingEngine(KnowledgeEngine):  # type: ignore[misc]
    """An engine that records each firing."""

    __strategy__ = _OrderedStrategy

    def __init__(self) -> None:
        super().__init__()
        self.agenda = _OrderedAgenda()
        self.firings: list[Firing] = []

    def reset(self, **_: Any) -> None:
        self.agenda = _OrderedAgenda()
        self.facts = FactList()
        self.matcher.reset()
        self.running = False
        self.firings = []
        self.facts.declare(InitialFact())  # what experta matches a leading NOT against


def _engine_class(rulebook: Rulebook) -> type[_RecordingEngine]:
    rules = {
        f"rule_{order:04}": Rule(*_named_premises(card), salience=rulebook.salience(card))(
            _right_hand_side(card, order)
        )
        for order, card in enumerate(rulebook.cards)
    }
    return type("Engine", (_RecordingEngine,), rules)


def _named_premises(card: RuleCard) -> list[Any]:
    """The condition with every positive pattern bound to a name, on copies of the patterns."""
    named: list[Any] = []
    position = 0
    for element in card.when:
        if isinstance(element, Fact):
            pattern = element.copy()
            pattern.__bind__ = _PREMISE.format(position)
            position += 1
            named.append(pattern)
        else:
            named.append(element)
    return named


def _right_hand_side(card: RuleCard, order: int) -> Callable[..., None]:
    names = bound_variables(card.when)

    def fire(engine: _RecordingEngine, **context: Any) -> None:
        activation = engine.agenda.current
        bindings = {name: context[name] for name in names}
        conclusions = list(card.body(**bindings))
        for fact in conclusions:
            if type(fact) not in card.concludes:
                raise RuleError(f"{card.id} yields {type(fact).__name__}, which it does not declare")
            engine.declare(fact)
        engine.firings.append(
            Firing(
                card.id,
                tuple(bindings.items()),
                tuple(fact_record(f) for f in _premises(activation)),
                tuple(_absence(p, bindings) for p in negated_patterns(card.when)),
                tuple(fact_record(f) for f in conclusions),
            )
        )

    fire.order = order  # type: ignore[attr-defined]
    return fire


def _absence(pattern: Fact, bindings: dict[str, Any]) -> FactRecord:
    """A negated pattern with its variables filled in: the fact that had to be absent."""
    slots = []
    for slot, constraint in constraints(pattern):
        if is_literal(constraint):
            slots.append((slot, constraint))
        else:
            slots.append((slot, bindings[str(variable_of(constraint))]))
    return FactRecord(type(pattern).__name__, tuple(slots))
