"""What both APIs are asked, and the pieces in which an answer comes."""

from __future__ import annotations

import math
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any, Protocol

from whyllm.engine.measuring.prompts import Task
from whyllm.kb.measurement_schema import MemoryTold

TEMPERATURE = 0.0
LONGEST_QUANTISATION = 20
LARGEST_FIGURE = 1e12

_QUANTISATION = re.compile(
    r"(?<![A-Za-z0-9])(I?Q[1-8](?:_[A-Z0-9]+)*|BF16|F16|F32|FP16|FP8|MXFP4)(?![A-Za-z0-9])",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Piece:
    """A piece of an answer: some text, some thinking, and at the end what the server counted."""

    text: str = ""
    thinking: str = ""
    finish: str | None = None
    tokens: int | None = None
    prompt_tokens: int | None = None
    tokens_per_s: float | None = None
    prompt_tokens_per_s: float | None = None
    load_s: float | None = None


@dataclass(frozen=True)
class Served:
    """What a server tells of itself and of one of its models; None where it does not."""

    server: str | None = None
    version: str | None = None
    quantisation: str | None = None
    digest: str | None = None


class Api(Protocol):
    """One way to talk to a server."""

    name: str

    async def served(self, model: str) -> Served:
        """What is told of the model; FaultError where it is not served, or nothing answers."""
        ...

    def answer(
        self, model: str, task: Task, seed: int, seconds: float
    ) -> AsyncGenerator[Piece, None]:
        """The pieces of an answer as they come; FaultError says what failed."""
        ...

    async def memory(self, model: str, /) -> MemoryTold | None:
        """The memory that the loaded model takes, where the server tells."""
        ...


def quantisation_in(name: str) -> str | None:
    """The quantisation that a file's or a tag's name states: the last that stands in it."""
    found = [level for level in _QUANTISATION.findall(name) if len(level) <= LONGEST_QUANTISATION]
    return found[-1].upper().replace("FP16", "F16") if found else None


def number(data: Any, *keys: str) -> float | None:
    """A number at a path of keys that is finite and not negative; None for anything else."""
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    if isinstance(data, bool) or not isinstance(data, int | float):
        return None
    return float(data) if math.isfinite(data) and 0 <= data <= LARGEST_FIGURE else None


def count(data: Any, *keys: str) -> int | None:
    """A whole number at a path of keys; None for anything else."""
    found = number(data, *keys)
    return int(found) if found is not None and found == int(found) else None


def text(data: Any, *keys: str) -> str:
    """A text at a path of keys; '' for anything else. Lone surrogates become a mark."""
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    if not isinstance(data, str):
        return ""
    return data.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def rate(tokens: float | None, seconds: float | None) -> float | None:
    """Tokens a second; None where one of the two is not known or no time has passed."""
    return tokens / seconds if tokens is not None and seconds else None
