"""Readings: what decides the shortlist, at places along one numeric axis of a need."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from whyllm.engine.consulting import Consultant, Consultation
from whyllm.engine.explaining.loosening import MOST_GB, TENTHS
from whyllm.engine.need import MEMORIES
from whyllm.engine.ranking import merits
from whyllm.engine.trace import FactRecord

Number = int | float

MOST_COUNT = 10**15 - 1
"""The largest count that a need accepts."""


class Steps:
    """The values of an axis as whole steps: tenths of 1e9 bytes, or counts."""

    def __init__(self, axis: str) -> None:
        memory = axis in MEMORIES
        self.per_unit = TENTHS if memory else 1
        self.least = 1 if memory or axis in ("context", "min_context") else 0
        self.most = MOST_GB * TENTHS if memory else MOST_COUNT

    def value(self, step: float) -> Number:
        """The value of a step, or of a place between two."""
        return step / self.per_unit if self.per_unit > 1 else int(step)


@dataclass(frozen=True)
class Status:
    """What decides a kept model's place: where it runs and its merits, by criterion in order."""

    runs: frozenset[FactRecord]
    merits: tuple[int, ...]


@dataclass(frozen=True)
class Reading:
    """The statuses of the kept models at one place of the axis, and what holds for all models."""

    place: float
    shortlist: tuple[str, ...]
    statuses: Mapping[str, Status]
    common: frozenset[FactRecord]


def reading_of(answer: Consultation, axis: str, place: float) -> Reading:
    """What a consultation says at a place of the axis."""
    runs: dict[str, set[FactRecord]] = {}
    for _, fact in answer.trace.concluding("Runs"):
        runs.setdefault(str(fact["model"]), set()).add(fact)
    levels = merits(answer.trace)
    statuses = {
        model: Status(
            frozenset(runs.get(model, ())),
            tuple(levels.get(model, {}).get(c, 0) for c in answer.catalogue.criteria),
        )
        for model in answer.kept
    }
    common = {fact for fact in answer.asked if fact["axis"] != axis}
    for type_name in ("At", "Ahead"):
        common.update(fact for _, fact in answer.trace.concluding(type_name))
    return Reading(place, answer.shortlist, statuses, frozenset(common))


class Reader:
    """Consults some of the models at places of the axis."""

    def __init__(
        self, consultation: Consultation, axis: str, steps: Steps, models: Collection[str]
    ) -> None:
        self.models = frozenset(models)
        self._asked = consultation
        self._axis = axis
        self._steps = steps
        self._consultant = Consultant(
            consultation.catalogue, consultation.rulebook.id, only=self.models
        )

    def consulted(self, place: float) -> Consultation:
        """The models judged by the need with the axis at the place."""
        need = self._asked.need.with_changes({self._axis: self._steps.value(place)})
        return self._consultant.consult(need, self._asked.on)

    def read(self, place: float) -> Reading:
        """What the consultation at a place says."""
        return reading_of(self.consulted(place), self._axis, place)
