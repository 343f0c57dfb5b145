"""From the bytes of a file to its text, whole or line by line, whatever it is written in."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO

LONGEST_LINE = 1_000_000
"""Bytes of a line of a list or a table; a longer one is refused unread."""

_WIDE = {codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32"} | {
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_NO_TEXT = bytes(range(9)) + bytes(range(14, 27)) + bytes(range(28, 32))
"""Control characters that no text has; tabs, ends of lines, form feed and escape may be there."""


def is_binary(head: bytes) -> bool:
    """Whether the beginning of a file is no text: it has zero bytes, or controls and no UTF-8."""
    if head.startswith(tuple(_WIDE)):
        return False
    if b"\0" in head:
        return True
    if head.translate(None, _NO_TEXT) == head:
        return False
    return _utf8_fault(head) is not None


def decoded(data: bytes) -> tuple[str, int | None]:
    """The text of a file, and the line that is no UTF-8 if one is: then it is read as Latin-1."""
    for mark, encoding in _WIDE.items():
        if data.startswith(mark):
            return data.decode(encoding, errors="replace"), None
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError as error:
        return data.decode("latin-1"), data.count(b"\n", 0, error.start) + 1


def narrow(data: bytes) -> bytes:
    """The same text in UTF-8 if the bytes begin with the mark of a wider encoding."""
    return decoded(data)[0].encode("utf-8", "replace") if data.startswith(tuple(_WIDE)) else data


class Lines:
    """The lines of a file one at a time, numbered from 1, without their ends.

    What could not be read is noted in `faults` as pairs of line and text; a line that is too long
    is left out, one that is no UTF-8 is read as Latin-1.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.number = 0
        self.faults: list[tuple[int, str]] = []
        self._told = False

    def __iter__(self) -> Iterator[str]:
        while raw := self.file.readline(LONGEST_LINE + 1):
            self.number += 1
            if self.number == 1:
                raw = raw.removeprefix(codecs.BOM_UTF8)
            if len(raw) > LONGEST_LINE:
                while raw and not raw.endswith(b"\n"):
                    raw = self.file.readline(LONGEST_LINE)
                self.faults.append(
                    (self.number, f"a line of more than {LONGEST_LINE:,} bytes is not read")
                )
                continue
            try:
                line = raw.decode("utf-8")
            except UnicodeDecodeError:
                line = raw.decode("latin-1")
                if not self._told:
                    self.faults.append((self.number, "is not UTF-8 here: read as Latin-1"))
                    self._told = True
            yield line.rstrip("\r\n")


def _utf8_fault(head: bytes) -> int | None:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # may end within a character
    except UnicodeDecodeError as error:
        return error.start
    return None
