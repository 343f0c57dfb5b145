"""Labels and ids as Mermaid reads them: what its grammar would take as its own stands as a code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 .,:/+-]*[A-Za-z0-9.,])?")
"""A line that needs no quotes, unless `_READ_OTHERWISE` is in it."""

_READ_OTHERWISE = re.compile(
    r"direction|style|class|www\.|--|//|:-|\bfa[a-z]?:|^\d+[.)](?:\s|$)|^(?:end|default)$"
)
"""Letters that Mermaid reads as a command in any line, as an icon, or as Markdown."""

_BARE = re.compile(r"[A-Za-z0-9 ,?'()/+.\-]|[^\x00-\x7fﬂ¶]")
"""The characters that stand as they are between quotes.

A colon does not: after `style` it makes Mermaid drop the semicolon of a code. `ﬂ` and `¶` begin and
end what Mermaid puts in the place of a code.
"""

_AT_THE_START = re.compile(r"[-+]|\d+[.)]")
"""What makes a line an item of a Markdown list."""

_MARKED_WORD = re.compile(r"direction|www\.")
"""Words that would be read even between quotes."""

_SAFE_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]*")

_RESERVED = frozenset(
    {"acctitle", "accdescr", "call", "class", "classdef", "click", "constructor", "default"}
    | {"direction", "end", "flowchart", "graph", "href", "interpolate", "linkstyle", "style"}
    | {"subgraph", "bt", "lr", "rl", "tb", "td", "v"}
)


def label(text: str) -> str:
    """A label: plain ones as they are, all others in quotes, line feeds as `<br/>`."""
    lines = text.split("\n")
    if all(_PLAIN.fullmatch(line) and not _READ_OTHERWISE.search(line) for line in lines):
        return "<br/>".join(lines)
    # Mermaid's grammar has no empty string.
    return '"' + ("<br/>".join(coded(line) for line in lines) or " ") + '"'


def coded(line: str) -> str:
    """One line with everything that could be markup as a code."""
    start = _AT_THE_START.match(line)
    marked = {start.end() - 1} if start else set()
    marked |= {word.start() for word in _MARKED_WORD.finditer(line)}
    return "".join(
        character if _BARE.fullmatch(character) and place not in marked else f"#{ord(character)};"
        for place, character in enumerate(line)
    )


def node_ids(nodes: Iterable[str]) -> dict[str, str]:
    """An id for each node that the grammar takes, its own where it can be; no two are the same."""
    known = list(nodes)
    ids = {node: node for node in known if _takes(node)}
    taken = set(ids.values())
    for node in known:
        if node in ids:
            continue
        stem = re.sub(r"[^A-Za-z0-9_]", "_", node)
        stem = stem if re.match(r"[A-Za-z]", stem) else f"n_{stem}"
        stem = stem if _takes(stem) else f"{stem}_"
        chosen, number = stem, 1
        while chosen in taken:
            number += 1
            chosen = f"{stem}_{number}"
        ids[node] = chosen
        taken.add(chosen)
    return ids


def _takes(node: str) -> bool:
    return _SAFE_ID.fullmatch(node) is not None and node.lower() not in _RESERVED


def remark(node_id: str, node: str) -> str:
    """The comment that says which node an id stands for, as JSON that no directive hides in."""
    text = json.dumps(node)
    for character in "%<{":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return f"%% id {node_id} {text}"
