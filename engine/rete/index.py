"""Items by key, for the hash-indexed memories of the network (Doorenbos 1995, section 2.3)."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")


class Index(Generic[Item]):
    """Items by key, told apart by identity; adding and removing take constant time.

    A key with one item holds the item itself. Most keys have one, and a dictionary for each would
    be most of the memory that the network takes. An item is never exactly a `dict` (facts are of
    subclasses of it), which is how the two are told apart.
    """

    __slots__ = ("_held",)

    def __init__(self) -> None:
        self._held: dict[Hashable, Any] = {}

    def add(self, key: Hashable, item: Item) -> None:
        """Put an item under a key."""
        held = self._held
        there = held.get(key)
        if there is None:
            held[key] = item
        elif type(there) is dict:
            there[id(item)] = item
        else:
            held[key] = {id(there): there, id(item): item}

    def discard(self, key: Hashable, item: Item) -> None:
        """Take an item away; one that is not there is no error."""
        there = self._held.get(key)
        if type(there) is dict:
            there.pop(id(item), None)
            if not there:
                del self._held[key]
        elif there is item:
            del self._held[key]

    def find(self, key: Hashable) -> Sequence[Item]:
        """The items under a key, in the order in which they came; a copy, safe to change under."""
        there = self._held.get(key)
        if there is None:
            return ()
        if type(there) is dict:
            return list(there.values())
        return (there,)

    def pop(self, key: Hashable) -> Sequence[Item]:
        """The items under a key, which are taken away."""
        found = self.find(key)
        self._held.pop(key, None)
        return found

    def keys(self) -> Iterator[Hashable]:
        """The keys that have items."""
        return iter(self._held)

    def __bool__(self) -> bool:
        return bool(self._held)

    def clear(self) -> None:
        """Take every item away."""
        self._held.clear()
