"""One YAML file as plain data, with the line of every key, and nothing that YAML need not be.

Aliases, duplicate keys, tags of other languages, control characters and files above the limits are
refused: a knowledge file has no use for them, and each has been a way to harm a program that reads
YAML, or the terminal that shows what was read.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from whyllm.kb.errors import KnowledgeError
from whyllm.kb.files import MAX_BYTES, read_raw
from whyllm.kb.json_file import parse_json

MAX_DEPTH = 30
MAX_VALUES = 100_000
"""Keys and values of a file, or of a folder: twice what the built-in knowledge holds."""
LONGEST_NUMBER = 40
"""Characters of a number; a longer one is text, since parsing and printing it takes long."""
MAX_JSON_VALUES = 500_000
"""Of the JSON files of a folder, which hold what was measured, run by run."""
TOO_MANY_JSON_VALUES = f"holds more than {MAX_JSON_VALUES:,} values"
TOO_MANY_VALUES = f"holds more than {MAX_VALUES:,} values"
SUSPICIOUS = 5_000
"""So many openings that nesting could be deep; no honest file has them."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PREFIX = "tag:yaml.org,2002:"
_PLAIN = ("str", "int", "float", "bool", "null", "timestamp", "value", "merge")
_OPENING = re.compile(r"[\[{]|[-?:][ \t]+(?=[-?][ \t])")
_CONTROL = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069"
_IN_TEXT = re.compile(f"[{_CONTROL}]")
_IN_SCALAR = re.compile(
    f"[{_CONTROL}\\r\x85]"
)  # what an escape (\e, \r) puts there; CRLF is read as \n
Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class YamlFile:
    """One file: `data` as JSON types, `lines` from key path to line number, counted from 1.

    A file of JSON has no lines.
    """

    path: Path
    raw: bytes
    data: Any
    lines: dict[Path_, int]

    @property
    def values(self) -> int:
        """How many keys and values the file holds."""
        return len(self.lines) or _values(self.data)

    def line_of(self, location: Path_) -> int | None:
        """The line of a key path, else of its nearest enclosing key; None where none is known."""
        while location and location not in self.lines:
            location = location[:-1]
        return self.lines.get(location)


def read_yaml(path: Path) -> YamlFile:
    """Read one file; raise KnowledgeError with file and line when it is not plain YAML."""
    return parse_yaml(read_raw(path), path)


def read_json(path: Path) -> YamlFile:
    """Read one file of JSON under the same limits; KnowledgeError when it is not strict JSON."""
    raw = read_raw(path)
    data = parse_json(raw, path)
    if _values(data) > MAX_JSON_VALUES:
        raise KnowledgeError(TOO_MANY_JSON_VALUES, path)
    return YamlFile(path, raw, data, {})


def _values(data: Any) -> int:
    """How many keys and values JSON types hold."""
    if isinstance(data, dict):
        return len(data) + sum(map(_values, data.values()))
    return 1 + sum(map(_values, data)) if isinstance(data, list) else 1


def parse_yaml(raw: bytes, path: Path) -> YamlFile:
    """What the bytes of `path` hold; raise KnowledgeError as `read_yaml` does."""
    if len(raw) > MAX_BYTES:
        raise KnowledgeError(f"larger than {MAX_BYTES:,} bytes", path)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise KnowledgeError("not UTF-8 text", path, line) from None
    control = _IN_TEXT.search(text)
    if control:
        line = text.count("\n", 0, control.start()) + 1
        raise KnowledgeError(_refused(control), path, line)
    _refuse_excess(text, path)
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if too_deep(error):
            _go_through(text, path)  # finds the place, where it can
            where = mark.line + 1 if mark else None
            raise KnowledgeError("nested too deeply", path, where) from None
        problem = error.problem or "not YAML"
        if isinstance(error, yaml.composer.ComposerError) and error.context:
            problem = f"{error.context}, {problem}"
        raise KnowledgeError(
            f"not YAML: {problem}", path, mark.line + 1 if mark else None
        ) from None
    except (yaml.YAMLError, RecursionError) as error:
        problem = str(error).splitlines()[0] if str(error) else "nested too deeply"
        raise KnowledgeError(f"not YAML: {problem}", path) from None
    if node is None:
        raise KnowledgeError("the file is empty", path, 1)
    reader = _Reader(path)
    return YamlFile(path, raw, reader.value(node, ()), reader.lines)


def too_deep(error: yaml.MarkedYAMLError) -> bool:
    """Whether libyaml gave up on nesting: since 6.0.4 of PyYAML it has a limit of its own."""
    return "nesting depth" in (error.problem or "")


def _refused(control: re.Match[str]) -> str:
    return f"the control character U+{ord(control[0]):04X} is not allowed"


def _refuse_excess(text: str, path: Path) -> None:
    """Refuse deep nesting and floods of values before a tree is built.

    libyaml builds it by unlimited recursion, and every value takes hundreds of bytes. The counts
    are upper bounds: only a file that could be in excess is gone through event by event.
    """
    openings = sum(1 for _ in _OPENING.finditer(text))
    if openings < SUSPICIOUS and openings + sum(map(text.count, ",\n:")) < MAX_VALUES:
        return
    _go_through(text, path)


def _go_through(text: str, path: Path) -> None:
    depth = values = 0
    try:
        for event in yaml.parse(text, Loader=_Loader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            values += isinstance(event, yaml.NodeEvent)
            if depth > MAX_DEPTH or values > MAX_VALUES:
                excess = "nested too deeply" if depth > MAX_DEPTH else TOO_MANY_VALUES
                line = event.start_mark.line + 1 if event.start_mark else None
                raise KnowledgeError(excess, path, line)
    except yaml.YAMLError:
        return  # what is wrong with it is told when it is read


class _Reader:
    """Turns YAML nodes into JSON types and notes the line of each."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: dict[Path_, int] = {}
        self._seen: set[int] = set()

    def value(self, node: yaml.Node, location: Path_) -> Any:
        line = node.start_mark.line + 1
        self.lines[location] = line
        if len(location) >= MAX_DEPTH and isinstance(node, yaml.CollectionNode):
            raise KnowledgeError("nested too deeply", self.path, line)
        if id(node) in self._seen:
            raise KnowledgeError("aliases (*name) are not allowed: write it out", self.path, line)
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            self._refuse_tag(node, "map")
            return self._mapping(node, location)
        if isinstance(node, yaml.SequenceNode):
            self._refuse_tag(node, "seq")
            return [self.value(item, (*location, i)) for i, item in enumerate(node.value)]
        assert isinstance(node, yaml.ScalarNode)
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, location: Path_) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise KnowledgeError("a key must be a plain word", self.path, line)
            self._refuse_tag(key_node, *_PLAIN)
            key = self._text(key_node)
            if key in result:
                raise KnowledgeError(f"the key {key!r} stands twice", self.path, line)
            result[key] = self.value(value_node, (*location, key))
            self.lines[(*location, key)] = line
        return result

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        self._refuse_tag(node, *_PLAIN)
        text = self._text(node)
        kind = node.tag.removeprefix(_PREFIX)
        if kind == "null":
            return None
        if kind == "bool":  # only true and false: `no` is an answer that clauses give
            lowered = text.lower()
            return lowered == "true" if lowered in ("true", "false") else text
        if kind not in ("int", "float") or len(text) > LONGEST_NUMBER:
            return text
        try:
            if kind == "int":
                return int(text.replace("_", ""), 0)
            number = float(text.replace("_", ""))
        except ValueError:
            return text
        return number if math.isfinite(number) else text

    def _text(self, node: yaml.ScalarNode) -> str:
        """The text of a scalar, in which an escape may have put what no file may hold."""
        text: str = node.value
        control = _IN_SCALAR.search(text)
        if control:
            raise KnowledgeError(_refused(control), self.path, node.start_mark.line + 1)
        return text

    def _refuse_tag(self, node: yaml.Node, *kinds: str) -> None:
        if node.tag.removeprefix(_PREFIX) not in kinds:
            line = node.start_mark.line + 1
            raise KnowledgeError(f"the tag {node.tag} is not allowed", self.path, line)
