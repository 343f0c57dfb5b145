"""Where the knowledge contradicts itself: a claim of a source against a variant's own entry.

A claim about a family or a variant is held against each variant that it speaks of; a dispute
against the field that it disputes. What a publisher mostly does is no claim about each of its
variants, so claims about publishers are not held against any. The engine asserts the claims of
`family_licences` and what they cover (claim_checks.py), so its caveats and this list cannot part.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from whyllm.kb.claim_checks import contradicted_field
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.schema import Answer, Claim, Evidence, Model, later

Value = Answer | tuple[str, ...]
Reason = Literal["own-card", "confidence", "newer", "kept", "overruled"]
"""Why a side prevails: the variant's own entry against a family, the better known, the newer, the
value that the entry keeps where nothing tells the two apart, or the one that whoever wrote the
entry keeps although the other is better known or newer."""

_A_VARIANTS_OWN = ("architecture", "size")
"""Topics on which an id that is both a family's and a variant's means the variant."""


@dataclass(frozen=True)
class Side:
    """One side of a conflict: what it says, and how that is known; `made` is when it was said."""

    value: Value
    says: str | None
    made: str
    evidence: Evidence


@dataclass(frozen=True)
class Conflict:
    """A claim about a variant or its family, the counter-claim, and which of them prevails."""

    claim_id: str | None
    about: str
    model: str
    field: str
    claim: Side
    counter: Side
    prevails: Literal["claim", "counter"]
    reason: Reason


def conflicts(kb: KnowledgeBase) -> Iterator[Conflict]:
    """All conflicts: claims in the order of their file, then disputes, then families' fields."""
    for claim in kb.claims.values():
        for model in _spoken_of(kb, claim):
            field = contradicted_field(kb, claim, model)
            if field is not None:
                yield _claim_conflict(kb, claim, model, field)
    for model in kb.models.values():
        yield from _disputes(kb, model)
    for model in kb.models.values():
        yield from _generation(kb, model)


def family_licences(kb: KnowledgeBase) -> Iterator[tuple[Claim, str]]:
    """Each claim that puts a family under a licence, with each licence that it names."""
    for claim in kb.claims.values():
        if claim.topic == "licence" and claim.about in kb.families:
            for value in claim.value if isinstance(claim.value, tuple) else (str(claim.value),):
                yield claim, value


def _spoken_of(kb: KnowledgeBase, claim: Claim) -> Iterator[Model]:
    own = claim.topic in _A_VARIANTS_OWN or claim.about not in kb.families
    if own and claim.about in kb.models:
        yield kb.models[claim.about]
        return
    for model in kb.models.values():
        if (
            model.family == claim.about
            and (not claim.generations or model.generation in claim.generations)
            and (claim.modality is None or claim.modality in model.modalities)
        ):
            yield model


def _claim_conflict(kb: KnowledgeBase, claim: Claim, model: Model, field: str) -> Conflict:
    said = Side(claim.value, claim.says, claim.made, claim.evidence)
    own = _held(kb, model, field)
    of_family = claim.about in kb.families
    prevails, reason = _prevailing(said, own, own_card="counter" if of_family else None)
    if prevails == "claim" and own.evidence.verified:
        prevails, reason = "counter", "kept" if reason == "kept" else "overruled"
    return Conflict(claim.id, claim.about, model.id, field, said, own, prevails, reason)


def _disputes(kb: KnowledgeBase, model: Model) -> Iterator[Conflict]:
    for dispute in model.disputes:
        kept = _held(kb, model, dispute.field)
        read = kb.sources[dispute.evidence.source].read.isoformat()
        other = Side(dispute.value, dispute.evidence.note, read, dispute.evidence)
        prevails, reason = _prevailing(kept, other)
        if prevails == "counter" and kept.evidence.verified:
            prevails, reason = "claim", "overruled"
        yield Conflict(None, model.id, model.id, dispute.field, kept, other, prevails, reason)


def _generation(kb: KnowledgeBase, model: Model) -> Iterator[Conflict]:
    """A variant of a generation that its family does not list."""
    family = kb.families[model.family]
    if not family.generations or model.generation in (None, *family.generations):
        return
    read = kb.sources[family.evidence.source].read.isoformat()
    listed = Side(family.generations, f"{family.name} lists these.", read, family.evidence)
    own = _held(kb, model, "generation")
    prevails, reason = _prevailing(listed, own, own_card="counter")
    yield Conflict(None, family.id, model.id, "generation", listed, own, prevails, reason)


def _held(kb: KnowledgeBase, model: Model, field: str) -> Side:
    """What the variant's own entry holds."""
    evidence = model.evidence_for(field)
    made = kb.sources[evidence.source].read.isoformat()
    return Side(getattr(model, field), evidence.note, made, evidence)


def _prevailing(
    claim: Side, counter: Side, own_card: Literal["counter"] | None = None
) -> tuple[Literal["claim", "counter"], Reason]:
    """Which side prevails: the variant's own entry, then the better known, then the newer."""
    if own_card is not None and counter.evidence.verified:
        return own_card, "own-card"
    one, other = claim.evidence.standing, counter.evidence.standing
    if one != other:
        return ("claim" if one < other else "counter"), "confidence"
    if later(claim.made, counter.made):
        return "claim", "newer"
    if later(counter.made, claim.made):
        return "counter", "newer"
    return "claim", "kept"
