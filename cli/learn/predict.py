"""`whyllm learn predict`: a case step by step; predict first, then see the rules."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Any

import click
from whyllm.cli.exits import ANSWERED, WrongQuestionError
from whyllm.cli.options import file_option, kb_option, need_options, stated_need
from whyllm.cli.output import write_json, write_text
from whyllm.cli.suggestions import did_you_mean
from whyllm.engine.cataloguing import catalogue
from whyllm.engine.consulting import consult
from whyllm.engine.knowledge import knowledge_base
from whyllm.engine.lessons.prediction import PredictionStep, prediction_steps
from whyllm.engine.need import Need
from whyllm.engine.render.lesson_json import prediction_json
from whyllm.engine.render.lesson_markdown import prediction_markdown
from whyllm.engine.render.quiz_words import LETTERS, RIGHT, WRONG
from whyllm.kb.knowledge import KnowledgeBase


@click.command("predict")
@click.option("--case", "case", metavar="ID", help="A prepared case; `--case list` names them.")
@need_options
@kb_option
@file_option
@click.option(
    "--format", "format_", type=click.Choice(["text", "md", "json"]), default="text",
    help="[default: text]",
)  # fmt: skip
def command(
    case: str | None,
    need_file: Path | None,
    machine: str | None,
    rulebook: str | None,
    on: dt.date | None,
    folders: tuple[Path, ...],
    format_: str,
    output: Path | None,
    **axes: Any,
) -> int:
    """Step through a case: at each node of the course's tree, or with --rulebook expert at each
    stage, guess before the rules reveal. Enter reveals without a guess.

    Without a terminal it prints the case with questions and answers.
    """
    kb = knowledge_base(folders)
    if case == "list":
        write_text("".join(f"{c.id}: {c.title}\n" for c in kb.cases.values()), output)
        return ANSWERED
    title, need = _case(kb, case, stated_need(axes, need_file, machine))
    answered = consult(need, catalogue(kb), rulebook or "course", on)
    steps = prediction_steps(answered)
    if format_ == "json":
        write_json(prediction_json(answered, steps), output)
    elif format_ == "text" and output is None and _on_terminal():
        _ask(title, steps)
    else:
        write_text(prediction_markdown(title, steps), output)
    return ANSWERED


def _case(kb: KnowledgeBase, case: str | None, stated: Need) -> tuple[str, Need]:
    """The title and the need of a case: a prepared one with what is stated over it, or a stated."""
    if case is None:
        if stated.stated:
            return "Predict, then reveal: " + " ".join(stated.as_options()), stated
        case = next(iter(kb.cases))
    if case not in kb.cases:
        hint = did_you_mean(case, kb.cases) or f"; expected {', '.join(kb.cases)}"
        raise WrongQuestionError(f"--case: no case {case!r}{hint}")
    found = kb.cases[case]
    return found.title, Need.of(found.need).with_changes(stated.stated)


def _on_terminal() -> bool:
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def _ask(title: str, steps: tuple[PredictionStep, ...]) -> None:
    click.echo(title)
    guessed = right = 0
    for number, step in enumerate(steps, 1):
        click.echo(f"\n{number}. {step.question}")
        for letter, option in zip(LETTERS, step.options, strict=False):
            click.echo(f"   {letter}) {option}")
        try:
            guess = _guess(len(step.options))
        except (EOFError, KeyboardInterrupt, click.Abort):
            click.echo()
            break
        if guess is not None:
            guessed += 1
            right += guess == step.right
            click.echo(f"{RIGHT if guess == step.right else WRONG}: {LETTERS[step.right]}")
        else:
            click.echo(LETTERS[step.right])
        for line in step.reveal:
            click.echo(f"   {line}")
    click.echo(f"\n{right} of {guessed} guesses right.")


def _guess(options: int) -> int | None:
    """The place that is guessed, from 0; None for no guess. Asks again for what is neither."""
    expected = f"A-{LETTERS[options - 1]}, or Enter"
    while True:
        typed = input(f"[{expected}] ").strip().upper()
        if not typed:
            return None
        place = int(typed) - 1 if typed.isdigit() else LETTERS.find(typed)
        if len(typed) <= 2 and 0 <= place < options:
            return place
        click.echo(f"expected {expected}")
