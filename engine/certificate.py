"""Certificates: an answer with all that it follows from, for a checker that trusts no engine."""

from __future__ import annotations

import datetime as dt
from typing import Any

from whyllm.engine.catalogue import Catalogue
from whyllm.engine.consulting import Consultant, Consultation, consult, given_facts
from whyllm.engine.declared import rules_digest
from whyllm.engine.explaining.explanation import deciding_firings
from whyllm.engine.machine import fact_record
from whyllm.engine.need import Need
from whyllm.engine.render.certificate_shapes import CertificateJson
from whyllm.engine.trace import FactRecord, Firing, Trace

CATALOGUE = "catalogue"
MODEL = "model"


def certificate_of_answer(consultation: Consultation) -> CertificateJson:
    """`whyllm.certificate/1` of a whole consultation, made without models to examine."""
    return _certificate(consultation, CATALOGUE, None)


def certificate_of_verdict(
    catalogue: Catalogue, rulebook: str, need: Need, on: dt.date, model: str
) -> CertificateJson:
    """`whyllm.certificate/1` of the verdict on one model.

    What speaks against a model is judged on it alone, so the certificate of an excluded or
    undecided one holds its own firings only. Whether a kept one is shortlisted hangs on all
    others, and so its certificate holds the whole consultation. KeyError for an unknown model.
    """
    if model not in catalogue.models:
        raise KeyError(model)
    alone = Consultant(catalogue, rulebook, only={model}).consult(need, on)
    if alone.kept:
        return _certificate(consult(need, catalogue, rulebook, on), CATALOGUE, model)
    return _certificate(alone, MODEL, model)


def _certificate(consultation: Consultation, scope: str, about: str | None) -> CertificateJson:
    answer, trace = consultation, consultation.trace
    question = given_facts(answer.need, answer.on)
    return {
        "schema": "whyllm.certificate/1",
        "rulebook": answer.rulebook.id,
        "rules_digest": rules_digest(answer.rulebook.id),
        "kb": {"version": answer.catalogue.version, "digest": answer.catalogue.digest},
        "on": answer.on.isoformat(),
        "need": answer.need.as_json(),
        "scope": scope,
        "about": about,
        "given": [fact_record(fact).as_json() for fact in question],
        "facts": [fact.as_json() for fact in _relied_on(trace)],
        "trace": trace.as_json(),  # type: ignore[typeddict-item]
        "outcome": answer.outcome,
        "kept": list(answer.kept),
        "excluded": [m for m in answer.catalogue.models if m in answer.excluded],
        "undecided": [m for m in answer.catalogue.models if m in answer.undecided],
        "shortlist": list(answer.shortlist),
        "verdict": None if about is None else answer.verdict(about),
        "proof": [] if about is None else _proofs(answer, about),
    }


def _relied_on(trace: Trace) -> list[FactRecord]:
    """The premises that no firing concluded, each once, in order."""
    premises = dict.fromkeys(fact for firing in trace.firings for fact in firing.premises)
    return [fact for fact in premises if not trace.justifications(fact)]


def _proofs(consultation: Consultation, model: str) -> list[dict[str, Any]]:
    """A tree for each firing that decides on the model, in the order of the trace."""
    trace = consultation.trace
    number = {id(firing): place for place, firing in enumerate(trace.firings)}

    def tree(firing: Firing) -> dict[str, Any]:
        return {"firing": number[id(firing)], "premises": [below(f) for f in firing.premises]}

    def below(fact: FactRecord) -> dict[str, Any]:
        reasons = trace.justifications(fact)
        return tree(reasons[0]) if reasons else {"fact": fact.as_json()}

    firings = deciding_firings(consultation, model)
    return [tree(f) for f in sorted(firings, key=lambda firing: number[id(firing)])]
