"""One JSON file as plain data, within a limit of bytes; faults name file, and line where known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from whyllm.kb.errors import KnowledgeError
from whyllm.kb.files import MAX_BYTES


def parse_json(raw: bytes, path: Path, most: int = MAX_BYTES) -> Any:
    """What the bytes of `path` hold; KnowledgeError for what is no strict JSON in UTF-8."""
    if len(raw) > most:
        raise KnowledgeError(f"larger than {most:,} bytes", path)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise KnowledgeError("not UTF-8 text", path, line) from None
    return parse_json_text(text, path)


def parse_json_text(text: str, path: Path, first_line: int = 1) -> Any:
    """What a text of the file holds that begins on a line; KnowledgeError as `parse_json`."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise KnowledgeError(f"the key {twice!r} stands twice", path)
        return found

    def refused(constant: str) -> Any:
        raise KnowledgeError(f"not JSON: {constant} is no number of JSON", path)

    try:
        return json.loads(text, object_pairs_hook=once, parse_constant=refused)
    except json.JSONDecodeError as error:
        line = first_line + error.lineno - 1
        raise KnowledgeError(f"not JSON: {error.msg}", path, line) from None
    except RecursionError:
        raise KnowledgeError("nested too deeply", path) from None
    except ValueError as error:  # a number of thousands of digits
        raise KnowledgeError(f"not JSON: {error}", path) from None
