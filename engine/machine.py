"""Fires a rulebook on experta and records the Trace; all that experta needs taming for is here.

What is tamed (experta 1.9.4), beside what the shim and our matcher mend: experta's `reset` is not
used, for its DefFacts keep state on the class; rules live on a class made for one engine; every run
ends stopped, whatever a rule raised; absences are recorded beside premises and checked after the
run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import update_wrapper
from typing import Any

from whyllm.engine.experta_shim import Agenda, FactList, InitialFact, KnowledgeEngine, Rule
from whyllm.engine.facts import WorkingFact
from whyllm.engine.rete import Absence, AgendaStrategy, IndexedMatcher
from whyllm.engine.rulebook import Rulebook, RuleCard, RuleError
from whyllm.engine.trace import FactRecord, Firing, Trace


class Machine:
    """A rulebook on an engine: facts that stay (`known`), and runs on top of them.

    Declare facts and run, perhaps declare more and run again; `reset` takes all of that back.
    Raises TypeError for a fact with a wrong slot.
    """

    def __init__(self, rulebook: Rulebook, known: Iterable[WorkingFact] = ()) -> None:
        self.rulebook = rulebook
        self._engine = _engine_class(rulebook)(map(_own_copy, known))

    def reset(self) -> None:
        """Take back every fact and firing but the known facts, which stay matched."""
        self._engine.rewind()

    def run(self, facts: Iterable[WorkingFact]) -> None:
        """Declare the facts and fire until the agenda is empty.

        Raises TypeError for a fact with a wrong slot, RuleError for a rule's wrong conclusion.
        """
        self._engine.declare(*map(_own_copy, facts))
        self._engine.run()

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
    return FactRecord(type(fact).__name__, tuple([(s, fact[s]) for s in type(fact).slots()]))


class _TypedFactList(FactList):  # type: ignore[misc]
    """experta's list of facts for typed facts: types and values of the slots tell two apart.

    So 1, True and 1.0 make three facts. Facts leave it last in, first out, by `take_back`.
    """

    last_index: int

    def __init__(self) -> None:
        super().__init__()
        self._standing: dict[tuple[Any, ...], WorkingFact] = {}

    def declare(self, fact: WorkingFact) -> WorkingFact:
        """Add a fact and return it; if its like is there already, return that one.

        Raises TypeError for a fact with a wrong slot.
        """
        fact.validate()
        identity = fact.identity()
        there = self._standing.get(identity)
        if there is not None:
            return there
        dict.__setitem__(fact, "__factid__", self.last_index)
        self[self.last_index] = fact
        self.last_index += 1
        self.added.append(fact)
        self._standing[identity] = fact
        return fact

    def take_back(self, mark: int) -> None:
        """Remove the facts from number `mark` on, as if they had never been declared."""
        for number in range(mark, self.last_index):
            fact = self.pop(number)
            del self._standing[fact.identity()]
            self.removed.append(fact)
        self.last_index = mark

    def retract(self, idx_or_fact: Any) -> int:
        raise RuleError(f"a rule retracts nothing, not even {idx_or_fact!r}")


class _RecordingEngine(KnowledgeEngine):  # type: ignore[misc]
    """An engine that records each firing."""

    __matcher__ = IndexedMatcher
    __strategy__ = AgendaStrategy

    def __init__(self, known: Iterable[WorkingFact]) -> None:
        super().__init__()
        self.firings: list[Firing] = []
        self._records: dict[int, FactRecord] = {}
        self.facts = _TypedFactList()
        FactList.declare(self.facts, InitialFact())  # what a leading NOT is matched against
        self.declare(*known)
        self._known = self.facts.last_index

    def declare(self, *facts: WorkingFact) -> WorkingFact | None:
        """Add facts and return the last, as it stands in working memory.

        Their types say what a slot may hold, so experta's own checks are spared.
        """
        last = None
        for fact in facts:
            last = self.facts.declare(fact)
        if not self.running:
            self.strategy.update_agenda(self.agenda, *self.get_activations())
        return last

    def run(self) -> None:
        """Fire until the agenda is empty.

        As experta's `run`, which words every matched fact for a log that nobody reads: a tenth of
        the time of a consultation.
        """
        self.running = True
        try:
            while True:
                self.strategy.update_agenda(self.agenda, *self.get_activations())
                activation = self.agenda.get_next()
                if activation is None:
                    break
                activation.rule(self, **activation.context)
        finally:
            self.running = False

    def rewind(self) -> None:
        """Take back all but the known facts; what those activate can fire again."""
        self.facts.take_back(self._known)
        self.matcher.changes(*self.facts.changes)
        self.agenda = Agenda()
        self.strategy.update_agenda(self.agenda, list(self.matcher.activations()), [])
        self.firings = []
        self._records = {n: record for n, record in self._records.items() if n < self._known}

    def record(self, fact: WorkingFact) -> FactRecord:
        """A fact of working memory as data, made once."""
        number = fact["__factid__"]
        found = self._records.get(number)
        if found is None:
            found = self._records[number] = fact_record(fact)
        return found


def _engine_class(rulebook: Rulebook) -> type[_RecordingEngine]:
    rules = {
        f"rule_{order:04}": Rule(*card.when, salience=rulebook.salience(card))(_fire(card))
        for order, card in enumerate(rulebook.cards)
    }
    return type("Engine", (_RecordingEngine,), rules)


def _fire(card: RuleCard) -> Callable[..., None]:
    def fire(engine: _RecordingEngine, **bindings: Any) -> None:
        activation = engine.agenda.activations.last
        conclusions = list(card.body(**bindings))
        for fact in conclusions:
            if type(fact) not in card.concludes:
                raise RuleError(
                    f"{card.id} yields {type(fact).__name__}, which it does not declare"
                )
        standing = [engine.facts.declare(fact) for fact in conclusions]
        engine.firings.append(
            Firing(
                card.id,
                tuple(bindings.items()),
                tuple([engine.record(fact) for fact in activation.premises]),
                tuple([_absence(absence) for absence in activation.absences]),
                tuple([engine.record(fact) for fact in standing]),
            )
        )

    return update_wrapper(fire, card.body)


def _absence(absence: Absence) -> FactRecord:
    """The fact that had to be absent; a card negates single patterns only."""
    ((fact_type, slots),) = absence.patterns
    return FactRecord(fact_type.__name__, tuple(slots.items()))
