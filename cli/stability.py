"""`whyllm stability`: between which values of each stated number the shortlist stays the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from whyllm.cli.asked_on import consultation_options, question_asked
from whyllm.cli.exits import ANSWERED, tell
from whyllm.cli.options import output_options
from whyllm.cli.output import write_json, write_rich
from whyllm.engine.consulting import consult
from whyllm.engine.explaining.stability import stability
from whyllm.engine.knowledge import answering_catalogue


@click.command("stability")
@consultation_options
@output_options("text", "json")
def command(format_: str, output: Path | None, color: str, **given: Any) -> int:
    """Between which values of each stated number the shortlist stays the same.

    Beyond each end: the first value outside, who comes and who goes there. Without a need it
    answers on the last consultation.
    """
    question, remark = question_asked(given)
    catalogue = answering_catalogue(question.folders)
    if remark:
        tell(remark)
    found = stability(consult(question.need, catalogue, question.rulebook, question.on))
    if format_ == "json":
        from whyllm.engine.render.stability_json import stability_json

        write_json(stability_json(found), output)
    else:
        from whyllm.engine.render.stability_text import print_stability

        write_rich(lambda c: print_stability(c, found), output, color)
    return ANSWERED
