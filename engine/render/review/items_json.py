"""A review as JSON, item by item: `whyllm.review/1` by the shapes of shapes.py."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, cast

from whyllm.engine.inventory.mention import Fault, Place
from whyllm.engine.render.review.shapes import FaultJson, ItemJson, PlaceJson
from whyllm.engine.reviewing.finding import Finding, Item, Review

REMEMBERED = 20_000
"""Findings that are kept as JSON for their next mention; each is held, so that its id stays."""


def review_json(review: Review) -> Iterator[str]:
    """The text of the object in pieces, a line for each item: however many there are."""
    head = {
        "schema": "whyllm.review/1",
        "on": review.on.isoformat(),
        "need": review.need.as_json(),
        "policy": review.policy_file,
        "kb": {"version": review.catalogue.version, "digest": review.catalogue.digest},
    }
    yield "{\n" + ",\n".join(f"{_text(key)}: {_text(value)}" for key, value in head.items())
    yield ',\n"items": ['
    shown: dict[int, tuple[Finding, dict[str, Any]]] = {}
    between = "\n"
    for item in review.items():
        if id(item.finding) not in shown:
            if len(shown) >= REMEMBERED:
                shown.clear()
            shown[id(item.finding)] = (item.finding, finding_json(item.finding))
        _, shared = shown[id(item.finding)]
        yield between + _text(_item(item, shared))
        between = ",\n"
    tail = {
        "summary": {str(verdict): number for verdict, number in review.summary.items()},
        "faults": [fault_json(fault) for fault in review.faults],
        "unused_exceptions": review.unused_exceptions,
    }
    yield "\n]" if between != "\n" else "]"
    yield "".join(f",\n{_text(key)}: {_text(value)}" for key, value in tail.items()) + "\n}\n"


def item_json(item: Item) -> ItemJson:
    """One item."""
    return _item(item, finding_json(item.finding))


def finding_json(finding: Finding) -> dict[str, Any]:
    """What all mentions of a finding share."""
    exemption = finding.exemption
    return {
        "name": finding.name,
        "model": finding.model,
        "made_from": list(finding.made_from),
        "licences": list(finding.licences),
        "unrecognised": list(finding.unrecognised),
        "verdict": str(finding.verdict),
        "causes": [cause.as_json() for cause in finding.causes],
        "contradictions": [cause.as_json() for cause in finding.contradictions],
        "depends_on": [asdict(condition) for condition in finding.depends_on],
        "duties": [asdict(duty) for duty in finding.duties],
        "instead": list(finding.instead),
        "remarks": list(finding.remarks),
        "exemption": exemption and {**asdict(exemption), "expires": exemption.expires.isoformat()},
    }


def fault_json(fault: Fault) -> FaultJson:
    """What could not be read."""
    return {"where": _place(fault.place), "text": fault.text}


def _item(item: Item, shared: dict[str, Any]) -> ItemJson:
    mention = item.mention
    told = {
        "input": mention.name,
        "where": _place(mention.place),
        "declared": list(mention.declared),
        "bases": list(mention.bases),
    }
    return cast(ItemJson, {**told, **shared})


def _place(place: Place) -> PlaceJson:
    return {"file": place.file, "line": place.line, "column": place.column}


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
