"""The nouns of a lesson: steps with paragraphs, tables, a picture, those who fall, and claims."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """A sentence with whether it holds, and what that rests on: rules, entries, sources."""

    says: str
    check: str
    holds: bool
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Rows under a head, all of text."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Fallen:
    """A model that falls at a step, by id and name, and the rules that exclude it from there on."""

    model: str
    name: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """A part of a lesson.

    `path` are the nodes of the course's tree that its picture marks; `left` counts the models that
    remain at its node, None where it has no node.
    """

    id: str
    title: str
    paragraphs: tuple[str, ...]
    table: Table | None
    path: tuple[str, ...]
    falls: tuple[Fallen, ...]
    left: int | None
    claims: tuple[Claim, ...]


@dataclass(frozen=True)
class Lesson:
    """A lesson: its steps in order."""

    id: str
    title: str
    steps: tuple[Step, ...]
