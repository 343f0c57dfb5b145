"""Proofs: from a conclusion through the firings that drew it down to given facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from whyllm.engine.consult import Consultation
from whyllm.engine.trace import FactRecord, Firing


@dataclass(frozen=True)
class Proof:
    """One firing with the proofs of its premises; a given fact is a leaf without a rule."""

    text: str
    rule: str | None
    fact: FactRecord | None
    source: str | None
    premises: tuple[Proof, ...] = ()
    absences: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The tree as JSON types; a leaf has `fact` and `source`, a firing has `rule`."""
        if self.rule is None:
            assert self.fact is not None
            return {"fact": self.fact.as_json(), "text": self.text, "source": self.source}
        return {
            "rule": self.rule,
            "text": self.text,
            "premises": [premise.as_json() for premise in self.premises],
            "absences": list(self.absences),
        }


def proof_of(firing: Firing, consultation: Consultation) -> Proof:
    """The proof tree of one firing. Derived premises are proved by their first justification."""
    return Proof(
        text=consultation.sentence(firing),
        rule=firing.rule,
        fact=None,
        source=None,
        premises=tuple(_premise(fact, consultation) for fact in firing.premises),
        absences=tuple(consultation.words.absence(fact) for fact in firing.absences),
    )


def _premise(fact: FactRecord, consultation: Consultation) -> Proof:
    justifications = consultation.trace.justifications(fact)
    if justifications:
        return proof_of(justifications[0], consultation)
    return leaf(fact, consultation)


def leaf(fact: FactRecord, consultation: Consultation) -> Proof:
    """A given fact: what the user stated, or what a source says."""
    return Proof(consultation.words.fact(fact), None, fact, source_of(fact, consultation))


def source_of(fact: FactRecord, consultation: Consultation) -> str | None:
    """Where a given fact comes from: the user, a default, or a text."""
    origin = fact.get("origin")
    if origin is not None:
        return {"stated": "stated by you", "default": "default"}.get(str(origin), str(origin))
    source = consultation.catalogue.sources.get(str(fact.get("source")))
    return None if source is None else str(source)
