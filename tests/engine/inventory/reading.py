"""What tests of readers ask of them, in one line: names with line, column and whether stated."""

from __future__ import annotations

from pathlib import Path

from whyllm.engine.inventory.inputs import found_in, found_in_bytes
from whyllm.engine.inventory.mention import Fault, Found, Mention

FILES = Path(__file__).with_name("files")
Told = tuple[str, int | None, int | None, bool]


def told(found: list[Found]) -> list[Told]:
    """Name, line, column and whether stated, of all mentions."""
    return [
        (m.name, m.place.line, m.place.column, m.stated) for m in found if isinstance(m, Mention)
    ]


def stated(found: list[Found]) -> list[str]:
    """The names that are stated."""
    return [m.name for m in found if isinstance(m, Mention) and m.stated]


def faults(found: list[Found]) -> list[str]:
    """The faults as they are shown."""
    return [str(f) for f in found if isinstance(f, Fault)]


def read(folder: Path, name: str, text: str | bytes, column: str | None = None) -> list[Found]:
    """What a file of that name and content gives when the user names it."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(found_in(path, name, column=column))


def read_input(text: str | bytes) -> list[Found]:
    """What standard input gives."""
    return list(found_in_bytes(text if isinstance(text, bytes) else text.encode(), "-"))
