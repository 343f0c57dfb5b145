"""`did you mean`: the known names that a wrong one may stand for, and options that offer them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import click
from whyllm.cli.exits import WrongQuestionError

ALIKE = 60
"""Similarity, in percent, from which a name is worth suggesting."""


def close_to(found: str, known: Iterable[str], alike: int = ALIKE) -> list[str]:
    """The known names that are like it, the likest first."""
    from rapidfuzz import process

    return [
        match for match, _, _ in process.extract(found, list(known), limit=3, score_cutoff=alike)
    ]


def did_you_mean(found: str, known: Iterable[str]) -> str:
    """`; did you mean …?`, or nothing where no known name is like it."""
    close = close_to(found, known)
    return f"; did you mean {' or '.join(close)}?" if close else ""


class OneOf(click.ParamType):  # type: ignore[type-arg]
    """One of some words; a wrong one is told with what it may have meant."""

    name = "choice"

    def __init__(self, what: str, words: Sequence[str]) -> None:
        self.what = what
        self.words = words

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """What the help shows for the value."""
        return f"[{'|'.join(self.words)}]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check the word; a wrong one is a usage error of one line."""
        word = str(value)
        if word not in self.words:
            hint = did_you_mean(word, self.words)
            raise WrongQuestionError(
                f"{self.what}: found {word!r}, expected one of {', '.join(self.words)}{hint}"
            )
        return word
