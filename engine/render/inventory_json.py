"""What the knowledge base holds, as JSON: lists, sources, hits of a search, or all of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from whyllm.engine.render.inventory_shapes import (
    ExportJson,
    ListedFamilyJson,
    ListedLicenceJson,
    ListedModelJson,
    ListedPublisherJson,
    ListedQuantisationJson,
    ListedSourceJson,
    ListJson,
    SearchJson,
    SourcesJson,
)
from whyllm.kb.evidence import citations, sourced_facts
from whyllm.kb.knowledge import ENTRIES_BY_ID, KnowledgeBase
from whyllm.kb.schema import Model, plain
from whyllm.kb.search import Hit

LISTS = ("models", "licences", "families", "publishers", "sources", "quantisations")


def list_json(kb: KnowledgeBase, kind: str, models: Sequence[Model]) -> ListJson:
    """`whyllm.list/1` of one of LISTS; `models` are the variants to list."""
    listers: dict[str, Callable[[KnowledgeBase], Any]] = {
        "models": lambda kb: [_model(kb, model) for model in models],
        "licences": _licences,
        "families": _families,
        "publishers": _publishers,
        "sources": _sources,
        "quantisations": _quantisations,
    }
    return {"schema": "whyllm.list/1", "kind": kind, "entries": listers[kind](kb)}


def sources_json(kb: KnowledgeBase, unused: bool) -> SourcesJson:
    """`whyllm.sources/1`; with `unused`, of those that nothing cites."""
    sources = [source for source in _sources(kb) if not (unused and source["cited"])]
    return {"schema": "whyllm.sources/1", "sources": sources}


def search_json(asked: str, hits: Sequence[Hit], limit: int) -> SearchJson:
    """`whyllm.search/1` with the best of the hits."""
    return {
        "schema": "whyllm.search/1",
        "asked": asked,
        "found": len(hits),
        "hits": [
            {
                "kind": hit.document.kind,
                "id": hit.document.id,
                "name": hit.document.name,
                "score": hit.score,
                "field": hit.passage.field,
                "text": hit.passage.text,
            }
            for hit in hits[:limit]
        ],
    }


def export_json(kb: KnowledgeBase) -> ExportJson:
    """`whyllm.export/1`: every entry as its file has it, with what an overlay changed."""
    entries: dict[str, Any] = {
        kind: [plain(entry) for entry in getattr(kb, kind).values()] for kind in ENTRIES_BY_ID
    }
    entries["decisive"] = [plain(entry) for entry in kb.decisive]
    for kind in ("terms", "tree", "hardware", "lessons", "preferences", "edition"):
        entries[kind] = plain(getattr(kb, kind))
    return {
        "schema": "whyllm.export/1",
        "version": kb.edition.version,
        "digest": kb.digest,
        "entries": entries,
    }


def _model(kb: KnowledgeBase, model: Model) -> ListedModelJson:
    return {
        "id": model.id,
        "name": model.name,
        "family": model.family,
        "publisher": kb.publisher_of(model).id,
        "params_b": model.params_b,
        "modalities": list(model.modalities),
        "licences": kb.binding_licences(model),
    }


def _licences(kb: KnowledgeBase) -> list[ListedLicenceJson]:
    return [
        {"id": x.id, "name": x.name, "category": x.category, "osi_approved": x.osi_approved}
        for x in kb.licences.values()
    ]


def _families(kb: KnowledgeBase) -> list[ListedFamilyJson]:
    models = Counter(model.family for model in kb.models.values())
    return [
        {
            "id": family.id,
            "name": family.name,
            "publisher": family.publisher,
            "models": models[family.id],
            "specialty": family.specialty,
        }
        for family in kb.families.values()
    ]


def _publishers(kb: KnowledgeBase) -> list[ListedPublisherJson]:
    families = Counter(family.publisher for family in kb.families.values())
    models = Counter(kb.publisher_of(model).id for model in kb.models.values())
    return [
        {
            "id": publisher.id,
            "name": publisher.name,
            "country": publisher.country,
            "role": publisher.role,
            "families": families[publisher.id],
            "models": models[publisher.id],
        }
        for publisher in kb.publishers.values()
    ]


def _sources(kb: KnowledgeBase) -> list[ListedSourceJson]:
    facts = Counter(fact.evidence.source for fact in sourced_facts(kb))
    cited = set(citations(kb))
    return [
        {
            "id": source.id,
            "name": source.title,
            "url": source.url,
            "read": source.read.isoformat(),
            "facts": facts[source.id],
            "cited": source.id in cited,
        }
        for source in kb.sources.values()
    ]


def _quantisations(kb: KnowledgeBase) -> list[ListedQuantisationJson]:
    return [
        {"id": x.id, "name": x.label, "bits_per_weight": x.bits_per_weight, "general": x.general}
        for x in sorted(kb.quantisations.values(), key=lambda x: x.rank)
    ]
