"""Mentions of which the same is said, gathered, so that it is told once with all of its places."""

from __future__ import annotations

from dataclasses import dataclass, field

from whyllm.engine.inventory.mention import Place
from whyllm.engine.reviewing.finding import Finding, Review


@dataclass
class Group:
    """A finding, its first places in input order, and how many mentions it has in all."""

    finding: Finding
    places: list[Place] = field(default_factory=list)
    count: int = 0

    @property
    def more(self) -> int:
        """How many places are counted and not kept."""
        return self.count - len(self.places)


def grouped(review: Review, places: int | None) -> list[Group]:
    """Read the review to its end: a group per finding, in the order of first mention.

    `places` is how many are kept of each finding, all if None.
    """
    groups: dict[Finding, Group] = {}
    known: dict[int, Group] = {}  # by the identity of findings that groups hold: spares the hashing
    for item in review.items():
        group = known.get(id(item.finding))
        if group is None:
            group = groups.setdefault(item.finding, Group(item.finding))
            known[id(group.finding)] = group
        group.count += 1
        if places is None or len(group.places) < places:
            group.places.append(item.mention.place)
    return list(groups.values())
