"""What a request wants: which answer, about what, with which need, on which day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from whyllm.cli.desk import day_of, rulebook_of
from whyllm.engine.need import AXES, Need, NeedError, Value

Pairs = tuple[tuple[str, str], ...]

WORDS = ("rulebook", "on", "passed", "set", "seed", "count", "kind")
"""What an address may state beside axes of the need."""

_NUMBERED = re.compile(r"q\d{1,3}|to_[a-z_]+")
"""Answers to a quiz, and figures that are tried."""


@dataclass(frozen=True)
class Wanted:
    """An answer that is wanted; two that are equal have the same answer, byte by byte.

    `answer` names the function that gives it, `about` the model, rule or licence that it is about,
    `text` what was posted. `pairs` are the names and values of the address in order, `today` is
    the day of the request.
    """

    answer: str
    today: dt.date
    about: str = ""
    pairs: Pairs = ()
    text: str = ""

    @cached_property
    def need(self) -> Need:
        """The need that the address states; NeedError for a wrong value."""
        stated: dict[str, object] = {}
        for name, text in self.pairs:
            if name in self.other or not text.strip():
                continue
            axis = Need.axis_named(name)
            value: object = _flag(axis, text) if AXES[axis].flag else text
            if AXES[axis].repeatable:
                stated.setdefault(axis, [])
                value = [*_listed(stated[axis]), *_listed(value)]
            elif axis in stated:
                raise NeedError(f"{name}: stated twice")
            stated[axis] = value
        return Need.of(stated)

    @property
    def other(self) -> frozenset[str]:
        """Names in the address that are no axes."""
        numbered = (name for name, _ in self.pairs if _NUMBERED.fullmatch(name))
        return frozenset([*WORDS, *numbered])

    @property
    def rulebook(self) -> str:
        """The rulebook that is to judge; NeedError for an unknown one."""
        return rulebook_of(self.last("rulebook") or "expert")

    @property
    def on(self) -> dt.date:
        """The day as of which to judge: the stated one, or that of the request."""
        text = self.last("on")
        return day_of(text) if text else self.today

    def last(self, name: str) -> str:
        """The last value of a name that is no axis, or ''."""
        return next((text for key, text in reversed(self.pairs) if key == name), "")

    def every(self, name: str) -> tuple[str, ...]:
        """All values of a name that is no axis."""
        return tuple(text for key, text in self.pairs if key == name)


def address(path: str, pairs: Iterable[tuple[str, object]]) -> str:
    """A path with a query."""
    query = urlencode([(name, str(value)) for name, value in pairs])
    return f"{path}?{query}" if query else path


def as_pairs(stated: Need) -> list[tuple[str, str]]:
    """A need as names and values of an address."""
    return [(axis, _text(value)) for axis in stated.stated for value in stated.values(axis)]


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "true"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _listed(value: object) -> list[object]:
    if isinstance(value, list):
        return value
    return [part.strip() for part in str(value).split(",") if part.strip()]


def _flag(axis: str, text: str) -> bool:
    said = text.strip().lower()
    if said not in ("true", "false", "yes", "no", "1", "0", "on"):
        raise NeedError(f"{axis}: found {text!r}, expected true or false")
    return said in ("true", "yes", "1", "on")
