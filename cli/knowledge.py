"""Loads the knowledge for a command: the catalogue that answers, the names that people type."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from whyllm.engine.catalogue import Catalogue
from whyllm.engine.compiled import compiled_catalogue
from whyllm.kb.names import NameIndex

if TYPE_CHECKING:
    from whyllm.kb.knowledge import KnowledgeBase


def knowledge_base(folders: Sequence[Path]) -> KnowledgeBase:
    """The built-in knowledge with the folders laid over it."""
    from whyllm.kb.loader import load

    return load([folder.resolve() for folder in folders])


def answering_catalogue(folders: Sequence[Path]) -> Catalogue:
    """The catalogue that the engine answers from, read without YAML where that is possible."""

    def build() -> Catalogue:
        from whyllm.engine.cataloguing import catalogue

        return catalogue(knowledge_base(folders))

    return compiled_catalogue([folder.resolve() for folder in folders], build)


def name_index(models: Catalogue) -> NameIndex:
    """The names of the catalogue's models and families."""
    families: dict[str, list[str]] = {}
    for key, entry in models.models.items():
        families.setdefault(models.labels["family"][entry.family], []).append(key)
    return NameIndex(
        {key: entry.spellings for key, entry in models.models.items()},
        families,
        untuned=[key for key, entry in models.models.items() if entry.tuning == "base"],
    )
