"""What declared licences mean: tags, SPDX expressions, names and whole texts, as licence ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from whyllm.kb.draft.licence_tag import licence_of, licence_of_tag
from whyllm.kb.schema import Licence

SAYS_NOTHING = frozenset({"", "other", "unknown", "noassertion", "n/a", "null", "not specified"})
"""What is written where a licence would stand, and declares none."""

LONGEST_EXPRESSION = 300
"""Characters of an SPDX expression; what is longer, or has several lines, is a licence's text."""

LONGEST_SHOWN = 60
"""Characters by which a declared licence that nobody knows is shown."""


@dataclass(frozen=True)
class Declaration:
    """The licences that are declared, all in force together, and what could not be recognised."""

    known: tuple[str, ...] = ()
    unrecognised: tuple[str, ...] = ()


class Recogniser:
    """Finds the licences of the knowledge base in what is declared.

    `order` lists the categories of licences, the lightest first: of a choice (`MIT OR …`) the
    licensee takes the lightest.
    """

    def __init__(self, licences: Mapping[str, Licence], order: Sequence[str]) -> None:
        self._licences = licences
        self._order = tuple(order)

    def read(self, declared: Iterable[str]) -> Declaration:
        """What the declarations say together; each may itself be an expression of several."""
        parts = [self._one(text.strip()) for text in declared]
        return Declaration(
            tuple(dict.fromkeys(key for part in parts for key in part.known)),
            tuple(dict.fromkeys(key for part in parts for key in part.unrecognised)),
        )

    def _one(self, text: str) -> Declaration:
        if text.casefold() in SAYS_NOTHING:
            return Declaration()
        if found := licence_of(text, self._licences):
            return Declaration((found,))
        is_text = len(text) > LONGEST_EXPRESSION or "\n" in text
        return _unrecognised(text) if is_text else self._expression(text)

    def _expression(self, text: str) -> Declaration:
        from license_expression import ExpressionError, ParseError

        try:
            parsed = self._licensing.parse(text)
        except (ExpressionError, ParseError):
            parsed = None
        return _unrecognised(text) if parsed is None else self._meant(parsed)

    def _meant(self, parsed: Any) -> Declaration:
        """What an expression or a part of one means; an exception (WITH) makes another licence."""
        if isinstance(parsed, self._licensing.AND):
            parts = [self._meant(part) for part in parsed.args]
            known = dict.fromkeys(key for part in parts for key in part.known)
            unrecognised = dict.fromkeys(key for part in parts for key in part.unrecognised)
            return Declaration(tuple(known), tuple(unrecognised))
        if isinstance(parsed, self._licensing.OR):
            return min((self._meant(part) for part in parsed.args), key=self._weight)
        key = str(parsed)
        found = licence_of_tag(key, self._licences)
        return Declaration((found,)) if found else _unrecognised(key)

    def _weight(self, declaration: Declaration) -> tuple[bool, int]:
        categories = [self._licences[key].category for key in declaration.known]
        heaviest = max((self._order.index(category) for category in categories), default=0)
        return bool(declaration.unrecognised), heaviest

    @cached_property
    def _licensing(self) -> Any:
        from license_expression import Licensing

        return Licensing()


def _unrecognised(text: str) -> Declaration:
    shown = " ".join(text[: 4 * LONGEST_SHOWN].split())
    if len(shown) > LONGEST_SHOWN:
        shown = shown[: LONGEST_SHOWN - 1] + "…"
    return Declaration((), (shown,))
