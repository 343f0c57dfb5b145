"""The shapes of the answers on changed needs and on two models: what-if, relaxation, comparison."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict
from whyllm.engine.render.shapes import CauseJson, ConsultationJson, FixJson, KnowledgeJson


class TurnJson(TypedDict):
    """A model whose verdict changes, with the causes that fell or came up."""

    model: str
    before: str
    after: str
    because: list[CauseJson]


class MoveJson(TypedDict):
    """A change of place on the shortlist; null is no place. `gone` and `come` stood before it."""

    model: str
    before: int | None
    after: int | None
    gone: list[str]
    come: list[str]
    because: list[CauseJson]
    no_longer: list[CauseJson]


class WhatIfJson(TypedDict):
    """`whyllm.what-if/1`: what another need would change; `consultation` is its whole answer."""

    schema: str
    need: dict[str, Any]
    set: dict[str, Any]
    shortlist: list[str]
    enters: list[TurnJson]
    leaves: list[TurnJson]
    opens: list[TurnJson]
    moves: list[MoveJson]
    consultation: ConsultationJson


class ConstraintJson(TypedDict):
    """One stated value of the need."""

    axis: str
    value: Any
    text: str


class WayJson(TypedDict):
    """A smallest change within a relaxation, and the model that it admits."""

    model: str
    fix: FixJson


class RelaxationJson(TypedDict):
    """Constraints to give up or loosen, and the models that this gains."""

    constraints: list[ConstraintJson]
    cost: float
    gains: list[str]
    ways: list[WayJson]


class RelaxationsJson(TypedDict):
    """`whyllm.relaxation/1`: where nothing remains, what to give up, and what conflicts."""

    schema: str
    rulebook: str
    on: str
    need: dict[str, Any]
    outcome: str
    relaxations: list[RelaxationJson]
    conflicts: list[list[ConstraintJson]]
    kb: KnowledgeJson


class ComparedJson(TypedDict):
    """One of two models that are compared."""

    model: str
    name: str
    verdict: str


class PointJson(TypedDict):
    """How the other model stands on the point of a cause."""

    fact: dict[str, Any]
    text: str
    source: str | None


class DecidingJson(TypedDict):
    """A cause or merit of one model, and how the other one stands on that point."""

    model: str
    rule: str
    stage: str
    text: str
    sources: list[str]
    counterpart: list[PointJson]


class ComparisonJson(TypedDict):
    """`whyllm.comparison/1`: what decides between two models.

    `decided_by` is "verdict", a criterion of preference, "leaf" in the course, or "nothing".
    """

    schema: str
    rulebook: str
    on: str
    need: dict[str, Any]
    models: list[ComparedJson]
    better: str | None
    decided_by: str
    deciding: list[DecidingJson]
    kb: KnowledgeJson
