"""From merits to a shortlist: criteria in order, one candidate a family, a few in all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from whyllm.engine.trace import Trace

Merits = Mapping[str, Mapping[str, int]]


def merits(trace: Trace) -> dict[str, dict[str, int]]:
    """Model -> criterion -> level; where several firings speak on one criterion, the least."""
    found: dict[str, dict[str, int]] = {}
    for _, merit in trace.concluding("Merit"):
        levels = found.setdefault(str(merit["model"]), {})
        criterion, level = str(merit["criterion"]), merit["level"]
        assert isinstance(level, int)
        levels[criterion] = min(level, levels.get(criterion, level))
    return found


def ranked(models: Iterable[str], criteria: Sequence[str], merits: Merits) -> list[str]:
    """The models, best first: the first criterion on which two differ decides, then the id."""

    def key(model: str) -> tuple[tuple[int, ...], str]:
        levels = merits.get(model, {})
        return tuple(-levels.get(criterion, 0) for criterion in criteria), model

    return sorted(models, key=key)


def shortlist(ranking: Iterable[str], family: Mapping[str, str], length: int) -> list[str]:
    """The first of each family, up to the length."""
    chosen: dict[str, str] = {}
    for model in ranking:
        if len(chosen) == length:
            break
        chosen.setdefault(family[model], model)
    return list(chosen.values())
