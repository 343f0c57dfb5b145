"""Cuts the files of a catalogue into parts, each of which one worker judges at a time."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pyarrow import ArrowInvalid
from pyarrow.parquet import read_metadata, read_schema
from whyllm.engine.inventory.columns import columns_of, expected_column
from whyllm.engine.inventory.tables import delimiter_of
from whyllm.kb.errors import KnowledgeError

ROWS = 25_000
"""Rows of a part: some seconds of work, which is what is lost where a worker is."""

BYTES = 2_000_000
"""Bytes of a part of a text file, which no one counts the rows of before."""

KINDS = {".parquet": "parquet", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv"}
"""End of a file's name -> how its rows are written."""


@dataclass(frozen=True)
class Table:
    """A file of rows: its path, the path as the user gave it, how it is written, its columns.

    `header` has the columns of the file in order; JSON lines have none, since each row names its
    own. `bytes` and `modified` (nanoseconds of the epoch) tell whether it is still the same.
    """

    path: str
    shown: str
    kind: str
    bytes: int
    modified: int
    header: tuple[str, ...] = ()
    delimiter: str = ","
    column: str | None = None


@dataclass(frozen=True)
class Part:
    """Some rows of a file that follow each other.

    `start` and `stop` are bytes of a text file and rows of a Parquet file, from 0; `line` is the
    line of the file at which a part of text begins, from 1.
    """

    number: int
    table: Table
    start: int
    stop: int
    line: int = 1


def tables_in(path: Path, shown: str, column: str | None = None) -> list[Table]:
    """The files of rows in a folder, at any depth, or a file alone, in order of their paths.

    `column` names the column of the models. KnowledgeError where there is none, where a file
    cannot be read or has no column that names models.
    """
    if not path.exists():
        raise KnowledgeError(f"{shown}: no such file or folder")
    if not path.is_dir():
        return [_table(path, shown, column)]
    found = sorted(file for file in path.rglob("*") if _is_one(file.relative_to(path), file))
    if not found:
        raise KnowledgeError(f"{shown}: holds no file of rows: expected {', '.join(KINDS)}")
    return [_table(file, os.path.join(shown, file.relative_to(path)), column) for file in found]


def parts_of(tables: Sequence[Table]) -> list[Part]:
    """All parts, numbered from 0 in the order of the files and of their rows."""
    cuts = ((table, cut) for table in tables for cut in _CUTS[table.kind](table))
    return [Part(number, table, *cut) for number, (table, cut) in enumerate(cuts)]


def _is_one(beneath: Path, file: Path) -> bool:
    """What begins with a point or an underline is no data, as Parquet's readers have it."""
    hidden = any(part.startswith((".", "_")) for part in beneath.parts)
    return file.suffix.lower() in KINDS and not hidden and file.is_file()


def _table(path: Path, shown: str, column: str | None) -> Table:
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise KnowledgeError(f"{shown}: expected a file of {', '.join(KINDS)}")
    try:
        state = path.stat()
        header, delimiter = _header(path, shown, kind, column)
    except OSError as error:
        raise KnowledgeError(f"{shown}: cannot be read: {error.strerror or error}") from None
    size, modified = state.st_size, state.st_mtime_ns
    path = path.resolve()
    return Table(str(path), shown, kind, size, modified, header, delimiter, column)


def _header(path: Path, shown: str, kind: str, column: str | None) -> tuple[tuple[str, ...], str]:
    if kind == "jsonl":
        return (), ","
    if kind == "parquet":
        header, delimiter = _parquet_columns(path, shown), ","
    else:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            first = file.readline()
            delimiter = delimiter_of(first, column) or ("\t" if path.suffix == ".tsv" else ",")
            header = next(csv.reader([first], delimiter=delimiter), [])
    if columns_of(header, column) is None:
        raise KnowledgeError(f"{shown}: {expected_column(header, column)}")
    return tuple(header), delimiter


def _parquet_columns(path: Path, shown: str) -> list[str]:
    try:
        names: list[str] = read_schema(path).names
    except ArrowInvalid as error:
        raise KnowledgeError(f"{shown}: is no Parquet file: {error}") from None
    return names


def _cuts_of_parquet(table: Table) -> Iterator[tuple[int, int, int]]:
    rows = read_metadata(table.path).num_rows
    for start in range(0, rows, ROWS):
        yield start, min(start + ROWS, rows), 1


def _cuts_of_lines(table: Table) -> Iterator[tuple[int, int, int]]:
    """Where lines end, every few megabytes."""
    with open(table.path, "rb") as file:
        start, line = 0, 1
        while block := file.read(BYTES):
            block += file.readline()
            yield start, start + len(block), line
            start += len(block)
            line += block.count(b"\n")


def _cuts_of_records(table: Table) -> Iterator[tuple[int, int, int]]:
    """Where records end: a line break between quotes is none, so the records are read for it."""
    with open(table.path, "rb") as file:
        taken = _Taken(file)
        records = csv.reader(taken, delimiter=table.delimiter)
        if not _advance(records):
            return
        start, line = taken.bytes, records.line_num + 1
        while _advance(records):
            if taken.bytes - start >= BYTES:
                yield start, taken.bytes, line
                start, line = taken.bytes, records.line_num + 1
        if taken.bytes > start:
            yield start, taken.bytes, line


class _Taken:
    """The lines of a file as the csv module takes them; `bytes` are those taken so far.

    What parts records are ASCII characters, which stand for themselves in UTF-8 and Latin-1 alike.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.bytes = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._file:
            self.bytes += len(line)
            yield line.decode("latin-1")


def _advance(records: Iterator[list[str]]) -> bool:
    """Whether there was a further record, be it one that cannot be read."""
    try:
        next(records)
    except StopIteration:
        return False
    except csv.Error:
        return True
    return True


_CUTS = {"parquet": _cuts_of_parquet, "jsonl": _cuts_of_lines, "csv": _cuts_of_records}
