"""A licence review as GitHub workflow commands: notes beside the lines that name a model."""

from collections.abc import Collection, Iterator

from whyllm.engine.inventory.mention import Place
from whyllm.engine.render.review.told import (
    counts,
    exempted,
    licence_names,
    model_names,
    option,
)
from whyllm.engine.reviewing.finding import Finding, Review, Verdict
from whyllm.kb.errors import printable

FAILING = frozenset({Verdict.UNKNOWN, Verdict.FORBIDDEN})
"""The verdicts that are errors unless the caller says otherwise; a forbidden item always is one."""


def annotations(review: Review, *, failing: Collection[Verdict] = FAILING) -> Iterator[str]:
    """A command on a line of its own for each item as it is judged, for each fault, and the counts.

    Forbidden items, those of a `failing` verdict, and faults are errors; other unknown and
    conditional ones are warnings; an allowed one is a notice where its declaration contradicts what
    is known, and goes without a word where not. GitHub shows ten of each level a step.
    """
    for item in review.items():
        finding = item.finding
        level = _level(finding, failing)
        if level is not None:
            title = f"{finding.verdict}: {finding.name}"
            yield _command(level, item.mention.place, title, _message(finding, review))
    for fault in review.faults:
        yield _command("error", fault.place, "could not be read", [fault.text])
    yield _command("notice", None, "licence review", [counts(review.summary)])


def _level(finding: Finding, failing: Collection[Verdict]) -> str | None:
    if finding.verdict == Verdict.FORBIDDEN or finding.verdict in failing:
        return "error"
    if finding.verdict == Verdict.ALLOWED:
        return "notice" if finding.contradictions else None
    return "warning"


def _message(finding: Finding, review: Review) -> list[str]:
    lines = [f"Licences: {', '.join(licence_names(finding, review.catalogue)) or 'not known'}"]
    lines += [f"{cause.rule}: {cause.text}" for cause in finding.causes]
    lines += [f"Depends on {option(each)}: {each.text}" for each in finding.depends_on]
    lines += [f"Contradiction: {cause.text}" for cause in finding.contradictions]
    if finding.instead:
        lines.append(f"Instead: {', '.join(model_names(finding.instead, review.catalogue))}")
    if finding.exemption:
        lines.append(f"Exception: {exempted(finding.exemption)}")
    return lines


def _command(level: str, place: Place | None, title: str, lines: list[str]) -> str:
    """One workflow command; a place that is no file of the repository is told in the message."""
    properties: dict[str, str] = {}
    if place is not None and "://" not in place.file:
        numbers = {"line": place.line, "col": place.column}
        properties = {"file": place.file, **{k: str(n) for k, n in numbers.items() if n}}
    elif place is not None:
        lines = [f"At {place}", *lines]
    properties["title"] = printable(title)
    told = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{level} {told}::{_data(chr(10).join(map(printable, lines)))}\n"


def _data(text: str) -> str:
    """Text as the data of a command: what ends a line or starts an escape is escaped."""
    text = text.encode("utf-8", "backslashreplace").decode()
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Text as a property of a command, where a colon and a comma end something too."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
