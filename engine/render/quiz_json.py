"""A quiz as JSON: `whyllm.quiz/1`."""

from __future__ import annotations

from whyllm.engine.quiz.item import Item, Paper
from whyllm.engine.render.quiz_shapes import QuizItemJson, QuizJson


def quiz_json(paper: Paper) -> QuizJson:
    """`whyllm.quiz/1`; the places in `key` count from 0."""
    return {
        "schema": "whyllm.quiz/1",
        "seed": paper.seed,
        "items": [_item(item) for item in paper.items],
        "kb": {"version": paper.version, "digest": paper.digest},
    }


def _item(item: Item) -> QuizItemJson:
    return {
        "id": item.id,
        "kind": item.kind,
        "stem": item.stem,
        "several": item.several,
        "options": [
            {
                "text": option.text,
                "value": option.value,
                "right": option.right,
                "misconception": option.misconception,
                "feedback": option.feedback,
            }
            for option in item.options
        ],
        "key": list(item.key),
        "feedback": [
            {"text": premise.text, "rule": premise.rule, "sources": list(premise.sources)}
            for premise in item.feedback
        ],
        "case": dict(item.case),
    }
