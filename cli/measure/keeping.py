"""Keeps measurements, without prompts and outputs, where every command finds them."""

from __future__ import annotations

import json
from pathlib import Path

from whyllm.cli.exits import tell
from whyllm.cli.output import replace_file
from whyllm.engine.knowledge import kept_folder
from whyllm.engine.measuring.result import as_json, read_measurement, without_texts
from whyllm.kb.errors import KnowledgeError
from whyllm.kb.measurement_schema import Measurement

LARGEST = 1_000_000
"""Bytes of one that is kept: some fifteen hundred runs."""

LARGEST_OF_ALL = 3_000_000
"""Bytes of all that are kept, which every command reads; older ones are let go. In them no more
values can stand than a folder of knowledge may hold: one takes six bytes at least."""


def keep(measurement: Measurement) -> None:
    """Keep it; where that cannot be, it is told, and no reason to fail."""
    path = _file(measurement.id)
    raw = json.dumps(as_json(without_texts(measurement)), ensure_ascii=False).encode()
    if len(raw) > LARGEST:
        tell(f"the measurement was not kept: its figures take more than {LARGEST:,} bytes")
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, [raw])
        _let_the_oldest_go(path.parent)
    except OSError as error:
        tell(f"the measurement was not kept: {error}")


def _let_the_oldest_go(folder: Path) -> None:
    total = 0
    for path in sorted(folder.glob("*.json"), reverse=True):  # the names begin with the date
        total += path.stat().st_size
        if total > LARGEST_OF_ALL:
            path.unlink(missing_ok=True)


def kept(session: str) -> Measurement:
    """A kept measurement by its id; KnowledgeError when there is none."""
    path = _file(session)
    if not path.is_file():
        raise KnowledgeError(f"no measurement {session!r} is kept; name its file by --result", None)
    return read_measurement(path)


def _file(session: str) -> Path:
    """Where the measurement of a session is kept, if it is."""
    return kept_folder() / "measurements" / f"{session}.json"
