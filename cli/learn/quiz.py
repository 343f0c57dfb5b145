"""`whyllm learn quiz`: a paper of questions, printed with its key or asked on a terminal."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from whyllm.cli.exits import ANSWERED, WrongQuestionError
from whyllm.cli.options import kb_option, output_options
from whyllm.cli.output import write_json, write_rich, write_text
from whyllm.engine.knowledge import answering_catalogue
from whyllm.engine.quiz.cases import NoItemError
from whyllm.engine.quiz.kinds import KINDS
from whyllm.engine.quiz.paper import draw_paper

if TYPE_CHECKING:
    from whyllm.engine.quiz.item import Paper

MOST_ITEMS = 500


@click.command("quiz")
@click.option("--seed", type=click.IntRange(min=0), default=0, metavar="N",
              help="The same seed draws the same paper.  [default: 0]")  # fmt: skip
@click.option("--count", type=click.IntRange(1, MOST_ITEMS), default=10, metavar="N",
              help="How many questions.  [default: 10]")  # fmt: skip
@click.option("--kind", "kinds", type=click.Choice(list(KINDS)), multiple=True,
              help="Only questions of this kind; repeatable.")  # fmt: skip
@click.option("--answers/--no-answers", default=None,
              help="Print the key at the end, or leave it out.  [default: print it]")  # fmt: skip
@output_options("text", "json", "md", "gift")
@kb_option
def command(
    seed: int,
    count: int,
    kinds: tuple[str, ...],
    answers: bool | None,
    format_: str,
    output: Path | None,
    color: str,
    folders: tuple[Path, ...],
) -> int:
    """Questions drawn from live cases, with keys that the engine computes.

    On a terminal it asks one question after the other, unless --answers or --no-answers asks for
    the paper itself. JSON and GIFT always hold the key.
    """
    if answers is False and format_ in ("json", "gift"):
        raise WrongQuestionError(
            f"--no-answers: {format_} holds the key always; expected --format text or md"
        )
    try:
        paper = draw_paper(answering_catalogue(folders), seed, count, kinds)
    except NoItemError as error:
        raise WrongQuestionError(f"--kind, --count: {error}") from None
    if format_ == "text" and output is None and answers is None and _on_terminal():
        from whyllm.cli.learn.asking import ask_paper

        ask_paper(paper)
    else:
        _write(paper, answers is not False, format_, output, color)
    return ANSWERED


def _on_terminal() -> bool:
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def _write(paper: Paper, answers: bool, format_: str, output: Path | None, color: str) -> None:
    if format_ == "json":
        from whyllm.engine.render.quiz_json import quiz_json

        write_json(quiz_json(paper), output)
    elif format_ == "md":
        from whyllm.engine.render.quiz_markdown import quiz_markdown

        write_text(quiz_markdown(paper, answers), output)
    elif format_ == "gift":
        from whyllm.engine.render.quiz_gift import quiz_gift

        write_text(quiz_gift(paper), output)
    else:
        from whyllm.engine.render.quiz_text import print_quiz

        write_rich(lambda console: print_quiz(console, paper, answers), output, color)
