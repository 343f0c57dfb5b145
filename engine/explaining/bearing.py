"""On which other models the merits of a model hang: on what replaces it, and on whom it outdid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from whyllm.engine import facts as f
from whyllm.engine.catalogue import Catalogue


@dataclass(frozen=True)
class Bearing:
    """Model -> those that replace it, those that it outdid in some session, how far it came there.

    The rules on merits read of other models only whether these are kept, and at the quantisation
    that is asked for.
    """

    newer: Mapping[str, frozenset[str]]
    outdone: Mapping[str, frozenset[str]]
    most_measured: Mapping[str, int]

    def on(self, model: str) -> frozenset[str]:
        """The models on which the merits of a model hang."""
        return self.newer.get(model, frozenset()) | self.outdone.get(model, frozenset())

    def with_bearing(self, models: Iterable[str]) -> set[str]:
        """The models, with all on which their merits hang."""
        found = set(models)
        return found.union(*(self.on(model) for model in found))


def bearing(catalogue: Catalogue) -> Bearing:
    """What bears on merits, by the facts of a catalogue."""
    newer: dict[str, set[str]] = {}
    outdone: dict[str, set[str]] = {}
    most: dict[str, int] = {}
    for facts in catalogue.known.of_model.values():
        for fact in facts:
            if isinstance(fact, f.ReplacedBy):
                newer.setdefault(fact["model"], set()).add(fact["newer"])
    for fact in catalogue.known.common:
        if isinstance(fact, f.Outdid):
            outdone.setdefault(fact["model"], set()).add(fact["rival"])
            most[fact["model"]] = max(fact["level"], most.get(fact["model"], 0))
    return Bearing(
        {model: frozenset(found) for model, found in newer.items()},
        {model: frozenset(found) for model, found in outdone.items()},
        most,
    )
