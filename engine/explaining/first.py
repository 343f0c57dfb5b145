"""By which smallest changes of a need a model would stand first on the shortlist.

A model that is not kept must be admitted first; then one further change is tried on every axis,
and two where one is not enough. What stands first among a few rivals is confirmed on the whole
catalogue, and who stands before it there joins the rivals. The search is over the changes that
`moves` names; where it finds nothing, something else may still be found by hand.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, islice, product
from typing import Any

from whyllm.engine import facts as f
from whyllm.engine.consulting import Consultant, Consultation
from whyllm.engine.explaining.bearing import bearing
from whyllm.engine.explaining.change_words import told
from whyllm.engine.explaining.constraints import Change, Constraint, axes_set, changed, on_axis
from whyllm.engine.explaining.fixes import Fix, ways_out
from whyllm.engine.explaining.judge import Judge
from whyllm.engine.explaining.loosening import FACTS_OF_THE_USER, TENTHS
from whyllm.engine.need import AXES, MEMORIES, TASKS, USES, Value

MOST_ADMITTED = 12
"""Smallest admitting changes that are built on."""

MOST_PAIRS = 1200
"""Pairs of further changes that are tried, in all."""

MOST_FOUND = 20
"""Changes that are told."""

RIVALS = 8
"""Best-placed models that are tried against before the whole catalogue is."""

CHOICES = {"task": TASKS, "use": USES, "deploy": AXES["deploy"].choices}
FLAGS = ("fine_tune", "train_on_outputs", "tools")


@dataclass(frozen=True)
class First:
    """The changes that put a model first, the shortest first, and how much was tried for them.

    `already`: it stands first as it is. `admitted`: it is kept, or some change of the need keeps
    it. `singles` and `pairs` count the further changes, `all_pairs` says whether none was left out.
    """

    model: str
    fixes: tuple[Fix, ...]
    already: bool
    admitted: bool
    singles: int
    pairs: int
    all_pairs: bool


def first(consultation: Consultation, model: str) -> First:
    """Search for the smallest changes by which the model comes first; each was confirmed."""
    if consultation.shortlist[:1] == (model,):
        return First(model, (), True, True, 0, 0, True)
    if consultation.verdict(model) in ("kept", "shortlisted"):
        judge = Judge(consultation, model)
        bases: list[Change] = [{}]
    else:
        ways = ways_out(consultation, model)
        judge = ways.judge
        whole = [_joined(choice) for choice in islice(product(*ways.need_changes), 1000)]
        bases = [*sorted(whole, key=len)[:MOST_ADMITTED]] if ways.need_changes else []
    if not bases:
        return First(model, (), False, False, 0, 0, True)
    return _Search(consultation, judge, bases).result()


def moves(judge: Judge) -> Iterator[Change]:
    """The single changes that are tried: each other reply that the model could bear, or none.

    Facts of the user are left as they are. A number is one that the model just meets.
    """
    need, model = judge.need, judge.model
    known = judge.catalogue.known.of_model[model]
    values: dict[str, list[Value]] = {
        "modality": [str(x["modality"]) for x in known if isinstance(x, f.Serves)],
        "language": [str(x["language"]) for x in known if isinstance(x, f.Speaks)],
        "min_context": [int(x["tokens"]) for x in known if isinstance(x, f.ContextLength)],
        "knows_until": [str(x["date"]) for x in known if isinstance(x, f.Cutoff)],
        "quant": list(judge.catalogue.quantisations),
        **{axis: list(choices) for axis, choices in CHOICES.items()},
        **{axis: [True] for axis in FLAGS},
        **_just_enough(judge),
    }
    for axis in AXES:
        if axis in FACTS_OF_THE_USER:
            continue
        stated = need.values(axis)
        for constraint in on_axis(need, axis):
            if constraint.value is not None:
                yield {constraint: None}
        place = Constraint(axis, None) if AXES[axis].repeatable else on_axis(need, axis)[0]
        for value in dict.fromkeys(values.get(axis, ())):
            if value not in stated:
                yield {place: value}


def _just_enough(judge: Judge) -> dict[str, list[Value]]:
    """Memory just enough for the model, at each quantisation that it can be had in."""
    stated = [axis for axis in MEMORIES if judge.need.values(axis)]
    shares = {
        str(x["memory"]): float(x["share"])
        for x in judge.catalogue.known.common
        if isinstance(x, f.UsableShare)
    }
    found: dict[str, list[Value]] = {}
    for axis in stated or MEMORIES:
        tight = judge.judged({on_axis(judge.need, axis)[0]: 1 / TENTHS})
        needed = [float(str(fact["total_gb"])) for _, fact in tight.about(judge.model, "Requires")]
        found[axis] = [math.ceil(gb / shares[axis] * TENTHS) / TENTHS for gb in needed]
    return found


class _Search:
    """The search for one model, on top of the changes that admit it."""

    def __init__(self, consultation: Consultation, judge: Judge, bases: list[Change]) -> None:
        self._judge = judge
        self._asked = consultation
        self._bases = bases
        self._all = Consultant(consultation.catalogue, consultation.rulebook.id)
        self._bearing = bearing(consultation.catalogue)
        self._rivals: set[str] = set()
        self._confirmed: dict[frozenset[tuple[Constraint, Any]], bool] = {}
        self._meet([*consultation.shortlist, *consultation.ranking[:RIVALS]])

    def result(self) -> First:
        """Singles are tried before pairs, and pairs only where no single change is enough."""
        found: list[Change] = []
        singles = list(moves(self._judge))
        tried = self._try([*self._bases], found)
        tried += self._try((self._on(b, m) for b in self._bases for m in singles), found)
        pairs, left_out = 0, False
        if not found:
            both = [
                self._on(base, one, two)
                for base in self._bases
                for one, two in combinations(singles, 2)
                if not one.keys() & two.keys()
            ]
            left_out = len(both) > MOST_PAIRS
            pairs = self._try(both[:MOST_PAIRS], found)
        nearest = [self._nearest(change) for change in sorted(found, key=len)[:MOST_FOUND]]
        fixes = tuple(
            Fix(axes_set(self._judge.need, change), told(self._judge, change)) for change in nearest
        )
        return First(self._judge.model, fixes, False, True, tried, pairs, not left_out)

    def _on(self, base: Change, *further: Change) -> Change:
        return _joined([base, *further])

    def _try(self, changes: Iterable[Change], found: list[Change]) -> int:
        """Add to `found` what each change, or a part of it, puts first; how many were tried."""
        tried = 0
        for change in changes:
            items = change.items()
            if not change or any(other.items() <= items for other in found):
                continue
            tried += 1
            if self._is_first(change):
                part = next(p for p in _parts(change) if self._is_first(p))
                found[:] = [x for x in found if not part.items() <= x.items()]
                found.append(part)
        return tried

    def _is_first(self, change: Change) -> bool:
        """Whether the change puts the model first: among the rivals, then in the catalogue."""
        key = frozenset(change.items())
        if key not in self._confirmed:
            if not self._leads(self._few, change):
                return False
            whole = self._consulted(self._all, change)
            self._confirmed[key] = whole.shortlist[:1] == (self._judge.model,)
            if not self._confirmed[key]:
                self._meet(whole.shortlist)
        return self._confirmed[key]

    def _leads(self, consultant: Consultant, change: Change) -> bool:
        return self._consulted(consultant, change).shortlist[:1] == (self._judge.model,)

    def _consulted(self, consultant: Consultant, change: Change) -> Consultation:
        return consultant.consult(changed(self._judge.need, change), self._asked.on)

    def _meet(self, models: Iterable[str]) -> None:
        """Count models among the rivals, with those that bear on their merits."""
        self._rivals |= self._bearing.with_bearing({self._judge.model, *models})
        catalogue = self._asked.catalogue
        self._few = Consultant(catalogue, self._asked.rulebook.id, only=self._rivals)

    def _nearest(self, change: Change) -> Change:
        """The change with each number as near to the stated one as still puts the model first."""
        for constraint, value in list(change.items()):
            if constraint.axis not in (*MEMORIES, "min_context") or value is None:
                continue
            if constraint.value is None and constraint.axis in MEMORIES:
                continue  # nothing is stated that it could be near to
            unit = TENTHS if constraint.axis in MEMORIES else 1
            good, bad = round(float(value) * unit), round(float(constraint.value or 0) * unit)
            while abs(good - bad) > 1:
                middle = (good + bad) // 2
                moved = {**change, constraint: middle / unit if unit > 1 else middle}
                good, bad = (middle, bad) if self._is_first(moved) else (good, middle)
            change = {**change, constraint: good / unit if unit > 1 else good}
        return change


def _joined(changes: Iterable[Change]) -> dict[Constraint, Value | None]:
    """The changes together; where two speak of one constraint the later one holds."""
    return {constraint: value for change in changes for constraint, value in change.items()}


def _parts(change: Mapping[Constraint, Any]) -> Iterator[Change]:
    """The parts of a change, the smallest first, itself last."""
    for size in range(1, len(change) + 1):
        for items in combinations(change.items(), size):
            yield dict(items)
