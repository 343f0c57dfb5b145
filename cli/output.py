"""Writes an answer: to standard output or a file, as text with or without colour, or as JSON."""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whyllm.cli.exits import WrongQuestionError

if TYPE_CHECKING:
    from rich.console import Console

FILE_WIDTH = 100
"""Columns of text that is not written to a terminal, unless COLUMNS says otherwise."""


def write_json(data: Mapping[str, Any], output: Path | None) -> None:
    """One JSON object, indented, keys in the order of its shape."""
    write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", output)


def write_text(text: str, output: Path | None) -> None:
    """Text as it is."""
    write_bytes(text.encode(), output)


def write_bytes(data: bytes, output: Path | None) -> None:
    """Bytes as they are; a file is replaced whole or not at all."""
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        replace_file(output, data)
    except OSError as error:
        raise WrongQuestionError(f"{output}: cannot be written: {error.strerror}") from None


def replace_file(path: Path, data: bytes) -> None:
    """Write a file beside the target and rename it over it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        current = os.umask(0)
        os.umask(current)
        os.chmod(name, 0o666 & ~current)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def write_rich(show: Callable[[Console], None], output: Path | None, color: str) -> None:
    """What `show` prints on a console, in colour where that is wanted and possible."""
    from rich.console import Console

    terminal = output is None and sys.stdout.isatty()
    coloured = color == "always" or (
        color == "auto" and terminal and not os.environ.get("NO_COLOR")
    )
    buffer = io.StringIO()
    console = Console(
        file=buffer,
        force_terminal=coloured,
        no_color=not coloured,
        color_system="standard" if coloured else None,
        width=None if terminal else int(os.environ.get("COLUMNS") or FILE_WIDTH),
        highlight=False,
        emoji=False,
        markup=False,
    )
    if terminal:
        console.width = os.get_terminal_size().columns
    show(console)
    text = "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"
    write_text(text, output)
