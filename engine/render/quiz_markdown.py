"""A quiz as Markdown, with or without its key."""

from __future__ import annotations

import re

from whyllm.engine.quiz.item import Item, Paper
from whyllm.engine.render.quiz_words import (
    LETTERS,
    SEVERAL,
    key_letters,
    premise_told,
    verdict_on,
)

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~&])")


def quiz_markdown(paper: Paper, answers: bool) -> str:
    """The paper; with `answers` the key in a section at the end."""
    lines = [f"# Quiz {paper.seed}", "", f"Knowledge {paper.version}.", ""]
    for number, item in enumerate(paper.items, 1):
        lines += _question(number, item)
    if answers:
        lines += ["# Answers", ""]
        for number, item in enumerate(paper.items, 1):
            lines += _answer(number, item)
    return "\n".join(lines).rstrip("\n") + "\n"


def _question(number: int, item: Item) -> list[str]:
    several = f" ({SEVERAL})" if item.several else ""
    options = [f"- **{LETTERS[i]}** {_plain(o.text)}" for i, o in enumerate(item.options)]
    return [f"## Question {number}", "", f"{_plain(item.stem)}{several}", "", *options, ""]


def _answer(number: int, item: Item) -> list[str]:
    verdicts = [
        f"- **{LETTERS[place]}** is {_plain(verdict_on(option))}"
        for place, option in enumerate(item.options)
    ]
    premises = [f"- {_plain(premise_told(premise))}" for premise in item.feedback]
    return [f"## Answer {number}: {key_letters(item)}", "", *verdicts, "",
            "The key rests on:", "", *premises, ""]  # fmt: skip


def _plain(text: str) -> str:
    """The text on one line, with nothing that Markdown would read as a mark."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))
