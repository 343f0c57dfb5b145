"""A quiz in GIFT, the text format in which Moodle imports questions.

Single answers are marked `=` and `~`; where several are right, each bears a weight in percent, and
as many points are lost for wrong ones, so that ticking everything earns nothing.
"""

from __future__ import annotations

import re

from whyllm.engine.quiz.item import Item, Paper
from whyllm.engine.render.quiz_words import premise_told, verdict_on

_CONTROL = re.compile(r"([\\~=#{}:])")
WHOLE = 100
WEIGHT_DIGITS = 5


def quiz_gift(paper: Paper) -> str:
    """The paper as GIFT: titles, stems, options with feedback, and the premises after `####`."""
    head = f"// Quiz {paper.seed}, knowledge {escaped(paper.version)}\n"
    return head + "".join(f"\n{_question(item)}" for item in paper.items)


def escaped(text: str) -> str:
    """A text on one line with the characters that steer GIFT escaped."""
    return _CONTROL.sub(r"\\\1", " ".join(text.split()))


def _question(item: Item) -> str:
    lines = [f"::{escaped(item.id)}::[plain]{escaped(item.stem)} {{"]
    for option, mark in zip(item.options, _marks(item), strict=True):
        lines.append(f"\t{mark}{escaped(option.text)}#{escaped(verdict_on(option))}")
    premises = " ".join(premise_told(premise) for premise in item.feedback)
    return "\n".join([*lines, f"\t####{escaped(premises)}", "}", ""])


def _marks(item: Item) -> list[str]:
    if not item.several:
        return ["=" if option.right else "~" for option in item.options]
    right = len(item.key)
    wrong = len(item.options) - right
    return [
        f"~%{_weight(WHOLE / right)}%" if option.right else f"~%-{_weight(WHOLE / wrong)}%"
        for option in item.options
    ]


def _weight(percent: float) -> str:
    """A weight as Moodle knows it: 50, 33.33333."""
    return f"{percent:.{WEIGHT_DIGITS}f}".rstrip("0").rstrip(".")
