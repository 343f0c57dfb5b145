"""Checks of outputs: whether each passes, and if not, what was found; none of them can hang.

Regular expressions have a time, those in a JSON Schema run in linear time, and a schema fetches
nothing.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import regex
from whyllm.kb.errors import printable

if TYPE_CHECKING:
    from whyllm.engine.measuring.prompts import Check

SECONDS_A_PATTERN = 1.0
"""After which a regular expression has not been found."""

LONGEST_JSON = 1_000_000
"""Characters of an output that is read as JSON."""

LONGEST_REASON = 300
SHOWN = 60
"""Characters of an output that a reason shows."""


class SchemaCheckError(Exception):
    """A JSON Schema that cannot be checked with; one line says why."""


def failure(check: Check, output: str) -> str | None:
    """Why an output does not pass a check, in one line; None if it passes."""
    if check.kind == "json_schema":
        assert check.json_schema is not None
        return _unlike_schema(check.json_schema, output)
    if check.kind == "regex":
        assert check.regex is not None
        return _not_found(check.regex, output, check.ignore_case)
    own, wanted = output, check.contains or check.equals or ""
    if check.ignore_case:
        own, wanted = own.casefold(), wanted.casefold()
    if check.kind == "contains":
        return None if wanted in own else f"not in the output, which begins {_shown(output)}"
    return None if own.strip() == wanted.strip() else f"found {_shown(output)}"


def compiled_pattern(text: str, ignore_case: bool = False) -> regex.Pattern[str]:
    """A regular expression of the regex package; ValueError says what is wrong with it."""
    try:
        return regex.compile(text, regex.IGNORECASE if ignore_case else 0)
    except (regex.error, RecursionError, OverflowError, MemoryError) as error:
        raise ValueError(f"no regular expression: {error}") from None


def schema_validator(schema: dict[str, Any] | bool) -> Any:
    """A validator of the schema; SchemaCheckError says why there can be none."""
    try:
        return jsonschema_rs.validator_for(
            schema, retriever=_fetches_nothing, pattern_options=jsonschema_rs.RegexOptions()
        )
    except (ValueError, RecursionError) as error:
        told = str(error).splitlines()[0]
        raise SchemaCheckError(f"no JSON Schema that can be checked with: {told}") from None


def _fetches_nothing(uri: str) -> Any:
    raise ValueError(f"{uri} is not fetched")


def _unlike_schema(schema: dict[str, Any] | bool, output: str) -> str | None:
    if len(output) > LONGEST_JSON:
        return f"longer than {LONGEST_JSON:,} characters"
    try:
        data = json.loads(output, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return f"no JSON: {_shown(output)}"
    fault = next(schema_validator(schema).iter_errors(data), None)
    if fault is None:
        return None
    where = "".join(f"[{step!r}]" for step in fault.instance_path)
    return _line(f"{where or 'the output'}: {fault.message}")


def _no_number(constant: str) -> Any:
    raise ValueError(constant)


def _not_found(text: str, output: str, ignore_case: bool) -> str | None:
    pattern = compiled_pattern(text, ignore_case)
    try:
        found = pattern.search(output, timeout=SECONDS_A_PATTERN)
    except TimeoutError:
        return f"not found within {SECONDS_A_PATTERN:g} s"
    return None if found else f"not found in the output, which begins {_shown(output)}"


def _shown(output: str) -> str:
    text = " ".join(output.split())
    short = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
    return f"“{printable(short)}”" if short else "empty"


def _line(text: str) -> str:
    """One line; a long one loses its middle, since it begins with the output and ends with why."""
    line = printable(" ".join(text.split()))
    return (
        line if len(line) <= LONGEST_REASON else f"{line[:SHOWN]} … {line[-LONGEST_REASON // 2 :]}"
    )
