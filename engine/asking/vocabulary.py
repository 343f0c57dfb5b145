"""The grammar of one language: its file of phrases, turned into expressions when first asked for.

A file `<language>.yaml` beside this module holds, in the notation of patterns.py:

- `silent`: words that say nothing, left out everywhere; `model_words`: what may stand at a model;
- `courtesies`: what may stand before or after a question; `connectors`: what joins a constraint;
- `times`: words that multiply a number; `groups`: words that phrases refer to by a name;
- `forms`: a kind of question -> its phrases, of which `may-use` is a licence question where it
  sets an axis of the licence; `constraints`: an axis -> a value or slot -> its phrases;
- `unclear`: a phrase -> what to ask back; `places`, `languages`: names beside those of CLDR;
- `examples`: questions to show, the first few also on standard error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from whyllm.engine.asking.amounts import Amounts
from whyllm.engine.asking.patterns import CONSTRAINT, MODEL, NAMED, Notation, fold
from whyllm.kb.yaml_file import read_yaml

LANGUAGES = ("en", "fr")
_FOLDER = Path(__file__).parent
_SLOT = re.compile(r"\{(gb|count|usd|year|quant|language|region)\}")


@dataclass(frozen=True)
class Constraint:
    """A phrase that sets an axis to a value, or to what its slot holds."""

    axis: str
    value: str | bool
    slot: str | None
    expression: re.Pattern[str]


@dataclass(frozen=True)
class Form:
    """A phrase that asks a kind of question, over a whole folded question.

    Where it does not say the place of the constraints, they may stand anywhere.
    """

    kind: str
    expression: re.Pattern[str]
    places_constraints: bool


@dataclass(frozen=True)
class Vocabulary:
    """The grammar of one language, ready to read with."""

    language: str
    silent: frozenset[str]
    starts: re.Pattern[str]
    ends: re.Pattern[str]
    constraints: tuple[Constraint, ...]
    unclear: tuple[tuple[re.Pattern[str], str], ...]
    forms: tuple[Form, ...]
    form_words: frozenset[str]
    joining: str
    joining_words: frozenset[str]
    words: frozenset[str]
    amounts: Amounts
    places: Mapping[str, str]
    languages: Mapping[str, str]
    examples: Mapping[str, tuple[str, ...]]


@cache
def vocabulary(language: str) -> Vocabulary:
    """The grammar of a language of LANGUAGES.

    Raises KnowledgeError for a file that is no YAML, ValueError for a phrase that is none.
    """
    data = grammar(language)
    silent = frozenset(fold(" ".join(data["silent"])).split())
    groups: dict[str, str] = data["groups"]
    amounts = Amounts(data["times"])
    named = {
        "language": rf"language{NAMED}(?P<value>[^{NAMED}]+){NAMED}\S+ ",
        "region": rf"region{NAMED}(?P<value>[^{NAMED}]+){NAMED}\S+ ",
    }
    plain = Notation({**amounts.slots, **named}, groups, silent)
    constraints = tuple(_constraints(data["constraints"], plain))
    unclear = tuple(
        (_among(plain.expression(phrase)), says) for phrase, says in data["unclear"].items()
    )
    joins = Notation({}, groups, silent)
    joining = "|".join(joins.expression(phrase) for phrase in data["connectors"])
    about = Notation({}, {}, silent)
    beside = f"(?:{'|'.join(about.expression(word) for word in data['model_words'])})?"
    slots = {"m": rf"{beside}{MODEL}\d+ (?:s )?{beside}", "c": f"(?:{CONSTRAINT} )+"}
    asked = Notation(slots, groups, silent)
    placed = Notation(slots, groups, silent, between=f"(?:{CONSTRAINT} )*")
    forms = tuple(
        Form(kind, re.compile(f"{placed.expression(phrase)}(?:{CONSTRAINT} )*"), True)
        if "{c}" in phrase
        else Form(kind, re.compile(asked.expression(phrase)), False)
        for kind, phrases in data["forms"].items()
        for phrase in phrases
    )
    polite = Notation({}, groups, silent)
    courtesies = "|".join(polite.expression(phrase) for phrase in data["courtesies"])
    form_words = asked.words | placed.words | joins.words | polite.words | silent
    return Vocabulary(
        language,
        silent,
        re.compile(f"(?:{courtesies})*"),
        re.compile(f"(?<![^ ])(?:{courtesies})+$"),
        constraints,
        unclear,
        forms,
        frozenset(form_words),
        f"(?:{joining})",
        frozenset(joins.words),
        frozenset(form_words | plain.words | about.words),
        amounts,
        _folded(data["places"]),
        _folded(data["languages"]),
        {kind: tuple(shown) for kind, shown in data["examples"].items()},
    )


def grammar(language: str) -> dict[str, Any]:
    """The file of a language as it is written; raises KnowledgeError when it is no YAML."""
    found: dict[str, Any] = read_yaml(_FOLDER / f"{language}.yaml").data
    return found


def _constraints(
    axes: Mapping[str, Mapping[Any, list[str]]], plain: Notation
) -> Iterator[Constraint]:
    for axis, values in axes.items():
        for said, phrases in values.items():
            value = True if said == "true" else said
            for phrase in phrases:
                slot = _SLOT.search(phrase)
                yield Constraint(
                    axis, value, slot[1] if slot else None, _among(plain.expression(phrase))
                )


def _among(expression: str) -> re.Pattern[str]:
    """The expression where a word begins; each ends after a word by itself."""
    return re.compile(f"(?<![^ ]){expression}")


def _folded(names: Mapping[str, str]) -> Mapping[str, str]:
    return {fold(name): code for name, code in names.items()}
