"""The shape of `whyllm.stability/1`."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict  # pydantic asks for it below Python 3.12


class BeyondJson(TypedDict):
    """The first value at which the shortlist is another, and that shortlist."""

    value: int | float
    shortlist: list[str]
    comes: list[str]
    goes: list[str]
    text: str


class IntervalJson(TypedDict):
    """The values of an axis at which the shortlist stays; null: no end, as far as the axis goes.

    Memory in 1e9 bytes, by tenths; counts by one.
    """

    axis: str
    stated: int | float
    least: int | float | None
    most: int | float | None
    below: BeyondJson | None
    above: BeyondJson | None
    text: str


class StabilityJson(TypedDict):
    """`whyllm.stability/1`: between which values of each stated number the shortlist stays."""

    schema: str
    rulebook: str
    on: str
    need: dict[str, Any]
    outcome: str
    shortlist: list[str]
    intervals: list[IntervalJson]
