"""Which columns of a table name models, and which declare their licences and their bases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from whyllm.engine.inventory.vocabulary import word_list

NAMES = tuple(word_list("columns_of_models"))
"""Columns that name models, the surest first."""
_LICENCES = frozenset(word_list("columns_of_licences"))
_BASES = frozenset(word_list("columns_of_bases"))
_TAGS = frozenset({"tags"})


@dataclass(frozen=True)
class Columns:
    """The places, from 0, of the columns of a header; `tags` hold a hub's tags."""

    name: int
    licences: tuple[int, ...]
    bases: tuple[int, ...]
    tags: tuple[int, ...]

    @property
    def all(self) -> tuple[int, ...]:
        """All of them, in the order of the header."""
        return tuple(sorted((self.name, *self.licences, *self.bases, *self.tags)))


def columns_of(header: Sequence[str], wanted: str | None = None) -> Columns | None:
    """The columns that count; none where no column names models, or none is called as wanted."""
    folded_header = list(map(folded, header))
    names = NAMES if wanted is None else (folded(wanted),)
    index = next((folded_header.index(name) for name in names if name in folded_header), None)
    if index is None:
        return None

    def among(words: frozenset[str]) -> tuple[int, ...]:
        return tuple(i for i, x in enumerate(folded_header) if x in words and i != index)

    return Columns(index, among(_LICENCES), among(_BASES), among(_TAGS))


def expected_column(header: Iterable[str], wanted: str | None = None) -> str:
    """What is wrong with a header that names no models."""
    expected = f"a column {wanted!r}" if wanted is not None else f"a column {NAMES[0]!r}"
    there = ", ".join(map(repr, list(header)[:40])) or "none"
    return f"expected {expected}; the columns are: {there}"


def folded(column: str) -> str:
    """A column's name as it is compared."""
    return re.sub(r"[^\w]+", "_", column.strip().lower()).strip("_")


def parted(cell: str) -> Iterable[str]:
    """The names in a cell that may hold several."""
    return filter(None, map(str.strip, re.split(r"[,;|\n]", cell)))


def tagged(tags: Iterable[str], key: str) -> list[str]:
    """What a hub's tags say under a key: `license:mit`, `base_model:quantized:owner/name`."""
    said = (tag.split(":") for tag in tags if tag.startswith(f"{key}:"))
    return list(dict.fromkeys(parts[-1].strip() for parts in said if parts[-1].strip()))
