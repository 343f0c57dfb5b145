"""What is printed on a console, as text: lines of a width, in colour or without."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

WIDTH = 100
"""Columns of text that is not written to a terminal."""


def console_text(
    show: Callable[[Console], None], width: int = WIDTH, *, coloured: bool = False
) -> str:
    """What `show` prints; no line ends in blanks, and the last one ends."""
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
