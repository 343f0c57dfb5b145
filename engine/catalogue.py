"""The catalogue: facts ready to assert, and the names that people know for their ids.

It knows nothing of YAML or of the schema, so that a compiled one is read without them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from whyllm.engine.facts import WorkingFact
from whyllm.engine.need import Value
from whyllm.kb.names import NameIndex


@dataclass(frozen=True)
class KnownFacts:
    """The facts of a knowledge base: those of each model, those of each licence, and the rest."""

    of_model: dict[str, tuple[WorkingFact, ...]]
    of_licence: dict[str, tuple[WorkingFact, ...]]
    common: tuple[WorkingFact, ...]


@dataclass(frozen=True)
class ModelEntry:
    """What an answer shows of a variant beside its facts.

    `base_repo` holds the weights before tuning, which are under the same licences and are no
    variant of their own; none, if that was not verified. `publisher` is a name to show.
    """

    id: str
    name: str
    family: str
    tuning: str
    licences: tuple[str, ...]
    hf_repo: str | None
    ollama: str | None
    spellings: tuple[str, ...]
    base_repo: str | None
    publisher: str


@dataclass(frozen=True)
class Source:
    """A text that facts were read in."""

    id: str
    title: str
    url: str | None

    def __str__(self) -> str:
        return f"{self.title} <{self.url}>" if self.url else self.title


@dataclass(frozen=True)
class OutsideEntry:
    """What to use for a need that no language model serves."""

    label: str
    why: str
    examples: tuple[str, ...]
    libraries: tuple[str, ...]


@dataclass(frozen=True)
class NodeEntry:
    """A node of the course's flowchart: its shape, and its label with lines parted by <br/>."""

    shape: str
    label: str


@dataclass(frozen=True)
class EdgeEntry:
    """An edge of the course's flowchart: its label, and the replies that take it."""

    source: str
    target: str
    label: str
    replies: tuple[str, ...]


@dataclass(frozen=True)
class QuestionEntry:
    """A question of the interview; `replies` are labels with the axes that they state.

    `typed` is the axis that a value typed freely states.
    """

    id: str
    text: str
    explains: str
    typed: str | None
    replies: tuple[tuple[str, Mapping[str, Value]], ...]


@dataclass(frozen=True)
class MisconceptionEntry:
    """A mistaken idea that wrong options of a quiz come from, and the id of its source."""

    label: str
    text: str
    source: str


@dataclass(frozen=True)
class Catalogue:
    """All that a consultation needs of the knowledge base.

    `labels` maps a vocabulary (see words.py) to its ids and their names.
    """

    version: str
    digest: str
    known: KnownFacts
    models: Mapping[str, ModelEntry]
    labels: Mapping[str, Mapping[str, str]]
    sources: Mapping[str, Source]
    criteria: tuple[str, ...]
    shortlist_length: int
    quantisations: tuple[str, ...]
    countries: frozenset[str]
    outside: Mapping[str, OutsideEntry]
    nodes: Mapping[str, NodeEntry]
    edges: tuple[EdgeEntry, ...]
    questions: tuple[QuestionEntry, ...]
    misconceptions: Mapping[str, MisconceptionEntry]

    @cached_property
    def names(self) -> NameIndex:
        """What people call the models and their families."""
        families: dict[str, list[str]] = {}
        for key, entry in self.models.items():
            families.setdefault(self.labels["family"][entry.family], []).append(key)
        return NameIndex(
            {key: entry.spellings for key, entry in self.models.items()},
            families,
            untuned=[key for key, entry in self.models.items() if entry.tuning == "base"],
            base_repos={e.base_repo: key for key, e in self.models.items() if e.base_repo},
        )
