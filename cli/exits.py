"""Exit codes and the one line that a wrong question gets."""

from __future__ import annotations

import click

ANSWERED = 0
NEGATIVE = 1
WRONG_QUESTION = 2


class WrongQuestionError(click.ClickException):
    """The question cannot be answered as it stands: one line says what, where and what instead."""

    exit_code = WRONG_QUESTION
