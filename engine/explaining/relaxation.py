"""What to give up or loosen where nothing remains, and which constraints stand against each other.

Each model is a point: the constraints that it fails. The smallest relaxations are the points that
contain no other one; the smallest conflicts, which no model meets together, are their minimal
hitting sets. A model that fails by constraints which only together exclude it has several points.
A point is presumed from what each cause hangs on, and the engine is asked whether it is enough;
where it is not, what still stands against the model is added to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from whyllm.engine.consulting import Consultant, Consultation
from whyllm.engine.explaining.constraints import (
    Change,
    Constraint,
    changed,
    constraints_of,
    on_axis,
)
from whyllm.engine.explaining.dependence import Dependence
from whyllm.engine.explaining.fixes import Fix, ways_out
from whyllm.engine.explaining.lattice import MOST, minimal_hitting_sets, minimal_sets
from whyllm.engine.explaining.loosening import NUMBERS, USUAL_PLACE
from whyllm.engine.need import AXES, MEMORIES, NeedError, Value
from whyllm.engine.trace import Firing

Point = frozenset[Constraint]

SHOWN = 3
"""Models of a relaxation whose exact changes are told."""

LEAST: dict[str, Value] = {
    "region": USUAL_PLACE,
    "monthly_active_users": 0,
    "annual_revenue_usd": 0,
}
"""For facts of the user, the value that licences ask least of."""

LOOKED_AT = 6
"""Models among which those are looked for that take the least change of a number."""


@dataclass(frozen=True)
class Way:
    """A smallest change within a relaxation, and the model that it admits."""

    fix: Fix
    model: str


@dataclass(frozen=True)
class Relaxation:
    """Constraints to give up or loosen: no fewer of them would do.

    `gains` are the models that giving them up admits, the best first; `ways` the exact changes for
    the first few of them.
    """

    constraints: tuple[Constraint, ...]
    cost: float
    gains: tuple[str, ...]
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class Relaxations:
    """All smallest relaxations, the cheapest first, and all smallest conflicts."""

    consultation: Consultation
    relaxations: tuple[Relaxation, ...]
    conflicts: tuple[tuple[Constraint, ...], ...]


def relaxations(
    consultation: Consultation, costs: Mapping[str, float] | None = None
) -> Relaxations:
    """What to give up so that something remains; nothing where something remains already.

    `costs` maps axes to what giving one constraint on them up costs, 1 unless said. NeedError when
    more constraints are stated than can be weighed.
    """
    if consultation.kept:
        return Relaxations(consultation, (), ())
    members = constraints_of(consultation.need)
    if len(members) > MOST:
        raise NeedError(f"{len(members)} constraints are stated; at most {MOST} can be weighed")
    weigher = _Weigher(consultation)
    points = weigher.points(consultation)
    settled: dict[Point, tuple[str, ...]] = {}
    while True:
        smallest = minimal_sets(chain.from_iterable(points.values()), members)
        open_points = [point for point in smallest if point not in settled]
        if not open_points:
            break
        for point in open_points:
            answer = weigher.without(point)
            if answer.kept:
                best = answer.shortlist
                settled[point] = (*best, *(m for m in answer.kept if m not in best))
                continue
            further = weigher.points(answer)
            for model, own in points.items():
                if point in own:
                    more = [point | other for other in further.get(model, ())]
                    points[model] = [p for p in own if p != point] + more
    conflicts = minimal_hitting_sets(smallest, members) if smallest else []
    found = [_relaxation(consultation, p, settled[p], members, costs or {}) for p in smallest]
    return Relaxations(
        consultation,
        tuple(sorted(found, key=lambda relaxation: (relaxation.cost, len(relaxation.constraints)))),
        tuple(tuple(c for c in members if c in conflict) for conflict in conflicts),
    )


class _Weigher:
    """Asks the engine what remains once some constraints of a consultation are given up."""

    def __init__(self, consultation: Consultation) -> None:
        self._need = consultation.need
        self._on = consultation.on
        self._consultant = Consultant(consultation.catalogue, consultation.rulebook.id)
        self._dependence = Dependence(consultation.rulebook, consultation.catalogue)

    def without(self, point: Point) -> Consultation:
        """The answer without the constraints; a fact of the user takes the value that asks least.

        For no one can give up where they are or how many users they have.
        """
        change: Change = {c: LEAST.get(c.axis) for c in point}
        return self._consultant.consult(changed(self._need, change), self._on)

    def points(self, answer: Consultation) -> dict[str, list[Point]]:
        """Model -> the sets of constraints of the need that it seems enough to change."""
        hangs: dict[int, Point] = {}

        def hangs_on(firing: Firing) -> Point:
            if id(firing) not in hangs:
                stated = stated_behind(firing, answer, self._dependence)
                hangs[id(firing)] = stated & frozenset(constraints_of(self._need))
            return hangs[id(firing)]

        behind: dict[str, set[Point]] = {}
        for conclusion in ("Excluded", "Undecided"):
            for firing, fact in answer.trace.concluding(conclusion):
                behind.setdefault(str(fact["model"]), set()).add(hangs_on(firing))
        found: dict[str, list[Point]] = {}
        for model, sets in behind.items():
            members = sorted(frozenset().union(*sets), key=str)
            if frozenset() not in sets:
                found[model] = minimal_hitting_sets(sets, members) if len(members) > 1 else [*sets]
        return found


def stated_behind(firing: Firing, consultation: Consultation, dependence: Dependence) -> Point:
    """The constraints whose change might keep a firing from being drawn."""
    need, supports = consultation.need, consultation.supports
    found: set[Constraint] = set()
    for fact in dependence.stated(firing, supports):
        axis = str(fact["axis"])
        found.update(
            c for c in on_axis(need, axis) if not AXES[axis].repeatable or c.value == fact["value"]
        )
    for axis in (
        *dependence.unasked(firing, supports),
        *dependence.behind_absences(firing, supports),
    ):
        found.update(on_axis(need, axis))
    return frozenset(c for c in found if c.value is not None)


def _relaxation(
    consultation: Consultation,
    point: Point,
    gains: tuple[str, ...],
    members: Iterable[Constraint],
    costs: Mapping[str, float],
) -> Relaxation:
    ordered = tuple(c for c in members if c in point)
    numbers = [c.axis for c in ordered if c.axis in NUMBERS]
    looked_at = gains[: LOOKED_AT if numbers else SHOWN]
    ways = [
        Way(fix, model)
        for model in looked_at
        for fix in ways_out(consultation, model, within=point).fixes
    ]
    for axis in reversed(numbers):  # the least change of a number first
        ways.sort(key=lambda way: abs(way.fix.set.get(axis) or 0), reverse=axis not in MEMORIES)
    shown = list(dict.fromkeys(way.model for way in ways))[:SHOWN]
    ways = [way for way in ways if way.model in shown]
    return Relaxation(
        ordered,
        sum(costs.get(c.axis, 1.0) for c in ordered),
        gains,
        tuple(ways),
    )
