"""Which models a need leaves, found fast enough to try every reply to every question.

A rule that judges a model depends on a few axes of the need, so what it concludes is found once for
each combination of values of those axes. Rules of equal axes make a panel: an engine with those
rules and what leads to them, and nothing of preference, duties or caveats.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from whyllm.engine import facts as f
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.consulting import check_need, given_facts, known_facts
from whyllm.engine.explaining.dependence import Dependence
from whyllm.engine.machine import Machine
from whyllm.engine.need import AXES, Need
from whyllm.engine.relevance import leading_to, read_types
from whyllm.engine.rulebook import Rulebook, RuleCard

JUDGEMENTS = {f.Excluded, f.Undecided, f.OutOfScope}
"""What the rules conclude that judge a model, or the need as a whole."""

REMEMBERED = 2_000
"""Combinations of values that each panel keeps."""


@dataclass(frozen=True)
class Standing:
    """How the models stand under a need, as sets of bits by their place in the catalogue.

    `outside` tells that the need is none for a language model.
    """

    kept: int
    undecided: int
    outside: bool

    @property
    def candidates(self) -> int:
        """The models that are not excluded."""
        return self.kept | self.undecided


class Standings:
    """How the models of a catalogue stand under any need, by one rulebook on one day.

    Not for several threads at once.
    """

    def __init__(self, catalogue: Catalogue, rulebook: Rulebook, on: dt.date) -> None:
        self.catalogue = catalogue
        self._models = list(catalogue.models)
        self._all = (1 << len(self._models)) - 1
        dependence = Dependence(rulebook, catalogue)
        by_axes: dict[frozenset[str], list[RuleCard]] = {}
        for card in rulebook.cards:
            if JUDGEMENTS & set(card.concludes):
                by_axes.setdefault(dependence.read_by(card), []).append(card)
        self._panels = [
            _Panel(catalogue, leading_to(rulebook, {card.id for card in cards}), axes, on)
            for axes, cards in by_axes.items()
        ]

    def of(self, need: Need) -> Standing:
        """How the models stand; raises NeedError for a value that the catalogue does not know."""
        check_need(need, self.catalogue)
        excluded = undecided = 0
        outside = False
        for panel in self._panels:
            found = panel.judged(need)
            excluded |= found.excluded
            undecided |= found.undecided
            outside |= found.outside
        undecided &= ~excluded
        return Standing(self._all & ~excluded & ~undecided, undecided, outside)

    def ids(self, models: int) -> tuple[str, ...]:
        """The ids behind a set of bits, in the order of the catalogue."""
        return tuple(self._ids(models))

    def _ids(self, models: int) -> Iterator[str]:
        while models:
            lowest = models & -models
            yield self._models[lowest.bit_length() - 1]
            models ^= lowest


@dataclass(frozen=True)
class _Judgement:
    """What a panel concludes: sets of models as bits, and whether the need is out of scope."""

    excluded: int
    undecided: int
    outside: bool


class _Panel:
    """Rules that depend on the same axes, and whom they exclude or leave undecided."""

    def __init__(
        self, catalogue: Catalogue, rules: Rulebook, axes: Collection[str], on: dt.date
    ) -> None:
        self._axes = [axis for axis in AXES if axis in axes]
        self._catalogue = catalogue
        self._rules = rules
        self._on = on
        self._bit = {model: 1 << place for place, model in enumerate(catalogue.models)}
        self._found = lru_cache(REMEMBERED)(self._judged)

    def judged(self, need: Need) -> _Judgement:
        """What these rules say under a need."""
        return self._found(tuple(need.stated.get(axis) for axis in self._axes))

    def _judged(self, values: tuple[object, ...]) -> _Judgement:
        need = Need.of(dict(zip(self._axes, values, strict=True)))
        self._machine.reset()
        self._machine.run(given_facts(need, self._on))
        outside = bool(self._machine.facts(f.OutOfScope))
        return _Judgement(self._concluded(f.Excluded), self._concluded(f.Undecided), outside)

    def _concluded(self, wanted: type[f.WorkingFact]) -> int:
        found = 0
        for fact in self._machine.facts(wanted):
            found |= self._bit[str(fact["model"])]
        return found

    @cached_property
    def _machine(self) -> Machine:
        needed = read_types(self._rules)
        known = known_facts(self._catalogue, self._catalogue.models)
        return Machine(self._rules, [fact for fact in known if type(fact) in needed])
