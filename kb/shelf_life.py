"""Which facts are past their shelf life on a day: lessons.yaml says how long each kind keeps.

A claim ages from the day it was made, a reading from the day its source was read. The course says
that a benchmark is stale after six months; its own table of who leads is held to the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from whyllm.kb.dates import months_between
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.schema import Shelf


@dataclass(frozen=True)
class Aged:
    """A fact of a kind that ages: what it is, since when, and by whose word."""

    shelf: Shelf
    kind: str
    entry: str
    field: str
    since: str
    source: str


@dataclass(frozen=True)
class Stale:
    """A fact past its shelf life, with its age in whole months."""

    fact: Aged
    months: int


def stale_facts(kb: KnowledgeBase, on: dt.date) -> Iterator[Stale]:
    """What is past its shelf life on that day, in the order of the kinds and of the files."""
    day = on.isoformat()
    for fact in ageing_facts(kb):
        age = months_between(fact.since, day)
        if age >= fact.shelf.months:
            yield Stale(fact, age)


def ageing_facts(kb: KnowledgeBase) -> Iterator[Aged]:
    """Every fact that ages, fresh or stale, one kind after another."""
    for shelf in kb.lessons.shelf_life:
        if shelf.id == "dominance":
            for key, dimension in kb.dimensions.items():
                if dimension.made is not None:
                    source = dimension.evidence.source
                    yield Aged(shelf, "dimensions", key, "leaders", dimension.made, source)
            for key, standing in kb.standings.items():
                source = standing.evidence.source
                yield Aged(shelf, "standings", key, "models", standing.made, source)
        if shelf.id == "measurement":
            for key, session in kb.measurements.items():
                yield Aged(shelf, "measurements", key, "runs", session.made, key)
        if shelf.id == "licence-reading":
            for key, licence in kb.licences.items():
                source = licence.evidence.source
                yield Aged(shelf, "licences", key, "clauses", _read(kb, source), source)
        for key, claim in kb.claims.items():
            if claim.topic in shelf.topics:
                yield Aged(shelf, "claims", key, claim.topic, claim.made, claim.evidence.source)
        for key, model in kb.models.items():
            for field in shelf.fields:
                if getattr(model, field) not in (None, ()):
                    source = model.evidence_for(field).source
                    yield Aged(shelf, "models", key, field, _read(kb, source), source)


def _read(kb: KnowledgeBase, source: str) -> str:
    return kb.sources[source].read.isoformat()
