"""Stability as text for a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.text import Text
from whyllm.engine.explaining.stability import Stability
from whyllm.engine.render.stability_words import beyond_told, interval_told, names


def print_stability(console: Console, stability: Stability) -> None:
    """Print each interval, and what happens beyond its ends."""
    consultation = stability.consultation
    options = " ".join(consultation.need.as_options()) or "no constraint stated"
    console.print(Text(f"{consultation.rulebook.id} rulebook · {options}", style="bold"))
    listed = names(stability, consultation.shortlist)
    console.print(Text(f"Shortlist: {', '.join(listed)}" if listed else "No model is shortlisted."))
    if not stability.intervals:
        console.print(Text("The need states no number, so there is none to vary."))
    for interval in stability.intervals:
        console.print()
        console.print(Text(interval_told(stability, interval), style="bold"))
        for beyond in (interval.below, interval.above):
            if beyond is not None:
                told = Text(beyond_told(stability, beyond))
                console.print(Padding(told, (0, 0, 0, 2)))
