"""What to give up or loosen where nothing remains, and which constraints stand against each other.

Each model is a point: the constraints that it fails. The smallest relaxations are the points that
contain no other one; the smallest conflicts, which no model meets together, are their minimal
hitting sets. A model that fails by constraints which only together exclude it has several points.
Where a point is only presumed, since constraints reach it through what is absent, the engine is
asked, and the model's true points take its place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from whyllm.engine.consult import Consultant, Consultation
from whyllm.engine.explain.change_words import constraint_told
from whyllm.engine.explain.constraints import Constraint, changed, constraints_of, on_axis
from whyllm.engine.explain.dependence import Dependence
from whyllm.engine.explain.fixes import Fix, ways_out
from whyllm.engine.explain.lattice import MOST, minimal_hitting_sets, minimal_sets
from whyllm.engine.explain.loosening import FACTS_OF_THE_USER, NUMBERS
from whyllm.engine.need import AXES, MEMORIES, NeedError
from whyllm.engine.trace import Firing

Point = frozenset[Constraint]

SHOWN = 3
"""Models of a relaxation whose exact changes are told."""

LOOKED_AT = 12
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
    texts: tuple[str, ...]
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
    points = {m: p for m, p in _points(consultation).items() if p}
    settled: dict[Point, tuple[str, ...]] = {}
    while True:
        smallest = minimal_sets(chain.from_iterable(points.values()), members)
        open_points = [point for point in smallest if point not in settled]
        if not open_points:
            break
        for point in open_points:
            there = [model for model, own in points.items() if point in own]
            kept = _kept_without(consultation, point, there)
            if kept:
                settled[point] = kept
                continue
            for model in there:
                points[model] = _true_points(consultation, model)
    conflicts = minimal_hitting_sets(smallest, members) if smallest else []
    found = [_relaxation(consultation, p, settled[p], members, costs or {}) for p in smallest]
    return Relaxations(
        consultation,
        tuple(sorted(found, key=lambda relaxation: (relaxation.cost, len(relaxation.constraints)))),
        tuple(tuple(c for c in members if c in conflict) for conflict in conflicts),
    )


def _points(consultation: Consultation) -> dict[str, list[Point]]:
    """Model -> the sets of constraints that it seems enough to change; none where none is."""
    dependence = Dependence(consultation.rulebook, consultation.catalogue)
    hangs: dict[int, Point] = {}

    def hangs_on(firing: Firing) -> Point:
        if id(firing) not in hangs:
            hangs[id(firing)] = stated_behind(firing, consultation, dependence)
        return hangs[id(firing)]

    found: dict[str, list[Point]] = {}
    for model in (*consultation.excluded, *consultation.undecided):
        about = consultation.about(model, "Excluded", "Undecided")
        sets = {hangs_on(firing) for firing, _ in about}
        if all(len(one) == 1 for one in sets):
            found[model] = [frozenset().union(*sets)]
        else:
            members = sorted(frozenset().union(*sets), key=str)
            found[model] = [] if frozenset() in sets else minimal_hitting_sets(sets, members)
    return found


def stated_behind(firing: Firing, consultation: Consultation, dependence: Dependence) -> Point:
    """The stated constraints whose change might keep a firing from being drawn."""
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


def _true_points(consultation: Consultation, model: str) -> list[Point]:
    ways = ways_out(consultation, model, within=constraints_of(consultation.need))
    members = constraints_of(consultation.need)
    combined: list[Point] = [frozenset()] if ways.need_changes else []
    for part in ways.need_changes:
        changed_here = minimal_sets([frozenset(change) for change in part], members)
        combined = [point | more for point in combined for more in changed_here]
    return combined


def _kept_without(
    consultation: Consultation, point: Point, models: Collection[str]
) -> tuple[str, ...]:
    """Those of the models that are kept once the constraints are given up, the best first.

    A fact of the user cannot be given up; whether changing it helps, each model's own search tells.
    """
    if any(constraint.axis in FACTS_OF_THE_USER for constraint in point):
        kept = [m for m in models if point in _true_points(consultation, m)]
        return tuple(kept)
    consultant = Consultant(consultation.catalogue, consultation.rulebook.id, only=models)
    need = changed(consultation.need, dict.fromkeys(point))
    answer = consultant.consult(need, consultation.on)
    return (*answer.shortlist, *(m for m in answer.kept if m not in answer.shortlist))


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
        tuple(constraint_told(consultation.words, c) for c in ordered),
        sum(costs.get(c.axis, 1.0) for c in ordered),
        gains,
        tuple(ways),
    )
