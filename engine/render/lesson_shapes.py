"""The shapes of lessons, of the glossary and of a case to predict."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict  # pydantic asks for it below Python 3.12


class ClaimTaughtJson(TypedDict):
    """A sentence, whether it holds, and what that rests on."""

    says: str
    check: str
    holds: bool
    evidence: list[str]


class TableJson(TypedDict):
    """Rows under a head."""

    head: list[str]
    rows: list[list[str]]


class FallenJson(TypedDict):
    """A model that falls at a node, and the rules by which it does."""

    model: str
    name: str
    rules: list[str]


class StepJson(TypedDict):
    """A part of a lesson; `left` counts the models that a node of the tree leaves."""

    id: str
    title: str
    paragraphs: list[str]
    table: TableJson | None
    path: list[str]
    falls: list[FallenJson]
    left: int | None
    claims: list[ClaimTaughtJson]


class LessonJson(TypedDict):
    """`whyllm.lesson/1`: one lesson."""

    schema: str
    id: str
    title: str
    steps: list[StepJson]


class LessonTitleJson(TypedDict):
    """A lesson in a line."""

    id: str
    title: str
    steps: int


class LessonsJson(TypedDict):
    """`whyllm.lessons/1`: all lessons, in order."""

    schema: str
    lessons: list[LessonTitleJson]


class TermJson(TypedDict):
    """A term of the glossary."""

    id: str
    term: str
    text: str
    kind: str
    source: str


class GlossaryJson(TypedDict):
    """`whyllm.glossary/1`: the terms that were asked for."""

    schema: str
    asked: str | None
    terms: list[TermJson]


class PredictedJson(TypedDict):
    """A question with its options, the place of the right one from 0, and why it is right."""

    place: str
    question: str
    options: list[str]
    right: int
    reveal: list[str]


class PredictionJson(TypedDict):
    """`whyllm.prediction/1`: a case step by step."""

    schema: str
    rulebook: str
    need: dict[str, Any]
    steps: list[PredictedJson]
