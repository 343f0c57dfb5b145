"""`whyllm history`: the remembered consultations as command lines, the newest first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from whyllm.cli.exits import ANSWERED
from whyllm.cli.last import Remembered, history
from whyllm.cli.options import file_option
from whyllm.cli.output import write_json, write_text

if TYPE_CHECKING:
    from whyllm.engine.render.shapes import HistoryJson, RememberedJson


@click.command("history")
@file_option
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text",
    help="[default: text]",
)  # fmt: skip
def command(output: Path | None, format_: str) -> int:
    """The remembered consultations, newest first; the number is what `why --back` takes."""
    questions = history()
    if format_ == "json":
        data: HistoryJson = {
            "schema": "whyllm.history/1",
            "questions": [_as_json(back, item) for back, item in enumerate(questions)],
        }
        write_json(data, output)
    else:
        lines = [
            f"{back:>2}  {item.asked:%Y-%m-%d %H:%M} UTC  {item.command}"
            for back, item in enumerate(questions)
        ]
        write_text("\n".join(lines or ["No consultation is remembered."]) + "\n", output)
    return ANSWERED


def _as_json(back: int, item: Remembered) -> RememberedJson:
    question = item.question
    return {
        "back": back,
        "asked": f"{item.asked:%Y-%m-%dT%H:%M:%SZ}",
        "command": item.command,
        "need": question.need.as_json(),
        "rulebook": question.rulebook,
        "on": None if question.on is None else question.on.isoformat(),
        "kb_folders": [str(folder) for folder in question.folders],
    }
