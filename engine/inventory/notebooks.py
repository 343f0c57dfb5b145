"""Finds the models that the cells of a notebook name, at their places in the notebook's file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from whyllm.engine.inventory import plain_text
from whyllm.engine.inventory.keyed_data import Marks
from whyllm.engine.inventory.markdown import models_in_markdown, python_or_text
from whyllm.engine.inventory.mention import Place
from whyllm.engine.inventory.passage import Passage
from whyllm.engine.inventory.placed import Placed


def is_notebook(data: Any) -> bool:
    """Whether JSON data are a notebook: of the third format, or of a later one."""
    return (
        isinstance(data, dict) and "nbformat" in data and ("cells" in data or "worksheets" in data)
    )


def models_in(data: dict[str, Any], source: Passage) -> Marks:
    """The models that code and Markdown cells name; what the cells put out is not read."""
    for cell in _cells(data):
        passage = _text(cell.get("source", cell.get("input")), source)
        if passage is None:
            continue
        if cell.get("cell_type") == "code":
            yield from plain_text.lookalikes(passage)
            yield from python_or_text(passage)
        else:
            yield from models_in_markdown(passage)


def _cells(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    sheets = data.get("worksheets")
    holders = [data, *(sheets if isinstance(sheets, list) else [])]
    for holder in holders:
        cells = holder.get("cells") if isinstance(holder, dict) else None
        for cell in cells if isinstance(cells, list) else []:
            if isinstance(cell, dict):
                yield cell


def _text(lines: Any, source: Passage) -> Passage | None:
    """A cell's text, which a notebook writes as one string or as a list of lines."""
    parts = lines if isinstance(lines, list) else [lines]
    pieces = [part.passage(source) for part in parts if isinstance(part, Placed) and part]
    if not pieces:
        return None
    begins = list(accumulate((len(piece.text) for piece in pieces[:-1]), initial=0))

    def place(offset: int) -> Place:
        at = bisect_right(begins, offset) - 1
        return pieces[at].place(offset - begins[at])

    return Passage("".join(piece.text for piece in pieces), place)
