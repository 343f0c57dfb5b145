"""By what one kept model stands before another: the first criterion on which they differ."""

from __future__ import annotations

from collections.abc import Iterator

from whyllm.engine.consulting import Consultation
from whyllm.engine.ranking import merits
from whyllm.engine.trace import Firing

LEAF = "leaf"
"""The criterion of the course: the line of the leaf that names the model."""

NOTHING = "nothing"
"""No criterion tells the two apart: in the course their size and age order them, else their ids."""


def deciding_criterion(
    consultation: Consultation, one: str, other: str
) -> tuple[str, tuple[tuple[str, Firing], ...]]:
    """The criterion that orders two kept models, and the firing that speaks for each on it, if any.

    It is LEAF, an id of the preferences, or NOTHING.
    """
    for criterion, levels in _levels(consultation, (one, other)):
        if levels[0] != levels[1]:
            speaking = (
                (model, firing)
                for model, level in zip((one, other), levels, strict=True)
                for firing in _speaking(consultation, model, criterion, level)
            )
            return criterion, tuple(speaking)
    return NOTHING, ()


def _levels(consultation: Consultation, models: tuple[str, str]) -> Iterator[tuple[str, list[int]]]:
    """Each criterion in its order, and the level of each of the models on it."""
    if consultation.rulebook.id == "course":
        lines = [fact["line"] for m in models for _, fact in consultation.about(m, "Named")[:1]]
        yield LEAF, [int(str(line)) for line in lines] if len(lines) == len(models) else [0, 0]
        return
    levels = merits(consultation.trace)
    for criterion in consultation.catalogue.criteria:
        yield criterion, [levels.get(model, {}).get(criterion, 0) for model in models]


def _speaking(
    consultation: Consultation, model: str, criterion: str, level: int
) -> Iterator[Firing]:
    """The first firing that gives a model its level; none where it has no merit."""
    if criterion == LEAF:
        yield from (firing for firing, _ in consultation.about(model, "Named")[:1])
        return
    for firing, merit in consultation.about(model, "Merit"):
        if merit["criterion"] == criterion and merit["level"] == level:
            yield firing
            return
