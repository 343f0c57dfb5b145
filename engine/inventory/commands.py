"""Finds the models that command lines name: as text, or as lists of words in files of data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from whyllm.engine.inventory.mention import Mention
from whyllm.engine.inventory.name_shapes import is_repository, is_stated, name_in, sense_of
from whyllm.engine.inventory.passage import Passage
from whyllm.engine.inventory.vocabulary import word_list


class Word(NamedTuple):
    """A word of a command, and where it begins in a passage."""

    text: str
    passage: Passage
    offset: int

    def mention(self, name: str, start: int = 0, *, stated: bool = True) -> Mention:
        """The mention of a model that this word names from `start` on."""
        return Mention(name, self.passage.place(self.offset + start), stated=stated)


# The standard library's shlex tells no columns. Quotes part words here, so that what stands quoted
# in `sh -c "…"` or in a JSON array is read as well: a model's name holds neither quote nor space.
_TOKEN = re.compile(
    r"(?P<joint>\\\n)"
    r"|(?P<comment>(?<![^\s;&|(])#[^\n]*)"
    r"|(?P<end>[;&|()\n])"
    r"|(?P<word>(?:[^\s\"'`;&|()\[\],\\${]++|\$\{[^}\s]{0,200}\}|\{\{[^}\n]{0,200}\}\}|[${]|\\(?!\n))++)"
)
_VERBS = {
    "ollama": {"pull", "run", "show", "stop", "cp"},
    "hf": {"download"},
    "huggingface-cli": {"download"},
    "vllm": {"serve"},
    "lms": {"get", "load"},
    "docker": {"model"},
    "llamafile": set[str](),
}
_HUB = ("hf", "huggingface-cli")
_SHORT = frozenset(word_list("programs_with_m"))
"""Programs to which -m gives a model; to others it gives a module or a message."""
_ASSIGNED = re.compile(r"(-{0,2}[A-Za-z_][\w.-]{1,60})[=](.*)", re.DOTALL)
_DEFAULT = re.compile(r"\$\{(\w+):?[-=]([^}]+)\}")


def in_text(passage: Passage) -> Iterator[Mention]:
    """The models that a script names."""
    for command in commands(passage):
        yield from in_words(command)


def commands(passage: Passage) -> Iterator[list[Word]]:
    """The commands of a script, each as its words; comments are left out."""
    words: list[Word] = []
    for token in _TOKEN.finditer(passage.text):
        if token.lastgroup == "word":
            words.append(Word(token[0], passage, token.start()))
        elif token.lastgroup == "end" and words:
            yield words
            words = []
    if words:
        yield words


def in_words(words: list[Word]) -> Iterator[Mention]:
    """The models that one command names by its verb, its options and its variables."""
    programs = set()
    for at, word in enumerate(words):
        program = word.text.rpartition("/")[2]
        programs.add(program)
        if program in _VERBS:
            yield from _after_verb(program, words[at + 1 :])
        yield from _assigned(word, words[at + 1 : at + 2])
        if not word.text.startswith("-"):
            yield from _old_variable(words, at)
        elif at + 1 < len(words) and "=" not in word.text:
            yield from _option(word, words[at + 1], programs)


def _after_verb(program: str, words: list[Word]) -> Iterator[Mention]:
    """What stands after `ollama pull` and its like, past options."""
    verbs = _VERBS[program]
    if not words or words[0].text not in verbs:
        return
    rest = words[1:]
    if program == "docker":
        if not rest or rest[0].text not in ("pull", "run"):
            return
        rest = rest[1:]
    if program in _HUB:
        if any("dataset" in word.text or word.text == "space" for word in rest):
            return  # of a kind that is no model
        rest = [w for w in rest if is_repository(w.text) or w.text == rest[0].text][:2]
        rest = [w for w in rest if not w.text.startswith("-")][:1]
    else:
        rest = [w for w in rest if not w.text.startswith("-")][:1]
    yield from (_named(word) for word in rest if name_in(word.text))


def _named(word: Word) -> Mention:
    name = name_in(word.text)
    assert name is not None
    at = word.text.find(name)
    return word.mention(name, max(at, 0))


def _assigned(word: Word, following: list[Word]) -> Iterator[Mention]:
    """`--model=NAME`, `MODEL=NAME`, `MODEL="NAME"` and the default in `${MODEL:-NAME}`."""
    for default in _DEFAULT.finditer(word.text):
        yield from _valued(default[1], default[2], word, default.start(2))
    matched = _ASSIGNED.match(word.text)
    if matched is None:
        return
    if matched[2]:
        yield from _valued(matched[1], matched[2], word, matched.start(2))
    elif (
        following
        and following[0].passage is word.passage
        and following[0].offset == word.offset + len(word.text) + 1
    ):
        yield from _valued(matched[1], following[0].text, following[0], 0)


def _old_variable(words: list[Word], at: int) -> Iterator[Mention]:
    """`ENV MODEL NAME`, as Dockerfiles may still say it."""
    if at == 1 and len(words) == 3 and words[0].text.upper() == "ENV":
        yield from _valued(words[1].text, words[2].text, words[2], 0)


def _option(option: Word, value: Word, programs: set[str]) -> Iterator[Mention]:
    key = option.text.lstrip("-")
    if key == "m":
        if not programs & _SHORT:
            return
        key = "model_id"
    elif key in ("hf", "hfr"):
        key = "hf_repo"
    elif not option.text.startswith("--") and key != "model":
        return
    yield from _valued(key, value.text, value, 0)


def _valued(key: str, value: str, word: Word, start: int) -> Iterator[Mention]:
    sense = sense_of(key.lstrip("-"))
    if sense is not None and (default := _DEFAULT.fullmatch(value)):
        value, start = default[2], start + default.start(2)
    name = name_in(value)
    if sense is not None and name is not None:
        at = start + max(value.find(name), 0)
        yield word.mention(name, at, stated=is_stated(sense, name))


def joined(lists: Iterable[list[Word]]) -> list[Word]:
    """The words of several texts as those of one command."""
    return [word for words in lists for word in words]
