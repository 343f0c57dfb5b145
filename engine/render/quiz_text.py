"""A quiz for the terminal: the questions, and at the end the key with its reasons."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.text import Text
from whyllm.engine.quiz.item import Item, Paper
from whyllm.engine.render.quiz_words import (
    LETTERS,
    SEVERAL,
    key_letters,
    premise_told,
    verdict_on,
)

INDENT = 3


def print_quiz(console: Console, paper: Paper, answers: bool) -> None:
    """The items in order; with `answers` the key of all of them after the last."""
    console.print(Text(f"Quiz {paper.seed} · knowledge {paper.version}", style="bold"))
    for number, item in enumerate(paper.items, 1):
        console.print()
        print_item(console, number, item)
    if answers:
        console.print()
        console.print(Text("Answers", style="bold"))
        for number, item in enumerate(paper.items, 1):
            console.print()
            console.print(Text(f"{number}. {key_letters(item)}", style="bold"))
            print_feedback(console, item)


def print_item(console: Console, number: int, item: Item) -> None:
    """A question with its options."""
    several = f" ({SEVERAL})" if item.several else ""
    console.print(Text(f"{number}. {item.stem}{several}"))
    for place, option in enumerate(item.options):
        _indented(console, f"{LETTERS[place]}) {option.text}")


def print_feedback(console: Console, item: Item) -> None:
    """Each option with why it is right or wrong, then the premises of the key."""
    for place, option in enumerate(item.options):
        _indented(console, f"{LETTERS[place]} is {verdict_on(option)}")
    _indented(console, "The key rests on:")
    for premise in item.feedback:
        _indented(console, f"- {premise_told(premise)}")


def _indented(console: Console, text: str) -> None:
    console.print(Padding(Text(text), (0, 0, 0, INDENT)))
