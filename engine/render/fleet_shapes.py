"""The shape of `whyllm.fleet/1`."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict
from whyllm.engine.render.shapes import KnowledgeJson


class CountedCauseJson(TypedDict):
    """A rule, the verdict that it led to or was part of, and on how many rows."""

    rule: str
    title: str
    verdict: str
    rows: int


class PartsJson(TypedDict):
    """Parts of the input: all, those judged by this run, and those that stood before it."""

    all: int
    judged: int
    stood: int


class FleetJson(TypedDict):
    """`whyllm.fleet/1`; every count is of rows, but those of parts."""

    schema: str
    on: str
    need: dict[str, Any]
    policy: str | None
    kb: KnowledgeJson
    input: str
    results: str
    rows: int
    summary: dict[str, int]
    unread: int
    causes: list[CountedCauseJson]
    depends_on: dict[str, int]
    contradicted: int
    faults: list[str]
    unused_exceptions: list[str]
    parts: PartsJson
