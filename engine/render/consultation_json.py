"""Consultations and explanations as JSON, by the shapes of shapes.py."""

from __future__ import annotations

from typing import Any

from whyllm.engine.consulting import Consultation
from whyllm.engine.explaining.duties import duties_of
from whyllm.engine.explaining.explanation import Explanation, cause_of, premises_as_json
from whyllm.engine.render.shapes import (
    CandidateJson,
    CauseJson,
    ConsultationJson,
    DutyJson,
    ExplanationJson,
    InsteadJson,
    KnowledgeJson,
    ReasonJson,
)
from whyllm.engine.render.standing_json import standing_json
from whyllm.engine.trace import FactRecord, Firing

WHOLE_ANSWER = ""

CAVEATS = ("Caveat", "Contradicted")
"""The types of what to mind in the verdict on one model."""


def consultation_json(consultation: Consultation) -> ConsultationJson:
    """`whyllm.consultation/1`."""
    return {
        "schema": "whyllm.consultation/1",
        "rulebook": consultation.rulebook.id,
        "on": consultation.on.isoformat(),
        "need": consultation.need.as_json(),
        "assumed": assumed(consultation),
        "outcome": consultation.outcome,
        "path": list(consultation.path),
        "leaf": list(consultation.leaf),
        "shortlist": [candidate(consultation, model) for model in consultation.shortlist],
        "kept": list(consultation.kept),
        "excluded": [
            {"model": model, "causes": [_cause(firing, consultation) for firing in firings]}
            for model, firings in consultation.excluded.items()
        ],
        "undecided": [
            {
                "model": model,
                "waiting_for": list(
                    dict.fromkeys(
                        str(fact["waiting_for"])
                        for firing in firings
                        for fact in firing.conclusions
                        if fact.type == "Undecided"
                    )
                ),
                "causes": [_cause(firing, consultation) for firing in firings],
            }
            for model, firings in consultation.undecided.items()
        ],
        "caveats": reasons(consultation, WHOLE_ANSWER, "Caveat"),
        "instead": _instead(consultation),
        "kb": knowledge(consultation),
    }


def explanation_json(explanation: Explanation) -> ExplanationJson:
    """`whyllm.explanation/1`."""
    consultation, model = explanation.consultation, explanation.model
    return {
        "schema": "whyllm.explanation/1",
        "rulebook": consultation.rulebook.id,
        "on": consultation.on.isoformat(),
        "need": consultation.need.as_json(),
        "model": model,
        "name": consultation.catalogue.models[model].name,
        "verdict": explanation.verdict,
        "causes": [
            {
                **_cause(firing, consultation),
                "premises": premises_as_json(firing, consultation),  # type: ignore[typeddict-item]
                "absences": [consultation.words.absence(fact) for fact in firing.absences],
            }
            for firing in explanation.firings
        ],
        "fixes": [fix.as_json() for fix in explanation.fixes],  # type: ignore[misc]
        "instead": list(explanation.instead),
        "duties": duties(consultation, model),
        "depends_on": reasons(consultation, model, "Depends"),
        "caveats": reasons(consultation, model, *CAVEATS),
        "proof": [proof.as_json() for proof in explanation.proofs],
        "kb": knowledge(consultation),
        **standing_json(explanation),
    }


def candidate(consultation: Consultation, model: str) -> CandidateJson:
    """One model of the shortlist."""
    entry = consultation.catalogue.models[model]
    quantisation, memory_gb = footprint(consultation, model)
    reasons_for = [
        firing
        for firing, fact in consultation.about(model, "Named", "Merit", "Runs")
        if fact.type != "Merit" or _counts(fact)
    ]
    return {
        "model": model,
        "name": entry.name,
        "family": entry.family,
        "quantisation": quantisation,
        "memory_gb": memory_gb,
        "licences": list(entry.licences),
        "pull": f"ollama pull {entry.ollama}" if entry.ollama else None,
        "because": _unique(
            [{"rule": f.rule, "text": consultation.sentence(f)} for f in reasons_for]
        ),
        "duties": duties(consultation, model),
        "depends_on": reasons(consultation, model, "Depends"),
        "caveats": reasons(consultation, model, "Caveat"),
    }


def _counts(merit: FactRecord) -> bool:
    """Whether a merit speaks for the model; the rest only orders it."""
    level = merit["level"]
    assert isinstance(level, int)
    return level > 0 or merit["criterion"] == "licence"


def footprint(consultation: Consultation, model: str) -> tuple[str, float | None]:
    """The quantisation that a model runs at, or that was asked for, and its memory in 1e9 bytes."""
    runs = consultation.about(model, "Runs")
    asked = next(str(a["value"]) for a in consultation.asked if a["axis"] == "quant")
    quantisation = str(runs[0][1]["quantisation"]) if runs else asked
    for _, fact in consultation.about(model, "Requires"):
        if fact["quantisation"] == quantisation:
            total = fact["total_gb"]
            assert isinstance(total, float)
            return quantisation, round(total, 1)
    return quantisation, None


def assumed(consultation: Consultation) -> dict[str, Any]:
    """What follows from the need or is a default: axis -> value."""
    return {
        str(fact["axis"]): fact["value"]
        for fact in consultation.asked
        if fact["origin"] != "stated" and fact["axis"] != "machine"
    }


def duties(consultation: Consultation, model: str) -> list[DutyJson]:
    """The duties of a model, each once, with the trigger that makes it due."""
    return [
        {
            "id": duty.id,
            "text": duty.text,
            "licence": duty.licence,
            "section": duty.section,
            "trigger": duty.trigger,
        }
        for duty in duties_of(consultation, model)
    ]


def reasons(consultation: Consultation, model: str, *types: str) -> list[ReasonJson]:
    """The sentences of the firings that concluded facts of these types on a model, each once."""
    return _unique(
        [
            {"rule": firing.rule, "text": consultation.sentence(firing)}
            for firing, _ in consultation.about(model, *types)
        ]
    )


def _unique(items: list[ReasonJson]) -> list[ReasonJson]:
    return list({item["text"]: item for item in items}.values())


def _cause(firing: Firing, consultation: Consultation) -> CauseJson:
    return cause_of(firing, consultation).as_json()  # type: ignore[return-value]


def _instead(consultation: Consultation) -> InsteadJson | None:
    for _, fact in consultation.trace.concluding("OutOfScope"):
        entry = consultation.catalogue.outside[str(fact["modality"])]
        return {
            "label": entry.label,
            "why": entry.why,
            "examples": list(entry.examples),
            "libraries": list(entry.libraries),
        }
    return None


def knowledge(consultation: Consultation) -> KnowledgeJson:
    """Which knowledge answered."""
    return {
        "version": consultation.catalogue.version,
        "digest": consultation.catalogue.digest,
    }
