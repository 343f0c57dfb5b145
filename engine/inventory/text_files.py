"""Reads one text file of a known kind, and tells what in it could not be understood."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from whyllm.engine.inventory import (
    commands,
    keyed_data,
    markdown,
    modelfiles,
    notebooks,
    plain_text,
    python_code,
)
from whyllm.engine.inventory.decoding import decoded
from whyllm.engine.inventory.keyed_data import Marks
from whyllm.engine.inventory.mention import Fault, Found, Mention, Place
from whyllm.engine.inventory.passage import Aside, Passage, settled
from whyllm.engine.inventory.placed import json_data
from whyllm.engine.inventory.recognition import Kind, kind_by_name
from whyllm.engine.inventory.yaml_data import NotYamlError, yaml_data

LONGEST_SCRIPT = 4_000_000


def found_in_text(data: bytes, shown: str, kind: Kind, *, named: bool) -> Iterator[Found]:
    """What the bytes of one file name, in order of line and column.

    Whatever cannot be parsed is read as plain text besides, so that nothing is lost. In a folder
    (not `named`) such a Fault is only told of a file that names something: others are not about
    models at all. A kind that the lines of a file only suggest is no ground for a Fault.
    """
    text, odd_line = decoded(data)
    reader = _Reader(Passage.whole(text, shown), shown, kind_by_name(shown) is kind)
    if odd_line is not None:
        reader.faults.append(Fault(Place(shown, odd_line), "is not UTF-8 here: read as Latin-1"))
    mentions = list(settled(reader.marks(kind, named)))
    faults = reader.faults if named or mentions else []
    found: list[Found] = [*mentions, *faults]
    yield from sorted(found, key=_order)


def _order(found: Found) -> tuple[int, int]:
    return found.place.line or 0, found.place.column or 0


class _Reader:
    """One file while it is read: its text and the faults that were found."""

    def __init__(self, passage: Passage, shown: str, sure: bool) -> None:
        self.sure = sure
        self.passage = passage
        self.shown = shown
        self.faults: list[Fault] = []

    def marks(self, kind: Kind, named: bool) -> Iterator[Mention | Aside]:
        """What the file names, read as what it is."""
        passage = self.passage
        if kind in (Kind.JSON, Kind.NOTEBOOK):
            yield from self._json(named)
            return
        if kind is Kind.MARKDOWN:
            yield from markdown.models_in_markdown(passage)
            if wrong := markdown.front_matter_fault(passage):
                self._fault(wrong[0], wrong[1])
            return
        yield from plain_text.lookalikes(passage)
        if kind is Kind.JSON_LINES:
            yield from self._json_lines()
        elif kind is Kind.YAML:
            yield from self._yaml(named)
        elif kind is Kind.PYTHON:
            yield from self._python()
        elif kind is Kind.MODELFILE:
            yield from modelfiles.models_in(passage)
            if (offset := modelfiles.unclosed(passage)) is not None:
                self._fault(offset, 'expected a closing """')
        else:
            if kind is Kind.SCRIPT and len(passage.text) > LONGEST_SCRIPT:
                self._fault(
                    0, f"holds more than {LONGEST_SCRIPT:,} characters: its commands are not read"
                )
            elif kind is Kind.SCRIPT:
                yield from commands.in_text(passage)
            yield from plain_text.settings(passage)

    def _json(self, named: bool) -> Marks:
        try:
            data, end = json_data(self.passage.text)
        except ValueError as error:
            self._not_json(error)
            yield from self._as_text()
            return
        if notebooks.is_notebook(data):
            yield from notebooks.models_in(data, self.passage)
            return
        yield from plain_text.lookalikes(self.passage)
        yield from keyed_data.models_in(data, self.passage, a_list=named)
        rest = self.passage.text[end:].lstrip()
        if rest:
            self._fault(len(self.passage.text) - len(rest), "expected the end of the JSON here")
            yield from self._as_text()

    def _not_json(self, error: ValueError) -> None:
        if isinstance(error, json.JSONDecodeError):
            self._fault(min(error.pos, len(self.passage.text)), f"is not JSON: {error.msg}")
        else:
            self._fault(0, str(error))

    def _json_lines(self) -> Marks:
        start = 0
        for line in self.passage.text.split("\n"):
            if line.strip():
                part = self.passage.part([(start, start + len(line))])
                try:
                    data: Any = json_data(part.text)[0]
                except ValueError as error:
                    at = error.pos if isinstance(error, json.JSONDecodeError) else 0
                    self._fault(start + at, "is not JSON: expected one value a line")
                else:
                    yield from keyed_data.models_in([data], part, a_list=True)
            start += len(line) + 1

    def _yaml(self, named: bool) -> Marks:
        try:
            documents = yaml_data(self.passage)
        except NotYamlError as error:
            template = "{{" in self.passage.text or "{%" in self.passage.text
            if self.sure and (named or not template):
                self._fault(error.offset or 0, f"is not YAML: {error}")
            yield from self._as_text()
            return
        for document in documents:
            yield from keyed_data.models_in(document, self.passage, a_list=named)

    def _python(self) -> Marks:
        try:
            yield from list(python_code.models_in(self.passage))
        except SyntaxError as error:
            if not self.sure:
                yield from plain_text.settings(self.passage)
                return
            message = f"is not Python: {error.msg}; read as plain text"
            self.faults.append(Fault(Place(self.shown, error.lineno or None), message))
            yield from plain_text.settings(self.passage)

    def _as_text(self) -> Marks:
        yield from plain_text.lookalikes(self.passage)
        yield from plain_text.settings(self.passage)

    def _fault(self, offset: int, text: str) -> None:
        self.faults.append(Fault(self.passage.place(offset), text))
