"""From ids and values to words: fills sentence templates with the names that people know."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from typing import TYPE_CHECKING

from whyllm.engine import facts as fact_types
from whyllm.engine.trace import FactRecord, Firing, Value

if TYPE_CHECKING:
    from whyllm.engine.catalogue import Catalogue
    from whyllm.engine.rulebook import Rulebook

_NUMBERED = re.compile(r"[0-9]|[IVX]+(?:\.|$)")
"""A section that is a number, arabic or roman, rather than a heading."""

_FIELDS = {
    "licences": "licence",
    "base_licences": "base model's licence",
    "declared_licence": "declared licence",
    "params_b": "size",
}
"""Fields of a model whose names read badly in a sentence."""

_THROUGH = {fact_types.OWN_CARD: "", fact_types.DECLARED: " (as declared)"}

_VOCABULARY = {
    "newer": "model",
    "rival": "model",
    "claimed": "licence",
    "declared": "licence",
    "region": "place",
    "tag": "clause",
    "memory": "axis",
    "fast": "axis",
    "other": "axis",
}
"""Placeholders and slots whose vocabulary is not named like them."""


def number(value: float) -> str:
    """A number as people read it: 404.43 -> 404.4, 4.921 -> 4.92, 700000000 -> 700,000,000."""
    if isinstance(value, int):
        return f"{value:,}"
    digits = 2 if abs(value) < 10 else 1
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def section_words(text: str) -> str:
    """A section of a licence: `section 3.2`, or its heading."""
    return f"section {text}" if _NUMBERED.match(text) else text


class Words:
    """Words for one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._labels = catalogue.labels
        self._sources = catalogue.sources

    def name(self, slot: str, value: Value) -> str:
        """The name of a slot's value: a label of its vocabulary, a number, or the value itself."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, int | float):
            return number(value)
        text = str(value)
        if slot == "section":
            return section_words(text)
        if slot == "field":
            return _FIELDS.get(text, text.replace("_", " "))
        if slot == "through":
            return _THROUGH.get(text, f" (through {text})")
        return self._labels.get(_VOCABULARY.get(slot, slot), {}).get(text, text)

    def fill(self, template: str, values: Mapping[str, Value]) -> str:
        """A template with its placeholders named; an axis names the vocabulary of its value."""
        shown = {key: self._shown(key, value, values) for key, value in values.items()}
        text = string.Formatter().vformat(template, (), shown)
        return text[:1].upper() + text[1:]

    def _shown(self, slot: str, value: Value, values: Mapping[str, Value]) -> str:
        if slot == "value" and isinstance(values.get("axis"), str):
            return self.name(str(values["axis"]), value)
        return self.name(slot, value)

    def sentence(self, firing: Firing, rulebook: Rulebook) -> str:
        """The sentence of a firing, from its rule's card."""
        values: dict[str, Value] = {}
        for fact in firing.conclusions:
            values.update(fact.slots)
        values.update(firing.values)
        return self.fill(rulebook.card(firing.rule).because, values)

    def fact(self, record: FactRecord) -> str:
        """A fact in words, from the template of its type."""
        template = getattr(fact_types, record.type).says
        return self.fill(template, dict(record.slots))

    def absence(self, record: FactRecord) -> str:
        """An absent fact in words, from a template of its type."""
        named = {slot for slot, _ in record.slots}
        for template in getattr(fact_types, record.type).denies:
            if {slot for _, slot, _, _ in string.Formatter().parse(template) if slot} <= named:
                return self.fill(template, dict(record.slots))
        raise KeyError(f"{record.type} has no words for its absence by {sorted(named)}")

    def sources(self, firing: Firing, rulebook: Rulebook) -> tuple[str, ...]:
        """The texts that a firing rests on: those of its premises, then those of its card."""
        ids = [str(fact["source"]) for fact in firing.premises if fact.get("source")]
        ids += rulebook.card(firing.rule).sources
        return tuple(str(self._sources[i]) for i in dict.fromkeys(ids) if i in self._sources)
