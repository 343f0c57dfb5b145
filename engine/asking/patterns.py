"""The notation of phrases, and the regular expressions that it stands for.

A phrase is written as it is said: `why was {m} [even] (excluded|rejected)`. Round brackets hold
alternatives, square ones what may be missing, and braces a slot or a group of words with a name.
Text and phrases are folded alike: no accents, capitals, apostrophes or punctuation, and each word
is followed by one space.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping

MODEL = "@"
"""Begins the word that stands for a model in a folded question; its number follows."""

CONSTRAINT = "#"
"""Stands for a constraint that was read."""

NAMED = "~"
"""Parts the word that stands for a language or a place: what it is, its code, its words."""

_RESERVED = re.compile(f"[{MODEL}{CONSTRAINT}{NAMED}]")
_EDGES = '.,;:!?…"«»“”„‹›()[]{}<>*_`|/\\–—'
_PARTS = re.compile(r"\{[a-z-]+\}|[\[\]()|]|[^\s\[\]()|{}]+")


def words_of(text: str) -> list[str]:
    """The words as they were written, without the punctuation about them; case is kept."""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"(?<=\d)['’](?=\d{3})", "", text)  # 1'000'000 as in Switzerland
    text = _RESERVED.sub("\ufffd", re.sub(r"['’ʼ`´‘]", " ", text))
    text = re.sub(r"([$€£])", r" \1 ", text)
    return [bare for word in text.split() if (bare := word.strip(_EDGES)).strip("-")]


def fold(text: str) -> str:
    """Words in one spelling, each followed by a space: `Peut-être` is `peut etre `."""
    joined = re.sub(r"(?<=\w)[-‐‑]+(?=\w)", " ", text.lower().replace("œ", "oe"))
    plain = unicodedata.normalize("NFD", joined)
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
        self._known: dict[str, str] = {}
        self.words: set[str] = set()
        """Every word of every phrase that was turned."""

    def expression(self, phrase: str) -> str:
        """The expression of a phrase; ValueError when it is not written in the notation."""
        parts = _PARTS.findall(phrase)
        if "".join(parts) != "".join(phrase.split()):
            raise ValueError(f"{phrase!r}: a brace that holds no name")
        return self._alternatives(iter(parts), "")

    def _alternatives(self, parts: Iterator[str], close: str) -> str:
        """Alternatives up to the closing bracket, the longest first: a search takes the first."""
        found = [""]
        for part in parts:
            if part == close:
                break
            if part == "|":
                found.append("")
            elif part in "([":
                inner = self._alternatives(parts, ")" if part == "(" else "]")
                found[-1] += f"(?:{inner})" if part == "(" else f"(?:{inner})?"
            elif part in ")]":
                raise ValueError(f"a {part} that closes nothing")
            else:
                found[-1] += self._words(part)
        else:
            if close:
                raise ValueError(f"a bracket that no {close} closes")
        return "|".join(sorted(found, key=len, reverse=True))

    def _words(self, part: str) -> str:
        if part.startswith("{"):
            name = part[1:-1]
            if name in self._groups:
                if name not in self._known:
                    self._known[name] = f"(?:{self.expression(self._groups[name])})"
                return self._known[name]
            if name not in self._slots:
                raise ValueError(f"no slot or group of words is called {part}")
            return self._between + self._slots[name]
        words = without(fold(part), self._silent).split()
        self.words.update(words)
        return "".join(f"{self._between}{re.escape(word)} " for word in words)
