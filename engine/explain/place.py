"""Where a kept model stands, and by which criterion each of the shortlist stands before it."""

from __future__ import annotations

from dataclasses import dataclass

from whyllm.engine.consult import OUT_OF_SCOPE, Consultation
from whyllm.engine.ranking import merits
from whyllm.engine.trace import Firing

LEAF = "leaf"
"""The criterion of the course: the order of the leaf."""

ALPHABET = "id"
"""The last resort, where two models differ on no criterion."""


@dataclass(frozen=True)
class Ahead:
    """A model of the shortlist that stands before another one, and the criterion that decides."""

    model: str
    criterion: str
    text: str
    same_family: bool


@dataclass(frozen=True)
class Place:
    """The rank of a kept model, 1 the best, among how many; and what stands before it."""

    place: int
    of: int
    behind: tuple[Ahead, ...]


def place_of(consultation: Consultation, model: str) -> Place | None:
    """The place of a model; None where it is not kept, or the need is out of scope."""
    ranking = consultation.ranking
    if model not in ranking or consultation.outcome == OUT_OF_SCOPE:
        return None
    place = ranking.index(model)
    before = [m for m in consultation.shortlist if ranking.index(m) < place]
    ahead = tuple(_ahead(consultation, rival, model) for rival in before)
    return Place(place + 1, len(ranking), ahead)


def _ahead(consultation: Consultation, rival: str, model: str) -> Ahead:
    entries, words = consultation.catalogue.models, consultation.words
    name = entries[rival].name
    same_family = entries[rival].family == entries[model].family
    if consultation.rulebook.id == "course":
        text = f"{name} stands before it in the order of the leaf."
        return Ahead(rival, LEAF, text, same_family)
    levels = merits(consultation.trace)
    for criterion in consultation.catalogue.criteria:
        theirs, its = (levels.get(m, {}).get(criterion, 0) for m in (rival, model))
        if theirs != its:
            firings = [
                firing
                for m, level in ((rival, theirs), (model, its))
                for firing in _speaking(consultation, m, criterion, level)
            ]
            said = " ".join(dict.fromkeys(map(consultation.sentence, firings)))
            label = words.name("criterion", criterion)
            text = f"{name} stands before it by this criterion: {label}."
            return Ahead(rival, criterion, f"{text} {said}".strip(), same_family)
    text = f"{name} stands before it by its id only; no criterion tells them apart."
    return Ahead(rival, ALPHABET, text, same_family)


def _speaking(consultation: Consultation, model: str, criterion: str, level: int) -> list[Firing]:
    """The first firing that gives a model its level on a criterion; none where it has no merit."""
    return [
        firing
        for firing, merit in consultation.about(model, "Merit")
        if merit["criterion"] == criterion and merit["level"] == level
    ][:1]
