"""Which variants bear which words: tables of names, aliases and tags, and questions to them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from whyllm.kb.spelling import (
    SILENT,
    THINKING,
    TUNED,
    Words,
    is_generation,
    is_size,
    key,
    letters,
    lowered,
    without,
    written,
)

Table = defaultdict[Words, set[str]]


@dataclass(frozen=True)
class Line:
    """Words that a variant is known by; those of a number keep their place after their word."""

    model: str
    words: frozenset[str]
    versions: frozenset[tuple[str, str]]


class Bearers:
    """The variants by their names.

    A variant's own names are the first, its id and its repositories: `plain` has them without
    words of tuning. `named` has all names; `files` has the tags that state a quantisation, `tags`
    the others; `library` has the names that stand before a tag.
    """

    def __init__(self, spellings: Mapping[str, Iterable[str]]) -> None:
        self.shown: dict[str, str] = {}
        self.literal: dict[str, str] = {}
        self.own: Table = defaultdict(set)
        self.plain: Table = defaultdict(set)
        self.aliases: Table = defaultdict(set)
        self.tags: Table = defaultdict(set)
        self.files: Table = defaultdict(set)
        self.library: Table = defaultdict(set)
        self.served: set[str] = set()
        self.all_words: dict[str, set[str]] = {}
        self.owners: dict[str, set[str]] = {}
        self.tuned: set[str] = set()
        self.named: list[tuple[str, Words]] = []
        self._own_words: list[tuple[str, frozenset[str]]] = []
        self._own_bearing: defaultdict[str, int] = defaultdict(int)
        for model, names in spellings.items():
            self.owners[model] = set()
            self.all_words[model] = set()
            for position, name in enumerate(names):
                self._enter(model, name, own=position == 0 or name == model)

    def _enter(self, model: str, name: str, own: bool) -> None:
        self.shown.setdefault(model, name)
        name = lowered(name)
        repository = "/" in name and ":" not in name
        if ":" in name or repository or own:
            self.literal[name] = model
        read = written(name)
        for words in read.readings:
            self.all_words[model].update(words)
            self.named.append((model, words))
            if read.form == "tag":
                table = self.files if read.packed else self.tags
                table[key(words)].add(model)
            elif own or repository:
                self.own[key(words)].add(model)
                self.plain[key(without(words, SILENT | THINKING))].add(model)
                for word in words:
                    self._own_bearing[word] |= 1 << len(self._own_words)
                self._own_words.append((model, frozenset(words)))
            else:
                self.aliases[key(words)].add(model)
        if read.form == "tag":
            served = name.partition(":")[0]
            self.served.add(served)
            for words in written(served).readings:
                self.library[key(words)].add(model)
        if repository:
            self.owners[model].add(str(read.owner))
            if read.words & TUNED:
                self.tuned.add(model)

    @cached_property
    def vocabulary(self) -> list[str]:
        """The words of all names, without numbers and without those that may be left out."""
        return sorted({word for _, words in self.named for word in letters(words) - SILENT})

    def bearing(self, words: Iterable[str]) -> list[tuple[str, Words]]:
        """Those of `named` that hold one of the words, in their order."""
        places = {at for word in words for at in self._named_with.get(word, ())}
        return [self.named[at] for at in sorted(places)]

    @cached_property
    def _named_with(self) -> Mapping[str, list[int]]:
        """Each word -> the places in `named` of the names that hold it."""
        places: defaultdict[str, list[int]] = defaultdict(list)
        for at, (_, words) in enumerate(self.named):
            for word in set(words):
                places[word].append(at)
        return places

    def _own_with(self, words: Collection[str]) -> Iterator[tuple[str, frozenset[str]]]:
        """The own names that hold all of the words: a set of names is a number, a bit for each."""
        found = (1 << len(self._own_words)) - 1
        for word in words:
            found &= self._own_bearing.get(word, 0)
        while found:
            lowest = found & -found
            yield self._own_words[lowest.bit_length() - 1]
            found ^= lowest

    def _lines_within(self, words: Collection[str]) -> list[Line]:
        """The lines all of whose words are among these, in the order of the names."""
        wanted = frozenset(words)
        near = (entry for word in wanted for entry in self._lines.get(word, {}).items())
        return [line for _, line in sorted(entry for entry in near if entry[1].words <= wanted)]

    @cached_property
    def _lines(self) -> Mapping[str, dict[int, Line]]:
        """All names, and again without what may be left out, each under its rarest word.

        They are numbered in their order. One word is no line.
        """
        lines = dict.fromkeys(
            Line(model, frozenset(line), versions(line))
            for model, words in self.named
            for line in (words, without(words, SILENT))
            if len(line) > 1
        )
        often = Counter(word for line in lines for word in line.words)
        found: defaultdict[str, dict[int, Line]] = defaultdict(dict)
        for number, line in enumerate(lines):
            rarest = min(line.words, key=lambda word: (often[word], word))
            found[rarest][number] = line
        return found

    def siblings(self, model: str, words: Words) -> set[str]:
        """Other variants whose own name holds these words, and no word that the variant has not.

        Numbers may differ: that is what such a name leaves out.
        """
        known = letters(self.all_words[model]) | SILENT | THINKING
        return {
            other
            for other, own in self._own_with(words)
            if letters(own) <= known and other != model
        }

    def completed(self, words: Words) -> set[str]:
        """The variants whose own name has these words, and beside them only sizes, dates, tuning.

        A name without generation or size is not completed where there is one way to do it:
        another generation or size, which is not known, may be meant.
        """
        wanted = frozenset(words)
        found = {
            (model, own - wanted)
            for model, own in self._own_with(words)
            if letters(own - wanted) <= SILENT | THINKING
        }
        models = {model for model, _ in found}
        vague = all(any(is_generation(w) or is_size(w) for w in rest) for _, rest in found)
        return set() if len(models) == 1 and vague else models

    def covered(self, words: Words) -> set[str]:
        """The variants of which these words give one name in full, and more from their others."""
        wanted = frozenset(words)
        return {
            line.model
            for line in self._lines_within(wanted)
            if wanted <= self.all_words[line.model]
        }

    def within(self, words: Words) -> dict[str, Words]:
        """The variants whose names stand in full among other words, each with the longest name."""
        wanted, pairs = frozenset(words), versions(words)
        found = [
            line
            for line in self._lines_within(wanted)
            if line.words != wanted
            and line.versions <= pairs
            and not any(map(is_size, wanted - self.all_words[line.model]))
        ]
        longest = max((len(line.words) for line in found), default=0)
        return {line.model: tuple(line.words) for line in found if len(line.words) == longest}


def versions(words: Words) -> frozenset[tuple[str, str]]:
    """Each number with the word before it: Llama Guard 3 is not of Llama 3."""
    return frozenset(pair for pair in pairwise(words) if is_generation(pair[1]))
