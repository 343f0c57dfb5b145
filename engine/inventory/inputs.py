"""Reads whatever a user hands over: a file, a folder, standard input; each by what it holds."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from whyllm.engine.inventory import name_lists, tables
from whyllm.engine.inventory.decoding import narrow
from whyllm.engine.inventory.folder_walk import files_of, said
from whyllm.engine.inventory.mention import Fault, Found, Place
from whyllm.engine.inventory.recognition import HEAD, Kind, kind_of
from whyllm.engine.inventory.text_files import found_in_text

MAX_BYTES = 32_000_000
"""Of a file that is read as a whole; lists and tables may be larger, since they are streamed."""


@dataclass(frozen=True, slots=True)
class _Input:
    """One file to be read; `named`: by the user, not by way of its folder."""

    shown: str
    named: bool
    column: str | None
    path: Path | None = None


def found_in(path: Path, shown: str, *, column: str | None = None) -> Iterator[Found]:
    """The models that a file or the files of a folder name, and what could not be read.

    `shown` is the path as the user wrote it. `column` names the column of tables that holds the
    models. Everything comes in order of path, line and column; nothing is raised for what is read.
    """
    try:
        is_folder = path.is_dir()
    except (OSError, ValueError) as error:
        yield Fault(Place(shown), said(error))
        return
    if not is_folder:
        yield from _file(_Input(shown, True, column, path))
        return
    for found in files_of(path, shown):
        if isinstance(found, Fault):
            yield found
        else:
            yield from _file(_Input(found[1], False, column, found[0]))


def found_in_bytes(data: bytes, shown: str, *, column: str | None = None) -> Iterator[Found]:
    """The models that bytes without a file name, as those of standard input (`shown` is '-')."""
    yield from _opened(io.BytesIO(narrow(data)), _Input(shown, True, column))


def _file(given: _Input) -> Iterator[Found]:
    assert given.path is not None
    try:
        # A pipe opened without O_NONBLOCK would block until someone writes to it.
        handle = os.open(given.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with open(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                yield Fault(Place(given.shown), "expected a file or a folder")
                return
            yield from _opened(file, given)
    except (OSError, ValueError) as error:
        yield Fault(Place(given.shown), said(error))


def _opened(file: BinaryIO, given: _Input) -> Iterator[Found]:
    head = file.read(HEAD)
    kind = kind_of(head, given.shown, named=given.named, column=given.column)
    place = Place(given.shown)
    if kind is Kind.EMPTY and len(head) < HEAD:
        if given.named:
            yield Fault(place, "is empty")
    elif kind is Kind.BINARY:
        if given.named:
            yield Fault(place, "is of no known kind: expected text, a bill of materials or GGUF")
    elif kind is Kind.GGUF:
        yield from _weights(given)
    elif kind in (Kind.NAMES, Kind.REQUIREMENTS, Kind.TABLE):
        file.seek(0)
        if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
            wide = file.read(MAX_BYTES + 1)
            if len(wide) > MAX_BYTES:
                yield Fault(place, _too_large())
                return
            file = io.BytesIO(narrow(wide))
        yield from _streamed(kind, file, given)
    else:
        file.seek(0)
        data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            yield Fault(place, _too_large())
        else:
            yield from _whole(data, given)


def _too_large() -> str:
    return f"larger than {MAX_BYTES:,} bytes, and no list of names: not read"


def _streamed(kind: Kind, file: BinaryIO, given: _Input) -> Iterator[Found]:
    if kind is not Kind.TABLE:
        requirements = kind is Kind.REQUIREMENTS
        yield from name_lists.read(file, given.shown, requirements=requirements)
        return
    header = file.readline(HEAD).decode("utf-8-sig", "replace").rstrip("\r\n")
    file.seek(0)
    if given.named or tables.delimiter_of(header, given.column, sure=given.column is None):
        yield from tables.read(file, given.shown, column=given.column)
        return
    data = file.read(MAX_BYTES + 1)  # a table of other things, which may name models all the same
    if len(data) <= MAX_BYTES:
        yield from found_in_text(data, given.shown, Kind.TEXT, named=False)


def _whole(data: bytes, given: _Input) -> Iterator[Found]:
    kind = kind_of(data, given.shown, named=given.named, column=given.column)
    if kind is Kind.CYCLONEDX:
        from whyllm.engine.inventory import cyclonedx_bill

        yield from cyclonedx_bill.read(data, given.shown)
    elif kind is Kind.SPDX:
        from whyllm.engine.inventory import spdx_bill

        yield from spdx_bill.read(data, given.shown)
    else:
        yield from found_in_text(data, given.shown, kind, named=given.named)


def _weights(given: _Input) -> Iterator[Found]:
    if given.path is None:
        yield Fault(Place(given.shown), "is a GGUF file: name the file instead of piping it")
        return
    from whyllm.engine.inventory import gguf_files

    yield from gguf_files.read_file(given.path, given.shown)
