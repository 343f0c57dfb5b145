"""From what people and files write to the variant that they mean.

A name is compared without case and separators, first as it stands, then without the owner of a
repository, the suffixes of tuning and the marks of repackaging (GGUF, AWQ, a quantisation …).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from whyllm.kb.errors import UnknownNameError

CLOSE_ENOUGH = 70
CLOSE_TO_BEST = 10
MOST_SUGGESTIONS = 4

_REPACKAGING = re.compile(
    r"[-_. :](?:gguf|ggml|awq|gptq|exl2|mlx|bnb|fp8|onnx|i1|imatrix|\d+-?bits?|int[48]|w4a16"
    r"|i?q\d(?:_[0-9a-z]+)*|fp16|f16|bf16|f32)(?=[-_. :]|$)"
)
_TUNING = re.compile(r"[-_. :](?:instruct|chat|it|hf|latest|text)(?=[-_. :]|$)")


@dataclass(frozen=True)
class Resolution:
    """A name resolved: the variant, and whether the name is that of a repackaging of it."""

    model: str
    name: str
    repackaged: bool = False


class NameIndex:
    """Finds variants by name.

    `spellings` maps each variant to the names that it bears, the one to show first; `families`
    maps the name of a family to its variants, to tell a family from a model.
    """

    def __init__(
        self,
        spellings: Mapping[str, Iterable[str]],
        families: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        self._families = {_folded(name): tuple(m) for name, m in (families or {}).items()}
        self._literal: dict[str, set[str]] = {}
        self._exact: dict[str, set[str]] = {}
        self._bare: dict[str, set[str]] = {}
        self._display: dict[str, str] = {}
        self._shown: dict[str, str] = {}
        for model, names in spellings.items():
            for position, name in enumerate(names):
                if position == 0:
                    self._shown[model] = name
                self._display.setdefault(name, model)
                self._literal.setdefault(name.lower(), set()).add(model)
                self._exact.setdefault(_folded(name), set()).add(model)
                self._exact.setdefault(_folded(_without_owner(name)), set()).add(model)
                bare = _folded(_TUNING.sub("", _without_owner(name).lower()))
                self._bare.setdefault(bare, set()).add(model)

    def resolve(self, name: str) -> Resolution:
        """The variant of that name; UnknownNameError if none or several bear it."""
        text = name.strip()
        if not text:
            raise UnknownNameError("an empty name names no model")
        lowered = text.lower()
        own_name = _without_owner(lowered)
        unpacked = _REPACKAGING.sub("", own_name)
        packed = unpacked != own_name
        for candidate, table, repackaged in (
            (lowered, self._literal, False),
            (lowered, self._exact, False),
            (own_name, self._exact, "/" in lowered),
            (unpacked, self._exact, packed),
            (_TUNING.sub("", unpacked), self._bare, packed),
        ):
            key = candidate if table is self._literal else _folded(candidate)
            found = table.get(key, set())
            if len(found) == 1:
                return Resolution(next(iter(found)), text, repackaged and packed)
            if found:
                readings = tuple(sorted(self._shown[model] for model in found))
                raise UnknownNameError(
                    f"{text!r} can mean {len(readings)} models: {', '.join(readings)}", readings
                )
        members = self._families.get(_folded(own_name))
        if members:
            readings = tuple(self._shown[model] for model in members)
            raise UnknownNameError(
                f"{text!r} is a family; which of its models? {', '.join(readings)}", readings
            )
        raise UnknownNameError(*self._unknown(text))

    def _unknown(self, text: str) -> tuple[str, tuple[str, ...]]:
        from rapidfuzz import fuzz, process, utils

        matches = process.extract(
            text,
            list(self._display),
            scorer=fuzz.WRatio,
            processor=utils.default_process,
            limit=20,
            score_cutoff=CLOSE_ENOUGH,
        )
        best = max((score for _, score, _ in matches), default=0.0)
        near = [match for match, score, _ in matches if score > best - CLOSE_TO_BEST]
        close = dict.fromkeys(self._shown[self._display[match]] for match in near)
        suggestions = tuple(close)[:MOST_SUGGESTIONS]
        hint = f"; did you mean {' or '.join(suggestions)}?" if suggestions else ""
        return f"unknown model {text!r}{hint}", suggestions


def _without_owner(name: str) -> str:
    return name.rsplit("/", 1)[-1]


def _folded(name: str) -> str:
    """Lower case, without separators; the dot stays, since 3.1 is not 31."""
    return re.sub(r"[-_\s:/]+", "", name.lower())
