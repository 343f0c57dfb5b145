"""The Trace: the firings of one run and nothing else; explanations and graphs are read off it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

Value = str | int | float | bool | None


@dataclass(frozen=True)
class FactRecord:
    """A fact as data: the name of its type and its slots in order. Hashable and comparable."""

    type: str
    slots: tuple[tuple[str, Value], ...]

    def __getitem__(self, slot: str) -> Value:
        for name, value in self.slots:
            if name == slot:
                return value
        raise KeyError(slot)

    def get(self, slot: str, default: Value = None) -> Value:
        """The value of a slot, or the default where the type has none of that name."""
        return next((value for name, value in self.slots if name == slot), default)

    def as_json(self) -> dict[str, Any]:
        """`{"type": …, slot: value, …}`."""
        return {"type": self.type, **dict(self.slots)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> FactRecord:
        """The inverse of `as_json`."""
        return cls(data["type"], tuple((k, v) for k, v in data.items() if k != "type"))


@dataclass(frozen=True)
class Firing:
    """One rule that fired: what it matched, what had to be absent, and what it concluded."""

    rule: str
    bindings: tuple[tuple[str, Value], ...]
    premises: tuple[FactRecord, ...]
    absences: tuple[FactRecord, ...]
    conclusions: tuple[FactRecord, ...]

    @cached_property
    def values(self) -> dict[str, Value]:
        """The bindings as a mapping."""
        return dict(self.bindings)

    def as_json(self) -> dict[str, Any]:
        """The firing as JSON types."""
        return {
            "rule": self.rule,
            "bindings": dict(self.bindings),
            "premises": [f.as_json() for f in self.premises],
            "absences": [f.as_json() for f in self.absences],
            "conclusions": [f.as_json() for f in self.conclusions],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Firing:
        """The inverse of `as_json`."""
        facts = {
            part: tuple(FactRecord.from_json(f) for f in data[part])
            for part in ("premises", "absences", "conclusions")
        }
        return cls(data["rule"], tuple(data["bindings"].items()), **facts)


@dataclass(frozen=True)
class Trace:
    """All firings of a run, in order."""

    firings: tuple[Firing, ...] = field(default=())

    @cached_property
    def _by_conclusion_type(self) -> dict[str, list[tuple[Firing, FactRecord]]]:
        found: dict[str, list[tuple[Firing, FactRecord]]] = {}
        for firing in self.firings:
            for fact in firing.conclusions:
                found.setdefault(fact.type, []).append((firing, fact))
        return found

    @cached_property
    def _by_conclusion(self) -> dict[FactRecord, list[Firing]]:
        found: dict[FactRecord, list[Firing]] = {}
        for firing in self.firings:
            for fact in firing.conclusions:
                found.setdefault(fact, []).append(firing)
        return found

    def concluding(self, type_name: str) -> Iterator[tuple[Firing, FactRecord]]:
        """Each firing that concluded a fact of the type, with that fact, in order."""
        return iter(self._by_conclusion_type.get(type_name, ()))

    def justifications(self, fact: FactRecord) -> list[Firing]:
        """The firings that concluded exactly this fact; empty for a given fact."""
        return self._by_conclusion.get(fact, [])

    def as_json(self) -> list[dict[str, Any]]:
        """The trace as JSON types."""
        return [firing.as_json() for firing in self.firings]

    @classmethod
    def from_json(cls, data: list[dict[str, Any]]) -> Trace:
        """The inverse of `as_json`."""
        return cls(tuple(Firing.from_json(f) for f in data))
