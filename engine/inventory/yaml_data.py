"""Reads YAML, one document or several, into plain data whose strings know where they stand."""

from __future__ import annotations

from typing import Any

import yaml
from whyllm.engine.inventory.passage import Passage
from whyllm.engine.inventory.placed import Placed
from whyllm.kb.yaml_file import too_deep

LONGEST = 4_000_000
MOST_VALUES = 200_000
MOST_DEPTH = 60
"""libyaml builds nested data by unlimited recursion, so the depth is bounded beforehand."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class NotYamlError(ValueError):
    """Text that is no YAML, or too much of it: what is wrong, and at which offset if known."""

    def __init__(self, message: str, offset: int | None = None) -> None:
        super().__init__(message)
        self.offset = offset


def yaml_data(passage: Passage) -> list[Any]:
    """The documents of a text as dicts, lists, Placed strings and None; raises NotYamlError.

    An alias stands for the very object that its anchor names: nothing is copied, so that aliases
    of aliases take no memory. Tags are not heeded, and build nothing.
    """
    text = passage.text
    if len(text) > LONGEST:
        raise NotYamlError(f"holds more than {LONGEST:,} characters of YAML")
    try:
        _refuse_excess(text)
        nodes = list(yaml.compose_all(text, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = "is nested too deeply" if too_deep(error) else error.problem or "is no YAML"
        raise NotYamlError(problem, mark.index if mark else None) from None
    except yaml.reader.ReaderError as error:
        raise NotYamlError(f"the character U+{_code(error):04X} is not allowed") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        if isinstance(error, NotYamlError):
            raise
        raise NotYamlError("is no YAML") from None
    built: dict[int, Any] = {}
    return [_value(node, text, built) for node in nodes]


def _code(error: yaml.reader.ReaderError) -> int:
    return error.character if isinstance(error.character, int) else ord(error.character)


def _refuse_excess(text: str) -> None:
    depth = values = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        values += isinstance(event, yaml.NodeEvent)
        if depth > MOST_DEPTH or values > MOST_VALUES:
            excess = "is nested too deeply" if depth > MOST_DEPTH else "holds too many values"
            raise NotYamlError(excess, event.start_mark.index if event.start_mark else None)


def _value(node: yaml.Node, text: str, built: dict[int, Any]) -> Any:
    if id(node) in built:
        return built[id(node)]
    if isinstance(node, yaml.MappingNode):
        mapping: dict[Any, Any] = {}
        built[id(node)] = mapping
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                mapping.setdefault(key.value, _value(value, text, built))
        return mapping
    if isinstance(node, yaml.SequenceNode):
        items: list[Any] = []
        built[id(node)] = items
        items.extend(_value(item, text, built) for item in node.value)
        return items
    assert isinstance(node, yaml.ScalarNode)
    return _scalar(node, text)


def _scalar(node: yaml.ScalarNode, text: str) -> Placed:
    start, end = node.start_mark.index, node.end_mark.index
    if node.style in ("'", '"'):
        return Placed.between(node.value, start + 1, end - 1)
    if node.style in ("|", ">"):
        first = node.value.strip().split("\n")[0]
        start = max(text.find(first, start, end), start)
    return Placed.between(node.value, start, end)
