"""The glossary: words of the field, and every term of the vocabularies, found by what is typed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from whyllm.kb.errors import UnknownNameError
from whyllm.kb.knowledge import KnowledgeBase

CLOSE = 75
SUGGESTED = 3


@dataclass(frozen=True)
class Entry:
    """A term with its meaning; `kind` is the vocabulary it is of, or `field` for a general word."""

    id: str
    term: str
    text: str
    kind: str
    source: str


class Glossary:
    """All terms of a knowledge base."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self._kb = kb

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Every entry, by term."""
        return tuple(sorted(self._all(), key=lambda entry: (entry.term.casefold(), entry.kind)))

    def find(self, text: str) -> tuple[Entry, ...]:
        """The entries that a word means: by id or term, else by the words of a term.

        Raises UnknownNameError, with suggestions.
        """
        wanted = " ".join(text.casefold().replace("_", " ").replace("-", " ").split())
        exact = [e for e in self.entries if wanted in (_folded(e.id), _folded(e.term))]
        if exact:
            return tuple(exact)
        within = [e for e in self.entries if wanted and wanted in _folded(e.term)]
        if within:
            return tuple(within)
        from rapidfuzz import process

        known = list(dict.fromkeys(entry.term for entry in self.entries))
        close = process.extract(text, known, limit=SUGGESTED, score_cutoff=CLOSE)
        names = tuple(name for name, _, _ in close)
        hint = f"; did you mean {' or '.join(names)}?" if names else ""
        raise UnknownNameError(f"no term {text!r} in the glossary{hint}", suggestions=names)

    def _all(self) -> Iterator[Entry]:
        kb = self._kb
        for word in kb.glossary.values():
            yield Entry(word.id, word.term, word.text, "field", word.evidence.source)
        for axis in kb.axes.values():
            yield Entry(axis.id, axis.label, axis.consequence, "axis of difference",
                        axis.evidence.source)  # fmt: skip
        for level in kb.quantisations.values():
            yield Entry(level.id, level.label, level.meaning, "quantisation",
                        level.evidence.source)  # fmt: skip
        for vocabulary in type(kb.terms).model_fields:
            for term in getattr(kb.terms, vocabulary):
                yield Entry(term.id, term.label, term.description, vocabulary.replace("_", " "),
                            "whyllm-judgement")  # fmt: skip


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").replace("-", " ").split())
