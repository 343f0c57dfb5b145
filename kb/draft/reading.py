"""What was read in one source, before it is set against the knowledge; and how sources are read."""

from __future__ import annotations

import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from whyllm.kb.errors import KnowledgeError, printable

MAX_BYTES = 4_000_000
LONGEST_NAME = 120


@dataclass(frozen=True)
class Read:
    """A value of one field: the file and key that it was read from, and how well it is known."""

    value: Any
    where: str
    confidence: str = "data-file"


@dataclass
class Reading:
    """Everything that a source says of a model.

    `names` are those of these very weights, `bases` those of what they were made from.
    """

    title: str
    where: str
    names: list[str] = field(default_factory=list)
    bases: list[str] = field(default_factory=list)
    fields: dict[str, Read] = field(default_factory=dict)
    licence_tag: Read | None = None
    licence_text: Read | None = None
    remarks: list[str] = field(default_factory=list)

    def put(self, name: str, value: Any, where: str, confidence: str = "data-file") -> None:
        """Note the value of a field, if there is one; the first to be read holds."""
        if value not in (None, [], {}, ""):
            self.fields.setdefault(name, Read(value, where, confidence))


def one_line(value: object) -> str | None:
    """A name as one printable line, none if it is no text or empty."""
    if not isinstance(value, str):
        return None
    return printable(" ".join(value.split()))[:LONGEST_NAME].strip() or None


def words(value: object) -> list[str]:
    """One text or a list of texts as a list, whatever else there is left out."""
    items = value if isinstance(value, list) else [value]
    return [line for item in items if (line := one_line(item))]


def refuse_unplain(path: Path) -> None:
    """Refuse what is no plain file: to open a pipe or a device may block."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise KnowledgeError(f"cannot be read: {error.strerror or error}", path) from None
    if not stat.S_ISREG(mode):
        raise KnowledgeError("expected a plain file", path)


def read_text(path: Path) -> str:
    """The text of a small file; KnowledgeError when it is large, binary or empty."""
    refuse_unplain(path)
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise KnowledgeError(f"cannot be read: {error.strerror or error}", path) from None
    if len(raw) > MAX_BYTES:
        raise KnowledgeError(f"larger than {MAX_BYTES:,} bytes", path)
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise KnowledgeError("not UTF-8 text", path, line) from None
    if "\0" in text:
        raise KnowledgeError("not UTF-8 text", path, text.count("\n", 0, text.index("\0")) + 1)
    if not text.strip():
        raise KnowledgeError("the file is empty", path, 1)
    return text
