"""What every format of a quiz words alike: letters, the key of an item, its premises."""

from __future__ import annotations

import string

from whyllm.engine.quiz.item import Item, Option, Premise

LETTERS = string.ascii_uppercase
SEVERAL = "several may be right"
RIGHT, WRONG = "right", "wrong"


def key_letters(item: Item) -> str:
    """The letters of the right options: `A, C`."""
    return ", ".join(LETTERS[place] for place in item.key)


def premise_told(premise: Premise) -> str:
    """A premise in one line, with its rule and sources."""
    rule = f" [{premise.rule}]" if premise.rule else ""
    sources = f" Source: {'; '.join(premise.sources)}." if premise.sources else ""
    return f"{premise.text}{rule}{sources}"


def verdict_on(option: Option) -> str:
    """Whether an option is right or wrong, and why."""
    return f"{RIGHT if option.right else WRONG}. {option.feedback}"
