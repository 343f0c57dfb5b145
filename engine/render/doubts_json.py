"""What of the knowledge to doubt, as JSON: where it contradicts itself, and what has aged."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import get_args

from whyllm.engine.render.inventory_shapes import ConflictJson, ConflictsJson, SideJson, StaleJson
from whyllm.engine.render.knowledge_json import source_words
from whyllm.kb.conflicts import Conflict, Reason, Side, conflicts
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.shelf_life import ageing_facts, stale_facts


def conflicts_json(kb: KnowledgeBase) -> ConflictsJson:
    """`whyllm.conflicts/1`: every contradiction of the knowledge base."""
    found = list(conflicts(kb))
    counted = Counter(conflict.reason for conflict in found)
    return {
        "schema": "whyllm.conflicts/1",
        "summary": {reason: counted[reason] for reason in get_args(Reason)},
        "conflicts": [_conflict(kb, conflict) for conflict in found],
    }


def stale_json(kb: KnowledgeBase, on: dt.date) -> StaleJson:
    """`whyllm.stale/1`: what is past its shelf life on that day."""
    facts = Counter(fact.shelf.id for fact in ageing_facts(kb))
    found = list(stale_facts(kb, on))
    stale = Counter(item.fact.shelf.id for item in found)
    return {
        "schema": "whyllm.stale/1",
        "on": on.isoformat(),
        "shelves": [
            {"id": x.id, "months": x.months, "facts": facts[x.id], "stale": stale[x.id]}
            for x in kb.lessons.shelf_life
        ],
        "stale": [
            {
                "shelf": item.fact.shelf.id,
                "kind": item.fact.kind,
                "id": item.fact.entry,
                "field": item.fact.field,
                "since": item.fact.since,
                "age_months": item.months,
                "source": source_words(kb, item.fact.source),
            }
            for item in found
        ],
    }


def _conflict(kb: KnowledgeBase, conflict: Conflict) -> ConflictJson:
    return {
        "claim_id": conflict.claim_id,
        "about": conflict.about,
        "model": conflict.model,
        "field": conflict.field,
        "claim": _side(kb, conflict.claim),
        "counter": _side(kb, conflict.counter),
        "prevails": conflict.prevails,
        "reason": conflict.reason,
        "why": _why(kb, conflict),
    }


def _side(kb: KnowledgeBase, side: Side) -> SideJson:
    return {
        "value": list(side.value) if isinstance(side.value, tuple) else side.value,
        "says": side.says,
        "made": side.made,
        "source": source_words(kb, side.evidence.source),
        "read": kb.sources[side.evidence.source].read.isoformat(),
        "confidence": side.evidence.confidence,
    }


def _why(kb: KnowledgeBase, conflict: Conflict) -> str:
    labels = {term.id: term.label for term in kb.terms.confidence}
    sides = (conflict.claim, conflict.counter)
    winner, loser = sides if conflict.prevails == "claim" else sides[::-1]
    by = labels[winner.evidence.confidence]
    against = labels[loser.evidence.confidence]
    if conflict.reason == "own-card":
        return "What is known of a variant itself outranks what is said of its family."
    if conflict.reason == "newer":
        return f"Both are known by {by}; {winner.made} is newer than {loser.made}."
    if conflict.reason == "confidence":
        from_memory = "" if loser.evidence.verified else "; what is from memory decides nothing"
        return f"It is better known: by {by}, the other by {against}{from_memory}."
    if conflict.reason == "overruled":
        return f"The entry keeps its value, known by {by}, though the other is known by {against}."
    return f"Both are known by {by}, as of one day: the entry keeps its value."
