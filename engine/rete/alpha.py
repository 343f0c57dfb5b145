"""The alpha network: which facts pass the tests of one pattern, in memories indexed by value."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from whyllm.engine.experta_shim import Fact
from whyllm.engine.rete.index import Index

if TYPE_CHECKING:
    from whyllm.engine.rete.beta import RightInput

MISSING = object()
"""What a slot reads as that the fact does not have; it equals nothing."""

Reader = Callable[[Fact], Any]
Predicate = Callable[[Fact], bool]


@cache
def slot_reader(slot: str | int) -> Reader:
    """A function that reads a slot of a fact; `a__0__b` reads inside nested values."""
    if isinstance(slot, str) and "__" in slot.strip("_"):
        path = [int(part) if part.isnumeric() else part for part in slot.split("__")]

        def read_nested(fact: Fact) -> Any:
            value: Any = fact
            try:
                for part in path:
                    value = value[part]
            except (KeyError, IndexError, TypeError):
                return MISSING
            return value

        return read_nested

    def read(fact: Fact) -> Any:
        try:
            return fact[slot]
        except KeyError:
            return MISSING

    return read


@cache
def key_reader(slots: tuple[Any, ...]) -> Reader:
    """A function that reads the key of a fact for some slots."""
    readers = tuple(map(slot_reader, slots))
    if not slots:
        return lambda _: ()
    if any(isinstance(slot, str) and "__" in slot for slot in slots):
        if len(slots) == 1:
            return readers[0]
        return lambda fact: tuple([read(fact) for read in readers])
    at_once = itemgetter(*slots)

    def read_key(fact: Fact) -> Any:
        try:
            return at_once(fact)
        except KeyError:
            values = [read(fact) for read in readers]
            return values[0] if len(values) == 1 else tuple(values)

    return read_key


@cache
def values_reader(slots: tuple[Any, ...]) -> Callable[[Fact], tuple[Any, ...]]:
    """A function that reads the values of slots, at least one, as a tuple."""
    read: Callable[[Fact], Any] = key_reader(slots)
    return (lambda fact: (read(fact),)) if len(slots) == 1 else read


class AlphaMemory:
    """The facts that pass one pattern's tests, with an index for each tuple of joined slots."""

    __slots__ = ("_indexes", "predicates", "successors")

    def __init__(self, predicates: Iterable[Predicate]) -> None:
        self.predicates = tuple(predicates)
        self.successors: list[RightInput] = []
        self._indexes: dict[tuple[Any, ...], tuple[Reader, Index[Fact]]] = {}

    def index_by(self, slots: tuple[Any, ...]) -> Index[Fact]:
        """The index by the values of the slots, made when first asked for."""
        if slots not in self._indexes:
            self._indexes[slots] = (key_reader(slots), Index())
        return self._indexes[slots][1]

    def accepts(self, fact: Fact) -> bool:
        """Whether the fact passes the tests that hashing did not already make."""
        for predicate in self.predicates:  # noqa: SIM110 - a generator would cost twice the test
            if not predicate(fact):
                return False
        return True

    def add(self, fact: Fact) -> None:
        """Remember a fact."""
        for read_key, index in self._indexes.values():
            index.add(read_key(fact), fact)

    def remove(self, fact: Fact) -> None:
        """Forget a fact."""
        for read_key, index in self._indexes.values():
            index.discard(read_key(fact), fact)

    def clear(self) -> None:
        """Forget every fact."""
        for _, index in self._indexes.values():
            index.clear()


class Route:
    """The way of a fact into the network: the memories that take it, the nodes that then join it.

    Facts that pass the same tests share one. Deeper nodes come first: when a shallower node hands
    on a new token, the memories below it hold the fact already, so each pair is joined once.
    """

    __slots__ = ("memories", "successors")

    def __init__(self, memories: tuple[AlphaMemory, ...]) -> None:
        self.memories = memories
        successors = [node for memory in memories for node in memory.successors]
        self.successors = sorted(successors, key=lambda node: node.depth, reverse=True)


_Group = tuple[Reader, dict[Hashable, list[AlphaMemory]]]
"""The memories whose patterns fix the same slots: what reads their key, memories by key."""


class AlphaNetwork:
    """Finds the memories of a fact: by type, then by a hash of its constant slots."""

    def __init__(self) -> None:
        self._by_identity: dict[Hashable, AlphaMemory] = {}
        self._groups: dict[type, dict[tuple[Any, ...], _Group]] = {}
        self._routes: dict[tuple[AlphaMemory, ...], Route] = {}

    def memory(
        self,
        fact_type: type[Fact],
        constants: dict[Any, Any],
        predicates: dict[Hashable, Predicate],
    ) -> AlphaMemory:
        """The memory of a pattern; patterns with the same tests share one."""
        slots = tuple(sorted(constants, key=str))
        values = tuple(constants[slot] for slot in slots)
        kinds = tuple(type(value) for value in values)
        identity = (fact_type, slots, kinds, values, tuple(sorted(map(repr, predicates))))
        found = self._by_identity.get(identity)
        if found is None:
            found = self._by_identity[identity] = AlphaMemory(predicates.values())
            groups = self._groups.setdefault(fact_type, {})
            if slots not in groups:
                groups[slots] = (key_reader(slots), {})
            key = values[0] if len(values) == 1 else values
            groups[slots][1].setdefault(key, []).append(found)
        return found

    def route(self, fact: Fact) -> Route:
        """The memories whose tests the fact passes, and their successors."""
        found: list[AlphaMemory] = []
        for read_key, buckets in self._groups.get(type(fact), {}).values():
            found += [m for m in buckets.get(read_key(fact), ()) if m.accepts(fact)]
        memories = tuple(found)
        route = self._routes.get(memories)
        if route is None:
            route = self._routes[memories] = Route(memories)
        return route

    def clear(self) -> None:
        """Forget every fact."""
        for memory in self._by_identity.values():
            memory.clear()
