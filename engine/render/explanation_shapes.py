"""The shapes of what an explanation may hold beside causes and fixes."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict  # pydantic asks for it below Python 3.12


class AheadJson(TypedDict):
    """A model of the shortlist that stands before the explained one, and what decides."""

    model: str
    criterion: str
    text: str


class FirstJson(TypedDict):
    """A smallest change by which the model comes first; null states an axis no longer."""

    set: dict[str, Any]
    text: str


class SearchedJson(TypedDict):
    """How much was tried for the first place, on top of what admits the model if anything does."""

    admitted: bool
    singles: int
    pairs: int
    all_pairs: bool


class OutcomeJson(TypedDict):
    """What would follow from a value of a missing fact: kept, excluded or undecided."""

    value: str
    verdict: str
    text: str


class OpenJson(TypedDict):
    """A fact that the verdict waits for, the rule that says so, and each value it could have."""

    waiting_for: str
    rule: str
    text: str
    outcomes: list[OutcomeJson]


class StandingJson(TypedDict, total=False):
    """Keys that apply to some models only.

    `place`, `of` and `behind` for a kept one; `open` where a fact is missing; `first` and
    `searched` where the way to the first place was asked for.
    """

    place: int
    of: int
    behind: list[AheadJson]
    open: list[OpenJson]
    first: list[FirstJson]
    searched: SearchedJson
