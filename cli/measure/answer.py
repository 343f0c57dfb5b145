"""Measures, votes, keeps and tells: the answer to `whyllm measure`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from whyllm.cli.asked_on import question_asked
from whyllm.cli.exits import ANSWERED, NEGATIVE, WrongQuestionError, tell
from whyllm.cli.measure.candidates import contenders, work_of
from whyllm.cli.measure.keeping import keep, kept
from whyllm.cli.measure.progress import progress
from whyllm.cli.measure.voting import refuse_without_terminal, votes_at_terminal
from whyllm.cli.output import write_json, write_rich, write_text
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.knowledge import answering_catalogue
from whyllm.engine.measuring.comparison import answered
from whyllm.engine.measuring.prompts import read_prompts
from whyllm.engine.measuring.result import as_json, measurement_of, read_measurement
from whyllm.engine.measuring.server import KEY_VARIABLE, Api
from whyllm.engine.measuring.session import Plan, measure
from whyllm.engine.measuring.votes import read_votes, votes_of, with_votes
from whyllm.kb.measurement_schema import Measurement

INTERRUPTED = 130


def answer(
    models: tuple[str, ...],
    prompts: Path | None,
    endpoint: str | None,
    api: Api | None,
    key_from: str | None,
    repeats: int,
    timeout: float,
    seed: int,
    served_quant: str | None,
    vote: bool,
    votes_file: Path | None,
    result: Path | None,
    no_keep: bool,
    format_: str,
    output: Path | None,
    color: str,
    **given: Any,
) -> int:
    """Answer what the options of the command ask; gives the exit code."""
    question, remark = question_asked(given)
    catalogue = answering_catalogue(question.folders)
    if vote:
        refuse_without_terminal()
    if result is not None or (votes_file is not None and prompts is None):
        if models or prompts is not None:
            raise WrongQuestionError("--result shows what was measured; give no MODEL or --prompts")
        measurement = _saved(result, votes_file)
        new = votes_file is not None
    else:
        if prompts is None:
            raise WrongQuestionError("--prompts FILE: what is to be put to the models?")
        if votes_file is not None:
            raise WrongQuestionError(
                "--votes: votes are on what was measured before; name --result"
            )
        _refuse_unwritable(output)
        if remark and not models:
            raise WrongQuestionError(
                "no consultation is remembered: name two or three models, or ask "
                "`whyllm recommend` first"
            )
        plan = Plan(
            contenders(models, question, catalogue, endpoint, api),
            read_prompts(prompts),
            repeats,
            seed,
            timeout,
            _quantisation(served_quant, catalogue),
            _key(key_from),
        )
        measurement = _measured(plan, catalogue, work_of(question))
        new = True
    if vote:
        votes = votes_at_terminal(measurement)
        if votes:
            measurement, new = with_votes(measurement, votes), True
    if new and not no_keep:
        _keep(measurement)
    try:
        _write(measurement, catalogue, format_, output, color)
    except WrongQuestionError:
        if output is not None:  # the hour that it took is not to be lost with the disk
            _write(measurement, catalogue, format_, None, color)
        raise
    return _code(measurement)


def _refuse_unwritable(output: Path | None) -> None:
    """Raise WrongQuestionError for a file that could not be written once all is measured."""
    if output is None:
        return
    folder = output.parent
    if not folder.is_dir() or not os.access(folder, os.W_OK) or output.is_dir():
        raise WrongQuestionError(
            f"{output}: cannot be written; expected a file in a folder of yours"
        )


def _saved(result: Path | None, votes_file: Path | None) -> Measurement:
    """A result from its file, or the kept one that votes are on; with the votes."""
    said = read_votes(votes_file) if votes_file is not None else None
    if result is not None:
        measurement = read_measurement(result)
    else:
        assert said is not None
        measurement = kept(said.session)
    if said is None:
        return measurement
    assert votes_file is not None
    return with_votes(measurement, votes_of(said, measurement, votes_file))


def _measured(plan: Any, catalogue: Catalogue, work: Any) -> Measurement:
    with progress(plan, catalogue) as told:
        measured = measure(plan, told)
    return measurement_of(plan, measured, work)


def _quantisation(stated: str | None, catalogue: Catalogue) -> str | None:
    if stated is None or stated.upper() in catalogue.quantisations:
        return stated and stated.upper()
    known = ", ".join(catalogue.quantisations)
    raise WrongQuestionError(f"--served-quant: found {stated!r}, expected one of {known}")


def _key(variable: str | None) -> str | None:
    """The API key of the environment; a named variable must hold one."""
    key = os.environ.get(variable or KEY_VARIABLE)
    if variable and not key:
        raise WrongQuestionError(f"--key-from {variable}: the environment has no such variable")
    if key and not (key.isascii() and key.isprintable()):
        raise WrongQuestionError(f"{variable or KEY_VARIABLE}: holds what no API key can")
    return key or None


def _keep(measurement: Measurement) -> None:
    """Keep what can be compared; a session that was ended early would stand for a whole one."""
    if measurement.interrupted:
        tell("the measurement was ended early and is not kept")
    elif len(answered(measurement)) > 1:
        keep(measurement)
        if measurement.work is None:
            tell("`recommend` uses it for nothing: state --task or --modality when measuring")


def _write(
    measurement: Measurement, catalogue: Catalogue, format_: str, output: Path | None, color: str
) -> None:
    if format_ == "json":
        write_json(as_json(measurement), output)
    elif format_ == "md":
        from whyllm.engine.render.measurement_markdown import markdown

        write_text(markdown(measurement, catalogue), output)
    elif format_ == "html":
        from whyllm.engine.render.measurement_html import html

        write_text(html(measurement, catalogue), output)
    else:
        from whyllm.engine.render.measurement_text import print_measurement

        write_rich(lambda c: print_measurement(c, measurement, catalogue), output, color)


def _code(measurement: Measurement) -> int:
    """1 where a check failed or a candidate has no whole run; 130 where the user ended it."""
    if measurement.interrupted:
        return INTERRUPTED
    whole = {run.model for run in measurement.runs if run.fault is None and not run.warm_up}
    failed = any(not check.passed for run in measurement.runs for check in run.checks)
    missing = any(candidate.model not in whole for candidate in measurement.candidates)
    return NEGATIVE if failed or missing else ANSWERED
