"""Reads a list of models, one a line: plain, with bullets and comments, or as requirements are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from whyllm.engine.inventory.commands import in_text
from whyllm.engine.inventory.decoding import Lines
from whyllm.engine.inventory.mention import Fault, Found, Mention, Place
from whyllm.engine.inventory.name_shapes import LONGEST_NAME, addresses, candidates
from whyllm.engine.inventory.passage import Passage

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)?(?::[\w.-]+)?")
_BEGINNING = re.compile(
    r"\s*(?:(?:[-*+•]|\d{1,6}[.)])\s+)?(?:\[[ xX]\]\s+)?(?:(?:-e|--editable)[\s=]+)?[\"'`<]*"
)
_COMMENT = re.compile(r"(?:^|\s)#.*")
_LINK = re.compile(r"\[[^\]\n]*\]\((\S+?)\)")
_REQUIREMENT = re.compile(
    r"\s*(?:[=~!<>]=|(?<=[\w\]]) ?[<>] ?\d|;|\[[\w,.\s-]*\]|(?<=.)@).*", re.DOTALL
)
_COMMAND = re.compile(
    r"[$\s]*(?:ollama|hf|huggingface-cli|vllm|docker|lms|git) "
    r"(?:pull|run|show|download|serve|model|get|load|clone) "
)
_PROSE = re.compile(r"[.!?;,:]$|[{}()=]|^\s{4,}\S")
MOST_WORDS = 7
LONGEST = 2_000
"""Characters of a line that names a model, with all its comments."""


def is_name_list(text: str) -> bool:
    """Whether the lines of a text read like names rather than prose, settings or a program."""
    lines = text.splitlines()[:200]
    if any(len(line) > LONGEST for line in lines):
        return False
    lines = [_stripped(line) for line in lines]
    lines = [line for line in lines if line]
    names = [line for line in lines if _may_be_name(line)]
    return bool(names) and 2 * len(names) >= len(lines)


def _stripped(line: str) -> str:
    line = _COMMENT.sub("", line)
    beginning = _BEGINNING.match(line)
    return line[beginning.end() if beginning else 0 :].strip().rstrip("\"'`>,").rstrip()


def _may_be_name(line: str) -> bool:
    if _COMMAND.match(line) or "://" in line or _LINK.match(line):
        return True
    name = _REQUIREMENT.sub("", line)
    return bool(name) and len(name.split()) <= MOST_WORDS and not _PROSE.search(name)


def read(file: BinaryIO, shown: str, *, requirements: bool = False) -> Iterator[Found]:
    """The names of a list, line by line.

    Every line states a name; in a file of Python's `requirements` only what looks like a
    repository or a tag, since the rest are packages.
    """
    lines = Lines(file)
    told = 0
    plain = _PLAIN.fullmatch
    for line in lines:
        for number, text in lines.faults[told:]:
            yield Fault(Place(shown, number), text)
        told = len(lines.faults)
        if not requirements and len(line) <= LONGEST_NAME and plain(line):
            yield Mention(line, Place(shown, lines.number, 1))
        elif len(line) > LONGEST and not line.isspace() and not line.lstrip().startswith("#"):
            longest = f"expected a model's name, in a line of at most {LONGEST:,} characters"
            yield Fault(Place(shown, lines.number), longest)
        elif len(line) <= LONGEST and line and not line.isspace():
            yield from _line(line, Place(shown, lines.number), requirements)
    for number, text in lines.faults[told:]:
        yield Fault(Place(shown, number), text)


def _line(line: str, place: Place, requirements: bool) -> Iterator[Found]:
    text = _COMMENT.sub("", line)
    if not text.strip() or re.fullmatch(r"\s*[-=*_]{3,}\s*|\s*```\w*\s*", text):
        return
    passage = Passage(text, lambda offset: Place(place.file, place.line, offset + 1))
    if found := list(addresses(text)):
        for offset, name in found:
            yield Mention(name, passage.place(offset))
        return
    if _COMMAND.match(text):
        yield from in_text(passage)
        return
    beginning = _BEGINNING.match(text)
    start = beginning.end() if beginning else 0
    name = _REQUIREMENT.sub("", text[start:]).strip().rstrip("\"'`>,").rstrip()
    if not name or name.startswith("-"):
        return  # an option of a file of requirements
    if requirements and not any(name.startswith(known) for _, known in candidates(name)):
        return
    yield _named(name, passage.place(start + max(text[start:].find(name), 0)))


def _named(name: str, place: Place) -> Found:
    if len(name) > LONGEST_NAME:
        return Fault(place, f"expected a model's name, of at most {LONGEST_NAME} characters")
    if not name.isprintable():
        return Fault(place, "expected a model's name, without control characters")
    if not any(map(str.isalpha, name)):
        return Fault(place, f"expected a model's name, found {name!r}")
    return Mention(name, place)
