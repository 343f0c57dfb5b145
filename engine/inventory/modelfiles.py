"""Finds the models that an Ollama Modelfile is made from, and the licence that it gives."""

from __future__ import annotations

import re
from collections.abc import Iterator

from whyllm.engine.inventory.mention import Mention
from whyllm.engine.inventory.passage import Passage

_OWN = "PARAMETER|TEMPLATE|SYSTEM|LICENSE|ADAPTER|MESSAGE|PARSER|RENDERER|REQUIRES"
_INSTRUCTION = re.compile(
    rf'^[ \t]*(FROM|{_OWN})[ \t]+("""(?:.*?)(?:"""|\Z)|[^\n]*)', re.DOTALL | re.I | re.M
)
_NOT_AN_IMAGE = re.compile(rf"^(?:{_OWN})\s", re.MULTILINE)
_OF_AN_IMAGE = re.compile(
    r"^(?:RUN|CMD|COPY|ADD|ENTRYPOINT|ENV|ARG|WORKDIR|EXPOSE|USER|LABEL|VOLUME|HEALTHCHECK|SHELL)\s"
    r"|^FROM\s.*\sAS\s",
    re.MULTILINE | re.IGNORECASE,
)


def is_modelfile(text: str) -> bool:
    """Whether a text that begins as a Modelfile or a Dockerfile does is the former."""
    first = re.search(r"^[ \t]*(?!#)(\S+)[ \t]", text, re.MULTILINE)
    begins = first is not None and re.fullmatch(rf"FROM|{_OWN}", first[1], re.I) is not None
    if re.search(r"^from[ \t]+\S+[ \t]+\S", text, re.M | re.I):
        return False  # `from x import y`, `FROM image AS stage`
    return begins and (bool(_NOT_AN_IMAGE.search(text)) or not _OF_AN_IMAGE.search(text))


def is_image_file(text: str) -> bool:
    """Whether a text is a Dockerfile."""
    first = re.search(r"^[ \t]*(?!#)(\S+)[ \t]", text, re.MULTILINE)
    begins = first is not None and first[1].upper() in ("FROM", "ARG")
    return begins and bool(_OF_AN_IMAGE.search(text)) and not is_modelfile(text)


def unclosed(passage: Passage) -> int | None:
    """The offset of a text that its quotes do not close, none if all do."""
    for found in _INSTRUCTION.finditer(passage.text):
        value = found[2].strip()
        if value.startswith('"""') and not (value.endswith('"""') and len(value) >= 6):
            return found.start(2)
    return None


def models_in(passage: Passage) -> Iterator[Mention]:
    """What a Modelfile is made FROM, with the licences that it gives, and its adapters."""
    given: dict[str, list[tuple[int, str]]] = {}
    for found in _INSTRUCTION.finditer(passage.text):
        value = found[2].strip().removeprefix('"""').removesuffix('"""').strip()
        offset = found.start(2) + max(found[2].find(value), 0)
        if value:
            given.setdefault(found[1].upper(), []).append((offset, value))
    declared = tuple(dict.fromkeys(value for _, value in given.get("LICENSE", ())))
    for offset, value in given.get("FROM", ()):
        yield Mention(value.strip("\"'"), passage.place(offset), declared)
    for offset, value in given.get("ADAPTER", ()):
        yield Mention(value.strip("\"'"), passage.place(offset))
