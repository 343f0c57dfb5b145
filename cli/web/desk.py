"""The desk at which answers are worked out: the knowledge, and consultants who know it."""

from __future__ import annotations

import datetime as dt
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from whyllm.engine.consulting import Consultant, Consultation
from whyllm.engine.interview.choice import Interviewer
from whyllm.engine.knowledge import answering_catalogue, knowledge_base, name_index
from whyllm.engine.lessons.teacher import Teacher
from whyllm.engine.need import Need
from whyllm.engine.quiz.item import Paper
from whyllm.engine.quiz.paper import draw_paper

if TYPE_CHECKING:
    from whyllm.kb.knowledge import KnowledgeBase
    from whyllm.kb.names import NameIndex

REMEMBERED = 32
"""Consultations that are kept: a visitor asks for several answers on one."""


class Desk:
    """One desk serves one request at a time."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self._folders = folders
        self.catalogue = answering_catalogue(folders)
        self._consulted = lru_cache(REMEMBERED)(self._consult)
        self.interviewer = lru_cache(4)(self._interviewer)
        self.paper = lru_cache(REMEMBERED)(self._paper)

    @cached_property
    def kb(self) -> KnowledgeBase:
        """The knowledge itself, for pages that show it."""
        return knowledge_base(self._folders)

    @cached_property
    def names(self) -> NameIndex:
        """What people call the models."""
        return name_index(self.catalogue)

    def model(self, name: str) -> str:
        """The id of the variant that a name means; UnknownNameError for none or several."""
        return self.names.resolve(name).model

    def consultation(
        self, need: Need, rulebook: str, on: dt.date, examine: tuple[str, ...] = ()
    ) -> Consultation:
        """The answer to a need; NeedError for a value that the catalogue does not know."""
        return self._consulted(tuple(need.stated.items()), rulebook, on, examine)

    def _consult(
        self,
        stated: tuple[tuple[str, object], ...],
        rulebook: str,
        on: dt.date,
        examine: tuple[str, ...],
    ) -> Consultation:
        need = Need.of(dict(stated))
        return self._consultants[rulebook].consult(need, on, examine=examine)

    @cached_property
    def _consultants(self) -> dict[str, Consultant]:
        return {name: Consultant(self.catalogue, name) for name in ("expert", "course")}

    def _interviewer(self, rulebook: str, on: dt.date) -> Interviewer:
        return Interviewer(self.catalogue, rulebook, on)

    def _paper(self, seed: int, count: int, kinds: tuple[str, ...]) -> Paper:
        return draw_paper(self.catalogue, seed, count, kinds)

    def teacher(self, on: dt.date) -> Teacher:
        """Who knows the lessons, as of a day."""
        return Teacher(self.kb, self.catalogue, on)

    def warm(self, on: dt.date) -> None:
        """Work out what the first visitor would wait for."""
        for rulebook in ("expert", "course"):
            self.consultation(Need.of({}), rulebook, on)
            self.interviewer(rulebook, on).question(Need.of({}))
