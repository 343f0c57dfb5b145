"""`whyllm ask "QUESTION"`: a question in words, answered as the command that it stands for."""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from whyllm.cli import compare, recommend, what_if, why
from whyllm.cli.asked_on import WITHOUT_CONSULTATION
from whyllm.cli.exits import tell
from whyllm.cli.last import Question, recall
from whyllm.cli.options import Day, kb_option, output_options
from whyllm.engine.asking.question import Changes, Kind
from whyllm.engine.asking.reader import read_question
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.knowledge import answering_catalogue
from whyllm.engine.need import Need
from whyllm.engine.stages import RULEBOOKS
from whyllm.kb.errors import UnknownNameError
from whyllm.kb.names import NameIndex


@dataclass(frozen=True)
class Context:
    """What an answer needs beside the question that was read.

    `last` is the remembered consultation, or None, and `remembered` that with the options of `ask`
    over it; `fresh` is those options alone, without a need. The other fields say what names mean,
    and where the answer goes.
    """

    last: Question | None
    remembered: Question | None
    fresh: Question
    catalogue: Catalogue
    names: NameIndex
    format: str
    output: Path | None
    color: str

    def name(self, model: str) -> str:
        """A name by which a command line finds the model: its id, unless that means another."""
        for name in (model, self.catalogue.models[model].name):
            try:
                if self.names.resolve(name).model == model:
                    return name
            except UnknownNameError:
                continue
        return model


Answer = Callable[[Sequence[str], Changes, Context], int]


@click.command("ask")
@click.argument("words", metavar="QUESTION", nargs=-1, required=True)
@click.option("--rulebook", type=click.Choice(RULEBOOKS), default=None,
              help="Which rules judge.  [default: as remembered, else expert]")  # fmt: skip
@click.option("--on", type=Day(), metavar="DATE", help="Judge as of that day.  [today]")
@kb_option
@output_options("text", "json")
def command(
    words: tuple[str, ...],
    rulebook: str | None,
    on: dt.date | None,
    folders: tuple[Path, ...],
    format_: str,
    output: Path | None,
    color: str,
) -> int:
    """A question in words, English or French, answered as the command that it stands for.

    Why or why not a model, what a licence allows, which model for a need:
    docs/reference/questions.md has the forms. Questions about a verdict are answered on the last
    consultation.
    """
    last = recall()
    remembered = None if last is None else last.with_options({}, rulebook, folders, on)
    fresh = Question(Need.of({}), rulebook or "expert", folders, on)
    catalogue = answering_catalogue((remembered or fresh).folders)
    names = catalogue.names
    asked = read_question(" ".join(words), names.resolve)
    context = Context(last, remembered, fresh, catalogue, names, format_, output, color)
    return ANSWERS[asked.kind](asked.models, asked.changes, context)


def _why(models: Sequence[str], changes: Changes, context: Context) -> int:
    """The verdict on the last consultation, with the changes over it."""
    if context.remembered is None:
        return _why_alone(models, changes, context)
    (model,) = models
    question = context.remembered.with_options(changes, None, (), None)
    options = [] if question == context.last else question.as_options()
    _read_as("why", [context.name(model)], options)
    return why.answer(
        model, question, context.catalogue, context.format, context.output, context.color
    )


def _why_alone(models: Sequence[str], changes: Changes, context: Context) -> int:
    """The verdict for what the question itself says, and nothing else."""
    (model,) = models
    question = context.fresh.with_options(changes, None, (), None)
    _read_as("why", [context.name(model)], question.as_options())
    if not changes:
        tell(WITHOUT_CONSULTATION)
    catalogue = answering_catalogue(question.folders)
    return why.answer(model, question, catalogue, context.format, context.output, context.color)


def _recommend(models: Sequence[str], changes: Changes, context: Context) -> int:
    """A shortlist for what the question itself says."""
    question = context.fresh.with_options(changes, None, (), None)
    _read_as("recommend", [], question.as_options())
    return recommend.answer(question, False, False, context.format, context.output, context.color)


def _what_if(models: Sequence[str], changes: Changes, context: Context) -> int:
    """What the changes would change of the last consultation, or of none."""
    question = context.remembered or context.fresh
    settings = [f"{axis}={_plain(value)}" for axis, value in changes.items()]
    options = [] if context.remembered == context.last else question.as_options()
    _read_as("what-if", [word for s in settings for word in ("--set", s)], options)
    if context.remembered is None:
        tell(WITHOUT_CONSULTATION)
    return what_if.answer(question, changes, False, context.format, context.output, context.color)


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(map(_plain, value))
    return f"{value:g}" if isinstance(value, float) else str(value).lower()


def _compare(models: Sequence[str], changes: Changes, context: Context) -> int:
    """What decides between two models on the last consultation, with the changes over it."""
    one, other = models
    compare.check_two((one, other), context.catalogue)
    question = (context.remembered or context.fresh).with_options(changes, None, (), None)
    options = [] if question == context.last else question.as_options()
    _read_as("compare", [context.name(one), context.name(other)], options)
    if context.remembered is None and not changes:
        tell(WITHOUT_CONSULTATION)
    return compare.answer(
        (one, other), question, context.catalogue, context.format, context.output, context.color
    )


def _first(models: Sequence[str], changes: Changes, context: Context) -> int:
    """How a model could come first on the last consultation, with the changes over it."""
    (model,) = models
    question = (context.remembered or context.fresh).with_options(changes, None, (), None)
    options = [] if question == context.last else question.as_options()
    _read_as("why", [context.name(model), "--first"], options)
    if context.remembered is None and not changes:
        tell(WITHOUT_CONSULTATION)
    return why.answer(
        model,
        question,
        context.catalogue,
        context.format,
        context.output,
        context.color,
        to_first=True,
    )


def _read_as(name: str, arguments: Sequence[str], options: Sequence[str]) -> None:
    tell(f"read as: {shlex.join(['whyllm', name, *arguments, *options])}")


ANSWERS: Mapping[Kind, Answer] = {
    "why": _why,
    "why-not": _why,
    "admit": _why,
    "licence": _why_alone,
    "recommend": _recommend,
    "what-if": _what_if,
    "first": _first,
    "compare": _compare,
}
