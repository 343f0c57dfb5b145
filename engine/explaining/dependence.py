"""Which axes a firing hangs on: while they stay as they are, it fires whatever the others say.

What a firing rests on is read off its support. What had to be absent hangs on every axis by which
the rules could bring it about; those are found by following the rules backwards, so there may be
more of them than matter, never fewer.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from whyllm.engine.catalogue import Catalogue
from whyllm.engine.conditions import (
    constraints,
    is_literal,
    literals,
    negated_patterns,
    positive_patterns,
    variable_of,
    variables,
)
from whyllm.engine.facts import Asked, Known, Stated, WorkingFact
from whyllm.engine.need import AXES
from whyllm.engine.rulebook import Rulebook, RuleCard
from whyllm.engine.rules.need import ALSO_ASKED
from whyllm.engine.support import Supports
from whyllm.engine.trace import FactRecord, Firing


class Dependence:
    """The axes that conclusions of a rulebook hang on."""

    def __init__(self, rulebook: Rulebook, catalogue: Catalogue) -> None:
        self._rulebook = rulebook
        self._catalogue = catalogue
        self._behind: dict[type[WorkingFact], frozenset[str]] = {}

    def stated(self, firing: Firing, supports: Supports) -> list[FactRecord]:
        """The statements that the firing rests on."""
        return [fact for fact in supports.of(firing).given if fact.type == Stated.__name__]

    def unasked(self, firing: Firing, supports: Supports) -> frozenset[str]:
        """The axes of which the firing needed that something is not asked for."""
        return frozenset(
            str(absence["axis"]) for absence in _absences(firing, supports) if _of_need(absence)
        )

    def read_by(self, card: RuleCard) -> frozenset[str]:
        """The axes that a rule reads, itself or through what other rules conclude."""
        return frozenset(self._read_by(card))

    def behind_absences(self, firing: Firing, supports: Supports) -> frozenset[str]:
        """The axes by which the rules could bring about what else had to be absent."""
        return frozenset(
            axis
            for absence in _absences(firing, supports)
            if not _of_need(absence)
            for axis in self._axes_behind(self._types[absence.type])
        )

    @cached_property
    def _types(self) -> dict[str, type[WorkingFact]]:
        return {
            fact.__name__: fact
            for card in self._rulebook.cards
            for fact in (*card.reads, *card.negates, *card.concludes)
        }

    def _axes_behind(self, wanted: type[WorkingFact]) -> frozenset[str]:
        """The axes that any rule reads by which a fact of the type may be concluded."""
        if wanted not in self._behind:
            self._behind[wanted] = frozenset()  # a rule may conclude what it also reads
            self._behind[wanted] = frozenset(
                axis
                for card in self._rulebook.cards
                if wanted in card.concludes
                for axis in self.read_by(card)
            )
        return self._behind[wanted]

    def _read_by(self, card: RuleCard) -> Iterable[str]:
        for pattern in (*positive_patterns(card.when), *negated_patterns(card.when)):
            if type(pattern) in (Asked, Stated):
                for axis in self._named(pattern, card):
                    yield from {axis, *ALSO_ASKED.get(axis, ())} & AXES.keys()
            else:
                yield from self._axes_behind(type(pattern))

    def _named(self, pattern: WorkingFact, card: RuleCard) -> frozenset[str]:
        """The axes that a pattern on the need can match."""
        constraint: Any = dict(constraints(pattern)).get("axis")
        if is_literal(constraint):
            return frozenset({str(constraint)})
        named = literals(constraint)
        if named:
            return named
        bound = {variable for variable, slot in variables(pattern).items() if slot == "axis"}
        known = [
            self._values(type(other), slot)
            for other in positive_patterns(card.when)
            if issubclass(type(other), Known)
            for slot, c in constraints(other)
            if not is_literal(c) and variable_of(c) in bound
        ]
        return frozenset.intersection(*known) if known else frozenset(AXES)

    def _values(self, fact_type: type[WorkingFact], slot: str) -> frozenset[str]:
        return frozenset(
            str(fact[slot]) for fact in self._catalogue.known.common if type(fact) is fact_type
        )


def _absences(firing: Firing, supports: Supports) -> Iterable[FactRecord]:
    steps = (firing, *supports.of(firing).drawn_by.values())
    return (absence for step in steps for absence in step.absences)


def _of_need(absence: FactRecord) -> bool:
    return absence.type in (Stated.__name__, Asked.__name__)
