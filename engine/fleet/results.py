"""Writes what was found in a part as a Parquet file, whole or not at all, and reads its outcome.

A file that stands is a part that was judged: what is told of the run is kept in the file itself, so
that a run which goes on after another need not judge that part, or even read its rows, again.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path

import pyarrow as pa
from pyarrow.parquet import ParquetWriter, read_metadata
from whyllm.engine.fleet.outcome import Outcome, axes_of, rules_of
from whyllm.engine.inventory.mention import Fault
from whyllm.engine.reviewing.finding import Item

OUTCOME = b"whyllm.outcome"
"""The key of a file's metadata that holds its outcome, as JSON."""

AT_ONCE = 5_000
"""Rows that are turned into columns together."""

_TEXTS = pa.list_(pa.string())

COLUMNS: Mapping[str, tuple[pa.DataType, str]] = {
    "file": (pa.dictionary(pa.int32(), pa.string()), "the file that the row stands in"),
    "line": (pa.int64(), "its line there, or its number in a Parquet file; both from 1"),
    "name": (pa.string(), "the model, as the row names it"),
    "declared": (_TEXTS, "the licences that the row declares, as written"),
    "base": (_TEXTS, "the models that it is said to be made from, as written"),
    "model": (pa.string(), "the id of the variant whose weights these are; null for others"),
    "verdict": (pa.string(), "allowed, conditional, unknown or forbidden; null beside a fault"),
    "rules": (_TEXTS, "the rules that forbid, or leave open or conditional"),
    "licences": (_TEXTS, "the ids of all licences that bind it"),
    "duties": (_TEXTS, "the ids of what they ask in return, as <licence>/<duty>"),
    "depends_on": (_TEXTS, "the axes that a conditional verdict hangs on"),
    "made_from": (_TEXTS, "the ids of the variants that it was made from"),
    "unrecognised": (_TEXTS, "declared licences that the knowledge does not hold"),
    "contradictions": (_TEXTS, "the rules by which a declaration contradicts what is known"),
    "instead": (_TEXTS, "the ids of variants that the use allows, the nearest first"),
    "exception": (pa.string(), "valid or expired, where the policy makes an exception of it"),
    "fault": (pa.string(), "why the row could not be read"),
}
"""Column -> its type and what it holds. Every row of the input is a row here, in its order."""

SCHEMA = pa.schema(
    [pa.field(key, kind, metadata={"description": said}) for key, (kind, said) in COLUMNS.items()]
)


def file_of(folder: Path, number: int) -> Path:
    """Where the rows of a part are written."""
    return folder / f"part-{number:06}.parquet"


def standing(folder: Path, number: int) -> Outcome | None:
    """The outcome of a part whose file is there; none where it is not, or is none of ours."""
    try:
        metadata = read_metadata(file_of(folder, number)).metadata or {}
        return Outcome.from_json(number, json.loads(metadata[OUTCOME]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write(folder: Path, outcome: Outcome, judged: Iterable[tuple[Item | Fault, bool]]) -> None:
    """Write the rows of a part, each with whether it fails the review, and count them.

    The file appears when it is whole; of two workers with the same part either may be first.
    """
    target = file_of(folder, outcome.number)
    half = folder / f".{target.name}.{secrets.token_hex(6)}"
    try:
        with ParquetWriter(half, SCHEMA, compression="zstd") as writer:
            for rows in _some(judged):
                for found, fails in rows:
                    outcome.add(found, fails)
                writer.write_batch(_columns([found for found, _ in rows]))
            writer.add_key_value_metadata({OUTCOME: json.dumps(outcome.as_json()).encode()})
        os.replace(half, target)
    finally:
        half.unlink(missing_ok=True)
    for left in folder.glob(f".{target.name}.*"):  # by a worker that was killed
        with suppress(OSError):
            left.unlink()


def _some(judged: Iterable[tuple[Item | Fault, bool]]) -> Iterator[list[tuple[Item | Fault, bool]]]:
    source = iter(judged)
    while rows := list(islice(source, AT_ONCE)):
        yield rows


def _columns(rows: list[Item | Fault]) -> pa.RecordBatch:
    cells = zip(*map(_cells, rows), strict=True)
    arrays = [pa.array(list(column), SCHEMA.field(at).type) for at, column in enumerate(cells)]
    return pa.record_batch(arrays, schema=SCHEMA)


def _cells(found: Item | Fault) -> tuple[object, ...]:
    """The values of a row, in the order of COLUMNS."""
    if isinstance(found, Fault):
        empty = (None,) * (len(COLUMNS) - 3)
        return (found.place.file, found.place.line, *empty, found.text)
    mention, finding = found.mention, found.finding
    exemption = finding.exemption
    return (
        mention.place.file,
        mention.place.line,
        mention.name,
        mention.declared,
        mention.bases,
        finding.model,
        str(finding.verdict),
        rules_of(finding),
        finding.licences,
        tuple(duty.id for duty in finding.duties),
        axes_of(finding),
        finding.made_from,
        finding.unrecognised,
        tuple(dict.fromkeys(cause.rule for cause in finding.contradictions)),
        finding.instead,
        exemption and ("expired" if exemption.expired else "valid"),
        None,
    )
