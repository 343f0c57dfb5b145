"""A question that was asked in words, as it was read; and the error of one that cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from whyllm.engine.need import Value
from whyllm.kb.errors import QuestionError

Kind = Literal[
    "why", "why-not", "what-if", "first", "admit", "compare", "licence", "recommend"
]  # fmt: skip
Changes = Mapping[str, Value | tuple[Value, ...]]


@dataclass(frozen=True)
class AskedInWords:
    """What a question asks: its kind, the ids of the models named, the axes that it sets.

    `changes` maps an axis of the need to its value, to a tuple where the axis is repeatable;
    `language` is that of the question, as a BCP 47 tag.
    """

    kind: Kind
    models: tuple[str, ...]
    changes: Changes
    language: str


class UnreadQuestionError(QuestionError):
    """A question that the grammar does not hold; one line says what was not read, with examples."""
