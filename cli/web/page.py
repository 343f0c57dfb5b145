"""What many pages call: names of things, the need as words and as an address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from whyllm.cli.desk import Desk
from whyllm.cli.web.wanted import Wanted, as_pairs

if TYPE_CHECKING:
    from whyllm.engine.graph.elements import DecisionGraph

Page = tuple[str, dict[str, Any]]
"""The template, and what it shows."""

Pages = Mapping[str, Callable[[Desk, Wanted], Page]]
Pictures = Mapping[str, Callable[[Desk, Wanted], "DecisionGraph"]]


def common(desk: Desk, wanted: Wanted) -> dict[str, Any]:
    """What every template may call."""
    labels = desk.catalogue.labels
    pairs = as_pairs(wanted.need)
    return {
        "name": {key: entry.name for key, entry in desk.catalogue.models.items()},
        "labels": labels,
        "stated": [
            (labels["axis"].get(axis, axis), labels.get(axis, {}).get(text, text))
            for axis, text in pairs
        ],
        "query": with_rulebook(wanted, pairs),
    }


def with_rulebook(wanted: Wanted, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pairs, with the rulebook and the day where they are stated."""
    kept = [(name, wanted.last(name)) for name in ("rulebook", "on") if wanted.last(name)]
    return [*pairs, *kept]
