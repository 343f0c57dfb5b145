"""The two rulebooks: which stages they have, in which order."""

from __future__ import annotations

from functools import cache

from whyllm.engine.rulebook import Rulebook

RULEBOOKS = ("expert", "course")


@cache
def rulebook(name: str) -> Rulebook:
    """The rulebook of that name; imported when first asked for. KeyError for an unknown name."""
    if name == "course":
        from whyllm.engine.rules import course

        return Rulebook("course", "The course's decision tree, to the letter", course.stages)
    if name == "expert":
        from whyllm.engine.rules import (
            caveat,
            duty,
            hardware,
            licence,
            memory,
            modality,
            preference,
            task,
        )

        judging = (modality, task, memory, hardware, licence)
        telling = (preference, duty, caveat)
        return Rulebook(
            "expert",
            "Exact variants by clause, memory and evidence",
            tuple(module.stage for module in (*judging, *telling)),
        )
    raise KeyError(name)
