"""The smallest changes of a need that admit a model, each tried on the engine.

Every candidate change of one axis is judged for the one model. It clears the causes that no
longer arise. The fixes are the inclusion-minimal sets of changes that together clear every cause
and raise none; each is judged again as a whole before it is told.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from whyllm.engine import facts as f
from whyllm.engine.consult import Consultant, Consultation
from whyllm.engine.need import DEPLOYMENTS, MEMORIES, TASKS, USES, Need, Value
from whyllm.engine.trace import Firing

MOST_AXES = 6
"""Fixes that change more axes than this are another need, not a fix."""

Change = tuple[str, Any]
Cause = tuple[str, frozenset[Any]]


@dataclass(frozen=True)
class Fix:
    """A change of the need: axis -> new value, None to state it no longer; and its words."""

    set: Mapping[str, Any]
    text: str

    def as_json(self) -> dict[str, Any]:
        """`{"set": {axis: value}, "text": …}`."""
        values = {k: list(v) if isinstance(v, tuple) else v for k, v in self.set.items()}
        return {"set": values, "text": self.text}


def smallest_fixes(consultation: Consultation, model: str) -> tuple[Fix, ...]:
    """The minimal changes of the need that keep the model, the smallest first.

    Changes of up to MOST_AXES axes that raise no new cause are searched; empty if none of them do.
    """
    causes = _causes(consultation, model)
    consultant = Consultant(consultation.catalogue, consultation.rulebook.id, only={model})
    cleared: dict[Change, frozenset[Cause]] = {}
    for change in _candidates(consultation, model):
        left = _causes(_judged(consultant, consultation, [change]), model)
        if causes - left and not left - causes:
            cleared[change] = frozenset(causes - left)
    found: list[tuple[Change, ...]] = []
    for size in range(1, MOST_AXES + 1):
        for changes in combinations(cleared, size):
            if len({axis for axis, _ in changes}) < size:
                continue
            if any(set(smaller) <= set(changes) for smaller in found):
                continue
            if frozenset().union(*(cleared[change] for change in changes)) != causes:
                continue
            if not _causes(_judged(consultant, consultation, changes), model):
                found.append(changes)
    return tuple(Fix(dict(c), _told(consultation, c)) for c in _without_redundant_drops(found))


def _without_redundant_drops(found: list[tuple[Change, ...]]) -> list[tuple[Change, ...]]:
    """Leave out a fix that drops an axis where another one of the same axes only changes it."""

    def dropped(changes: tuple[Change, ...]) -> set[str]:
        return {axis for axis, value in changes if value is None}

    def axes(changes: tuple[Change, ...]) -> set[str]:
        return {axis for axis, _ in changes}

    return [
        changes
        for changes in found
        if not any(axes(x) == axes(changes) and dropped(x) < dropped(changes) for x in found)
    ]


def _causes(consultation: Consultation, model: str) -> frozenset[Cause]:
    """What stands against the model: rule and premises, leaving out what the user stated."""
    firings = (*consultation.excluded.get(model, ()), *consultation.undecided.get(model, ()))
    if consultation.verdict(model) == "excluded":
        firings = (*firings, *(fr for fr, _ in consultation.about(model, "Undecided")))
    return frozenset(map(_cause, firings))


def _cause(firing: Firing) -> Cause:
    user = (f.Asked.__name__, f.Usable.__name__)
    return firing.rule, frozenset(fact for fact in firing.premises if fact.type not in user)


def _judged(
    consultant: Consultant, consultation: Consultation, changes: Iterable[Change]
) -> Consultation:
    need = consultation.need.with_changes(dict(changes))
    return consultant.consult(need, consultation.on)


def _candidates(consultation: Consultation, model: str) -> Iterator[Change]:
    """Changes of one axis that might help, nearest first, then dropping what was stated."""
    need = consultation.need
    facts = consultation.catalogue.known.of_model[model]
    unstated = ["modality"] if _implies_text(need) else []
    if "deploy" not in need.stated:  # some terms are for those who host, and count while it is open
        unstated.append("deploy")
    for axis in (*need.stated, *unstated):
        current = need.stated.get(axis)
        nearer: list[Any] = []
        if axis == "use":
            nearer = [use for use in USES if use != current]
        elif axis == "task":
            nearer = [task for task in TASKS if task != current]
        elif axis == "modality":
            nearer = [str(x["modality"]) for x in facts if isinstance(x, f.Serves)]
        elif axis in ("deploy", "language"):
            values = need.values(axis)
            nearer = [rest for v in values if (rest := tuple(w for w in values if w != v))]
            nearer += [(d,) for d in DEPLOYMENTS if axis == "deploy" and d not in values]
        elif axis in MEMORIES:
            nearer = [*_memory(consultation, model, axis), *_classes(consultation, axis)]
        elif axis in ("min_context", "context"):
            nearer = [int(x["tokens"]) for x in facts if isinstance(x, f.ContextLength)]
        elif axis == "knows_until":
            nearer = [str(x["date"]) for x in facts if isinstance(x, f.Cutoff)]
        elif axis in ("monthly_active_users", "annual_revenue_usd"):
            nearer = list(_limits(consultation, model, axis, current))
        for value in nearer:
            if value != current:
                yield axis, value
        if current is not None:
            yield axis, None


def _implies_text(need: Need) -> bool:
    return "modality" not in need.stated and bool(need.stated.keys() & {"task", "language"})


def _memory(consultation: Consultation, model: str, axis: str) -> Iterator[float]:
    """How much of a memory the model's smallest quantisation takes, in tenths of 1e9 bytes."""
    needed = [float(str(fact["total_gb"])) for _, fact in consultation.about(model, "Requires")]
    for share in consultation.catalogue.known.common:
        if isinstance(share, f.UsableShare) and share["memory"] == axis and needed:
            yield math.ceil(min(needed) / share["share"] * 10) / 10


def _classes(consultation: Consultation, axis: str) -> Iterator[float]:
    """Where the course's classes of machine begin, for its own rulebook."""
    for fact in consultation.catalogue.known.common:
        if isinstance(fact, f.MachineClass) and fact["at_least_gb"]:
            memory = "ram" if axis == "unified" else axis
            if consultation.rulebook.id == "course" and fact["memory"] == memory:
                yield float(fact["at_least_gb"])


def _limits(consultation: Consultation, model: str, axis: str, current: Any) -> Iterator[Value]:
    """The licences' thresholds on users or revenue that lie below what is stated."""
    measures = {
        "monthly_active_users": {"monthly-active-users"},
        "annual_revenue_usd": {"annual-revenue-usd", "monthly-revenue-usd"},
    }[axis]
    licences = consultation.catalogue.models[model].licences
    for licence in licences:
        for fact in consultation.catalogue.known.of_licence[licence]:
            if not isinstance(fact, f.Threshold) or fact["measure"] not in measures:
                continue
            if fact["limit"] < current:
                yield int(fact["limit"])


def _told(consultation: Consultation, changes: tuple[Change, ...]) -> str:
    parts = [_one_told(consultation, axis, value) for axis, value in changes]
    text = " and ".join(parts)
    return text[:1].upper() + text[1:] + "."


def _one_told(consultation: Consultation, axis: str, value: Any) -> str:
    words = consultation.words
    name = words.name("axis", axis)
    if value is None:
        return f"state no {name}"

    def named(v: Any) -> str:
        values = v if isinstance(v, tuple) else (v,)
        return ", ".join(words.name(axis, x) for x in values)

    current = consultation.need.stated.get(axis)
    if current is None:
        return f"state {name} = {named(value)}"
    unit = " GB" if axis in MEMORIES else ""
    verb = "change"
    if isinstance(value, int | float) and isinstance(current, int | float):
        verb = "raise" if value > current else "lower"
    return f"{verb} {name} from {named(current)}{unit} to {named(value)}{unit}"
