"""`whyllm learn show LESSON`: a lesson, its claims checked as it is shown."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click
from whyllm.cli.exits import ANSWERED, NEGATIVE, WrongQuestionError
from whyllm.cli.options import Day, kb_option, output_options
from whyllm.cli.output import write_json, write_rich, write_text
from whyllm.cli.suggestions import did_you_mean
from whyllm.engine.cataloguing import catalogue
from whyllm.engine.knowledge import knowledge_base
from whyllm.engine.lessons.teacher import Teacher


@click.command("show")
@click.argument("lesson")
@click.option("--on", type=Day(), metavar="DATE", help="Judge as of that day.  [today]")
@kb_option
@output_options("text", "json", "md")
def command(
    lesson: str,
    on: dt.date | None,
    folders: tuple[Path, ...],
    format_: str,
    output: Path | None,
    color: str,
) -> int:
    """A lesson: text, tables, the course's tree, who falls, and claims with their evidence.

    Each claim is checked against the knowledge and the rules as it is shown; the exit code is 1
    where one does not hold.
    """
    kb = knowledge_base(folders)
    if lesson not in kb.curriculum:
        hint = did_you_mean(lesson, kb.curriculum) or f"; expected {', '.join(kb.curriculum)}"
        raise WrongQuestionError(f"no lesson {lesson!r}{hint}")
    known = catalogue(kb)
    taught = Teacher(kb, known, on or dt.date.today()).lesson(lesson)
    if format_ == "json":
        from whyllm.engine.render.lesson_json import lesson_json

        write_json(lesson_json(taught), output)
    elif format_ == "md":
        from whyllm.engine.graph.tree import course_tree
        from whyllm.engine.render.graph_mermaid import mermaid
        from whyllm.engine.render.lesson_markdown import lesson_markdown

        write_text(lesson_markdown(taught, mermaid(course_tree(kb.tree))), output)
    else:
        from whyllm.engine.render.lesson_text import print_lesson

        write_rich(lambda console: print_lesson(console, taught, known), output, color)
    holds = all(claim.holds for step in taught.steps for claim in step.claims)
    return ANSWERED if holds else NEGATIVE
