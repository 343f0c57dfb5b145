"""Finds the models that text of no known grammar names: addresses, settings, and lookalikes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from whyllm.engine.inventory.mention import Mention
from whyllm.engine.inventory.name_shapes import (
    Sense,
    addresses,
    candidates,
    is_stated,
    name_in,
    sense_of,
)
from whyllm.engine.inventory.passage import Passage

_SETTING = re.compile(
    r"(?<![\w.-])(?P<key>[A-Za-z_][\w.-]{1,60}+)(?:\\?[\"'])?\s{0,8}[:=]>?\s{0,8}"
    r"\\?[\"'`](?P<value>[^\"'`\n\\]{1,200})\\?[\"'`]"
)
_CALL = re.compile(r"\bfrom_pretrained\(\s{0,20}[\"'`](?P<value>[^\"'`\n]{1,200})[\"'`]")


def lookalikes(passage: Passage) -> Iterator[Mention]:
    """All that looks like a name of a model, stated by the address of its page or not at all."""
    for offset, name in addresses(passage.text):
        yield Mention(name, passage.place(offset))
    for offset, name in candidates(passage.text):
        yield Mention(name, passage.place(offset), stated=False)


def settings(passage: Passage) -> Iterator[Mention]:
    """The models of `model = "NAME"`, `"model": "NAME"` and the like, in whatever language.

    Programs have other models too (`modelName: "User"`), so a lone word is not stated here.
    """
    for found in _SETTING.finditer(passage.text):
        sense = sense_of(found["key"])
        if sense is not None:
            yield from _named(passage, found, min(sense, Sense.LIKELY))
    for found in _CALL.finditer(passage.text):
        yield from _named(passage, found, Sense.SURE)


def _named(passage: Passage, found: re.Match[str], sense: Sense) -> Iterator[Mention]:
    name = name_in(found["value"])
    if name is not None:
        offset = found.start("value") + max(found["value"].find(name), 0)
        yield Mention(name, passage.place(offset), stated=is_stated(sense, name))
