"""Which consultation a command answers on: the last, an earlier, a saved or a stated one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click
from whyllm.cli.exits import WrongQuestionError
from whyllm.cli.last import Question, question_from, recall
from whyllm.cli.options import kb_option, need_options, stated_need

F = TypeVar("F", bound=Callable[..., Any])

WITHOUT_CONSULTATION = "no consultation is remembered; judged without constraints"


def consultation_options(function: F) -> F:
    """Add `--from FILE`, `--back N`, the options of a need and `--kb`; see `question_asked`."""
    options = (
        click.option("--from", "saved", type=click.Path(path_type=Path), metavar="FILE",
                     help="Answer on a saved consultation or need."),
        click.option("--back", type=click.IntRange(min=0), metavar="N",
                     help="Answer on the N-th consultation before the last (`whyllm history`)."),
        need_options,
        kb_option,
    )  # fmt: skip
    for option in reversed(options):
        function = option(function)
    return function


def question_asked(given: Mapping[str, Any]) -> tuple[Question, str]:
    """The question that the values of `consultation_options` name, and a remark on it, or ''.

    It is a named question with the options over it, a stated need, or the last question; without
    one, the remark says that nothing constrains.
    """
    remark = ""
    need = stated_need(dict(given), given["need_file"], given["machine"])
    saved: Path | None = given["saved"]
    back: int | None = given["back"]
    rulebook: str | None = given["rulebook"]
    folders: tuple[Path, ...] = given["folders"]
    on: dt.date | None = given["on"]
    if saved is not None and back is not None:
        raise WrongQuestionError("--from and --back each name a consultation; state one of them")
    if saved is not None:
        found = question_from(saved)
    elif need.stated and back is None:
        found = Question(need, "expert")
    else:
        remembered = recall(back)
        found = remembered or Question(need, "expert")
        if remembered is None:
            remark = WITHOUT_CONSULTATION
    return found.with_options(need.stated, rulebook, folders, on), remark
