"""The notation of phrases, and the regular expressions that it stands for.

A phrase is written as it is said: `why was {m} [even] (excluded|rejected)`. Round brackets hold
alternatives, square ones what may be missing, and braces a slot or a group of words with a name.
Text and phrases are folded alike: no accents, capitals, apostrophes or punctuation, and each word
is followed by one space.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping

MODEL = "@"
"""Begins the word that stands for a model in a folded question; its number follows."""

CONSTRAINT = "#"
"""Stands for a constraint that was read."""

NAMED = "~"
"""Parts the word that stands for a language or a place: what it is, its code, its words."""

_RESERVED = re.compile(f"[{MODEL}{CONSTRAINT}{NAMED}]")
_EDGES = ".,;:!?…\"«»“”„‹›()[]{}<>*_`|/\\–—-"
_PARTS = re.compile(r"\{[a-z-]+\}|[\[\]()|]|[^\s\[\]()|{}]+")


def words_of(text: str) -> list[str]:
    """The words as they were written, without the punctuation about them; case is kept."""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"(?<=\d)['’](?=\d{3})", "", text)  # 1'000'000 as in Switzerland
    text = _RESERVED.sub("\ufffd", re.sub(r"['’ʼ`´‘]", " ", text))
    text = re.sub(r"([$€£])", r" \1 ", text)
    return [bare for word in text.split() if (bare := word.strip(_EDGES))]


def fold(text: str) -> str:
    """Words in one spelling, each followed by a space: `Peut-être` is `peut etre `."""
    plain = unicodedata.normalize("NFD", text.lower().replace("œ", "oe").replace("-", " "))
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return "".join(f"{word} " for word in words_of(letters))


def without(folded: str, left_out: Collection[str]) -> str:
    """Folded text without some words."""
    return "".join(f"{word} " for word in folded.split() if word not in left_out)


class Notation:
    """Turns phrases into regular expressions over folded text.

    `slots` maps a slot to the expression that it stands for, `groups` the name of a group of words
    to its phrase; `silent` are words that are left out, `between` may stand before each word.
    """

    def __init__(
        self,
        slots: Mapping[str, str],
        groups: Mapping[str, str],
        silent: Collection[str] = (),
        between: str = "",
    ) -> None:
        self._slots = slots
        self._groups = groups
        self._silent = silent
        self._between = between
        self.words: set[str] = set()
        """Every word of every phrase that was turned."""

    def expression(self, phrase: str) -> str:
        """The expression of a phrase; ValueError when it is not written in the notation."""
        parts = _PARTS.findall(phrase)
        if "".join(parts) != "".join(phrase.split()):
            raise ValueError(f"{phrase!r}: a brace that holds no name")
        found = "".join(map(self._part, parts))
        try:
            re.compile(found)
        except re.error as error:
            raise ValueError(f"{phrase!r}: {error.msg}") from None
        return found

    def _part(self, part: str) -> str:
        if part.startswith("{"):
            name = part[1:-1]
            if name in self._groups:
                return self.expression(f"({self._groups[name]})")
            if name not in self._slots:
                raise ValueError(f"no slot or group of words is called {part}")
            return self._between + self._slots[name]
        if part in "([":
            return "(?:"
        if part in ")|":
            return part
        if part == "]":
            return ")?"
        words = without(fold(part), self._silent).split()
        self.words.update(words)
        return "".join(f"{self._between}{re.escape(word)} " for word in words)
