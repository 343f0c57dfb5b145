"""Several licences side by side: clause by clause, and part by part, as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from whyllm.engine.render.licence_shapes import (
    ClauseComparedJson,
    LicenceComparisonJson,
    PartJson,
)
from whyllm.engine.render.licence_words import (
    confidence_of,
    territory_words,
    threshold_effect,
    threshold_words,
    trigger_words,
)
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.schema import (
    FROM_MEMORY,
    Duty,
    Entry,
    Licence,
    Restriction,
    Term,
    Territory,
    Threshold,
    plain,
)
from whyllm.kb.strictness import strictest

P = TypeVar("P", Threshold, Territory, Duty, Restriction)

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Side:
    """A licence to compare: what the user wrote for it, and the variant that this names, if any."""

    licence: Licence
    asked: str
    model: str | None = None


def licence_comparison_json(kb: KnowledgeBase, sides: Sequence[Side]) -> LicenceComparisonJson:
    """`whyllm.licence-comparison/1` of two different licences or more."""
    licences = [side.licence for side in sides]
    clauses = [_clause(term, licences) for term in kb.terms.clause]
    return {
        "schema": "whyllm.licence-comparison/1",
        "licences": [
            {"id": s.licence.id, "short": s.licence.short, "asked": s.asked, "model": s.model}
            for s in sides
        ],
        "clauses": sorted(clauses, key=lambda x: 1 if x["open"] else 0 if x["differs"] else 2),
        "thresholds": _parts(licences, lambda x: x.thresholds, lambda x: _threshold(kb, x)),
        "territory": _parts(licences, lambda x: x.territory, lambda x: _territory(kb, x)),
        "duties": _parts(
            licences, lambda x: x.duties, lambda x: f"{x.text} (on {trigger_words(kb, x)})"
        ),
        "restrictions": _parts(licences, lambda x: x.restrictions, lambda x: x.text),
        "unread": {licence.id: list(licence.unread) for licence in licences if licence.unread},
    }


def _clause(term: Term, licences: Sequence[Licence]) -> ClauseComparedJson:
    clauses = {licence.id: licence.clauses[term.id] for licence in licences}
    values = {key: clause.value for key, clause in clauses.items()}
    unsure = any(
        clauses[licence.id].value == UNKNOWN
        or confidence_of(licence, clauses[licence.id]) == FROM_MEMORY
        for licence in licences
    )
    return {
        "clause": term.id,
        "label": term.label,
        "differs": len(set(values.values())) > 1,
        "open": unsure,
        "strictest": [] if unsure else strictest(term, values),
        "said": [
            {
                "licence": licence.id,
                "value": clauses[licence.id].value,
                "section": clauses[licence.id].section,
                "note": clauses[licence.id].note,
                "confidence": confidence_of(licence, clauses[licence.id]),
            }
            for licence in licences
        ],
    }


def _threshold(kb: KnowledgeBase, threshold: Threshold) -> str:
    return f"{threshold_words(kb, threshold)}: {threshold_effect(kb, threshold)}"


def _territory(kb: KnowledgeBase, territory: Territory) -> str:
    return f"{territory_words(kb, territory)}. {territory.basis}"


def _parts(
    licences: Sequence[Licence],
    parts: Callable[[Licence], Iterable[P]],
    words: Callable[[P], str],
) -> list[PartJson]:
    """The parts of each licence in turn; alike are those of one id, or else of one content."""
    kinds: dict[str, set[str]] = {}
    for licence in licences:
        for part in parts(licence):
            kinds.setdefault(_kind(part), set()).add(licence.id)
    return [
        {
            "licence": licence.id,
            "id": getattr(part, "id", None),
            "text": words(part),
            "section": part.section,
            "shared": len(kinds[_kind(part)]) == len(licences),
            "data": plain(part),
        }
        for licence in licences
        for part in parts(licence)
    ]


def _kind(part: Entry) -> str:
    """What makes two parts alike: their id, or all that they say but where and in which words."""
    data: Mapping[str, Any] = plain(part)
    words = ("section", "scope", "basis" if isinstance(part, Territory) else "", "confidence")
    return str(data.get("id", sorted((k, v) for k, v in data.items() if k not in words)))
