"""Reads the rows of a part: each is a mention of a model, or a fault."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from io import BytesIO
from typing import Any

from pyarrow.parquet import ParquetFile
from whyllm.engine.fleet.parts import Part
from whyllm.engine.inventory.columns import Columns, columns_of, expected_column, parted, tagged
from whyllm.engine.inventory.mention import Fault, Found, Mention, Place
from whyllm.engine.inventory.name_shapes import LONGEST_NAME

BATCH = 5_000
"""Rows of a Parquet file that are decoded at a time."""


def rows_of(part: Part) -> Iterator[Found]:
    """The rows in order, one Mention or Fault for each; empty lines are no rows.

    A row's place is its file with its line, or with its number from 1 in a Parquet file. OSError
    or pyarrow's ArrowInvalid where the file cannot be read any more.
    """
    return _READERS[part.table.kind](part)


def _parquet_rows(part: Part) -> Iterator[Found]:
    table = part.table
    columns = _columns(table.header, table.column)
    assert columns is not None  # as the plan found
    names = [table.header[at] for at in columns.all]
    with ParquetFile(table.path) as file:
        groups, number = _groups(file, part)
        for batch in file.iter_batches(BATCH, row_groups=groups, columns=names):
            begin, end = max(part.start - number, 0), min(part.stop - number, batch.num_rows)
            if begin < end:
                rows = batch.slice(begin, end - begin).to_pylist()
                for at, row in enumerate(rows, start=number + begin + 1):
                    yield _row(row, table.header, columns, Place(table.shown, at))
            number += batch.num_rows


def _groups(file: ParquetFile, part: Part) -> tuple[list[int], int]:
    """The row groups that hold rows of the part, and the number of the first row in them."""
    found: list[int] = []
    first = number = 0
    for group in range(file.num_row_groups):
        after = number + file.metadata.row_group(group).num_rows
        if number < part.stop and after > part.start:
            first = first if found else number
            found.append(group)
        number = after
    return found, first


def _json_rows(part: Part) -> Iterator[Found]:
    for number, line in enumerate(_bytes(part).split(b"\n"), start=part.line):
        if not line.strip():
            continue
        place = Place(part.table.shown, number)
        try:
            data = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield Fault(place, f"is no JSON: {error}")
            continue
        if not isinstance(data, dict):
            yield Fault(place, f"expected an object, found {type(data).__name__}")
            continue
        header = tuple(data)
        columns = _columns(header, part.table.column)
        if columns is None:
            yield Fault(place, expected_column(header, part.table.column))
        else:
            yield _row(data, header, columns, place)


def _csv_rows(part: Part) -> Iterator[Found]:
    table = part.table
    columns = _columns(table.header, table.column)
    assert columns is not None  # as the plan found
    lines = (line.decode("utf-8", "replace") for line in BytesIO(_bytes(part)))
    records = csv.reader(lines, delimiter=table.delimiter)
    while True:
        place = Place(table.shown, part.line + records.line_num)
        try:
            cells = next(records)
        except StopIteration:
            return
        except csv.Error as error:
            yield Fault(place, f"cannot be read as a row: {error}")
            continue
        if len(cells) > columns.name:
            row = dict(zip(table.header, cells, strict=False))
            yield _row(row, table.header, columns, place)
        elif cells:
            text = f"expected {len(table.header)} fields, found {len(cells)}"
            yield Fault(place, text)


_columns = lru_cache(1_000)(columns_of)


def _row(row: Mapping[str, Any], header: Sequence[str], columns: Columns, place: Place) -> Found:
    """What a row says; its licences are all in force together, as are those of its bases."""
    said = row.get(header[columns.name])
    name = " ".join(said.split()) if isinstance(said, str) else ""
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        return Fault(place, f"expected a model's name, of at most {LONGEST_NAME} plain characters")
    licences = [text for at in columns.licences for text in _texts(row.get(header[at]))]
    bases = [text for at in columns.bases for text in _texts(row.get(header[at]))]
    tags = [text for at in columns.tags for text in _texts(row.get(header[at]))]
    declared = licences or tagged(tags, "license")
    made_from = [name for text in bases for name in parted(text)] or tagged(tags, "base_model")
    return Mention(name, place, tuple(dict.fromkeys(declared)), tuple(dict.fromkeys(made_from)))


def _texts(value: object) -> list[str]:
    """The texts of a cell, which holds one or a list of them."""
    cells = value if isinstance(value, list) else [value]
    texts = (cell.strip() for cell in cells if isinstance(cell, str))
    return [text.encode("utf-8", "replace").decode() for text in texts if text]


def _bytes(part: Part) -> bytes:
    with open(part.table.path, "rb") as file:
        file.seek(part.start)
        return file.read(part.stop - part.start)


_READERS = {"parquet": _parquet_rows, "jsonl": _json_rows, "csv": _csv_rows}
