"""Stability in words."""

from __future__ import annotations

from collections.abc import Sequence

from whyllm.engine.explaining.readings import Number
from whyllm.engine.explaining.stability import Beyond, Interval, Stability
from whyllm.engine.need import MEMORIES

_UNITS = {
    "context": "tokens of context",
    "min_context": "tokens of required context",
    "monthly_active_users": "monthly active users",
    "annual_revenue_usd": "US dollars of annual revenue",
}


def interval_told(stability: Stability, interval: Interval) -> str:
    """`Still the same shortlist between 20.4 and 43 GB of GPU memory.`"""
    least, most = _plain(interval.least), _plain(interval.most)
    unit = _unit(stability, interval.axis)
    if interval.below is None and interval.above is None:
        span = f"at any number of {unit}"
    elif interval.above is None:
        span = f"from {least} {unit} upwards"
    elif interval.below is None:
        span = f"up to {most} {unit}"
    elif interval.least == interval.most:
        span = f"only at {least} {unit}"
    else:
        span = f"between {least} and {most} {unit}"
    kept = "Still the same shortlist" if stability.consultation.shortlist else "Still no shortlist"
    return f"{kept} {span}."


def beyond_told(stability: Stability, beyond: Beyond) -> str:
    """`At 20.3: A goes, B comes.`, a sentence for each side where they are many."""
    comes, goes = names(stability, beyond.comes), names(stability, beyond.goes)
    at = f"At {_plain(beyond.value)}"
    if not comes and not goes:
        order = ", ".join(names(stability, beyond.shortlist))
        return f"{at} the order changes. It is then: {order}."
    sides = []
    if comes:
        sides.append(f"{_listed(comes)} {'comes' if len(comes) == 1 else 'come'}")
    if goes:
        sides.append(f"{_listed(goes)} {'goes' if len(goes) == 1 else 'go'}")
    return f"{at}: {'; '.join(sides)}."


def _unit(stability: Stability, axis: str) -> str:
    if axis in MEMORIES:
        return f"GB of {stability.consultation.words.name('axis', axis)}"
    return _UNITS[axis]


def _plain(value: Number) -> str:
    """A number in full: an end must not be rounded away from the step that it stands on."""
    return f"{value:,}" if isinstance(value, int) else f"{value:,}".removesuffix(".0")


def names(stability: Stability, models: Sequence[str]) -> list[str]:
    """The names of models."""
    return [stability.consultation.catalogue.models[model].name for model in models]


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
