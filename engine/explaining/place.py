"""Where a kept model stands, and by which criterion each of the shortlist stands before it."""

from __future__ import annotations

from dataclasses import dataclass

from whyllm.engine.consulting import OUT_OF_SCOPE, Consultation
from whyllm.engine.explaining.deciding import LEAF, NOTHING, deciding_criterion


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
    entries = consultation.catalogue.models
    name = entries[rival].name
    same_family = entries[rival].family == entries[model].family
    criterion, speaking = deciding_criterion(consultation, rival, model)
    if criterion == LEAF:
        by, speaking = "in the order of the leaf", ()
    elif criterion != NOTHING:
        by = f"by this criterion: {consultation.words.name('criterion', criterion)}"
    elif consultation.rulebook.id == "course":
        by = "on one line of the leaf: the newest of the largest comes first"
    else:
        by = "by its id only; no criterion tells them apart"
    said = dict.fromkeys(consultation.sentence(firing) for _, firing in speaking)
    return Ahead(rival, criterion, " ".join((f"{name} stands before it {by}.", *said)), same_family)
