"""The shape of `whyllm.quiz/1`."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict  # pydantic asks for it below Python 3.12
from whyllm.engine.render.shapes import KnowledgeJson


class OptionJson(TypedDict):
    """One option; `value` is what it means, `misconception` the mistake that leads to it."""

    text: str
    value: Any
    right: bool
    misconception: str | None
    feedback: str


class QuizPremiseJson(TypedDict):
    """A sentence by which the key holds; `rule` is null where a fact alone says it."""

    text: str
    rule: str | None
    sources: list[str]


class QuizItemJson(TypedDict):
    """One question; `case` holds all that the key can be computed anew from."""

    id: str
    kind: str
    stem: str
    several: bool
    options: list[OptionJson]
    key: list[int]
    feedback: list[QuizPremiseJson]
    case: dict[str, Any]


class QuizJson(TypedDict):
    """`whyllm.quiz/1`: a paper with its key."""

    schema: str
    seed: int
    items: list[QuizItemJson]
    kb: KnowledgeJson
