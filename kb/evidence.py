"""Every fact of the knowledge base with its evidence: what counts, lists and exports rest on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from whyllm.kb.knowledge import ENTRIES_BY_ID, KnowledgeBase
from whyllm.kb.schema import UNSOURCED, Confidence, Entry, Evidence, Licence, Model, plain

Within = tuple[str | int, ...]
"""The key path from an entry to a part of it."""

_PARTS = ("thresholds", "territory", "duties", "restrictions")
_SINGLE = ("tree", "hardware", "lessons", "preferences")


@dataclass(frozen=True)
class SourcedFact:
    """One field of one entry, with the evidence that it rests on; `value` is of JSON types."""

    kind: str
    entry: str
    field: str
    value: Any
    evidence: Evidence


def stated_fields(model: Model) -> list[str]:
    """The fields of a variant that hold something which was read somewhere."""
    return [
        field
        for field in type(model).model_fields
        if field not in UNSOURCED and getattr(model, field) not in (None, (), {})
    ]


def sourced_facts(kb: KnowledgeBase) -> Iterator[SourcedFact]:
    """All facts, entry by entry; a field that says nothing is none."""
    for model in kb.models.values():
        data = plain(model)
        for field in stated_fields(model):
            yield SourcedFact("models", model.id, field, data[field], model.evidence_for(field))
        for dispute in model.disputes:
            value = plain(dispute)["value"]
            yield SourcedFact("disputes", model.id, dispute.field, value, dispute.evidence)
    for licence in kb.licences.values():
        yield from _of_licence(licence)
    for kind in ENTRIES_BY_ID:
        if kind in ("models", "licences"):
            continue
        for key, entry in getattr(kb, kind).items():
            yield from _of_entry(kind, key, entry)
    for kind in _SINGLE:
        yield from _of_entry(kind, "", getattr(kb, kind))


def cited(value: object, within: Within = ()) -> Iterator[tuple[Within, Evidence]]:
    """Every piece of evidence within an entry, with the key path to it."""
    if isinstance(value, Evidence):
        yield within, value
    elif isinstance(value, Entry):
        for name in type(value).model_fields:
            yield from cited(getattr(value, name), (*within, name))
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from cited(item, (*within, name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from cited(item, (*within, index))


def citations(kb: KnowledgeBase) -> Iterator[str]:
    """The source of every piece of evidence, also of what is known to be said nowhere."""
    for kind in ENTRIES_BY_ID:
        for entry in getattr(kb, kind).values():
            yield from (evidence.source for _, evidence in cited(entry))
    for kind in _SINGLE:
        yield from (evidence.source for _, evidence in cited(getattr(kb, kind)))


def _of_licence(licence: Licence) -> Iterator[SourcedFact]:
    def fact(field: str, value: Any, confidence: Confidence | None) -> SourcedFact:
        evidence = licence.evidence
        if confidence is not None:
            evidence = evidence.model_copy(update={"confidence": confidence})
        return SourcedFact("licences", licence.id, field, value, evidence)

    data = plain(licence)
    for place, named in enumerate(licence.tags):
        yield SourcedFact("licences", licence.id, f"tags.{place}", named.name, named.evidence)
    for tag, clause in licence.clauses.items():
        if clause.value != "unknown":
            yield fact(f"clauses.{tag}", clause.value, clause.confidence)
    for part in _PARTS:
        for place, item in enumerate(getattr(licence, part)):
            known_by = getattr(item, "confidence", None)
            yield fact(f"{part}.{place}", data[part][place], known_by)


def _of_entry(kind: str, key: str, entry: Entry) -> Iterator[SourcedFact]:
    """A fact for each part of the entry that bears evidence of its own."""
    data = plain(entry)
    for within, evidence in cited(entry):
        holder: Any = data
        for step in within[:-1]:
            holder = holder[step]
        own = within[-1] == "evidence"
        value = {k: v for k, v in holder.items() if k not in ("id", "evidence")}
        field = ".".join(map(str, within[:-1] if own else within)) or "entry"
        yield SourcedFact(kind, key, field, value, evidence)
