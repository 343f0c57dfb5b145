"""Writes an answer: to standard output or a file, as text with or without colour, or as JSON."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whyllm.cli.exits import WrongQuestionError

if TYPE_CHECKING:
    from rich.console import Console

LEAST_WIDTH = 20
"""Narrower than this nothing can be read."""

FILE_WIDTH = 100
"""Columns of text that is not written to a terminal, unless COLUMNS says otherwise."""


def write_json(data: Mapping[str, Any], output: Path | None) -> None:
    """One JSON object, indented, keys in the order of its shape."""
    write_text(json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n", output)


def write_json_lines(data: Mapping[str, Any], output: Path | None) -> None:
    """One JSON object with a line for each key and for each item of its lists: long, and read."""

    def line(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)

    def lines(value: Any) -> str:
        listed = isinstance(value, list) and value
        return "[\n" + ",\n".join(map(line, value)) + "\n]" if listed else line(value)

    keys = [f"{line(key)}: {lines(value)}" for key, value in data.items()]
    write_text("{\n" + ",\n".join(keys) + "\n}\n", output)


def write_pieces(pieces: Iterable[str], output: Path | None) -> None:
    """Text piece by piece, so that it never stands in memory whole; a file is replaced as whole."""
    encoded = (piece.encode() for piece in pieces)
    if output is None:
        if sys.stdout is None:
            raise WrongQuestionError("standard output is closed")
        sys.stdout.flush()
        sys.stdout.buffer.writelines(encoded)
        sys.stdout.buffer.flush()
    else:
        _write_file(encoded, output)


def write_text(text: str, output: Path | None) -> None:
    """Text as it is."""
    write_bytes(text.encode(), output)


def write_bytes(data: bytes, output: Path | None) -> None:
    """Bytes as they are; a file is replaced whole or not at all."""
    if output is None:
        if sys.stdout is None:
            raise WrongQuestionError("standard output is closed")
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    _write_file([data], output)


def _write_file(pieces: Iterable[bytes], output: Path) -> None:
    try:
        target = output.resolve()
        if target.exists() and not target.is_file():
            with target.open("wb") as device:  # a device or a pipe is written to, not replaced
                device.writelines(pieces)
        else:
            replace_file(target, pieces)
    except (OSError, RuntimeError, ValueError) as error:
        raise WrongQuestionError(
            f"{output}: cannot be written: {getattr(error, 'strerror', None) or error}"
        ) from None


def replace_file(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file beside the target and rename it over it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(pieces)
        current = os.umask(0)
        os.umask(current)
        os.chmod(name, 0o666 & ~current)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def write_rich(show: Callable[[Console], None], output: Path | None, color: str) -> None:
    """What `show` prints on a console, in colour where that is wanted and possible."""
    terminal = output is None and sys.stdout is not None and sys.stdout.isatty()
    coloured_terminal = terminal and os.environ.get("TERM") != "dumb"
    coloured = color == "always" or (
        color == "auto" and coloured_terminal and not os.environ.get("NO_COLOR")
    )
    write_text(printed(show, width=_width(terminal), coloured=coloured), output)


def printed(show: Callable[[Console], None], *, width: int, coloured: bool = False) -> str:
    """The text that `show` prints on a console of so many columns."""
    from rich.console import Console

    buffer = io.StringIO()
    console = Console(
        file=buffer,
        force_terminal=coloured,
        no_color=not coloured,
        color_system="standard" if coloured else None,
        width=width,
        highlight=False,
        emoji=False,
        markup=False,
    )
    show(console)
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"


def remarks_console() -> Console:
    """A console on standard error, as wide as the terminal is at the time of each line."""
    from rich.console import Console

    terminal = sys.stderr is not None and sys.stderr.isatty()
    return Console(
        stderr=True,
        width=None if terminal else _width(terminal),
        highlight=False,
        emoji=False,
        markup=False,
    )


def _width(terminal: bool) -> int:
    """Columns to write in: COLUMNS where that is sensible, the terminal's, or the default."""
    stated = os.environ.get("COLUMNS", "")
    if stated.isdigit() and int(stated) >= LEAST_WIDTH:
        return int(stated)
    columns = shutil.get_terminal_size((FILE_WIDTH, 24)).columns if terminal else FILE_WIDTH
    return max(columns, LEAST_WIDTH)
