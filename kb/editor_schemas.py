"""JSON Schemas of the knowledge files, for editors that check YAML while one types.

They are the types of schema.py; what needs a look at other entries, the loader alone can tell.
"""

from __future__ import annotations

from typing import Any

from whyllm.kb.loader import kinds_of_file

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MODELINE = "# yaml-language-server: $schema="
"""How a file names its schema to an editor; the path is relative to the file."""


def editor_schema(kind: str) -> dict[str, Any]:
    """The schema of a whole file of that kind, one of `kinds_of_file`."""
    glob, entry, several = kinds_of_file()[kind]
    schema = entry.model_json_schema()
    if several:
        parts = {"$defs": schema.pop("$defs")} if "$defs" in schema else {}
        schema = {**parts, "type": "array", "items": schema}
    return {"$schema": DIALECT, **schema, "title": f"kb/data/{glob}"}
