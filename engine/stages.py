"""The two rulebooks: which stages they have, in which order."""

from __future__ import annotations

from functools import cache

from whyllm.engine.rulebook import Rulebook

RULEBOOKS = ("expert", "course")


@cache
def rulebook(name: str) -> Rulebook:
    """The rulebook of that name; imported when first asked for. KeyError for an unknown name."""
    if name == "course":
        from whyllm.engine.rules import course, duty, memory, need

        stages = (*need.stages, *course.stages, memory.stage, duty.stage, course.advice)
        return Rulebook("course", "The course's decision tree, to the letter", stages)
    if name == "expert":
        from whyllm.engine.rules import (
            caveat,
            duty,
            hardware,
            licence,
            memory,
            modality,
            need,
            preference,
            task,
        )

        modules = (modality, task, memory, hardware, licence, preference, duty, caveat)
        stages = (*need.stages, *(module.stage for module in modules))
        return Rulebook("expert", "Exact variants by clause, memory and evidence", stages)
    raise KeyError(name)
