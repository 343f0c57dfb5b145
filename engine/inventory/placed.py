"""Strings of a file of data that know where they stand in it, and JSON read into such."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from itertools import accumulate
from json.decoder import scanstring  # type: ignore[attr-defined]
from json.scanner import py_make_scanner  # type: ignore[attr-defined]  # typeshed leaves it out
from typing import Any

from whyllm.engine.inventory.passage import Passage

MOST_VALUES = 2_000_000
"""Values of a file of data; more would take too much memory."""

_ESCAPE = re.compile(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u....|\\.|[^\\]+", re.DOTALL)


class Placed(str):
    """A string of a file, and the offsets in the file's text between which it is written.

    `escaped` says that the text there writes some characters as JSON's escapes.
    """

    start: int
    end: int
    escaped: bool

    @classmethod
    def between(cls, value: str, start: int, end: int, *, escaped: bool = False) -> Placed:
        """The string `value`, written from `start` to `end`."""
        placed = cls(value)
        placed.start, placed.end, placed.escaped = start, end, escaped
        return placed

    def passage(self, source: Passage) -> Passage:
        """The string as a passage: decoded where it has escapes, else as it is written."""
        if not self.escaped:
            return source.part([(self.start, self.end)])
        pieces = [found[0] for found in _ESCAPE.finditer(source.text, self.start, self.end)]
        decoded = [1 if piece[0] == "\\" else len(piece) for piece in pieces]
        begins = list(accumulate(decoded[:-1], initial=0))
        written = list(accumulate(map(len, pieces[:-1]), initial=self.start))

        def place(offset: int) -> Any:
            at = bisect_right(begins, offset) - 1
            within = 0 if pieces[at][0] == "\\" else offset - begins[at]
            return source.place(written[at] + within)

        return Passage(str(self), place)


class _Decoder(json.JSONDecoder):
    """The standard library's decoder in Python, whose strings are placed (keys are plain)."""

    def __init__(self) -> None:
        super().__init__()
        self.parse_string = self._placed
        self.parse_int = str  # numbers name no model, and long ones take long to convert
        self.parse_float = str
        self.scan_once = py_make_scanner(self)

    @staticmethod
    def _placed(text: str, start: int, strict: bool) -> tuple[Placed, int]:
        value, end = scanstring(text, start, strict)
        escaped = len(value) != end - 1 - start
        return Placed.between(value, start, end - 1, escaped=escaped), end


def json_data(text: str, start: int = 0) -> tuple[Any, int]:
    """The first JSON value of a text from an offset on, and where it ends.

    Raises json.JSONDecodeError; where the text is nested too deeply or holds too many values, a
    ValueError that is none.
    """
    if text.count(",", start) > MOST_VALUES:
        raise ValueError(f"holds more than {MOST_VALUES:,} values")
    while start < len(text) and text[start] in " \t\n":
        start += 1
    try:
        return _Decoder().raw_decode(text, start)
    except RecursionError:
        raise ValueError("is nested too deeply") from None
