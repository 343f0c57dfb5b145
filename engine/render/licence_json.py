"""Licences as JSON: one, those that bind a model, the shelf of them, and where a text is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from whyllm.engine.render.knowledge_json import entry_json
from whyllm.engine.render.licence_shapes import (
    LicenceJson,
    LicenceSetJson,
    LicencesJson,
    LicenceTextJson,
    ReadJson,
    ShelvedJson,
)
from whyllm.engine.render.licence_words import label, threshold_words
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.schema import Licence, Model


def licence_json(kb: KnowledgeBase, licence: Licence) -> LicenceJson:
    """`whyllm.licence/1`."""
    return {
        **entry_json(kb, "licence", licence, licence.name),
        "url": licence.url,
        "read": _read(kb, licence),
        "models": [m.id for m in kb.models.values() if licence.id in kb.binding_licences(m)],
    }


def licence_set_json(kb: KnowledgeBase, asked: str, model: Model) -> LicenceSetJson:
    """`whyllm.licence-set/1`: the licences that bind a model."""
    return {
        "schema": "whyllm.licence-set/1",
        "asked": asked,
        "model": model.id,
        "inherited": kb.inherited_licences(model),
        "licences": [licence_json(kb, kb.licences[key]) for key in kb.binding_licences(model)],
    }


def licences_json(
    kb: KnowledgeBase,
    licences: Sequence[Licence],
    category: str | None,
    use: str | None,
    search: str | None,
) -> LicencesJson:
    """`whyllm.licences/1` of the licences that passed the filters."""
    return {
        "schema": "whyllm.licences/1",
        "category": category,
        "use": use,
        "search": search,
        "licences": _shelved(kb, licences),
    }


def licence_text_json(kb: KnowledgeBase, licence: Licence) -> LicenceTextJson:
    """`whyllm.licence-text/1`."""
    return {
        "schema": "whyllm.licence-text/1",
        "id": licence.id,
        "name": licence.name,
        "version": licence.version,
        "url": licence.url,
        "read": _read(kb, licence),
    }


def _shelved(kb: KnowledgeBase, licences: Iterable[Licence]) -> list[ShelvedJson]:
    bound = Counter(key for m in kb.models.values() for key in set(kb.binding_licences(m)))
    return [
        {
            "id": x.id,
            "short": x.short,
            "category": x.category,
            "osi_approved": x.osi_approved,
            "commercial_use": x.clauses["commercial_use"].value,
            "production_use": x.clauses["production_use"].value,
            "thresholds": [threshold_words(kb, threshold) for threshold in x.thresholds],
            "excludes": [place for territory in x.territory for place in territory.excludes],
            "unread": list(x.unread),
            "models": bound[x.id],
        }
        for x in licences
    ]


def _read(kb: KnowledgeBase, licence: Licence) -> ReadJson:
    source = kb.sources[licence.evidence.source]
    return {
        "title": source.title,
        "url": source.url,
        "date": source.read.isoformat(),
        "confidence": licence.evidence.confidence,
        "known": label(kb.terms.confidence, licence.evidence.confidence),
        "note": licence.evidence.note,
        "source_note": source.note,
    }
