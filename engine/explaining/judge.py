"""Judges one model under changes of a need, and says on which constraints each cause hangs."""

from __future__ import annotations

from dataclasses import dataclass

from whyllm.engine.consulting import Consultant, Consultation
from whyllm.engine.explaining.constraints import (
    Change,
    Constraint,
    changed,
    changed_from,
    on_axis,
)
from whyllm.engine.explaining.dependence import Dependence
from whyllm.engine.need import AXES, MEMORIES, Value
from whyllm.engine.trace import Firing

RECKONED = ("context", "quant", *MEMORIES)
"""Axes that the memory is reckoned by: another value can help more than none."""

FILLED_IN = ("modality", "task", *RECKONED)
"""Axes that matter though nothing is stated on them: the rules fill them in, or a machine has them.

On the others, what is not stated constrains nothing, so stating something could not help either.
"""


@dataclass(frozen=True)
class Against:
    """A firing that excludes the model or leaves it undecided, and the constraints it hangs on.

    Whatever is changed besides those constraints, it fires.
    """

    firing: Firing
    hangs_on: frozenset[Constraint]


class Judge:
    """The verdicts on one model under changes of the need of a consultation, each found once."""

    def __init__(self, consultation: Consultation, model: str) -> None:
        self.model = model
        self.need = consultation.need
        self.catalogue = consultation.catalogue
        self.rulebook = consultation.rulebook
        self.words = consultation.words
        self._on = consultation.on
        self._consultant = Consultant(self.catalogue, self.rulebook.id, only={model})
        self._dependence = Dependence(self.rulebook, self.catalogue)
        self._judged: dict[frozenset[tuple[Constraint, Value | None]], Consultation] = {}
        self._against: dict[frozenset[tuple[Constraint, Value | None]], tuple[Against, ...]] = {}

    def judged(self, change: Change) -> Consultation:
        """The consultation on the model alone, under the change."""
        key = frozenset(change.items())
        if key not in self._judged:
            self._judged[key] = self._consultant.consult(changed(self.need, change), self._on)
        return self._judged[key]

    def against(self, change: Change) -> tuple[Against, ...]:
        """What stands against the model under the change; nothing where it is kept."""
        key = frozenset(change.items())
        if key not in self._against:
            judged = self.judged(change)
            firings = dict.fromkeys(
                firing for firing, _ in judged.about(self.model, "Excluded", "Undecided")
            )
            self._against[key] = tuple(
                Against(firing, self._hangs_on(firing, judged, change)) for firing in firings
            )
        return self._against[key]

    def _hangs_on(
        self, firing: Firing, judged: Consultation, change: Change
    ) -> frozenset[Constraint]:
        found: set[Constraint] = set()
        for fact in self._dependence.stated(firing, judged.supports):
            axis, value = str(fact["axis"]), fact["value"]
            assert value is not None
            if AXES[axis].repeatable:
                found.update(changed_from(self.need, change, axis, value))
            else:
                found.update(on_axis(self.need, axis))
        for axis in self._dependence.unasked(firing, judged.supports):
            found.update(on_axis(self.need, axis))
        behind = [
            constraint
            for axis in sorted(self._dependence.behind_absences(firing, judged.supports))
            for constraint in on_axis(self.need, axis)
            if constraint not in found
        ]
        found.update(c for c in behind if c.axis in (FILLED_IN if c.value is None else RECKONED))
        may_matter = [c for c in behind if c.value is not None and c.axis not in RECKONED]
        return frozenset(found.union(self._that_matter(firing, change, may_matter)))

    def _that_matter(
        self, firing: Firing, change: Change, constraints: list[Constraint]
    ) -> list[Constraint]:
        """Without those that can be given up, one after the other, and the rule still fires."""
        given_up: dict[Constraint, None] = {}
        for constraint in constraints:
            less = self.judged({**change, **given_up, constraint: None})
            against = less.about(self.model, "Excluded", "Undecided")
            if any(other.rule == firing.rule for other, _ in against):
                given_up[constraint] = None
        return [constraint for constraint in constraints if constraint not in given_up]
