"""The desk at which answers are worked out: the knowledge, and consultants who know it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from whyllm.cli.compare import check_two
from whyllm.cli.suggestions import did_you_mean
from whyllm.engine.consulting import Consultant, Consultation
from whyllm.engine.explaining.comparison import Comparison, compare
from whyllm.engine.explaining.explanation import Explanation, explain
from whyllm.engine.explaining.what_if import WhatIf, what_if
from whyllm.engine.interview.choice import Interviewer
from whyllm.engine.inventory.inputs import found_in_bytes
from whyllm.engine.knowledge import answering_catalogue, knowledge_base, recogniser
from whyllm.engine.lessons.teacher import Teacher
from whyllm.engine.need import Need, NeedError
from whyllm.engine.quiz.item import Paper
from whyllm.engine.quiz.paper import draw_paper
from whyllm.engine.reviewing.finding import Review
from whyllm.engine.reviewing.review import AXES as TERMS
from whyllm.engine.reviewing.review import review
from whyllm.engine.stages import RULEBOOKS
from whyllm.kb.draft.licence_tag import licence_of_tag
from whyllm.kb.errors import UnknownNameError

if TYPE_CHECKING:
    from whyllm.kb.knowledge import KnowledgeBase
    from whyllm.kb.names import NameIndex
    from whyllm.kb.schema import Licence

REMEMBERED = 32
"""Consultations that are kept: a visitor asks for several answers on one."""

PASTED = "pasted"
"""How a review names the text that it was given."""

MOST_NAMES = 2_000
"""That a review judges; longer lists are for the command."""


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
        return self.catalogue.names

    def model(self, name: str) -> str:
        """The id of the variant that a name means; UnknownNameError for none or several."""
        return self.names.resolve(name).model

    def consultation(
        self, need: Need, rulebook: str, on: dt.date, examine: tuple[str, ...] = ()
    ) -> Consultation:
        """The answer to a need; NeedError for a value that the catalogue does not know."""
        return self._consulted(tuple(need.stated.items()), rulebook, on, examine)

    def explanation(
        self, need: Need, rulebook: str, on: dt.date, name: str, *, to_first: bool = False
    ) -> Explanation:
        """The verdict on the model of that name."""
        model = self.model(name)
        answered = self.consultation(need, rulebook, on, (model,))
        return explain(answered, model, to_first=to_first)

    def what_if(
        self, need: Need, rulebook: str, on: dt.date, changes: Mapping[str, object]
    ) -> WhatIf:
        """What the changes of the need would change; None states an axis no longer."""
        need.with_changes(changes)  # a wrong value is told before anything is judged
        return what_if(self.consultation(need, rulebook, on), changes)

    def comparison(
        self, need: Need, rulebook: str, on: dt.date, one: str, other: str
    ) -> Comparison:
        """What decides between two models; WrongQuestionError where both names mean one."""
        pair = (self.model(one), self.model(other))
        check_two(pair, self.catalogue)
        return compare(self.consultation(need, rulebook, on, pair), *pair)

    def review(self, need: Need, on: dt.date, text: str) -> Review:
        """The review of what a text names; NeedError where no use is stated, or too much named."""
        for axis in need.stated:
            if axis not in TERMS:
                raise NeedError(f"{axis}: a licence review asks for {', '.join(TERMS)} alone")
        found = list(islice(found_in_bytes(text.encode(), PASTED), MOST_NAMES + 1))
        if len(found) > MOST_NAMES:
            raise NeedError(
                f"text: names more than {MOST_NAMES:,} models; "
                "`whyllm licence review` takes any number"
            )
        inputs = [(PASTED, found)]
        return review(inputs, self.catalogue, self.names, lambda: recogniser(self.kb), need, on)

    def licence(self, name: str) -> Licence:
        """The licence of that id or hub's tag; UnknownNameError for none."""
        licences = self.kb.licences
        known = licences.get(licence_of_tag(name, licences) or name)
        if known is None:
            raise UnknownNameError(f"unknown licence {name!r}{did_you_mean(name, licences)}")
        return known

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


def day_of(text: str) -> dt.date:
    """The day that a request states; NeedError for anything else."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return dt.date.fromisoformat(text)
    except ValueError:
        pass
    raise NeedError(f"on: found {text!r}, expected a day as YYYY-MM-DD")


def rulebook_of(name: str) -> str:
    """The name of a rulebook that a request states; NeedError for an unknown one."""
    if name not in RULEBOOKS:
        raise NeedError(f"rulebook: found {name!r}, expected one of {', '.join(RULEBOOKS)}")
    return name
