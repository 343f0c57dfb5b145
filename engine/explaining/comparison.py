"""What decides between two models: only the facts by which one stands before the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from whyllm.engine.consulting import Consultation
from whyllm.engine.explaining.deciding import NOTHING, deciding_criterion
from whyllm.engine.explaining.explanation import Cause, cause_of
from whyllm.engine.explaining.proof import Proof, leaf
from whyllm.engine.machine import fact_record
from whyllm.engine.trace import FactRecord, Firing

VERDICT = "verdict"

ABOUT_WHAT = ("tag", "modality", "language", "field", "measure", "place", "quantisation")
"""Slots that say on which point a fact tells something; their facts compare on the same point."""


@dataclass(frozen=True)
class Deciding:
    """A cause against one model or a merit of it, and how the other one stands on that point."""

    model: str
    cause: Cause
    counterpart: tuple[Proof, ...]


@dataclass(frozen=True)
class Comparison:
    """Two models under one need.

    `better` is the model that stands before the other, None where nothing decides; `decided_by` is
    "verdict", the first criterion on which they differ (see deciding.py), or "nothing".
    """

    consultation: Consultation
    models: tuple[str, str]
    better: str | None
    decided_by: str
    deciding: tuple[Deciding, ...]


def compare(consultation: Consultation, one: str, other: str) -> Comparison:
    """What decides between two models of the catalogue; ValueError for one and the same."""
    if one == other:
        raise ValueError(f"{one} is compared with itself")
    verdicts = {model: consultation.verdict(model) for model in (one, other)}
    kept = [model for model in (one, other) if model in consultation.kept]
    if len(kept) == 2:
        return _ranked(consultation, (one, other))
    against = {
        model: consultation.excluded.get(model) or consultation.undecided.get(model) or ()
        for model in (one, other)
    }
    if kept:
        (fallen,) = {one, other} - set(kept)
        deciding = [_against(consultation, fallen, f, kept[0]) for f in against[fallen]]
        return Comparison(consultation, (one, other), kept[0], VERDICT, tuple(deciding))
    rules = {model: {firing.rule for firing in firings} for model, firings in against.items()}
    deciding = [
        _against(consultation, model, firing, rival)
        for model, rival in ((one, other), (other, one))
        for firing in against[model]
        if firing.rule not in rules[rival]
    ]
    better = None
    if len({verdicts[one], verdicts[other]}) == 2:  # undecided stands before excluded
        better = one if verdicts[one] == "undecided" else other
    decided_by = VERDICT if better else NOTHING
    return Comparison(consultation, (one, other), better, decided_by, tuple(deciding))


def _ranked(consultation: Consultation, models: tuple[str, str]) -> Comparison:
    """Two kept models: the first criterion on which they differ decides."""
    criterion, speaking = deciding_criterion(consultation, *models)
    better = None if criterion == NOTHING else min(models, key=consultation.ranking.index)
    deciding = (Deciding(model, cause_of(firing, consultation), ()) for model, firing in speaking)
    return Comparison(consultation, models, better, criterion, tuple(deciding))


def _against(consultation: Consultation, model: str, firing: Firing, rival: str) -> Deciding:
    found = {
        fact: None
        for point in (*firing.premises, *firing.absences)
        for fact in _on_the_point(consultation, point, model, rival)
    }
    leaves = tuple(leaf(fact, consultation) for fact in found)
    return Deciding(model, cause_of(firing, consultation), leaves)


def _on_the_point(
    consultation: Consultation, point: FactRecord, model: str, rival: str
) -> Iterator[FactRecord]:
    """What is known of the rival on the point of a fact about the model, or of its licences."""
    own = {model, *consultation.catalogue.models[model].licences}
    about = next((s for s in ("model", "licence") if point.get(s) in own), None)
    if about is None or point.type in ("Model", "Licensed", "Unverified"):
        return
    theirs = {rival, *consultation.catalogue.models[rival].licences}
    for fact in _facts_of(consultation, rival):
        if (
            fact.type == point.type
            and fact.get(about) in theirs
            and all(fact.get(s) == point.get(s) for s in ABOUT_WHAT if point.get(s) is not None)
        ):
            yield fact


def _facts_of(consultation: Consultation, model: str) -> Iterator[FactRecord]:
    known = consultation.catalogue.known
    for licence in consultation.catalogue.models[model].licences:
        yield from map(fact_record, known.of_licence[licence])
    yield from map(fact_record, known.of_model[model])
    for _, fact in consultation.about(model, "Requires", "Fits"):
        yield fact
