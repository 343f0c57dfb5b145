"""What could take the place of a constraint: other replies, or the nearest enough number."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from whyllm.engine import facts as f
from whyllm.engine.explaining.constraints import Change, Constraint
from whyllm.engine.explaining.judge import Against, Judge
from whyllm.engine.need import AXES, DEPLOYMENTS, MEMORIES, Value

TENTHS = 10
"""Memory is told in tenths of 1e9 bytes."""

MOST_GB = 1_000_000
"""More memory than any model takes, 1e9 bytes."""

FACTS_OF_THE_USER = ("region", "monthly_active_users", "annual_revenue_usd")
"""Axes that tell how things are: to state them no longer would hide them, not change them."""

WEAKEST_DEPLOYMENT = "internal"
"""The deployment that asks least of a licence."""

NUMBERS = (*MEMORIES, "context", "min_context", "monthly_active_users", "annual_revenue_usd")
"""Axes on which the nearest number that is enough is looked for."""

USUAL_PLACE = "US"
"""The place that the fewest licences exclude."""


def replacements(
    judge: Judge, cause: Against, constraint: Constraint, change: Change
) -> Iterator[Value | None]:
    """Values that may take the place of a constraint which a cause hangs on; None drops it.

    A number is brought as near as clears every cause on its axis, and as near as clears this one.
    """
    axis, value = constraint.axis, constraint.value
    if axis in NUMBERS:
        for rule in (None, cause.firing.rule):
            nearest = nearest_enough(judge, constraint, change, rule)
            if nearest is not None:
                yield nearest
    elif axis == "quant":
        yield from _quantisations(judge, constraint, change)
    elif axis == "region":
        yield from _elsewhere(judge)
    elif axis == "knows_until":
        yield from (str(x["date"]) for x in _of_model(judge) if isinstance(x, f.Cutoff))
    elif axis == "modality":
        yield from (str(x["modality"]) for x in _of_model(judge) if isinstance(x, f.Serves))
    elif axis == "deploy":
        if len(judge.need.values(axis)) < 2:  # of several, one is rather given up
            yield from (d for d in DEPLOYMENTS if value is None or d == WEAKEST_DEPLOYMENT != value)
    elif AXES[axis].choices:
        yield from (choice for choice in AXES[axis].choices if choice != value)
    if value is not None and axis not in FACTS_OF_THE_USER:
        yield None


def nearest_enough(
    judge: Judge, constraint: Constraint, change: Change, rule: str | None = None
) -> int | float | None:
    """The number nearest to the stated one at which nothing on its axis stands against the model.

    With a rule: at which that rule does not. None when no number is enough. Memory is raised in
    steps of a tenth of 1e9 bytes; counts are lowered by one.
    """
    axis = constraint.axis
    if axis in MEMORIES:
        if constraint.value is None and not _may_be_added(judge, axis):
            return None
        stated = float(constraint.value or 0)
        least = math.floor(stated * TENTHS)
        found = boundary(
            lambda step: _clear(judge, constraint, change, step / TENTHS, rule),
            least,
            MOST_GB * TENTHS,
            [int(gb * TENTHS) for gb in _enough_memory(judge, axis, change)],
        )
        return None if found is None else found / TENTHS
    if axis == "context" and constraint.value is None:
        stated = float(_default_context(judge))
    elif constraint.value is None:
        return None
    else:
        stated = float(constraint.value)
    least = 1 if axis in ("context", "min_context") else 0
    found = boundary(
        lambda step: _clear(judge, constraint, change, int(stated) - step, rule),
        0,
        int(stated) - least,
        [int(stated) - hint for hint in _limits(judge, axis) if hint < stated],
    )
    return None if found is None else int(stated) - found


def boundary(
    enough: Callable[[int], bool], least: int, most: int, hints: Sequence[int] = ()
) -> int | None:
    """The least step above `least` from which on it is enough; None if `most` is not.

    It is found in doubling steps, then by bisection: twice log2 of the distance in all. A hint that
    is enough, while one step less is not, spares the search.
    """
    for hint in sorted(hints):
        if least < hint <= most and enough(hint) and not enough(hint - 1):
            return hint
    if most <= least or not enough(most):
        return None
    reach = least + 1
    while reach < most and not enough(reach):
        least, reach = reach, min(most, reach + 2 * (reach - least))
    most = min(reach, most)
    while most - least > 1:
        middle = (least + most) // 2
        if enough(middle):
            most = middle
        else:
            least = middle
    return most


def _clear(
    judge: Judge, constraint: Constraint, change: Change, value: Value, rule: str | None = None
) -> bool:
    return not any(
        constraint in against.hangs_on and rule in (None, against.firing.rule)
        for against in judge.against({**change, constraint: value})
    )


def _enough_memory(judge: Judge, axis: str, change: Change) -> Iterator[float]:
    """Where the memory should be enough, reckoned from what was needed at each quantisation."""
    judged = judge.judged(change)
    needed = [float(str(fact["total_gb"])) for _, fact in judged.about(judge.model, "Requires")]
    for fact in judge.catalogue.known.common:
        if isinstance(fact, f.UsableShare) and fact["memory"] == axis and needed:
            yield math.ceil(min(needed) / fact["share"] * TENTHS) / TENTHS
        if isinstance(fact, f.MachineClass) and fact["memory"] == axis:
            yield float(fact["at_least_gb"])


def _limits(judge: Judge, axis: str) -> Iterator[int]:
    """Numbers at which a verdict may change: thresholds of the licences, the model's context."""
    for fact in _of_model(judge):
        if isinstance(fact, f.ContextLength) and axis in ("context", "min_context"):
            yield int(fact["tokens"])
    for fact in _of_licences(judge):
        if isinstance(fact, f.Threshold) and axis not in ("context", "min_context"):
            yield int(fact["limit"])


def _may_be_added(judge: Judge, axis: str) -> bool:
    """Whether a further memory may be proposed: main memory beside a GPU, or the reverse."""
    return axis != "unified" and not judge.need.values("unified")


def _default_context(judge: Judge) -> int:
    return next(
        int(fact["value"])
        for fact in judge.catalogue.known.common
        if isinstance(fact, f.Default) and fact["axis"] == "context"
    )


def _quantisations(judge: Judge, constraint: Constraint, change: Change) -> Iterator[str]:
    """The quantisations nearest to the one asked for, above and below, that are enough."""
    levels = sorted(
        (int(x["rank"]), str(x["quantisation"]))
        for x in judge.catalogue.known.common
        if isinstance(x, f.QuantisationLevel)
    )
    order = [name for _, name in levels]
    asked = next(a["value"] for a in judge.judged(change).asked if a["axis"] == "quant")
    place = order.index(str(asked))
    for side in (reversed(order[:place]), order[place + 1 :]):
        for name in side:
            if _clear(judge, constraint, change, name):
                yield name
                break


def _elsewhere(judge: Judge) -> Iterator[str]:
    """A place that no licence of the model excludes: the United States, or the first there is."""
    excluded = {str(x["place"]) for x in _of_licences(judge) if isinstance(x, f.Exclusion)}
    inside = {
        str(x["place"])
        for x in judge.catalogue.known.common
        if isinstance(x, f.Within) and x["group"] in excluded
    }
    yield from [c for c in (USUAL_PLACE, *sorted(judge.catalogue.countries)) if c not in inside][:1]


def _of_model(judge: Judge) -> tuple[f.WorkingFact, ...]:
    return judge.catalogue.known.of_model[judge.model]


def _of_licences(judge: Judge) -> Iterator[f.WorkingFact]:
    known, entry = judge.catalogue.known, judge.catalogue.models[judge.model]
    return chain.from_iterable(known.of_licence[licence] for licence in entry.licences)
