"""`whyllm interview`: one question at a time, then the answer of `recommend`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click
from whyllm.cli.exits import ANSWERED, tell
from whyllm.cli.interview.dialogue import Dialogue
from whyllm.cli.interview.kept import keep, kept_session
from whyllm.cli.last import Question
from whyllm.cli.options import kb_option, need_options, output_options, stated_need
from whyllm.cli.recommend import answer
from whyllm.engine.interview.choice import Interviewer
from whyllm.engine.interview.session import Session
from whyllm.engine.knowledge import answering_catalogue, knowledge_base


@click.command("interview")
@need_options
@kb_option
@click.option(
    "--session", "file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Keep the answers there after each question, and go on from them if it exists.",
)  # fmt: skip
@click.option("--no-remember", is_flag=True, help="Do not keep the question for `why`.")
@output_options("text", "json")
def command(
    need_file: Path | None,
    machine: str | None,
    rulebook: str | None,
    on: dt.date | None,
    folders: tuple[Path, ...],
    file: Path | None,
    no_remember: bool,
    format_: str,
    output: Path | None,
    color: str,
    **axes: Any,
) -> int:
    """One question at a time, always the one that decides most; then the answer of `recommend`.

    What options state is not asked. Questions and remarks go to standard error; replies are read
    from standard input, a line each, and its end asks for the answer.
    """
    need = stated_need(axes, need_file)
    session = kept_session(file, need, rulebook, on) if file is not None else None
    session = session or Session(rulebook or "expert", on, need)
    keep(session, file)  # a file that cannot be written is told before anything is asked
    catalogue = answering_catalogue(folders)
    interviewer = Interviewer(catalogue, session.rulebook, session.on)
    dialogue = Dialogue(interviewer, session, file, lambda: knowledge_base(folders))
    if machine is not None:
        dialogue.confirm_machine()
    finished = dialogue.run()
    if finished is None:
        return ANSWERED
    question = Question(finished.need, finished.rulebook, folders, finished.on)
    code = answer(question, False, no_remember, format_, output, color)
    tell(f"the same answer: {question.command}")
    return code
