"""Stability as JSON: `whyllm.stability/1`."""

from __future__ import annotations

from whyllm.engine.explaining.stability import Beyond, Interval, Stability
from whyllm.engine.render.stability_shapes import BeyondJson, IntervalJson, StabilityJson
from whyllm.engine.render.stability_words import beyond_told, interval_told


def stability_json(stability: Stability) -> StabilityJson:
    """`whyllm.stability/1`."""
    consultation = stability.consultation
    return {
        "schema": "whyllm.stability/1",
        "rulebook": consultation.rulebook.id,
        "on": consultation.on.isoformat(),
        "need": consultation.need.as_json(),
        "outcome": consultation.outcome,
        "shortlist": list(consultation.shortlist),
        "intervals": [_interval(stability, interval) for interval in stability.intervals],
    }


def _interval(stability: Stability, interval: Interval) -> IntervalJson:
    return {
        "axis": interval.axis,
        "stated": interval.stated,
        "least": None if interval.below is None else interval.least,
        "most": None if interval.above is None else interval.most,
        "below": _beyond(stability, interval.below),
        "above": _beyond(stability, interval.above),
        "text": interval_told(stability, interval),
    }


def _beyond(stability: Stability, beyond: Beyond | None) -> BeyondJson | None:
    if beyond is None:
        return None
    return {
        "value": beyond.value,
        "shortlist": list(beyond.shortlist),
        "comes": list(beyond.comes),
        "goes": list(beyond.goes),
        "text": beyond_told(stability, beyond),
    }
