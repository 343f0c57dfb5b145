"""Keeps measurements, without prompts and outputs, where every command finds them."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from whyllm.cli.exits import tell
from whyllm.cli.output import replace_file
from whyllm.engine.knowledge import MEASUREMENTS, kept_folder
from whyllm.engine.measuring.result import as_json, read_measurement, without_texts
from whyllm.kb.errors import KnowledgeError
from whyllm.kb.measurement_schema import Measurement

MOST_KEPT = 100
"""Measurements that stay; older ones are let go."""


def keep(measurement: Measurement) -> None:
    """Keep it; a folder that cannot be written is told, and no reason to fail."""
    folder = kept_folder() / MEASUREMENTS
    text = json.dumps(as_json(without_texts(measurement)), ensure_ascii=False, indent=1)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        replace_file(folder / f"{measurement.id}.json", [text.encode()])
    except OSError as error:
        tell(f"the measurement was not kept: {error}")
        return
    for path in sorted(folder.glob("*.json"))[:-MOST_KEPT]:  # the names begin with the date
        with suppress(OSError):
            path.unlink()


def kept(session: str) -> Measurement:
    """A kept measurement by its id; KnowledgeError when there is none."""
    path = kept_folder() / MEASUREMENTS / f"{session}.json"
    if not path.is_file():
        raise KnowledgeError(f"no measurement {session!r} is kept; name its file by --result", None)
    return read_measurement(path)


def kept_path(measurement: Measurement) -> Path:
    """Where a measurement is kept, if it is."""
    return kept_folder() / MEASUREMENTS / f"{measurement.id}.json"
