"""What pydantic finds wrong with data, as one line: the key, what was found, what was expected."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import ValidationError

KeyPath = tuple[str | int, ...]


def first_fault(error: ValidationError, whole: str = "the entry") -> tuple[KeyPath, str]:
    """The first fault: the path of its key, and the line; `whole` stands where no key does.

    A key that nothing knows goes before a key that is missing, which may just be misspelt.
    """
    faults = error.errors(include_url=False)
    misspelt = (fault for fault in faults if fault["type"] == "extra_forbidden")
    fault = next(misspelt, faults[0])
    within = tuple(fault["loc"])
    key = ".".join(map(str, within)) or whole
    found = fault.get("input")
    shown = "" if isinstance(found, dict) or found is None else f" (found {str(found)[:60]!r})"
    message = fault["msg"].removeprefix("Value error, ")
    return within, f"{key}: {message[:1].lower()}{message[1:]}{shown}"
