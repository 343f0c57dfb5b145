"""Lessons, the glossary and a case to predict as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

from whyllm.engine.lessons.lesson import Lesson
from whyllm.engine.render.lesson_shapes import (
    GlossaryJson,
    LessonJson,
    LessonsJson,
    PredictionJson,
    StepJson,
)

if TYPE_CHECKING:
    from whyllm.engine.consulting import Consultation
    from whyllm.engine.lessons.glossary import Entry
    from whyllm.engine.lessons.prediction import PredictionStep
    from whyllm.kb.knowledge import KnowledgeBase


def lesson_json(lesson: Lesson) -> LessonJson:
    """`whyllm.lesson/1`."""
    steps = [cast(StepJson, _lists(asdict(step))) for step in lesson.steps]
    return {"schema": "whyllm.lesson/1", "id": lesson.id, "title": lesson.title, "steps": steps}


def lessons_json(kb: KnowledgeBase) -> LessonsJson:
    """`whyllm.lessons/1`."""
    return {
        "schema": "whyllm.lessons/1",
        "lessons": [
            {"id": lesson.id, "title": lesson.title, "steps": len(lesson.steps)}
            for lesson in kb.curriculum.values()
        ],
    }


def glossary_json(asked: str | None, entries: Sequence[Entry]) -> GlossaryJson:
    """`whyllm.glossary/1`."""
    return {
        "schema": "whyllm.glossary/1",
        "asked": asked,
        "terms": [
            {"id": e.id, "term": e.term, "text": e.text, "kind": e.kind, "source": e.source}
            for e in entries
        ],
    }


def prediction_json(consultation: Consultation, steps: Sequence[PredictionStep]) -> PredictionJson:
    """`whyllm.prediction/1`."""
    return {
        "schema": "whyllm.prediction/1",
        "rulebook": consultation.rulebook.id,
        "need": consultation.need.as_json(),
        "steps": [_lists(asdict(step)) for step in steps],
    }


def _lists(value: Any) -> Any:
    """The value with tuples as lists, as JSON has them."""
    if isinstance(value, dict):
        return {key: _lists(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_lists(item) for item in value]
    return value
