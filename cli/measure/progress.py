"""What is being asked, on a terminal: a bar over all requests of a session."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from whyllm.engine.catalogue import Catalogue
from whyllm.engine.measuring.session import Plan, Told


@contextmanager
def progress(plan: Plan, catalogue: Catalogue) -> Iterator[Told]:
    """What to tell of each request; standard error shows it if it is a terminal."""
    if not sys.stderr.isatty():
        yield _silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("begins", total=plan.requests)
        done = _counter()

        def told(model: str, prompt: str) -> None:
            name = catalogue.models[model].name
            bar.update(task, completed=done(), description=f"{name}: {prompt}".replace("[", r"\["))

        yield told


def _silent(model: str, prompt: str) -> None:
    """Nobody looks."""


def _counter() -> Callable[[], int]:
    """Counts its calls, from 0."""
    numbers = iter(range(10**9))
    return lambda: next(numbers)
