"""The nouns of a quiz: a paper of items, each with its options and the premises of its key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Premise:
    """A sentence by which the key holds, the rule that said it, and the texts it rests on."""

    text: str
    rule: str | None
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Option:
    """One answer that may be ticked; `value` is what it means, of JSON types.

    A wrong one names the misconception that leads to it; `feedback` says why it holds or fails.
    """

    text: str
    value: Any
    right: bool
    misconception: str | None
    feedback: str


@dataclass(frozen=True)
class Draft:
    """What a kind draws: an item without its id, its options not yet shuffled.

    `case` holds all that the key hangs on, of JSON types, so that anyone can compute it anew.
    """

    stem: str
    options: tuple[Option, ...]
    several: bool
    feedback: tuple[Premise, ...]
    case: Mapping[str, Any]


@dataclass(frozen=True)
class Item:
    """A question with its options; `several`: more than one may be right."""

    id: str
    kind: str
    stem: str
    options: tuple[Option, ...]
    several: bool
    feedback: tuple[Premise, ...]
    case: Mapping[str, Any]

    @property
    def key(self) -> tuple[int, ...]:
        """The places of the right options, from 0."""
        return tuple(place for place, option in enumerate(self.options) if option.right)


@dataclass(frozen=True)
class Paper:
    """Items drawn by one seed from one state of the knowledge."""

    seed: int
    version: str
    digest: str
    items: tuple[Item, ...]
