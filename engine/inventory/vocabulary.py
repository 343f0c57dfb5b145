"""The words by which names of models are told: lists of them, kept in vocabulary.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def _lists() -> dict[str, str]:
    text = Path(__file__).with_name("vocabulary.yaml").read_text("utf-8")
    lists: dict[str, str] = yaml.load(text, Loader=_LOADER)
    return lists


def word_list(name: str) -> list[str]:
    """The words of one list, in its order."""
    return _lists()[name].split()
