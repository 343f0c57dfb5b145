"""The agenda: activations in a total order that is the same in every process.

Order: salience, then the order in which rules were declared, then the age of the matched facts
(or their recency), pattern by pattern.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

from whyllm.engine.experta_shim import Activation as ExpertaActivation
from whyllm.engine.experta_shim import Agenda, Fact, Rule, Strategy

OrderKey = tuple[Any, ...]


class Activation(ExpertaActivation):  # type: ignore[misc]
    """A rule that may fire, with the facts in pattern order, the bindings and the absences."""

    def __init__(
        self,
        rule: Rule,
        premises: list[Fact],
        context: dict[str, Any],
        absences: tuple[tuple[type[Fact], dict[Any, Any]], ...],
        order: int,
        branch: int,
    ) -> None:
        self.rule = rule
        self.premises = premises
        self.context = context
        self.absences = absences
        self.order = order
        self.branch = branch
        self.key: OrderKey = ()

    @property
    def facts(self) -> set[Fact]:
        """The matched facts as experta keeps them: an unordered set."""
        return set(self.premises)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)


class ActivationHeap:
    """What stands in for experta's list of activations: `pop` gives the next one to fire."""

    def __init__(self) -> None:
        self._heap: list[tuple[OrderKey, int, Activation]] = []
        self._pushed = count()
        self._live: dict[int, Activation] = {}
        self.last: Activation | None = None

    def push(self, activation: Activation) -> None:
        """Put an activation, whose key is set, in its place."""
        self._live[id(activation)] = activation
        heapq.heappush(self._heap, (activation.key, next(self._pushed), activation))

    def remove(self, activation: Activation) -> None:
        """Take an activation off; one that has fired is no longer there, which is no error."""
        self._live.pop(id(activation), None)

    def pop(self) -> Activation:
        """The next activation to fire, taken off; IndexError when there is none."""
        self.last = None
        while self._heap:
            _, _, activation = heapq.heappop(self._heap)
            if self._live.pop(id(activation), None) is not None:
                self.last = activation
                return activation
        raise IndexError("the agenda is empty")

    def __len__(self) -> int:
        return len(self._live)

    def __iter__(self) -> Iterator[Activation]:
        """The activations, the next to fire last, as experta orders its list."""
        return iter(sorted(self._live.values(), key=lambda a: a.key, reverse=True))

    def __contains__(self, activation: object) -> bool:
        return id(activation) in self._live


class AgendaStrategy(Strategy):  # type: ignore[misc]
    """Salience, then declaration order, then the oldest facts first."""

    newest_first = False

    def _update_agenda(
        self, agenda: Agenda, added: Iterable[Activation], removed: Iterable[Activation]
    ) -> None:
        if not isinstance(agenda.activations, ActivationHeap):
            agenda.activations = ActivationHeap()
        for activation in removed:
            agenda.activations.remove(activation)
        for activation in added:
            activation.key = self.order_key(activation)
            agenda.activations.push(activation)

    def order_key(self, activation: Activation) -> OrderKey:
        """The place of an activation: smaller fires earlier."""
        ages = [fact["__factid__"] for fact in activation.premises]
        if self.newest_first:
            ages = [-age for age in ages]
        return (-activation.rule.salience, activation.order, tuple(ages), activation.branch)


class RecentFirst(AgendaStrategy):
    """Salience, then declaration order, then the newest facts first (CLIPS's depth)."""

    newest_first = True
