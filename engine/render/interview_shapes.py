"""The shape of an interview that is kept in a file."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict


class AnsweredJson(TypedDict):
    """An answer: the question's id, and the axes that it states, none where it was passed."""

    question: str
    sets: dict[str, Any]


class InterviewJson(TypedDict):
    """`whyllm.interview/1`: what options stated before, and the answers in order."""

    schema: str
    rulebook: str
    on: str | None
    stated: dict[str, Any]
    answers: list[AnsweredJson]
