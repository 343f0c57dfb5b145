"""The result of a session as a measurement: made, read from a file, stripped of its texts."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from whyllm.engine.measuring.api import TEMPERATURE
from whyllm.engine.measuring.figures import figures
from whyllm.engine.measuring.session import Measured, Plan
from whyllm.engine.this_machine import this_computer
from whyllm.kb.errors import KnowledgeError
from whyllm.kb.files import read_raw
from whyllm.kb.json_file import parse_json
from whyllm.kb.measurement_schema import SCHEMA, Measurement, Run, Work
from whyllm.kb.validation import first_fault

MOST_BYTES = 64_000_000
"""Of a result with its outputs."""


def measurement_of(plan: Plan, measured: Measured, work: Work | None) -> Measurement:
    """The measurement of a session, without votes."""
    local = measured.began.astimezone()
    return Measurement.model_validate(
        {
            "schema": SCHEMA,
            "id": f"{local:%Y-%m-%d-%H%M%S}-{secrets.token_hex(2)}",
            "made": f"{local:%Y-%m-%d}",
            "began": measured.began,
            "seconds": measured.seconds,
            "interrupted": measured.interrupted,
            "machine": this_computer(),
            "work": work,
            "settings": {
                "repeats": plan.repeats,
                "timeout_s": plan.seconds,
                "temperature": TEMPERATURE,
                "seed": plan.seed,
                "order": "blocks-rotated",
            },
            "prompts": {
                "digest": plan.tasks.digest,
                "asked": [
                    {
                        "id": task.id,
                        "text": task.text,
                        "system": task.system,
                        "max_tokens": task.max_tokens,
                        "checks": [str(check) for check in task.checks],
                    }
                    for task in plan.tasks.tasks
                ],
            },
            "candidates": measured.candidates,
            "runs": measured.runs,
            "votes": (),
            "figures": [figures(c.model, measured.runs, ()) for c in measured.candidates],
        }
    )


def without_texts(measurement: Measurement) -> Measurement:
    """The measurement without prompts, outputs and warm-ups: what decides, and no more."""
    asked = tuple(
        prompt.model_copy(update={"text": None, "system": None, "checks": ()})
        for prompt in measurement.prompts.asked
    )
    prompts = measurement.prompts.model_copy(update={"asked": asked})
    runs = tuple(_without_texts(run) for run in measurement.runs if not run.warm_up)
    return measurement.model_copy(update={"prompts": prompts, "runs": runs})


def _without_texts(run: Run) -> Run:
    """The run without its output, and its checks without what they looked for and found."""
    checks = tuple(
        check.model_copy(update={"check": f"check {place}", "why": None})
        for place, check in enumerate(run.checks, 1)
    )
    return run.model_copy(update={"output": None, "checks": checks})


def as_json(measurement: Measurement) -> dict[str, Any]:
    """`whyllm.measurement/1`."""
    return measurement.model_dump(mode="json", by_alias=True)


def read_measurement(path: Path) -> Measurement:
    """A result file; KnowledgeError says file, key and fault."""
    data = parse_json(read_raw(path, MOST_BYTES), path, MOST_BYTES)
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise KnowledgeError(f"expected a result of `whyllm measure`: JSON of {SCHEMA}", path)
    try:
        return Measurement.model_validate(data)
    except ValidationError as error:
        raise KnowledgeError(first_fault(error, "the measurement")[1], path) from None
