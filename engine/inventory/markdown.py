"""Finds the models that Markdown names: links, code, and the front matter of model cards."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from whyllm.engine.inventory import commands, plain_text, python_code
from whyllm.engine.inventory.keyed_data import Marks, declared_in, models_in, strings
from whyllm.engine.inventory.mention import Mention
from whyllm.engine.inventory.modelfiles import models_in as modelfile_models
from whyllm.engine.inventory.passage import Aside, Passage, line_starts
from whyllm.engine.inventory.placed import json_data
from whyllm.engine.inventory.vocabulary import word_list
from whyllm.engine.inventory.yaml_data import NotYamlError, yaml_data

LONGEST = 2_000_000
"""Characters; a longer text is read without its blocks of code."""

_FRONT_MATTER = re.compile(r"\A\s{0,100}---[ \t]*\n(.*?)^---[ \t]*$", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"(?<!`)(`{1,2})(?!`)([^`\n]{3,300})\1(?!`)")
_HEADING = re.compile(r"^#[ \t]+(?:model card (?:for|of)[ \t:]+)?(\S[^\n]{0,150})$", re.M | re.I)
_CARD_KEYS = frozenset(("base_model", "pipeline_tag", "library_name", "model_name", "model_index"))
_SHELLS = frozenset(word_list("shell_blocks"))
_PYTHON = frozenset(word_list("python_blocks"))


def models_in_markdown(passage: Passage) -> Marks:
    """The models that a text in Markdown names; what cannot be parsed counts as plain text."""
    yield from _front_matter(passage)
    yield from plain_text.lookalikes(passage)
    for span in _SPAN.finditer(passage.text):
        yield from commands.in_text(passage.part([span.span(2)]))
    if len(passage.text) <= LONGEST:
        for language, block in _blocks(passage):
            yield from _block(language, block)


def has_front_matter(text: str) -> bool:
    """Whether a text begins with front matter and goes on after it."""
    matched = _FRONT_MATTER.match(text)
    return matched is not None and bool(text[matched.end() :].strip())


def _front_matter(passage: Passage) -> Marks:
    block = _FRONT_MATTER.match(passage.text)
    if block is None:
        return
    part = passage.part([block.span(1)])
    try:
        documents = yaml_data(part)
    except NotYamlError:
        return  # told where the file is read
    data = documents[0] if documents else None
    if not isinstance(data, dict):
        return
    marks = list(models_in(data, part))
    folded = {str(key).lower().replace("-", "_"): value for key, value in data.items()}
    named = any(isinstance(mark, Mention) and (mark.declared or mark.bases) for mark in marks)
    if not named and _CARD_KEYS & folded.keys():
        card = list(_card(folded, passage, part, block.end()))
        if card:
            marks = card
    yield from marks


def _card(folded: dict[str, Any], passage: Passage, part: Passage, end: int) -> Marks:
    """The model of a card whose front matter does not name it: its first heading does."""
    heading = _HEADING.search(passage.text, end)
    declared, bases = declared_in(folded), strings(folded, ("base_model",))
    if heading is None or not (declared or bases):
        return
    name = heading[1].strip().strip("`*_")
    offset = heading.start(1) + max(heading[1].find(name), 0)
    yield Mention(name, passage.place(offset), declared, tuple(map(str, bases)))
    yield from (Aside(part.place(base.start), str(base)) for base in bases)


def front_matter_fault(passage: Passage) -> tuple[int, str] | None:
    """Offset and text of what is wrong with the front matter, if anything is."""
    block = _FRONT_MATTER.match(passage.text)
    if block is None:
        return None
    try:
        yaml_data(passage.part([block.span(1)]))
    except NotYamlError as error:
        return block.start(1) + (error.offset or 0), f"front matter: {error}"
    return None


def _blocks(passage: Passage) -> Iterator[tuple[str, Passage]]:
    """The language and the text of each block of code."""
    from markdown_it import MarkdownIt  # only who reads Markdown waits for it

    starts = line_starts(passage.text)
    for token in MarkdownIt("commonmark").disable("inline").parse(passage.text):
        if token.type not in ("fence", "code_block") or token.map is None:
            continue
        first = token.map[0] + (token.type == "fence")
        spans = []
        for line, content in enumerate(token.content.splitlines(keepends=True), first):
            if line >= len(starts):
                break
            start = starts[line]
            end = starts[line + 1] if line + 1 < len(starts) else len(passage.text)
            at = passage.text.find(content.rstrip("\n"), start, end)
            spans.append((max(at, start), end))  # past the indent of a list, a quote's mark
        yield token.info.strip().partition(" ")[0].lower(), passage.part(spans)


def _block(language: str, block: Passage) -> Marks:
    language = language.strip("{}.").partition(",")[0]
    if language in _PYTHON:
        yield from python_or_text(block)
    elif language in ("yaml", "yml"):
        yield from _data(block, yaml_data)
    elif language in ("json", "jsonc"):
        yield from _data(block, lambda part: [json_data(part.text)[0]])
    elif language == "modelfile":
        yield from modelfile_models(block)
    else:
        if language in _SHELLS or not language:
            yield from commands.in_text(block)
        yield from plain_text.settings(block)


def _data(block: Passage, read: Callable[[Passage], list[Any]]) -> Marks:
    try:
        documents = read(block)
    except ValueError:  # an excerpt with an ellipsis, mostly
        yield from plain_text.settings(block)
        return
    for document in documents:
        yield from models_in(document, block)


_MAGIC = re.compile(r"^([ \t]*)(?:>>> |\.\.\. )?([!%][^\n]*)", re.MULTILINE)


def python_or_text(passage: Passage) -> Marks:
    """The models of code that may have lines for a shell (`!ollama pull X`), or be an excerpt."""
    if re.match(r"\s*%%(?:bash|sh|script|shell)", passage.text):
        yield from commands.in_text(passage)
        return
    for line in _MAGIC.finditer(passage.text):
        yield from commands.in_text(passage.part([(line.start(2) + 1, line.end())]))
    plain = _MAGIC.sub(lambda m: (m[1] + "pass").ljust(len(m[0]))[: len(m[0])], passage.text)
    plain = re.sub(r"^(?:>>>|\.\.\.) ", "", plain, flags=re.M) if ">>> " in plain else plain
    if len(plain) == len(passage.text):
        try:
            yield from list(python_code.models_in(Passage(plain, passage.place)))
            return
        except SyntaxError:
            pass
    yield from plain_text.settings(passage)
