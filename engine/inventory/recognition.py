"""Recognises what a file holds by its content, with its name as a hint."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import PurePosixPath

from whyllm.engine.inventory.decoding import decoded, is_binary
from whyllm.engine.inventory.markdown import has_front_matter
from whyllm.engine.inventory.modelfiles import is_image_file, is_modelfile
from whyllm.engine.inventory.name_lists import is_name_list
from whyllm.engine.inventory.tables import delimiter_of
from whyllm.engine.inventory.vocabulary import word_list

HEAD = 65_536
"""Bytes by which a file is recognised; a mark of a bill of materials may stand after them."""


class Kind(StrEnum):
    """What a file holds; each is read in a way of its own."""

    EMPTY = "empty"
    BINARY = "binary"
    GGUF = "GGUF"
    CYCLONEDX = "CycloneDX"
    SPDX = "SPDX"
    NOTEBOOK = "notebook"
    JSON = "JSON"
    JSON_LINES = "JSON Lines"
    YAML = "YAML"
    PYTHON = "Python"
    MARKDOWN = "Markdown"
    MODELFILE = "Modelfile"
    SCRIPT = "script"
    TABLE = "table"
    NAMES = "list of names"
    REQUIREMENTS = "requirements"
    TEXT = "text"


_SUFFIXES = {
    ".ipynb": Kind.NOTEBOOK,
    ".json": Kind.JSON,
    ".jsonl": Kind.JSON_LINES,
    ".ndjson": Kind.JSON_LINES,
    ".yaml": Kind.YAML,
    ".yml": Kind.YAML,
    ".py": Kind.PYTHON,
    ".pyi": Kind.PYTHON,
    ".md": Kind.MARKDOWN,
    ".markdown": Kind.MARKDOWN,
    ".mdx": Kind.MARKDOWN,
    ".modelfile": Kind.MODELFILE,
    ".dockerfile": Kind.SCRIPT,
    ".sh": Kind.SCRIPT,
    ".bash": Kind.SCRIPT,
    ".zsh": Kind.SCRIPT,
    ".mk": Kind.SCRIPT,
    ".env": Kind.SCRIPT,
    ".csv": Kind.TABLE,
    ".tsv": Kind.TABLE,
    ".models": Kind.NAMES,
}
_OF_OTHER_TEXT = frozenset(word_list("other_text"))
_FILE_NAMES = (
    (re.compile(r"modelfile(?:[._-].*)?", re.I), Kind.MODELFILE),
    (re.compile(r"(?:docker|container)file(?:[._-].*)?", re.I), Kind.SCRIPT),
    (
        re.compile(r"(?:gnu)?makefile|procfile|justfile|\.env(?:\..*)?|.*\.env\..*", re.I),
        Kind.SCRIPT,
    ),
    (re.compile(r"requirements.*\.(?:txt|in)", re.I), Kind.REQUIREMENTS),
    (re.compile(r"(?:.*[-_.])?models?(?:[-_]list)?\.(?:txt|lst|list)", re.I), Kind.NAMES),
)
_JSON = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[\[\]{\"])")
_CYCLONEDX = re.compile(rb'"bomFormat"\s*:\s*"CycloneDX"|cyclonedx\.org/schema/bom')
_SPDX = re.compile(rb'"spdxVersion"\s*:\s*"SPDX-|"@context"\s*:\s*"https?://spdx\.org/rdf/3')
_NOTEBOOK = re.compile(rb'"nbformat"\s*:\s*\d')
_SHELL = re.compile(
    r"^(?:export |set -|if \[|ollama (?:pull|run|serve)|hf download|huggingface-cli |vllm serve"
    r"|docker run|pip install|[A-Z][A-Z0-9_]+=)",
    re.MULTILINE,
)
_PYTHON = re.compile(r"^(?:import \w|from [\w.]+ import |def \w+\(|class \w+)", re.MULTILINE)
_YAML = re.compile(r"^\s*(?:- )?[\w./-]+:(?:\s|$)")


def kind_of(data: bytes, name: str, *, named: bool = True, column: str | None = None) -> Kind:
    """What the bytes of a file, or its first, hold.

    `name` is the file's name or path, '-' if it has none; a list of names is only recognised by
    its lines where the user `named` the file. A table that has the `column` is one.
    """
    head = data[:HEAD]
    if head.startswith(b"GGUF"):
        return Kind.GGUF
    if is_binary(head):
        return Kind.BINARY
    text = decoded(head if len(head) < HEAD else head[: head.rfind(b"\n") + 1] or head)[0]
    if not text.strip() and not data.strip():
        return Kind.EMPTY
    by_name = kind_by_name(name)
    suffix = PurePosixPath(name).suffix.lower()
    other = by_name in (Kind.PYTHON, Kind.MARKDOWN) or suffix in _OF_OTHER_TEXT
    if not other and _JSON.match(text):
        return _of_json(data, text, by_name)
    if text.lstrip().startswith("<") and _CYCLONEDX.search(head):
        return Kind.CYCLONEDX
    if by_name is Kind.TABLE or (column and delimiter_of(_first_line(text), column)):
        return Kind.TABLE
    if by_name is not None:
        return by_name
    return Kind.TEXT if suffix in _OF_OTHER_TEXT else _by_content(text, named)


def kind_by_name(name: str) -> Kind | None:
    """What the name of a file says that it holds, none if nothing."""
    path = PurePosixPath(name)
    suffix = path.suffix.lower()
    if suffix in _SUFFIXES or suffix in _OF_OTHER_TEXT:
        return _SUFFIXES.get(suffix)
    return next((kind for pattern, kind in _FILE_NAMES if pattern.fullmatch(path.name)), None)


def _of_json(data: bytes, text: str, by_name: Kind | None) -> Kind:
    if _CYCLONEDX.search(data):
        return Kind.CYCLONEDX
    if _SPDX.search(data):
        return Kind.SPDX
    if _NOTEBOOK.search(data):
        return Kind.NOTEBOOK
    if by_name in (Kind.JSON_LINES, Kind.YAML):
        return by_name
    lines = [line for line in text.split("\n", 20)[:20] if line.strip()]
    rows = [line for line in lines[:3] if line.startswith("{") and line.rstrip().endswith("}")]
    return Kind.JSON_LINES if len(rows) > 1 and len(rows) == len(lines[:3]) else Kind.JSON


def _first_line(text: str) -> str:
    return text.partition("\n")[0].rstrip("\r")


def _by_content(text: str, named: bool) -> Kind:
    """What a text is that has no telling name."""
    shebang = re.match(r"#!.*?(python|sh\b|bash|zsh)", text)
    if shebang:
        return Kind.PYTHON if shebang[1] == "python" else Kind.SCRIPT
    if has_front_matter(text):
        return Kind.MARKDOWN
    if is_modelfile(text):
        return Kind.MODELFILE
    if is_image_file(text):
        return Kind.SCRIPT
    if delimiter_of(_first_line(text), sure=not named):
        return Kind.TABLE
    lines = [line for line in text.splitlines()[:200] if line.strip()]
    lines = [line for line in lines if not line.lstrip().startswith("#")]
    keyed = sum(1 for line in lines if _YAML.match(line) or re.match(r"\s*- ", line))
    if lines and any(map(_YAML.match, lines)) and keyed >= 0.7 * len(lines):
        return Kind.YAML
    if _PYTHON.search(text):
        return Kind.PYTHON
    if re.search(r"^(?:#{1,6} \S|```)", text, re.MULTILINE) and "\n```" in f"\n{text}":
        return Kind.MARKDOWN
    if named and is_name_list(text):
        return Kind.NAMES
    return Kind.SCRIPT if _SHELL.search(text) else Kind.TEXT
