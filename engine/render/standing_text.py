"""Place, open questions and ways to the first place as text for a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.text import Text
from whyllm.engine.explaining.explanation import Explanation
from whyllm.engine.explaining.first import First
from whyllm.engine.explaining.place import Ahead, Place
from whyllm.engine.render.open_words import outcome_told


def print_standing(console: Console, explanation: Explanation) -> None:
    """Print where a kept model stands, what an undecided one waits for, how to come first."""
    if explanation.place is not None:
        _print_place(console, explanation.place)
    for question in explanation.open:
        text = explanation.consultation.sentence(question.firing)
        console.print(Text.assemble(("Open: ", "bold yellow"), text))
        for outcome in question.outcomes:
            told = outcome_told(outcome, explanation.consultation.rulebook)
            console.print(Padding(Text(f"• {told}"), (0, 0, 0, 2)))
    if explanation.first is not None:
        _print_first(console, explanation, explanation.first)


def _print_place(console: Console, place: Place) -> None:
    console.print(Text(f"Place {place.place} of the {place.of} kept.", style="bold"))
    if place.behind:
        console.print(Text(_nearest(place).text))
        if _nearest(place).same_family:
            console.print(Text("Both are of one family, of which the shortlist holds one variant."))


def _nearest(place: Place) -> Ahead:
    """Its own family's variant on the shortlist, or else the last that stands before it."""
    return next((a for a in place.behind if a.same_family), place.behind[-1])


def _print_first(console: Console, explanation: Explanation, first: First) -> None:
    name = explanation.consultation.catalogue.models[explanation.model].name
    if first.already:
        console.print(Text(f"{name} stands first as it is."))
        return
    if not first.admitted:
        console.print(Text(f"No change of the need was found that keeps {name} at all."))
        return
    if first.fixes:
        console.print(Text(f"Each of these changes puts {name} first:", style="bold"))
        for fix in first.fixes:
            console.print(Padding(Text(f"• {fix.text}"), (0, 0, 0, 2)))
        return
    console.print(Text(f"No change was found that puts {name} first.", style="bold"))
    told = (
        f"Tried: {first.singles} single changes and {first.pairs} pairs, on top of what admits it"
    )
    rest = "" if first.all_pairs else ", not every pair"
    console.print(Text(f"{told}{rest}. Three changes together were not tried."))
