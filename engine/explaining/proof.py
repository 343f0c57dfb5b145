"""Proofs: from a conclusion through the firings that drew it down to given facts and absences.

One tree, told in three lengths: a line (the conclusion's sentence), short (what is given and what
is absent behind it), full (every firing between).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from whyllm.engine.consulting import Consultation
from whyllm.engine.explaining.guards import guards
from whyllm.engine.support import Support
from whyllm.engine.trace import FactRecord, Firing

Length = Literal["line", "short", "full"]
LENGTHS: tuple[Length, ...] = ("line", "short", "full")

_ORIGINS = {"stated": "stated by you", "default": "default", "implied": "implied"}


@dataclass(frozen=True)
class Proof:
    """A fact or a firing in words, with the proofs of what it rests on.

    A given fact has `fact` and no premises; a firing has `rule` and `firing`; an absence has
    neither, and is told as a text. `guards` are given facts that keep those absences true.
    """

    text: str
    rule: str | None = None
    fact: FactRecord | None = None
    source: str | None = None
    premises: tuple[Proof, ...] = ()
    absences: tuple[str, ...] = ()
    guards: tuple[Proof, ...] = ()

    def leaves(self) -> Iterator[Proof]:
        """The given facts below, each once, in the order of the tree."""
        seen: set[FactRecord] = set()
        for node in self._nodes():
            if node.fact is not None and node.fact not in seen:
                seen.add(node.fact)
                yield node

    def all_absences(self) -> tuple[str, ...]:
        """What had to be absent, here and below, each once."""
        return tuple(dict.fromkeys(text for node in self._nodes() for text in node.absences))

    def told(self, length: Length) -> Proof:
        """The tree at a length: without premises, with its leaves right below, or as it is."""
        if length == "full" or self.rule is None:
            return self
        if length == "line":
            return Proof(self.text, self.rule)
        return replace(self, premises=tuple(self.leaves()), absences=self.all_absences())

    def as_json(self) -> dict[str, Any]:
        """The tree as JSON types; a leaf has `fact` and `source`, a firing has `rule`."""
        if self.fact is not None:
            return {"fact": self.fact.as_json(), "text": self.text, "source": self.source}
        return {
            "rule": self.rule,
            "text": self.text,
            "premises": [premise.as_json() for premise in self.premises],
            "absences": list(self.absences),
            **({"guards": [guard.as_json() for guard in self.guards]} if self.guards else {}),
        }

    def _nodes(self) -> Iterator[Proof]:
        yield self
        for premise in self.premises:
            yield from premise._nodes()


def proof_of(firing: Firing, consultation: Consultation) -> Proof:
    """The proof of one firing, from a minimal set of given facts."""
    support = consultation.supports.of(firing)
    kept_absent = guards(firing, support, consultation)
    proof = _proved(firing, support, consultation)
    return replace(proof, guards=tuple(leaf(fact, consultation) for fact in kept_absent))


def _proved(firing: Firing, support: Support, consultation: Consultation) -> Proof:
    def premise(fact: FactRecord) -> Proof:
        drawn_by = support.drawn_by.get(fact)
        if drawn_by is not None:
            return _proved(drawn_by, support, consultation)
        return leaf(fact, consultation)

    return Proof(
        text=consultation.sentence(firing),
        rule=firing.rule,
        premises=tuple(premise(fact) for fact in firing.premises),
        absences=tuple(consultation.words.absence(fact) for fact in firing.absences),
    )


def leaf(fact: FactRecord, consultation: Consultation) -> Proof:
    """A given fact: what the user stated, or what a source says."""
    return Proof(consultation.words.fact(fact), None, fact, source_of(fact, consultation))


def source_of(fact: FactRecord, consultation: Consultation) -> str | None:
    """Where a fact comes from: the user, a default, or a text; None for other derived facts."""
    if fact.type == "Stated":
        return _ORIGINS["stated"]
    origin = fact.get("origin")
    if origin is not None:
        return _ORIGINS[str(origin)]
    source = consultation.catalogue.sources.get(str(fact.get("source")))
    return None if source is None else str(source)
