"""Asks a quiz on a terminal, item by item, and tells the score."""

from __future__ import annotations

import re

import click
from whyllm.cli.output import write_rich
from whyllm.engine.quiz.item import Item, Paper
from whyllm.engine.render.quiz_text import print_feedback, print_item
from whyllm.engine.render.quiz_words import LETTERS, RIGHT, WRONG, key_letters


def ask_paper(paper: Paper) -> None:
    """Ask each item, reveal its key, and tell the score; the end of input ends it politely."""
    asked = right = 0
    for number, item in enumerate(paper.items, 1):
        _show_item(number, item)
        try:
            reply = _reply(item)
        except (EOFError, KeyboardInterrupt, click.Abort):
            click.echo()
            break
        asked += 1
        right += reply == item.key
        click.echo(f"{RIGHT if reply == item.key else WRONG}: {key_letters(item)}")
        write_rich(lambda console, item=item: print_feedback(console, item), None, "auto")  # type: ignore[misc]
        click.echo()
    click.echo(f"{right} of {asked} right.")


def _show_item(number: int, item: Item) -> None:
    write_rich(lambda console: print_item(console, number, item), None, "auto")


def _reply(item: Item) -> tuple[int, ...]:
    """The places that were ticked; asks again until the reply can be read."""
    last = len(item.options)
    expected = f"1-{last} or A-{LETTERS[last - 1]}" + (", several" if item.several else "")
    while True:
        places = read_reply(input(f"[{expected}] "), item)
        if places is not None:
            return places
        click.echo(f"expected {expected}")


def read_reply(text: str, item: Item) -> tuple[int, ...] | None:
    """The places, from 0, that a reply such as `b`, `2` or `a, c` names; None if it cannot be."""
    marks = re.findall(r"[0-9]|[A-Za-z]", text)
    if not marks or re.sub(r"[\s,;.)0-9A-Za-z]|and", "", text):
        return None
    places = {int(m) - 1 if m.isdigit() else LETTERS.find(m.upper()) for m in marks}
    if not all(0 <= place < len(item.options) for place in places):
        return None
    if not item.several and len(places) > 1:
        return None
    return tuple(sorted(places))
