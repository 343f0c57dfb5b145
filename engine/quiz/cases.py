"""Live cases for quiz items: models judged one at a time by consultants that are kept."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from whyllm.engine import facts as f
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.consulting import Consultant, Consultation
from whyllm.engine.explaining.change_words import constraint_told
from whyllm.engine.explaining.constraints import constraints_of
from whyllm.engine.need import Need
from whyllm.engine.quiz.item import Option, Premise
from whyllm.engine.rulebook import Rulebook
from whyllm.engine.stages import rulebook
from whyllm.engine.trace import FactRecord, Firing
from whyllm.engine.words import Words

DAY = dt.date(2026, 1, 1)
"""The day of every case: no verdict hangs on it, so a paper does not change overnight."""

LEAST_OPTIONS = 3
MOST_OPTIONS = 4

EXPERT, COURSE = "expert", "course"


class NoItemError(Exception):
    """The case that was drawn makes no item: too few options, or no key; draw another."""


class Cases:
    """A catalogue to draw items from. What is judged once is kept, so items are drawn fast."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.words = Words(catalogue)
        self._consultants: dict[tuple[str, str | None], Consultant] = {}
        self._sizes: dict[tuple[str, int], dict[str, FactRecord]] = {}

    @cached_property
    def popular(self) -> list[str]:
        """Variants that people meet: those that can be pulled by a short name."""
        return [key for key, entry in self.catalogue.models.items() if entry.ollama]

    @cached_property
    def expert(self) -> Rulebook:
        """The rulebook that judges exact variants."""
        return rulebook(EXPERT)

    def judged(self, model: str | None, need: Need, book: str = EXPERT) -> Consultation:
        """The consultation on one model alone, or with None on the need alone."""
        consultant = self._consultants.get((book, model))
        if consultant is None:
            only = () if model is None else (model,)
            consultant = Consultant(self.catalogue, book, only=only)
            self._consultants[book, model] = consultant
        return consultant.consult(need, DAY)

    def required(self, quantisation: str, context: int) -> Mapping[str, FactRecord]:
        """Model -> the Requires fact at a quantisation and context, of all whose size is known."""
        key = (quantisation, context)
        if key not in self._sizes:
            if (EXPERT, "*") not in self._consultants:
                self._consultants[EXPERT, "*"] = Consultant(self.catalogue, EXPERT)
            need = Need.of({"quant": quantisation, "context": context})
            trace = self._consultants[EXPERT, "*"].consult(need, DAY).trace
            found = {str(fact["model"]): fact for _, fact in trace.concluding("Requires")
                     if fact["quantisation"] == quantisation}  # fmt: skip
            self._sizes[key] = found
        return self._sizes[key]

    def facts_of(self, model: str, kind: type[f.WorkingFact]) -> list[f.WorkingFact]:
        """What is known of a model, of one type."""
        return [x for x in self.catalogue.known.of_model[model] if isinstance(x, kind)]

    def serves(self, model: str, modality: str) -> bool:
        """Whether the model is known to serve a modality."""
        return any(fact["modality"] == modality for fact in self.facts_of(model, f.Serves))

    def name(self, model: str) -> str:
        """The name of a model."""
        return self.words.name("model", model)

    def told(self, need: Need) -> str:
        """A need in words, constraint by constraint."""
        return "; ".join(constraint_told(self.words, c) for c in constraints_of(need)) or "none"

    def premise(self, consultation: Consultation, firing: Firing) -> Premise:
        """What a firing says, with its rule and sources."""
        sources = self.words.sources(firing, consultation.rulebook)
        return Premise(consultation.sentence(firing), firing.rule, sources)

    def wrong(self, text: str, value: Any, misconception: str, why: str) -> Option:
        """A wrong option: the misconception that leads to it, and why it fails here."""
        entry = self.catalogue.misconceptions[misconception]
        return Option(text, value, False, misconception, f"{entry.label}. {entry.text} {why}")


def assembled(
    right: Iterable[Option],
    wrong: Iterable[Option],
    chance: random.Random,
    most: int = MOST_OPTIONS,
) -> tuple[Option, ...]:
    """The right options and as many of the wrong ones as there is room for, no two alike.

    Options are alike when they mean or say the same. Wrong ones of different misconceptions go
    first. Raises NoItemError where fewer than LEAST_OPTIONS are left, or none of them is wrong.
    """
    chosen: list[Option] = []
    waiting = [*right]
    rest = _mixed(list(wrong), chance)
    for option in (*waiting, *rest):
        if len(chosen) >= most and not option.right:
            break
        if not any(_alike(option, other) for other in chosen):
            chosen.append(option)
        elif option.right:
            raise NoItemError("two right options are alike")
    if len(chosen) < LEAST_OPTIONS or all(option.right for option in chosen):
        raise NoItemError("too few options")
    return tuple(chosen)


def _alike(one: Option, other: Option) -> bool:
    return one.value == other.value or one.text.casefold() == other.text.casefold()


def _mixed(options: list[Option], chance: random.Random) -> list[Option]:
    """In random order, the first of each misconception before the second of any."""
    chance.shuffle(options)
    seen: dict[str | None, int] = {}
    ranked: list[tuple[int, Option]] = []
    for option in options:
        seen[option.misconception] = seen.get(option.misconception, 0) + 1
        ranked.append((seen[option.misconception], option))
    return [option for _, option in sorted(ranked, key=lambda pair: pair[0])]
