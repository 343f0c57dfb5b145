"""From SPDX licence expressions to the licences in force together, texts in place of references."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

SILENT = frozenset({"", "NOASSERTION", "NONE"})
"""What says nothing of the terms."""

LONGEST = 10_000
"""How long an expression may be, in characters, to be taken apart."""

_REFERENCE = re.compile(r"(?:DocumentRef-[^:\s]+:)?LicenseRef-\S+")


@cache
def _licensing() -> Any:
    from license_expression import Licensing

    return Licensing()


def terms(expression: str, texts: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What an expression declares: the parts that AND joins, each as it was written.

    A reference that the document explains becomes what `texts` tells of it, its name and its text.
    What cannot be parsed is handed on as it stands.
    """
    if expression.strip() in SILENT:
        return ()
    found: list[str] = []
    for part in _parts(expression):
        found.extend(texts.get(part, (part,)))
    return tuple(dict.fromkeys(found))


def _parts(expression: str) -> list[str]:
    from license_expression import ExpressionError

    if len(expression) > LONGEST or _REFERENCE.fullmatch(expression.strip()):
        return [expression.strip()]
    licensing = _licensing()
    try:
        parsed = licensing.parse(expression)
    except (ExpressionError, ValueError, TypeError, RecursionError):
        return [expression]
    if isinstance(parsed, licensing.AND):
        return [argument.render("{symbol.key}") for argument in parsed.args]
    return [expression]
