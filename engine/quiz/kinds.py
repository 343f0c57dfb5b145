"""The kinds of item, each with the function that draws it."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from whyllm.engine.quiz.branch import branch
from whyllm.engine.quiz.cases import Cases
from whyllm.engine.quiz.change import smallest_change
from whyllm.engine.quiz.exclusion import all_causes, why_excluded
from whyllm.engine.quiz.irrelevance import irrelevant_question
from whyllm.engine.quiz.item import Draft
from whyllm.engine.quiz.licences import which_licence, which_variant
from whyllm.engine.quiz.scope import llm_or_not
from whyllm.engine.quiz.sizes import fits_memory, memory_needed

KINDS: Mapping[str, Callable[[Cases, random.Random], Draft]] = {
    "branch": branch,
    "why-excluded": why_excluded,
    "which-licence": which_licence,
    "fits-memory": fits_memory,
    "llm-or-not": llm_or_not,
    "smallest-change": smallest_change,
    "all-causes": all_causes,
    "irrelevant-question": irrelevant_question,
    "memory-needed": memory_needed,
    "which-variant": which_variant,
}
"""Kind -> what draws a case and makes an item of it, or raises NoItemError for another case."""
