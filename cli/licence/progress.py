"""What was reviewed so far, on a terminal, once the work takes longer than a moment."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")

MOMENT = 0.5
"""Seconds before anything is shown."""


def with_progress(things: Iterable[T]) -> Iterator[T]:
    """The same things; while they come, standard error counts them if it is a terminal."""
    if not sys.stderr.isatty():
        yield from things
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), TextColumn("reviewed"), MofNCompleteColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("reviewed", total=None)
    began, shown = time.monotonic(), False
    try:
        for thing in things:
            if not shown and time.monotonic() - began > MOMENT:
                shown = True
                bar.start()
            bar.advance(task)
            yield thing
    finally:
        if shown:
            bar.stop()


def _tell_nobody(done: int, rows: int) -> None:
    """Not on a terminal: nobody watches."""


@contextmanager
def parts_progress(parts: int) -> Iterator[Callable[[int, int], None]]:
    """A bar of the parts of a fleet; it is told how many are done, and how many rows they have."""
    if not sys.stderr.isatty():
        yield _tell_nobody
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.fields[rows]:,} rows"),
        BarColumn(),
        TextColumn("{task.percentage:.0f} %"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reviewed", total=parts, rows=0)
        yield lambda done, rows: bar.update(task, completed=done, rows=rows)
