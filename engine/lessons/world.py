"""The world that lessons speak of: the knowledge, and consultants asked about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from whyllm.engine.catalogue import Catalogue
from whyllm.engine.consulting import Consultant, Consultation
from whyllm.engine.need import Need
from whyllm.engine.words import Words
from whyllm.kb.knowledge import KnowledgeBase


@dataclass(frozen=True)
class Memory:
    """What a model needs at one quantisation, in 1e9 bytes."""

    quantisation: str
    weights_gb: float
    cache_gb: float
    overhead_gb: float
    total_gb: float


class World:
    """Consultants are kept, so that many claims are checked fast. Not for several threads."""

    def __init__(self, kb: KnowledgeBase, catalogue: Catalogue, on: dt.date) -> None:
        self.kb = kb
        self.catalogue = catalogue
        self.on = on
        self.words = Words(catalogue)
        self._consultants: dict[str | None, Consultant] = {}
        self._course = Consultant(catalogue, "course")
        self._walked: dict[tuple[tuple[str, object], ...], Consultation] = {}

    def judged(self, model: str | None, stated: Mapping[str, object]) -> Consultation:
        """The expert's consultation on one model alone, or with None on the need alone."""
        if model not in self._consultants:
            only = () if model is None else (model,)
            self._consultants[model] = Consultant(self.catalogue, only=only)
        return self._consultants[model].consult(Need.of(stated), self.on)

    def course(self, stated: Mapping[str, object]) -> Consultation:
        """The course's consultation, found once for each need."""
        need = Need.of(stated)
        key = tuple(need.stated.items())
        if key not in self._walked:
            self._walked[key] = self._course.consult(need, self.on)
        return self._walked[key]

    def memory(self, model: str, quantisation: str | None = None) -> Memory:
        """What a model needs; KeyError where its size is not known."""
        stated = {} if quantisation is None else {"quant": quantisation}
        for _, fact in self.judged(model, stated).trace.concluding("Requires"):
            if quantisation in (None, fact["quantisation"]):
                return Memory(
                    str(fact["quantisation"]),
                    *(float(str(fact[part])) for part in
                      ("weights_gb", "cache_gb", "overhead_gb", "total_gb")),
                )  # fmt: skip
        raise KeyError(model)
