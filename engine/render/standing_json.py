"""Place, open questions and ways to the first place as keys of `whyllm.explanation/1`."""

from __future__ import annotations

from typing import Any

from whyllm.engine.explain.explanation import Explanation
from whyllm.engine.render.explanation_shapes import AheadJson, FirstJson, OpenJson, SearchedJson
from whyllm.engine.render.open_words import outcome_told


def standing_json(explanation: Explanation) -> dict[str, Any]:
    """The optional keys that apply to the model: `place`, `of`, `behind`, `open`,
    `first`, `searched`."""
    found: dict[str, Any] = {}
    if explanation.place is not None:
        behind: list[AheadJson] = [
            {"model": ahead.model, "criterion": ahead.criterion, "text": ahead.text}
            for ahead in explanation.place.behind
        ]
        found |= {"place": explanation.place.place, "of": explanation.place.of, "behind": behind}
    if explanation.open:
        found["open"] = _open(explanation)
    if explanation.first is not None:
        first: list[FirstJson] = [
            fix.as_json()  # type: ignore[misc]
            for fix in explanation.first.fixes
        ]
        searched: SearchedJson = {
            "admitted": explanation.first.admitted,
            "singles": explanation.first.singles,
            "pairs": explanation.first.pairs,
            "all_pairs": explanation.first.all_pairs,
        }
        found |= {"first": first, "searched": searched}
    return found


def _open(explanation: Explanation) -> list[OpenJson]:
    consultation = explanation.consultation
    return [
        {
            "waiting_for": question.waiting_for,
            "rule": question.firing.rule,
            "text": consultation.sentence(question.firing),
            "outcomes": [
                {
                    "value": outcome.value,
                    "verdict": outcome.verdict,
                    "text": outcome_told(outcome, consultation.rulebook),
                }
                for outcome in question.outcomes
            ],
        }
        for question in explanation.open
    ]
