"""Items on changes: which change of the need would admit a model."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from whyllm.engine.explaining.change_words import told
from whyllm.engine.explaining.constraints import (
    Change,
    Constraint,
    axes_set,
    changed,
    constraints_of,
)
from whyllm.engine.explaining.fixes import WaysOut, ways_out
from whyllm.engine.need import MEMORIES
from whyllm.engine.quiz.cases import EXPERT, Cases, NoItemError, assembled
from whyllm.engine.quiz.exclusion import excluded_case
from whyllm.engine.quiz.item import Draft, Option

MOST_AXES = 3
MOST_FIXES = 24
"""More ways out than these make a case too tangled to ask about."""


def smallest_change(cases: Cases, chance: random.Random) -> Draft:
    """Which change of the need admits a model; the key is one of the smallest."""
    model, _, judged = excluded_case(cases, chance)
    ways = ways_out(judged, model)
    if not 1 <= ways.count <= MOST_FIXES:
        raise NoItemError("no way out, or too many")
    fixes = [fix for fix in ways.fixes if len(fix.set) <= MOST_AXES]
    if not fixes:
        raise NoItemError("too much to change at once")
    fix = chance.choice(fixes)
    value = fix.as_json()["set"]
    admitted = cases.judged(model, judged.need.with_changes(fix.set))
    if model not in admitted.kept:
        raise NoItemError("the change does not admit it")
    right = Option(fix.text, value, True, None, f"With this change nothing excludes "
                   f"{cases.name(model)}, and no part of it would do.")  # fmt: skip
    causes = {constraint for against in ways.judge.against({}) for constraint in against.hangs_on}
    return Draft(
        stem=f"The need: {cases.told(judged.need)}. It excludes {cases.name(model)}. Which of "
        "these changes would admit it?",
        options=assembled([right], _wrong(cases, ways, causes), chance),
        several=False,
        feedback=tuple(cases.premise(judged, firing) for firing in judged.excluded[model]),
        case={"rulebook": EXPERT, "need": judged.need.as_json(), "model": model},
    )


def _wrong(cases: Cases, ways: WaysOut, causes: set[Constraint]) -> list[Option]:
    """Changes that do not admit the model, each judged."""
    judge = ways.judge
    found = []
    for change, misconception in _tempting(ways, causes):
        judged = judge.judged(change)
        if judge.model in judged.kept:
            continue
        left = judge.against(change)[0].firing
        value = {k: list(v) if isinstance(v, tuple) else v
                 for k, v in axes_set(judge.need, change).items()}  # fmt: skip
        why = f"It would not be kept: {judged.sentence(left)}"
        if changed(judge.need, change) != judge.need:
            found.append(cases.wrong(told(judge, change), value, misconception, why))
    return found


def _tempting(ways: WaysOut, causes: set[Constraint]) -> Iterator[tuple[Change, str]]:
    """Changes that a misconception suggests, each with that misconception."""
    judge = ways.judge
    stated = constraints_of(judge.need)
    for constraint in stated:
        dropped: dict[Constraint, Any] = {constraint: None}
        yield dropped, "one-cause-is-all" if constraint in causes else "stated-is-broken"
        if constraint.axis == "use" and constraint.value in ("unrestricted", "commercial"):
            yield {constraint: "internal"}, "open-weights-are-free"
        if constraint.axis in MEMORIES:
            yield from _nominal(ways, constraint)
    parts = {
        key: value for part in ways.need_changes for change in part for key, value in change.items()
    }
    for constraint, value in parts.items():
        yield {constraint: value}, "one-cause-is-all"
    idle = [constraint for constraint in stated if constraint not in causes]
    for one, other in combinations(idle, 2):
        yield {one: None, other: None}, "stated-is-broken"


def _nominal(ways: WaysOut, constraint: Constraint) -> Iterator[tuple[Change, str]]:
    """As much memory as the model needs, as if all of it were usable."""
    judged = ways.judge.judged({})
    needed = [
        float(str(firing.values["needed"]))
        for firing in judged.excluded.get(ways.judge.model, ())
        if "needed" in firing.values and firing.values.get("memory") == constraint.axis
    ]
    if needed and constraint.value is not None and needed[0] > float(constraint.value):
        yield {constraint: round(needed[0] + 0.05, 1)}, "nominal-memory"
