"""The Explanation of one model's verdict: causes, proofs, smallest fixes and alternatives."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from whyllm.engine.consulting import Consultation
from whyllm.engine.explaining.first import First, first
from whyllm.engine.explaining.fixes import Fix, WaysOut, ways_out
from whyllm.engine.explaining.open_questions import OpenQuestion, open_questions
from whyllm.engine.explaining.place import Place, place_of
from whyllm.engine.explaining.proof import Proof, proof_of, source_of
from whyllm.engine.trace import Firing


@dataclass(frozen=True)
class Cause:
    """One firing for or against a model, in words."""

    rule: str
    stage: str
    text: str
    sources: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The contract's keys."""
        return {
            "rule": self.rule,
            "stage": self.stage,
            "text": self.text,
            "sources": list(self.sources),
        }


@dataclass(frozen=True)
class Explanation:
    """Why a model has its verdict; see `explain`.

    `firings` are those that made it so, and `instead` holds the ids of the shortlist's others.
    """

    model: str
    consultation: Consultation
    verdict: str
    firings: tuple[Firing, ...]
    ways_out: WaysOut | None
    instead: tuple[str, ...]
    first: First | None = None

    def __repr__(self) -> str:
        return f"<Explanation: {self.model} is {self.verdict}>"

    @cached_property
    def place(self) -> Place | None:
        """The rank of a kept model, and what stands before it."""
        return place_of(self.consultation, self.model)

    @cached_property
    def open(self) -> tuple[OpenQuestion, ...]:
        """What each value of a missing fact would lead to."""
        return open_questions(self.consultation, self.model)

    @property
    def causes(self) -> list[Cause]:
        """The causes in words, in the order of the stages."""
        return [cause_of(firing, self.consultation) for firing in self.firings]

    @property
    def fixes(self) -> tuple[Fix, ...]:
        """The smallest changes of the need that admit the model."""
        return () if self.ways_out is None else self.ways_out.fixes

    @property
    def proofs(self) -> list[Proof]:
        """One proof tree for each cause."""
        return [proof_of(firing, self.consultation) for firing in self.firings]


def cause_of(firing: Firing, consultation: Consultation) -> Cause:
    """A firing as a cause."""
    card = consultation.rulebook.card(firing.rule)
    return Cause(
        firing.rule,
        card.stage,
        consultation.sentence(firing),
        consultation.words.sources(firing, consultation.rulebook),
    )


def explain(consultation: Consultation, model: str, *, to_first: bool = False) -> Explanation:
    """Explain the verdict on a model of the catalogue.

    Against an excluded or undecided model every cause is given, each of which suffices alone; for
    a kept one, the firings that kept it and its merits. `to_first` searches for the changes by
    which it would stand first. KeyError for an unknown model.
    """
    if model not in consultation.catalogue.models:
        raise KeyError(model)
    verdict = consultation.verdict(model)
    firings = deciding_firings(consultation, model)
    ways = None if model in consultation.kept else ways_out(consultation, model)
    instead = tuple(m for m in consultation.shortlist if m != model)
    found = first(consultation, model) if to_first else None
    return Explanation(model, consultation, verdict, firings, ways, instead, found)


def deciding_firings(consultation: Consultation, model: str) -> tuple[Firing, ...]:
    """The firings against an excluded or undecided model; those in favour of a kept one."""
    if model in consultation.excluded:
        return consultation.excluded[model]
    if model in consultation.undecided:
        return consultation.undecided[model]
    about = consultation.about(model, "Kept", "Named", "Runs", "Merit")
    return tuple(dict.fromkeys(firing for firing, _ in about))


def premises_as_json(firing: Firing, consultation: Consultation) -> list[dict[str, Any]]:
    """The premises of a firing: `{"fact", "text", "source"}`; a derived one has no source."""
    return [
        {
            "fact": fact.as_json(),
            "text": consultation.words.fact(fact),
            "source": source_of(fact, consultation),
        }
        for fact in firing.premises
    ]
