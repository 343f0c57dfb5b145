"""Tables of the fields that JSON answers and knowledge files have, read off their JSON Schemas."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]

PLAIN = {"string": "text", "integer": "whole number", "boolean": "true or false",
         "number": "number", "null": "null", "object": "object", "array": "list"}  # fmt: skip
"""JSON's types as a reader knows them."""


class Parts:
    """The shapes that tables refer to: each is told once, where all are listed."""

    def __init__(self) -> None:
        self._schemas: dict[str, Schema] = {}

    def table(self, schema: Schema, *, required: bool = False) -> list[str]:
        """The fields of an object as a Markdown table.

        With `required`, a column says which must be given; without, the few that may be absent.
        """
        described = any("description" in value for value in schema["properties"].values())
        heads = ["field", "holds", *(["must be given"] if required else [])]
        heads += ["what it is"] if described else []
        rows = [row(heads), row(["---"] * len(heads))]
        for name, value in schema["properties"].items():
            cells = [f"`{name}`", self._holds(value)]
            given = name in schema.get("required", ())
            if required:
                cells.append("yes" if given else "")
            elif not given:
                cells[1] += "; may be absent"
            if described:
                cells.append(value.get("description", ""))
            rows.append(row(cells))
        return rows

    def defined(self, schema: Schema) -> None:
        """Note the parts of a schema; two of one name must be the same."""
        for name, part in schema.get("$defs", {}).items():
            if self._schemas.setdefault(name, part) != part:
                raise ValueError(f"two shapes are called {name}")

    def sections(self, told: Container[str] = (), *, required: bool = False) -> Iterator[str]:
        """A section for each part that is an object, by name, but for those told already."""
        for name in sorted(filter(self._is_object, self._schemas), key=_shown):
            if _shown(name).lower() in told:
                continue
            part = self._schemas[name]
            yield from [f"### {_shown(name)}", "", part.get("description", ""), ""]
            yield from [*self.table(part, required=required), ""]

    def _is_object(self, name: str) -> bool:
        return "properties" in self._schemas[name]

    def _holds(self, value: Schema) -> str:
        if "$ref" in value:
            name = value["$ref"].rpartition("/")[2]
            if not self._is_object(name):
                return self._holds(self._schemas[name])
            return f"[{_shown(name)}](#{_shown(name).lower()})"
        if "anyOf" in value:
            return " or ".join(dict.fromkeys(map(self._holds, value["anyOf"])))
        if "const" in value or "enum" in value:
            return ", ".join(f"`{word}`" for word in value.get("enum", [value.get("const")]))
        if value.get("type") == "array":
            items = value.get("items")
            return f"list of {self._holds(items)}" if items else "list"
        more = value.get("additionalProperties")
        if isinstance(more, Mapping):
            return f"object of {self._holds(more)}"
        if value.get("format") == "date":
            return "day"
        return PLAIN.get(value.get("type", ""), "any value")


def _shown(name: str) -> str:
    """The name of a part without the ending that sets the types of JSON apart."""
    return name.removesuffix("Json")


def row(cells: list[str]) -> str:
    """A row of a Markdown table; bars and angle brackets in its cells stay what they are."""
    escaped = (cell.replace("|", "\\|").replace("<", "\\<") for cell in cells)
    return f"| {' | '.join(escaped)} |"
