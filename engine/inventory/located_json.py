"""JSON that knows where it stands: objects remember their line, and faults say line and column."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate
from json import decoder, scanner
from typing import Any

from whyllm.engine.inventory.mention import Fault, Place

LARGEST = 64_000_000
"""How many bytes of a bill are read."""

POINTS_AT = ("name", "modelId")
"""The member at which a finding points; an object without any is pointed at where it begins."""


class UnreadableError(Exception):
    """A document of which nothing can be read; `fault` says where and why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


class Located(dict[str, Any]):
    """An object of a document; line and column count from 1, none where they are not known."""

    __slots__ = ("column", "line")
    line: int | None
    column: int | None

    def __init__(self, *args: Any, line: int | None = None, column: int | None = None) -> None:
        super().__init__(*args)
        self.line, self.column = line, column


def refuse_oversized(data: bytes, shown: str) -> None:
    """Raise UnreadableError for more bytes than a bill may have."""
    if len(data) > LARGEST:
        text = f"has {len(data):,} bytes; a bill of materials has at most {LARGEST:,}"
        raise UnreadableError(Fault(Place(shown), text))


def parse(data: bytes, shown: str) -> tuple[Any, list[Fault]]:
    """The document, its objects as Located, and a fault for each key that an object says twice.

    Of such a key the last value holds. Raises UnreadableError for what is no JSON, nests too deeply
    or is too large; the fault names line and column.
    """
    refuse_oversized(data, shown)
    try:
        text = data.decode(json.detect_encoding(data))
    except UnicodeDecodeError as error:
        before = data[: error.start]
        place = Place(shown, before.count(b"\n") + 1)
        raise UnreadableError(Fault(place, f"is no text: {error.reason}")) from None
    reader = _Reader(text, shown)
    try:
        return reader.decode(text), reader.twice
    except json.JSONDecodeError as error:
        place = Place(shown, error.lineno, error.colno)
        fault = Fault(place, f"is no JSON: {error.msg}")
    except RecursionError:
        fault = Fault(Place(shown), "nests too deeply to be a bill of materials")
    except ValueError as error:  # a number of thousands of digits
        fault = Fault(Place(shown), f"holds what cannot be read: {error}")
    raise UnreadableError(fault)


class _Reader(json.JSONDecoder):
    """The library's decoder in its Python form, which lets the place of each object be noted."""

    def __init__(self, text: str, shown: str) -> None:
        super().__init__(strict=False)
        self.shown = shown
        self.twice: list[Fault] = []
        self._lines = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
        setattr(self, "parse_object", self._object)  # noqa: B010 - unknown to the type stubs
        setattr(self, "scan_once", scanner.py_make_scanner(self))  # type: ignore[attr-defined]  # noqa: B010

    def _where(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def _object(
        self, begun: tuple[str, int], strict: bool, scan: Callable[..., Any], *rest: Any
    ) -> tuple[Located, int]:
        starts: list[int] = []

        def noting(string: str, index: int) -> Any:
            starts.append(index)
            return scan(string, index)

        def located(pairs: list[tuple[str, Any]]) -> Located:
            found = Located(pairs)
            at = begun[1] - 1
            if len(found) < len(pairs):
                self._note_repeated(pairs, starts)
            for key in POINTS_AT:
                if key in found:
                    at = next(s for s, (k, _) in zip(starts, pairs, strict=True) if k == key)
                    break
            found.line, found.column = self._where(at)
            return found

        memo = rest[-1]
        return decoder.JSONObject(begun, strict, noting, None, located, memo)  # type: ignore[attr-defined,no-any-return]

    def _note_repeated(self, pairs: list[tuple[str, Any]], starts: list[int]) -> None:
        seen: set[str] = set()
        for start, (key, _) in zip(starts, pairs, strict=True):
            if key in seen:
                text = f"the key {shortened(key)} is said twice; the last value holds"
                self.twice.append(Fault(Place(self.shown, *self._where(start)), text))
            seen.add(key)


def shortened(value: object) -> str:
    """A value as a fault shows it: quoted, escaped and short."""
    text = json.dumps(value, ensure_ascii=True, default=str)
    return text if len(text) <= 80 else f"{text[:80]}…"


def text_of(value: object) -> str:
    """A text as it can be written anywhere, "" for what is none; a lone surrogate is no letter."""
    if not isinstance(value, str):
        return ""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def objects(value: object) -> list[Located]:
    """The objects in a list, whatever else stands there or instead of it left out."""
    return [item for item in value if isinstance(item, Located)] if isinstance(value, list) else []
