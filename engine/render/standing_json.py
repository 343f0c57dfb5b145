"""Place, open questions and ways to the first place as keys of `whyllm.explanation/1`."""

from __future__ import annotations

from whyllm.engine.explaining.explanation import Explanation
from whyllm.engine.render.explanation_shapes import OpenJson, StandingJson
from whyllm.engine.render.open_words import outcome_told


def standing_json(explanation: Explanation) -> StandingJson:
    """The keys of StandingJson that apply to the model."""
    found: StandingJson = {}
    place, first = explanation.place, explanation.first
    if place is not None:
        found["place"], found["of"] = place.place, place.of
        found["behind"] = [
            {"model": ahead.model, "criterion": ahead.criterion, "text": ahead.text}
            for ahead in place.behind
        ]
    if explanation.open:
        found["open"] = _open(explanation)
    if first is not None:
        found["first"] = [fix.as_json() for fix in first.fixes]  # type: ignore[misc]
        found["searched"] = {
            "admitted": first.admitted,
            "singles": first.singles,
            "pairs": first.pairs,
            "all_pairs": first.all_pairs,
        }
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
