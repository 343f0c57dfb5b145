"""Guards: given facts that keep absent what a proof needs absent.

A proof's own leaves can let a rule fire that a further fact had blocked: whoever leaves out that a
model serves text has it excluded for want of it. Such facts belong to the proof, so that the engine
fed with its leaves alone comes to the same conclusion.
"""

from __future__ import annotations

from collections.abc import Iterator

from whyllm.engine import facts as fact_types
from whyllm.engine.consulting import Consultation
from whyllm.engine.facts import WorkingFact
from whyllm.engine.machine import fact_record
from whyllm.engine.support import Support, Supports
from whyllm.engine.trace import FactRecord, Firing, Trace


def working_fact(record: FactRecord) -> WorkingFact:
    """A recorded fact as one that can be declared."""
    fact: WorkingFact = getattr(fact_types, record.type)(**dict(record.slots))
    return fact


def guards(firing: Firing, support: Support, consultation: Consultation) -> tuple[FactRecord, ...]:
    """The further given facts by which the engine draws the firing again; mostly none."""
    steps = {id(step): step for step in (*support.drawn_by.values(), firing)}
    concluded = {fact.__name__ for card in consultation.rulebook.cards for fact in card.concludes}
    if not any(a.type in concluded for step in steps.values() for a in step.absences):
        return ()  # what only knowledge or the need could say, the leaves do not say
    machine = consultation.blank
    found: dict[FactRecord, None] = {}
    while True:
        machine.reset()
        machine.run(working_fact(fact) for fact in (*support.given, *found))
        again = machine.trace()
        if firing in again.firings:
            break
        added = [
            fact
            for intruder in _intruders(again, list(steps.values()))
            for fact in _blockers(intruder, again, consultation)
            if fact not in found and fact not in support.given
        ]
        if not added:
            break
        found[added[0]] = None
    return tuple(found)


def _intruders(again: Trace, steps: list[Firing]) -> Iterator[Firing]:
    """The firings of the run on the leaves that concluded what a step needs absent."""
    for step in steps:
        for absence in step.absences:
            for firing, fact in again.concluding(absence.type):
                if set(absence.slots) <= set(fact.slots):
                    yield firing


def _blockers(intruder: Firing, again: Trace, consultation: Consultation) -> Iterator[FactRecord]:
    """The given facts of the whole run that blocked the intruder, or what led to it."""
    behind = Supports(again).of(intruder)
    for step in (*behind.drawn_by.values(), intruder):
        for absence in step.absences:
            for fact in _all_facts(absence.type, consultation):
                if set(absence.slots) <= set(fact.slots):
                    yield from _given_behind(fact, consultation)


def _given_behind(fact: FactRecord, consultation: Consultation) -> Iterator[FactRecord]:
    justifications = consultation.trace.justifications(fact)
    if not justifications:
        yield fact
    for firing in justifications[:1]:
        yield from consultation.supports.of(firing).given


def _all_facts(type_name: str, consultation: Consultation) -> Iterator[FactRecord]:
    """Every fact of a type that held in the consultation."""
    for _, fact in consultation.trace.concluding(type_name):
        yield fact
    wanted = getattr(fact_types, type_name)
    yield from (fact_record(fact) for fact in consultation.given if type(fact) is wanted)
