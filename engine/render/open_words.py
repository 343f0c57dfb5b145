"""Open questions in words: what would follow from each value of a missing fact."""

from __future__ import annotations

from whyllm.engine.explaining.open_questions import KEPT, UNDECIDED, Outcome
from whyllm.engine.rulebook import Rulebook

NAMED_RULES = 4
"""Rules that are named of an outcome; the rest is counted."""


def outcome_told(outcome: Outcome, rulebook: Rulebook) -> str:
    """`If it has none: excluded by TASK-030, an agent needs native tool calling.`"""
    told = f"If {outcome.value}: {outcome.verdict}"
    if outcome.verdict == KEPT:
        return f"{told}."
    by = "still, by" if outcome.verdict == UNDECIDED else "by"
    if len(outcome.rules) == 1:
        (rule,) = outcome.rules
        title = rulebook.card(rule).title
        return f"{told} {by} {rule} ({title[:1].lower()}{title[1:]})."
    named = ", ".join(outcome.rules[:NAMED_RULES])
    rest = len(outcome.rules) - NAMED_RULES
    return f"{told} {by} {named}{f' and {rest} more' if rest > 0 else ''}."
