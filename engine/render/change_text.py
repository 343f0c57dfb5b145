"""Answers on changed needs and on two models as text for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text
from whyllm.engine.consulting import Consultation
from whyllm.engine.explaining.change_words import constraint_told
from whyllm.engine.explaining.comparison import Comparison
from whyllm.engine.explaining.deciding import LEAF
from whyllm.engine.explaining.relaxation import Relaxation, Relaxations
from whyllm.engine.explaining.what_if import Move, Turn, WhatIf
from whyllm.engine.render.listing_text import LISTED, headline, print_item

VERDICT_STYLES = {"excluded": "red", "undecided": "yellow"}


def print_what_if(
    console: Console, found: WhatIf, changes: Mapping[str, object], every: bool
) -> None:
    """Print who enters, leaves and moves; `every` lists each model instead of the first ones."""
    words = found.after.words
    told = [
        f"{words.name('axis', axis)} = {', '.join(words.name(axis, v) for v in values)}"
        if (values := found.after.need.values(axis))
        else f"no {words.name('axis', axis)}"
        for axis in changes
    ]
    console.print(Text(f"What if: {' and '.join(told)}", style="bold"))
    console.print(Text(headline(found.after), style="dim"))
    console.print()
    for title, consultation in (("Before", found.before), ("Then", found.after)):
        names = _names(consultation, consultation.shortlist) or ["no model remains"]
        console.print(Text.assemble((f"{title}: ", "bold"), ", ".join(names)))
    console.print()
    if not (found.enters or found.leaves or found.opens or found.moves):
        console.print(Text("Nothing changes."))
    for move in found.moves:
        print_item(console, Text(_moved(found, move)), indent=0)
        for cause in move.because:
            console.print(Padding(Text(cause.text, style="dim"), (0, 0, 0, 4)))
        for cause in move.no_longer:
            console.print(Padding(Text(f"No longer: {cause.text}", style="dim"), (0, 0, 0, 4)))
    for title, turns in (
        ("Enters", found.enters),
        ("Leaves", found.leaves),
        ("Changes between excluded and undecided", found.opens),
    ):
        _print_turns(console, found, title, turns, every)


def print_relaxations(console: Console, found: Relaxations, every: bool) -> None:
    """Print what to give up or loosen, and which constraints stand against each other."""
    consultation = found.consultation
    words = consultation.words
    console.print(Text(headline(consultation), style="dim"))
    console.print()
    if consultation.kept:
        count = len(consultation.kept)
        remain = f"{count:,} models remain" if count > 1 else "One model remains"
        console.print(Text(f"{remain}, so nothing need be given up.", style="bold green"))
        return
    console.print(Text("No model remains.", style="bold red"))
    if not found.relaxations:
        console.print(Text("No change of the need admits any model."))
        return
    for conflict in found.conflicts:
        together = " and ".join(constraint_told(words, c) for c in conflict)
        at_once = " together" if len(conflict) > 1 else ""
        print_item(console, Text(f"No model meets {together}{at_once}."), indent=0)
    console.print()
    console.print(Text("Each of these is enough, and no part of it is:", style="bold"))
    for relaxation in found.relaxations:
        _print_relaxation(console, consultation, relaxation, every)


def print_comparison(console: Console, found: Comparison) -> None:
    """Print which of two models stands before the other, and the facts that decide it."""
    consultation = found.consultation
    for name, model in zip(_names(consultation, found.models), found.models, strict=True):
        verdict = consultation.verdict(model)
        style = VERDICT_STYLES.get(verdict, "green")
        console.print(Text.assemble((name, "bold"), " is ", (verdict, style), "."))
    console.print(Text(headline(consultation), style="dim"))
    console.print()
    if found.better is None:
        console.print(Text("Nothing in the need puts one before the other."))
    else:
        (name,) = _names(consultation, [found.better])
        leaf = found.decided_by == LEAF
        by = "the leaf" if leaf else consultation.words.name("criterion", found.decided_by)
        console.print(Text.assemble((name, "bold green"), f" stands before the other, by {by}."))
    for item in found.deciding:
        print_item(console, Text.assemble((item.cause.rule, "bold"), f"  {item.cause.text}"), 0)
        for point in item.counterpart:
            source = f"  [{point.source}]" if point.source else ""
            told = Text.assemble(f"whereas {point.text[:1].lower()}{point.text[1:]}"
                                 if not _is_name(found, point.text) else f"whereas {point.text}",
                                 (source, "dim"))  # fmt: skip
            console.print(Padding(told, (0, 0, 0, 4)))


def _is_name(found: Comparison, text: str) -> bool:
    """Whether a sentence begins with a name, whose capital stays."""
    labels = found.consultation.catalogue.labels
    names = (*labels["model"].values(), *labels["licence"].values())
    return any(text.startswith(name) for name in names)


def _print_relaxation(
    console: Console, consultation: Consultation, relaxation: Relaxation, every: bool
) -> None:
    words = consultation.words
    told = " and ".join(constraint_told(words, c) for c in relaxation.constraints)
    count = len(relaxation.gains)
    gain = f"{count:,} model{'s' * (count > 1)}"
    cost = f", at a cost of {relaxation.cost:g}" if relaxation.cost != 1 else ""
    print_item(
        console, Text.assemble(("Give up or loosen ", ""), (told, "bold"), f": {gain}{cost}"), 0
    )
    admitted: dict[str, list[str]] = {}
    for way in relaxation.ways:
        admitted.setdefault(way.fix.text, []).append(way.model)
    for change, models in admitted.items():
        told = f"{change} Admits {', '.join(_names(consultation, models))}."
        console.print(Padding(Text(told), (0, 0, 0, 4)))
    rest = [m for m in relaxation.gains if m not in {way.model for way in relaxation.ways}]
    if rest:
        names = _names(consultation, rest if every else rest[:LISTED])
        more = f" and {len(rest) - len(names)} more" if len(names) < len(rest) else ""
        console.print(Padding(Text(f"Also: {', '.join(names)}{more}", style="dim"), (0, 0, 0, 4)))


def _print_turns(
    console: Console, found: WhatIf, title: str, turns: Sequence[Turn], every: bool
) -> None:
    if not turns:
        return
    console.print()
    console.print(Text(f"{title} ({len(turns)}):", style="bold"))
    for turn in turns if every else turns[:LISTED]:
        (name,) = _names(found.before, [turn.model])
        gone = turn.before != "kept" and turn.after in ("kept", "shortlisted")
        head = "no longer: " if gone else ""
        causes = " ".join(cause.text for cause in turn.because)
        told = Text.assemble((name, "bold"), f" from {turn.before} to {turn.after}; {head}{causes}")
        print_item(console, told, indent=0)
    left = len(turns) - LISTED
    if left > 0 and not every:
        console.print(Text(f"  and {left} more (--all lists them)", style="dim"))


def _moved(found: WhatIf, move: Move) -> str:
    (name,) = _names(found.before, [move.model])
    if move.after is None:
        text = f"{name} leaves the shortlist, where it was number {move.before}"
    elif move.before is None:
        text = f"{name} comes onto the shortlist as number {move.after}"
    else:
        text = f"{name} moves from {move.before} to {move.after}"
    gone = _names(found.before, move.gone)
    come = _names(found.after, move.come)
    text += f"; no longer before it: {', '.join(gone)}" if gone and move.after else ""
    return text + (f"; now before it: {', '.join(come)}" if come else "") + "."


def _names(consultation: Consultation, models: Sequence[str]) -> list[str]:
    return [consultation.catalogue.models[model].name for model in models]
