"""`whyllm what-if --set axis=value …`: what another need would change."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from whyllm.cli.asked_on import consultation_options, question_asked
from whyllm.cli.exits import ANSWERED, NEGATIVE, WrongQuestionError, tell
from whyllm.cli.last import Question
from whyllm.cli.options import output_options
from whyllm.cli.output import write_json, write_rich
from whyllm.engine.consulting import SHORTLIST, consult
from whyllm.engine.explaining.what_if import what_if
from whyllm.engine.knowledge import answering_catalogue
from whyllm.engine.need import AXES, Need


@click.command("what-if")
@click.option("--set", "settings", multiple=True, required=True, metavar="AXIS=VALUE",
              help="An axis set anew; an empty value states it no longer. Repeatable.")  # fmt: skip
@click.option("--all", "every", is_flag=True, help="List every model, not the first ones.")
@consultation_options
@output_options("text", "json")
def command(
    settings: tuple[str, ...],
    every: bool,
    format_: str,
    output: Path | None,
    color: str,
    **given: Any,
) -> int:
    """Who enters, leaves and moves if some axes were set anew, and why.

    Without a need it starts from the last consultation.
    """
    changes = changes_of(settings)
    question, remark = question_asked(given)
    question.need.with_changes(changes)  # a wrong value is told before anything is asked
    if remark:
        tell(remark)
    return answer(question, changes, every, format_, output, color)


def answer(
    question: Question,
    changes: Mapping[str, object],
    every: bool,
    format_: str,
    output: Path | None,
    color: str,
) -> int:
    """Write what the changes of the need would change; gives the exit code."""
    catalogue = answering_catalogue(question.folders)
    before = consult(question.need, catalogue, question.rulebook, question.on)
    found = what_if(before, changes)
    if format_ == "json":
        from whyllm.engine.render.change_json import what_if_json

        write_json(what_if_json(found, changes), output)
    else:
        from whyllm.engine.render.change_text import print_what_if

        write_rich(lambda c: print_what_if(c, found, changes, every), output, color)
    return ANSWERED if found.after.outcome == SHORTLIST else NEGATIVE


def changes_of(settings: tuple[str, ...]) -> dict[str, object]:
    """The changes of `--set`: axis -> value, a tuple where repeatable, None to state no more."""
    found: dict[str, object] = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals:
            raise WrongQuestionError(f"--set {setting}: expected AXIS=VALUE, such as use=research")
        value: object = text.strip() or None
        axis = Need.axis_named(name)
        if AXES[axis].flag and value is not None:
            if text.strip().lower() not in ("true", "false", "yes", "no"):
                raise WrongQuestionError(f"--set {setting}: expected true or false after =")
            value = text.strip().lower() in ("true", "yes") or None
        if AXES[axis].repeatable and value is not None:
            given = [part.strip() for part in str(value).split(",") if part.strip()]
            already = found.get(axis)
            value = (*already, *given) if isinstance(already, tuple) else tuple(given)
        elif axis in found:
            raise WrongQuestionError(f"--set {setting}: {name} is set twice")
        found[axis] = value
    return found
