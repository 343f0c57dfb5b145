"""Predict, then reveal: a case step by step, each with a question before its answer.

With the course rulebook a step is a node of the tree: which branch is taken? With the expert's it
is a stage: how many models remain after it?
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from whyllm.engine.consulting import Consultation

OPTIONS = 4
SHOWN = 6


@dataclass(frozen=True)
class PredictionStep:
    """A question with its options; `right` is the place of the right one; `reveal` says why."""

    place: str
    question: str
    options: tuple[str, ...]
    right: int
    reveal: tuple[str, ...]


def prediction_steps(consultation: Consultation) -> tuple[PredictionStep, ...]:
    """The steps of a case, the same for the same consultation."""
    if consultation.rulebook.id == "course":
        return tuple(_by_nodes(consultation))
    return tuple(_by_stages(consultation))


def _by_nodes(consultation: Consultation) -> list[PredictionStep]:
    catalogue = consultation.catalogue
    steps = []
    for node, following in zip(consultation.path, consultation.path[1:], strict=False):
        edges = [edge for edge in catalogue.edges if edge.source == node and edge.replies]
        if not edges:
            continue
        right = next(place for place, edge in enumerate(edges) if edge.target == following)
        firing = next(
            (
                f
                for f, fact in consultation.trace.concluding("At")
                if fact["node"] == following and f.premises and f.rule != "CRS-100"
            ),
            None,
        )
        reveal = [f"{firing.rule}: {consultation.sentence(firing)}"] if firing else []
        leads = " ".join(catalogue.nodes[following].label.split("<br/>"))
        steps.append(
            PredictionStep(
                place=node,
                question=f"{catalogue.nodes[node].label}?",
                options=tuple(", ".join(edge.label.split("<br/>")) for edge in edges),
                right=right,
                reveal=(*reveal, f"It leads to: {leads}."),
            )
        )
    return steps


def _by_stages(consultation: Consultation) -> list[PredictionStep]:
    """Stages at which models fall, each model at the first stage that excludes it."""
    rules = {card.id: card.stage for card in consultation.rulebook.cards}
    place = {stage.id: number for number, stage in enumerate(consultation.rulebook.stages)}
    first: dict[str, list[str]] = {}
    for model, firings in consultation.excluded.items():
        earliest = min(firings, key=lambda firing: place[rules[firing.rule]])
        first.setdefault(rules[earliest.rule], []).append(model)
    left = len(consultation.catalogue.models)
    steps = []
    for stage in consultation.rulebook.stages:
        fallen = first.get(stage.id)
        if not fallen:
            continue
        after = left - len(fallen)
        options, right = _numbers(after, left, f"{consultation.need.as_json()}/{stage.id}")
        steps.append(
            PredictionStep(
                place=stage.id,
                question=f"{stage.question} Of {left} models, how many remain?",
                options=options,
                right=right,
                reveal=tuple(_told(consultation, fallen, rules, stage.id)),
            )
        )
        left = after
    return steps


def _told(
    consultation: Consultation, fallen: list[str], rules: dict[str, str], stage: str
) -> list[str]:
    """How many fell, and one sentence for each of the rules by which the first of them did."""
    names = consultation.catalogue.models
    shown = ", ".join(names[model].name for model in fallen[:SHOWN])
    more = len(fallen) - SHOWN
    told = [f"{len(fallen)} fall: {shown}{f' and {more} more' if more > 0 else ''}."]
    seen: set[str] = set()
    for model in fallen:
        for firing in consultation.excluded[model]:
            if rules[firing.rule] == stage and firing.rule not in seen:
                seen.add(firing.rule)
                told.append(f"{firing.rule}: {consultation.sentence(firing)}")
    return told


def _numbers(right: int, before: int, seed: str) -> tuple[tuple[str, ...], int]:
    """The right count among others that could be, ascending."""
    chance = random.Random(seed)
    others = [n for n in range(before + 1) if n != right]
    wrong = chance.sample(others, min(OPTIONS - 1, len(others)))
    ordered = sorted([right, *wrong])
    return tuple(map(str, ordered)), ordered.index(right)
