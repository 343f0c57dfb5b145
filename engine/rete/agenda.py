"""The agenda: activations in a total order that is the same in every process.

Order: salience, then the order in which rules were declared, then the age of the matched facts
(or their recency), pattern by pattern, then the branch of an OR.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from typing import Any

from whyllm.engine.experta_shim import Agenda, Strategy
from whyllm.engine.rete.conflict_set import Activation

OrderKey = tuple[Any, ...]


class ActivationHeap:
    """What stands in for experta's list of activations: `pop` gives the next one to fire.

    An activation that is taken off stays in the heap, not pending, until it comes up or until
    most of the heap is such; so both ways of leaving cost as little as a pop.
    """

    def __init__(self) -> None:
        self._heap: list[tuple[OrderKey, int, Activation]] = []
        self._pushed = 0
        self._pending = 0
        self.last: Activation | None = None

    def push(self, activation: Activation) -> None:
        """Put an activation, whose key is set, in its place."""
        activation.pending = True
        self._pending += 1
        self._pushed += 1  # two equal keys are never compared further
        heapq.heappush(self._heap, (activation.key, self._pushed, activation))

    def remove(self, activation: Activation) -> None:
        """Take an activation off; one that has fired is no longer there, which is no error."""
        if activation.pending:
            activation.pending = False
            self._pending -= 1
            if len(self._heap) > 2 * self._pending + 64:
                self._heap = [entry for entry in self._heap if entry[2].pending]
                heapq.heapify(self._heap)

    def pop(self) -> Activation:
        """The next activation to fire, taken off; IndexError when there is none."""
        self.last = None
        while self._heap:
            _, _, activation = heapq.heappop(self._heap)
            if activation.pending:
                activation.pending = False
                activation.key = ()
                self._pending -= 1
                self.last = activation
                return activation
        raise IndexError("the agenda is empty")

    def __len__(self) -> int:
        return self._pending

    def __iter__(self) -> Iterator[Activation]:
        """The activations, the next to fire last, as experta orders its list."""
        return (entry[2] for entry in sorted(self._heap, reverse=True) if entry[2].pending)

    def __contains__(self, activation: object) -> bool:
        return isinstance(activation, Activation) and activation.pending


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
        end, ages = activation.end, activation.ages
        if self.newest_first:
            ages = tuple([-age for age in ages])
        return (-end.rule.salience, end.order, ages, end.number)


class RecentFirst(AgendaStrategy):
    """Salience, then declaration order, then the newest facts first (CLIPS's depth strategy)."""

    newest_first = True
