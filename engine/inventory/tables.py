"""Reads a table with a header (commas, semicolons, tabs, bars) in which a column names models."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import BinaryIO

from whyllm.engine.inventory.columns import (
    NAMES,
    Columns,
    columns_of,
    expected_column,
    folded,
    parted,
)
from whyllm.engine.inventory.decoding import Lines
from whyllm.engine.inventory.mention import Fault, Found, Mention, Place
from whyllm.engine.inventory.name_shapes import LONGEST_NAME

_DELIMITERS = ",;\t|"
_MOST_LINES = 1_000
"""Lines of one record: more is an unclosed quote."""


def delimiter_of(header: str, column: str | None = None, *, sure: bool = False) -> str | None:
    """The delimiter by which a first line has a column that names models, none if it has none.

    With `sure`, it must have a column that hardly stands elsewhere: `name` and `id` do not count.
    """
    wanted = [folded(column)] if column is not None else NAMES[:-2] if sure else NAMES
    for delimiter in _DELIMITERS:
        if delimiter in header and set(wanted) & set(map(folded, _cells(header, delimiter))):
            return delimiter
    return None


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return []


class _Records:
    """The lines of a file as the csv module takes them; `taken` are those of one record."""

    def __init__(self, lines: Lines, first: Sequence[str] = ()) -> None:
        self.lines = lines
        self.taken: list[str] = []
        self.start = 1
        self._source = chain(first, lines)

    def __iter__(self) -> Iterator[str]:
        for line in self._source:
            if not self.taken:
                self.start = self.lines.number
            if len(self.taken) >= _MOST_LINES:
                raise csv.Error("a quoted field that is not closed")
            self.taken.append(line)
            yield line + "\n"

    def place(self, fields: list[str], index: int, delimiter: str, shown: str) -> Place:
        """Where the field of that index begins in the record last taken."""
        text, at = "\n".join(self.taken), 0
        for field in fields[:index]:
            at = _end(text, at, field, delimiter) + 1
        at += len(text[at:]) - len(text[at:].lstrip(" "))
        at += text[at : at + 1] == '"'
        line = text.count("\n", 0, at)
        return Place(shown, self.start + line, at - (text.rfind("\n", 0, at) + 1) + 1)


def _end(text: str, at: int, field: str, delimiter: str) -> int:
    """Where a field ends in its record: the csv module does not tell."""
    start = at
    while text[at : at + 1] == " " and delimiter != " ":
        at += 1
    quoted = text[at : at + 1] == '"'
    length = len(field) + (2 + field.count('"') if quoted else 0)
    found = text.find(delimiter, max(at + length, start))
    return found if found >= 0 else len(text)


def read(
    file: BinaryIO, shown: str, *, column: str | None = None, delimiter: str | None = None
) -> Iterator[Found]:
    """The models of a table, with the licences and bases that other columns declare for them.

    `column` names the column of the models; without it the first known one counts. A header
    without such a column is a Fault that names the columns there are.
    """
    lines = Lines(file)
    header = next(iter(lines), "")
    delimiter = delimiter or delimiter_of(header, column) or _sniffed(header)
    header_cells = _cells(header, delimiter)
    columns = columns_of(header_cells, column)
    if columns is None:
        yield Fault(Place(shown, 1), expected_column(header_cells, column))
        return
    index = columns.name
    records, told = _Records(lines), 0
    rows = csv.reader(records, delimiter=delimiter, skipinitialspace=True)
    try:
        for row in rows:
            found: list[Found] = [
                Fault(Place(shown, number), text) for number, text in lines.faults[told:]
            ]
            told = len(lines.faults)
            if index < len(row) and row[index].strip():
                place = records.place(row, index, delimiter, shown)
                found.append(_mention(row, place, columns))
            elif row and len(row) <= index and any(map(str.strip, row)):
                missing = f"expected {len(header_cells)} fields, found {len(row)}"
                found.append(Fault(Place(shown, records.start), missing))
            yield from sorted(
                found, key=lambda item: (item.place.line or 0, item.place.column or 0)
            )
            records.taken = []
    except csv.Error as error:
        yield Fault(Place(shown, records.start), f"cannot be read as a table: {error}")
    for number, text in lines.faults[told:]:
        yield Fault(Place(shown, number), text)


def _mention(row: list[str], place: Place, columns: Columns) -> Found:
    name = " ".join(row[columns.name].split())
    if len(name) > LONGEST_NAME or not name.isprintable():
        return Fault(place, f"expected a model's name, of at most {LONGEST_NAME} plain characters")
    declared = (row[i].strip() for i in columns.licences if i < len(row))
    made_from = (part for i in columns.bases if i < len(row) for part in parted(row[i]))
    return Mention(name, place, tuple(dict.fromkeys(filter(None, declared))), tuple(made_from))


def _sniffed(header: str) -> str:
    """The delimiter that a header has most of."""
    return max(_DELIMITERS, key=header.count)
