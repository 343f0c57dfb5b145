"""Fires a rulebook on experta and records the Trace; all that experta needs taming for is here.

What is tamed (experta 1.9.4), beside what the shim and our matcher mend: `reset` does not use
DefFacts, which keeps state on the class; rules live on a class made for one engine; every engine
ends stopped, whatever a rule raised; absences are recorded beside premises and checked after the
run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import update_wrapper
from typing import Any

from whyllm.engine.conditions import bound_variables
from whyllm.engine.experta_shim import Agenda, FactList, InitialFact, KnowledgeEngine, Rule
from whyllm.engine.facts import WorkingFact
from whyllm.engine.rete import AgendaStrategy, IndexedMatcher
from whyllm.engine.rulebook import Rulebook, RuleCard, RuleError
from whyllm.engine.trace import FactRecord, Firing, Trace


class Machine:
    """One run of a rulebook: declare facts, run, perhaps declare more and run again."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self._engine = _engine_class(rulebook)()
        self.reset()

    def reset(self) -> None:
        """Forget all facts and firings; the rules stay, which is cheaper than a new machine."""
        self._engine.reset()

    def run(self, facts: Iterable[WorkingFact]) -> None:
        """Declare the facts and fire until the agenda is empty.

        Raises TypeError for a fact with a wrong slot, RuleError for a rule's wrong conclusion.
        """
        self._engine.declare(*map(_own_copy, facts))
        try:
            self._engine.run()
        finally:
            self._engine.running = False

    def trace(self) -> Trace:
        """The firings so far."""
        return Trace(tuple(self._engine.firings))

    def check_absences(self) -> None:
        """Raise RuleError when a rule fired for want of a fact that was concluded later."""
        present: dict[tuple[str, tuple[str, ...]], set[tuple[Any, ...]]] = {}
        by_type: dict[str, list[WorkingFact]] = {}
        for fact in self._engine.facts.values():
            by_type.setdefault(type(fact).__name__, []).append(fact)
        for firing in self._engine.firings:
            for absence in firing.absences:
                names = tuple(name for name, _ in absence.slots)
                key = (absence.type, names)
                if key not in present:
                    facts = by_type.get(absence.type, ())
                    present[key] = {tuple(fact[name] for name in names) for fact in facts}
                if tuple(value for _, value in absence.slots) in present[key]:
                    raise RuleError(
                        f"{firing.rule} fired because {absence.as_json()} was absent, "
                        "and a later rule concluded it"
                    )

    def facts(self, wanted: type[WorkingFact]) -> list[FactRecord]:
        """The facts of one type in working memory, in order of declaration."""
        return [fact_record(f) for f in self._engine.facts.values() if type(f) is wanted]


def _own_copy(fact: WorkingFact) -> WorkingFact:
    """A copy that experta may number: one fact can stand in many engines, in many threads."""
    own = type(fact)()
    dict.update(own, fact)
    return own


def fact_record(fact: WorkingFact) -> FactRecord:
    """A fact as data, its slots in the order of its type."""
    return FactRecord(type(fact).__name__, tuple((s, fact[s]) for s in type(fact).slots()))


class _TypedFactList(FactList):  # type: ignore[misc]
    """experta's list of facts for typed facts: the values of the slots tell two facts apart."""

    def declare(self, fact: WorkingFact) -> WorkingFact | None:
        fact.validate()
        identity = (type(fact), *[fact[slot] for slot in type(fact).slots()])
        if identity in self.reference_counter:
            return None
        fact.__factid__ = self.last_index
        self[self.last_index] = fact
        self.last_index += 1
        self.added.append(fact)
        self.reference_counter[identity] = 1
        return fact

    def retract(self, idx_or_fact: Any) -> int:
        raise RuleError(f"a consultation retracts nothing, not even {idx_or_fact!r}")


class _RecordingEngine(KnowledgeEngine):  # type: ignore[misc]
    """An engine that records each firing."""

    __matcher__ = IndexedMatcher
    __strategy__ = AgendaStrategy

    def __init__(self) -> None:
        super().__init__()
        self.firings: list[Firing] = []
        self.records: dict[int, FactRecord] = {}

    def reset(self, **_: Any) -> None:
        self.agenda = Agenda()
        self.facts = _TypedFactList()
        self.matcher.reset()
        self.running = False
        self.firings = []
        self.records = {}
        FactList.declare(self.facts, InitialFact())  # what a leading NOT is matched against

    def record(self, fact: WorkingFact) -> FactRecord:
        """A fact of working memory as data, made once."""
        found = self.records.get(id(fact))
        if found is None:
            found = self.records[id(fact)] = fact_record(fact)
        return found


def _engine_class(rulebook: Rulebook) -> type[_RecordingEngine]:
    rules = {
        f"rule_{order:04}": Rule(*card.when, salience=rulebook.salience(card))(_fire(card))
        for order, card in enumerate(rulebook.cards)
    }
    return type("Engine", (_RecordingEngine,), rules)


def _fire(card: RuleCard) -> Callable[..., None]:
    names = bound_variables(card.when)

    def fire(engine: _RecordingEngine, **context: Any) -> None:
        activation = engine.agenda.activations.last
        bindings = {name: context[name] for name in names}
        conclusions = list(card.body(**bindings))
        for fact in conclusions:
            if type(fact) not in card.concludes:
                raise RuleError(
                    f"{card.id} yields {type(fact).__name__}, which it does not declare"
                )
        for fact in conclusions:
            engine.declare(fact)
        engine.firings.append(
            Firing(
                card.id,
                tuple(bindings.items()),
                tuple(map(engine.record, activation.premises)),
                tuple(_absence(*absence.patterns[0]) for absence in activation.absences),
                tuple(fact_record(f) for f in conclusions),
            )
        )

    return update_wrapper(fire, card.body)


def _absence(fact_type: type[WorkingFact], slots: dict[str, Any]) -> FactRecord:
    """The fact that had to be absent."""
    return FactRecord(fact_type.__name__, tuple(slots.items()))
