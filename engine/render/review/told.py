"""The words that every format of a review says alike: verdicts, licences, duties, conditions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from whyllm.engine.catalogue import Catalogue
from whyllm.engine.need import AXES
from whyllm.engine.reviewing.finding import (
    Condition,
    DutyDue,
    Exemption,
    Finding,
    Review,
    Verdict,
)
from whyllm.engine.words import Words
from whyllm.kb.errors import printable

SIGNS = {
    Verdict.ALLOWED: "✓",
    Verdict.CONDITIONAL: "≈",
    Verdict.UNKNOWN: "?",
    Verdict.FORBIDDEN: "✗",
}
"""A sign beside the word of a verdict; it never stands alone."""

GRAVEST_FIRST = tuple(reversed(Verdict))

_SOURCE = re.compile(r"(?P<title>.*\S)\s*<(?P<url>https?://[^\s<>]+)>", re.S)


def sourced(source: str) -> tuple[str, str | None]:
    """The title and the address of a source written `Title <url>`; no address but http's counts."""
    found = _SOURCE.fullmatch(source)
    if found is None or not found["url"].isprintable():
        return source, None
    return found["title"], found["url"]


def licence_names(finding: Finding, catalogue: Catalogue) -> list[str]:
    """The short names of the licences that bind, then the declared ones that nobody knows."""
    names = catalogue.labels["licence"]
    known = [names.get(key, key) for key in finding.licences]
    return [*known, *(f"{printable(text)} (not recognised)" for text in finding.unrecognised)]


def model_names(models: Iterable[str], catalogue: Catalogue) -> list[str]:
    """The names of the catalogue's variants."""
    return [catalogue.models[key].name if key in catalogue.models else key for key in models]


def known_as(finding: Finding, catalogue: Catalogue) -> list[str]:
    """The name of the variant whose weights these are, where the input calls it otherwise."""
    names = model_names([finding.model] if finding.model else [], catalogue)
    return [name for name in names if name != finding.name]


def asked(review: Review) -> str:
    """The need as a person reads it: `use commercial use; deployment in a product or service`."""
    words = Words(review.catalogue)
    parts = []
    for axis in review.need.stated:
        values = [words.name(axis, value) for value in review.need.values(axis)]
        parts.append(f"{words.name('axis', axis)}: {', '.join(values)}")
    return "; ".join(parts) or "no use stated"


def counts(summary: Mapping[Verdict, int]) -> str:
    """`3 forbidden, 0 unknown, …`, the gravest first."""
    return ", ".join(f"{summary[verdict]} {verdict}" for verdict in GRAVEST_FIRST)


def option(condition: Condition) -> str:
    """The option by which the axis of a condition is stated, with what it takes."""
    flag = "--" + condition.axis.replace("_", "-")
    axis = AXES.get(condition.axis)
    if axis is None or axis.flag:
        return flag
    return f"{flag} {axis.metavar or axis.name.upper()}"


def duty_where(duty: DutyDue, catalogue: Catalogue) -> str:
    """`Apache 2.0, section 4(a); on distribution`."""
    words = Words(catalogue)
    name = words.name("licence", duty.licence)
    section = "" if duty.section == "-" else f", {words.name('section', duty.section)}"
    return f"{name}{section}; on {duty.trigger}"


def exempted(exemption: Exemption) -> str:
    """Who let it pass, until when and why; an expired exception is said to count no more."""
    day = exemption.expires.isoformat()
    until = f"expired on {day}: it counts no more" if exemption.expired else f"until {day}"
    reason, approver = printable(exemption.reason), printable(exemption.approver)
    return f"{reason} (approved by {approver}; {until})"
