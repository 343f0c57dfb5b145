"""One entry laid over another: what is replaced or joined, and whose evidence the result bears."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from whyllm.kb import schema as s

JOINED = ("clauses", "file_gb")
"""Mappings of which an overlay may say a part; any other value is replaced whole."""

MISSING = {
    "source": "memory",
    "confidence": "from-memory",
    "note": "amended by an overlay that gives no evidence for it",
}
"""What is said of an amended field without evidence: the old evidence is not that of the new value,
and what nobody has sourced decides nothing."""

Data = dict[str, Any]


def lacks_evidence(entry: s.Entry, field: str) -> bool:
    """Whether an overlay said the field (as `fields_said` has it) of an entry without evidence."""
    name, _, part = field.partition(".")
    if isinstance(entry, s.Model):
        return name not in s.UNSOURCED and entry.evidence_for(name).note == MISSING["note"]
    if isinstance(entry, s.Licence):
        parts: Mapping[str, Sequence[s.Clause | s.Threshold | s.Territory]] = {
            "clauses": [clause for tag, clause in entry.clauses.items() if tag == part],
            "thresholds": entry.thresholds,
            "territory": entry.territory,
        }
        return any(p.confidence == MISSING["confidence"] for p in parts.get(name, ()))
    evidence = getattr(entry, "evidence", None)
    return isinstance(evidence, s.Evidence) and evidence.note == MISSING["note"]


def amended(entry: type[s.Entry], known: Data, data: Data) -> Data:
    """The entry `known` with the keys that `data` names; neither has been validated yet."""
    merged = {**known, **data}
    for field in JOINED:
        if isinstance(known.get(field), dict) and isinstance(data.get(field), dict):
            merged[field] = {**known[field], **data[field]}
    if entry is s.Model:
        merged["evidence"] = _model_evidence(known, data)
    elif "evidence" not in data and any(known.get(key) != data[key] for key in data):
        if entry is s.Licence:
            _unsource_parts(known, data, merged)
        elif "evidence" in entry.model_fields:
            merged["evidence"] = MISSING
    return merged


def fields_said(data: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """The key paths that an entry says, in two steps where mappings are joined."""
    for key, value in data.items():
        yield (key,)
        if key in (*JOINED, "evidence") and isinstance(value, dict):
            for part in value:
                yield (key, part)


def _model_evidence(known: Data, data: Data) -> Any:
    """Evidence field by field: an overlay's `default` is that of the fields which it names."""
    given = data.get("evidence", {})
    if not isinstance(given, dict) or not isinstance(known.get("evidence"), dict):
        return given  # its shape is wrong, which validation tells
    own = {**known["evidence"], **{key: given[key] for key in given.keys() - {"default"}}}
    named = data.keys() - s.UNSOURCED
    for field in named - given.keys():
        if "default" in given:
            own[field] = given["default"]
        elif known.get(field) != data[field]:
            own[field] = MISSING
    if not named and "default" in given:
        own["default"] = given["default"]
    return own


def _unsource_parts(known: Data, data: Data, merged: Data) -> None:
    """Mark the clauses, thresholds and territories of a licence that came without evidence.

    The licence keeps its evidence: it is that of all other clauses.
    """
    confidence = {"confidence": MISSING["confidence"]}
    clauses = data.get("clauses")
    if isinstance(clauses, dict) and isinstance(merged["clauses"], dict):
        for tag, clause in clauses.items():
            if isinstance(clause, dict) and clause != (known.get("clauses") or {}).get(tag):
                merged["clauses"][tag] = {**confidence, **clause}
    for field in ("thresholds", "territory"):
        if isinstance(data.get(field), list):
            merged[field] = [
                {**confidence, **part} if isinstance(part, dict) else part for part in data[field]
            ]
