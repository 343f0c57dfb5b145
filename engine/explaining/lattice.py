"""Minimal sets and minimal hitting sets of a family of sets, over the whole lattice at once.

A set of up to MOST members is a number whose bits name its members, and a family of sets is an
integer with one bit for each set of the lattice. Closing a family upwards then takes one shift and
one OR a member. That minimal hitting sets of the minimal sets are the minimal conflicts is the
duality of Reiter, Artificial Intelligence 32, 1987.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TypeVar

T = TypeVar("T")

MOST = 24
"""Members beyond this would make the lattice too large for one integer."""


def minimal_sets(family: Iterable[frozenset[T]], members: Sequence[T]) -> list[frozenset[T]]:
    """The sets of the family that contain no other one, smallest first.

    `members` orders the answer and holds every member of every set. ValueError beyond MOST.
    """
    size = _size(members)
    sets = _lattice(family, members)
    above = 0
    closed = _upwards(sets, size)
    for bit in range(size):
        above |= (closed & _without(bit, size)) << (1 << bit)
    return _read(sets & ~above, members)


def minimal_hitting_sets(
    family: Iterable[frozenset[T]], members: Sequence[T]
) -> list[frozenset[T]]:
    """The smallest sets that share a member with each set of the family, smallest first.

    None if the family holds the empty set; the empty set alone if the family is empty.
    """
    size = _size(members)
    everything = (1 << (1 << size)) - 1
    missing = everything & ~_upwards(_lattice(family, members), size)  # sets that contain none
    below = 0
    for bit in range(size):
        below |= (missing >> (1 << bit)) & _without(bit, size)
    largest = missing & ~below  # their complements hit every set, and nothing smaller does
    whole = frozenset(members)
    return _sorted([whole - found for found in _read(largest, members)], members)


def _size(members: Sequence[T]) -> int:
    if len(members) > MOST:
        raise ValueError(f"{len(members)} members, at most {MOST} can be handled")
    return len(members)


def _lattice(family: Iterable[frozenset[T]], members: Sequence[T]) -> int:
    weight = {member: 1 << place for place, member in enumerate(members)}
    bits = bytearray((1 << len(members)) // 8 + 1)
    for found in set(family):
        index = sum([weight[member] for member in found])
        bits[index >> 3] |= 1 << (index & 7)
    return int.from_bytes(bits, "little")


def _upwards(sets: int, size: int) -> int:
    """The family with every set that contains one of its sets."""
    for bit in range(size):
        sets |= (sets & _without(bit, size)) << (1 << bit)
    return sets


@cache
def _without(bit: int, size: int) -> int:
    """The sets that do not hold a member: runs of ones and of zeros, 2 ** bit long."""
    run = (1 << (1 << bit)) - 1
    length = 2 << bit
    while length < 1 << size:
        run |= run << length
        length *= 2
    return run


def _read(lattice: int, members: Sequence[T]) -> list[frozenset[T]]:
    found = [
        frozenset(member for place, member in enumerate(members) if index >> place & 1)
        for index in _ones(lattice)
    ]
    return _sorted(found, members)


def _ones(number: int) -> Iterator[int]:
    for place, byte in enumerate(number.to_bytes((number.bit_length() + 7) // 8, "little")):
        if byte:
            for bit in range(8):
                if byte >> bit & 1:
                    yield 8 * place + bit


def _sorted(sets: list[frozenset[T]], members: Sequence[T]) -> list[frozenset[T]]:
    place = {member: number for number, member in enumerate(members)}
    return sorted(sets, key=lambda found: (len(found), sorted(place[m] for m in found)))
