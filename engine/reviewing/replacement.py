"""Compliant replacements: models that the stated use allows, the nearest to another first."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from whyllm.engine import facts as f
from whyllm.engine.catalogue import Catalogue

MOST = 3
"""Replacements that are named, one of a family."""

LARGER_OR_SMALLER = 2.0
"""The factor by which sizes are compared: half or twice as large is one step away."""

FARTHEST = 100
"""Steps to a model whose size is not known: more than lie between any two that are."""


@dataclass(frozen=True)
class _Profile:
    """What makes one model stand in for another: kind, modalities, size, tuning and age."""

    kind: str
    modalities: frozenset[str]
    size_b: float | None
    tuning: str
    released: str
    replaced: bool


class Replacements:
    """The models that a use allows, to be put in place of others."""

    def __init__(self, catalogue: Catalogue, allowed: Collection[str]) -> None:
        self._catalogue = catalogue
        self._allowed = {model: _profile(catalogue, model) for model in allowed}
        self._found: dict[tuple[str, ...], tuple[str, ...]] = {}

    def for_any(self, models: Sequence[str]) -> tuple[str, ...]:
        """Up to three models to use in place of the first of these; none if none is known.

        A replacement serves every modality that the model serves, and is of its kind. The nearer
        in size stands first, then the one tuned alike, then the newer.
        """
        key = tuple(models[:1])
        if key and key not in self._found:
            self._found[key] = self._nearest(key[0])
        return self._found.get(key, ())

    def _nearest(self, model: str) -> tuple[str, ...]:
        wanted = _profile(self._catalogue, model)
        fit = [
            other
            for other, profile in self._allowed.items()
            if other != model
            and profile.kind == wanted.kind
            and profile.modalities >= wanted.modalities
        ]
        newest_first = sorted(fit, key=lambda m: self._allowed[m].released, reverse=True)
        ranked = sorted(newest_first, key=lambda m: _distance(self._allowed[m], wanted))
        of_family: dict[str, str] = {}
        for other in ranked:
            of_family.setdefault(self._catalogue.models[other].family, other)
        return tuple(of_family.values())[:MOST]


def _distance(profile: _Profile, wanted: _Profile) -> tuple[bool, int, bool, int]:
    """How far a model is from what is wanted; the smaller the nearer, part by part."""
    more = len(profile.modalities - wanted.modalities)
    return (profile.replaced, _steps(profile, wanted), profile.tuning != wanted.tuning, more)


def _steps(profile: _Profile, wanted: _Profile) -> int:
    """By how many factors of two the sizes differ; a size that is not known comes last."""
    if profile.size_b is None or wanted.size_b is None:
        return FARTHEST
    return round(abs(math.log(profile.size_b / wanted.size_b, LARGER_OR_SMALLER)))


def _profile(catalogue: Catalogue, model: str) -> _Profile:
    facts = catalogue.known.of_model[model]
    return _Profile(
        kind=next((str(x["kind"]) for x in facts if isinstance(x, f.Model)), ""),
        modalities=frozenset(str(x["modality"]) for x in facts if isinstance(x, f.Serves)),
        size_b=next((float(x["total_b"]) for x in facts if isinstance(x, f.Parameters)), None),
        tuning=catalogue.models[model].tuning,
        released=next((str(x["date"]) for x in facts if isinstance(x, f.Released)), ""),
        replaced=any(isinstance(x, f.ReplacedBy) for x in facts),
    )
