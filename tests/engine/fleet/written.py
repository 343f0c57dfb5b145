"""Catalogues as files, for the tests of the fleet."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
from pyarrow.parquet import write_table

Row = tuple[str, str | None, str | None]


def as_parquet(path: Path, rows: Sequence[Row], group: int = 1_000_000) -> Path:
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    names = ("id", "license", "base_model")
    arrays = [pa.array(column, pa.string()) for column in columns]
    table = pa.table(arrays, names)
    write_table(table, path, row_group_size=group)
    return path


def as_csv(path: Path, rows: Sequence[Row], delimiter: str = ",") -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(["model", "licence", "base_model"])
        writer.writerows(rows)
    return path


def as_lines(path: Path, rows: Sequence[Row]) -> Path:
    keys = ("id", "license", "base_model")
    lines = (json.dumps(dict(zip(keys, row, strict=True)), ensure_ascii=False) for row in rows)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path
