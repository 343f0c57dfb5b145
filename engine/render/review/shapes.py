"""The shape of `whyllm.review/1`."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict
from whyllm.engine.render.shapes import CauseJson, KnowledgeJson


class PlaceJson(TypedDict):
    """Where something stands; lines and columns count from 1."""

    file: str
    line: int | None
    column: int | None


class ConditionJson(TypedDict):
    """What a verdict hangs on: an axis of the need, or `policy`, and the value that decides."""

    axis: str
    text: str
    rule: str


class DutyDueJson(TypedDict):
    """A duty, when it falls due, and whether the policy says that it is met."""

    id: str
    text: str
    licence: str
    section: str
    trigger: str
    fulfilled: bool


class ExemptionJson(TypedDict):
    """The exception of the policy file that covers an item."""

    model: str
    reason: str
    approver: str
    expires: str
    expired: bool


class ItemJson(TypedDict):
    """One mention and its verdict."""

    input: str
    where: PlaceJson
    declared: list[str]
    bases: list[str]
    name: str
    model: str | None
    made_from: list[str]
    licences: list[str]
    unrecognised: list[str]
    verdict: str
    causes: list[CauseJson]
    contradictions: list[CauseJson]
    depends_on: list[ConditionJson]
    duties: list[DutyDueJson]
    instead: list[str]
    remarks: list[str]
    exemption: ExemptionJson | None


class FaultJson(TypedDict):
    """What could not be read."""

    where: PlaceJson
    text: str


class ReviewJson(TypedDict):
    """`whyllm.review/1`; the items stand in the order of the inputs."""

    schema: str
    on: str
    need: dict[str, Any]
    policy: str | None
    kb: KnowledgeJson
    items: list[ItemJson]
    summary: dict[str, int]
    faults: list[FaultJson]
    unused_exceptions: list[str]
