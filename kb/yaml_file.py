"""One YAML file as plain data, with the line of every key, and nothing that YAML need not be.

Aliases, duplicate keys, tags of other languages and files above the size limit are refused: a
knowledge file has no use for them, and each has been a way to harm a program that reads YAML.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from whyllm.kb.errors import KnowledgeError

MAX_BYTES = 4_000_000
MAX_DEPTH = 30
SUSPICIOUS = 5_000
"""So many openings that nesting could be deep; no honest file has them."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PREFIX = "tag:yaml.org,2002:"
Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class YamlFile:
    """One file: `data` as JSON types, `lines` from key path to line number, counted from 1."""

    path: Path
    raw: bytes
    data: Any
    lines: dict[Path_, int]

    def line_of(self, location: Path_) -> int:
        """The line of a key path, else of its nearest enclosing key."""
        while location and location not in self.lines:
            location = location[:-1]
        return self.lines.get(location, 1)


def read_yaml(path: Path) -> YamlFile:
    """Read one file; raise KnowledgeError with file and line when it is not plain YAML."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise KnowledgeError(f"larger than {MAX_BYTES:,} bytes", path)
        raw = path.read_bytes()
    except OSError as error:
        raise KnowledgeError(f"cannot be read: {error.strerror or error}", path) from None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise KnowledgeError("not UTF-8 text", path, line) from None
    _refuse_depth(text, path)
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or "not YAML"
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


def _refuse_depth(text: str, path: Path) -> None:
    """Refuse deep nesting before a tree is built: libyaml builds it by unlimited recursion."""
    if sum(text.count(opening) for opening in ("[", "{", "- -", "? ?")) < SUSPICIOUS:
        return
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_Loader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                line = event.start_mark.line + 1 if event.start_mark else None
                raise KnowledgeError("nested too deeply", path, line)
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
        if len(location) > MAX_DEPTH:
            raise KnowledgeError("nested too deeply", self.path, line)
        if id(node) in self._seen:
            raise KnowledgeError("aliases (*name) are not allowed: write it out", self.path, line)
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, location)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*location, i)) for i, item in enumerate(node.value)]
        assert isinstance(node, yaml.ScalarNode)
        return self._scalar(node, line)

    def _mapping(self, node: yaml.MappingNode, location: Path_) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise KnowledgeError("a key must be a plain word", self.path, line)
            key = key_node.value
            if key in result:
                raise KnowledgeError(f"the key {key!r} stands twice", self.path, line)
            result[key] = self.value(value_node, (*location, key))
            self.lines[(*location, key)] = line
        return result

    def _scalar(self, node: yaml.ScalarNode, line: int) -> Any:
        text: str = node.value
        kind = node.tag.removeprefix(_PREFIX)
        if kind == "null":
            return None
        if kind == "bool":  # only true and false: `no` is an answer that clauses give
            lowered = text.lower()
            return lowered == "true" if lowered in ("true", "false") else text
        if kind in ("str", "timestamp", "value"):
            return text
        try:
            if kind == "int":
                return int(text.replace("_", ""), 0)
            if kind == "float":
                return float(text.replace("_", ""))
        except ValueError:
            return text
        raise KnowledgeError(f"the tag {node.tag} is not allowed", self.path, line)
