"""Entries of the knowledge base as JSON: each field with its source and confidence."""

from __future__ import annotations

from typing import Any

from whyllm.engine.render.shapes import CheckJson, ClaimJson, EntryJson, ModelJson, OverlaidJson
from whyllm.kb.errors import printable
from whyllm.kb.evidence import sourced_facts, stated_fields
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.overlay import lacks_evidence
from whyllm.kb.schema import FROM_MEMORY, Entry, Evidence, Model, plain

KINDS = {"licence": "licences", "family": "families", "publisher": "publishers"}
"""The kind of entry that each noun is one of."""


def model_json(kb: KnowledgeBase, model: Model, repackaging: str | None = None) -> ModelJson:
    """`whyllm.model/1`; `repackaging` is the name asked for, where it is one of a repackaging."""
    data = plain(model)
    return {
        "schema": "whyllm.model/1",
        "id": model.id,
        "name": model.name,
        "family": model.family,
        "publisher": kb.publisher_of(model).id,
        "kind": model.kind,
        "weights": model.weights,
        "released": model.released,
        "params_b": model.params_b,
        "active_params_b": model.active_params_b,
        "architecture": model.architecture,
        "attention": data["attention"],
        "context": model.context,
        "modalities": list(model.modalities),
        "tuning": model.tuning,
        "tool_calling": model.tool_calling,
        "languages": None if model.languages is None else list(model.languages),
        "cutoff": model.cutoff,
        "licences": kb.binding_licences(model),
        "inherited_licences": kb.inherited_licences(model),
        "code_licence": model.code_licence,
        "hf_repo": model.hf_repo,
        "base_repo": model.base_repo,
        "ollama": model.ollama,
        "aliases": list(model.aliases),
        "file_gb": dict(model.file_gb),
        "base": model.base,
        "successor": model.successor,
        "claims": [
            _claim(kb, field, data[field], model.evidence_for(field))
            for field in stated_fields(model)
        ],
        "course_claims": [
            _claim(kb, claim.topic, claim.says, claim.evidence)
            for claim in kb.claims.values()
            if claim.about in (model.id, model.family, kb.publisher_of(model).id)
        ],
        "disputes": [_claim(kb, d.field, d.value, d.evidence) for d in model.disputes],
        "notes": list(model.notes),
        "repackaging": repackaging,
        "overlaid": _overlaid(kb, "models", model),
    }


def entry_json(kb: KnowledgeBase, noun: str, entry: Entry, name: str) -> EntryJson:
    """`whyllm.licence/1`, `whyllm.publisher/1` or `whyllm.family/1`."""
    data = plain(entry)
    evidence = getattr(entry, "evidence", None)
    claims = [_claim(kb, "entry", data["id"], evidence)] if evidence else []
    claims += [
        _claim(kb, claim.topic, claim.says, claim.evidence)
        for claim in kb.claims.values()
        if claim.about == data["id"]
    ]
    return {
        "schema": f"whyllm.{noun}/1",
        "id": data["id"],
        "name": name,
        "entry": data,
        "claims": claims,
        "overlaid": _overlaid(kb, KINDS[noun], entry),
    }


def check_json(kb: KnowledgeBase) -> CheckJson:
    """`whyllm.check/1`: what there is, and how well it is known."""
    confidence: dict[str, int] = {term.id: 0 for term in kb.terms.confidence}
    facts = list(sourced_facts(kb))
    for fact in facts:
        confidence[fact.evidence.confidence] += 1
    kinds = ("publishers", "families", "models", "licences", "claims", "sources", "dimensions")
    return {
        "schema": "whyllm.check/1",
        "version": kb.edition.version,
        "digest": kb.digest,
        "counts": {kind: len(getattr(kb, kind)) for kind in kinds},
        "facts": len(facts),
        "confidence": confidence,
        "from_memory_share": round(confidence[FROM_MEMORY] / max(len(facts), 1), 4),
    }


def _overlaid(kb: KnowledgeBase, kind: str, entry: Entry) -> list[OverlaidJson]:
    """What folders laid over the built-in knowledge said of an entry, field by field."""
    return [
        {
            "field": field,
            "folder": printable(str(folder)),
            "evidence": "missing" if lacks_evidence(entry, field) else "given",
        }
        for field, folder in kb.overlaid.get((kind, plain(entry)["id"]), {}).items()
    ]


def _claim(kb: KnowledgeBase, field: str, value: Any, evidence: Evidence) -> ClaimJson:
    return {
        "field": field,
        "value": list(value) if isinstance(value, tuple) else value,
        "source": source_words(kb, evidence.source),
        "confidence": evidence.confidence,
        "note": evidence.note,
    }


def source_words(kb: KnowledgeBase, key: str) -> str:
    """A source's title, with its address where it has one."""
    if key in kb.measurements:
        return f"your measurement of {kb.measurements[key].made}"
    source = kb.sources[key]
    return f"{source.title} <{source.url}>" if source.url else source.title
