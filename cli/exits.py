"""Exit codes, and the one line on standard error that a wrong question or a remark gets."""

from __future__ import annotations

import sys

import click
from whyllm.kb.errors import printable

ANSWERED = 0
NEGATIVE = 1
WRONG_QUESTION = 2
LONGEST_LINE = 600


class WrongQuestionError(click.ClickException):
    """The question cannot be answered as it stands: one line says what, where and what instead."""

    exit_code = WRONG_QUESTION


def tell(message: str) -> None:
    """Print one line on standard error."""
    print(f"whyllm: {one_line(message)}", file=sys.stderr)


def one_line(message: str) -> str:
    """The message on one line; a long one loses its middle, since its end says why."""
    line = " ".join(message.split())
    if len(line) > LONGEST_LINE:
        half = LONGEST_LINE // 2
        line = f"{line[:half]} … {line[-half:]}"
    return printable(line)
