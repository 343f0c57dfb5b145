"""A licence review as Markdown: a table of findings, and the details of each folded beneath."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from whyllm.engine.explaining.explanation import Cause
from whyllm.engine.render.review.groups import Group, grouped
from whyllm.engine.render.review.markdown_escapes import code, link, prose, references
from whyllm.engine.render.review.told import (
    GRAVEST_FIRST,
    SIGNS,
    asked,
    duty_where,
    exempted,
    known_as,
    licence_names,
    model_names,
    option,
    sourced,
)
from whyllm.engine.reviewing.finding import Review

PLACES = 20
"""Places of a finding that its details list; the rest is counted."""

SHOWN = 3
"""Places of a finding that the table lists."""


def markdown(review: Review) -> Iterator[str]:
    """The review as GitHub's Markdown, gravest findings first, in pieces that end with a line."""
    groups = grouped(review, PLACES)
    groups.sort(key=lambda group: GRAVEST_FIRST.index(group.finding.verdict))
    yield "# Licence review\n\n"
    yield f"- Need: {prose(asked(review))}\n- Date: {review.on.isoformat()}\n"
    yield f"- Knowledge: {prose(review.catalogue.version)}\n"
    if review.policy_file:
        yield f"- Policy: {code(review.policy_file)}\n"
    yield "\n| Verdict | Items |\n|---|---:|\n"
    for verdict in GRAVEST_FIRST:
        yield f"| {SIGNS[verdict]} {verdict} | {review.summary[verdict]} |\n"
    if groups:
        yield "\n## Models\n\n| Verdict | Model | Licences | Where |\n|---|---|---|---|\n"
    for group in groups:
        yield _row(group, review)
    if groups:
        yield "\n## Details\n\n"
    for group in groups:
        yield _details(group, review)
    yield from _section("Could not be read", [
        f"{code(str(fault.place))}: {prose(fault.text)}" for fault in review.faults
    ])  # fmt: skip
    yield from _section("Exceptions that cover nothing", map(prose, review.unused_exceptions))


def _row(group: Group, review: Review) -> str:
    finding = group.finding
    licences = ", ".join(map(prose, licence_names(finding, review.catalogue))) or "not known"
    verdict = f"{SIGNS[finding.verdict]} {finding.verdict}"
    return f"| {verdict} | {code(finding.name)} | {licences} | {_places(group, SHOWN)} |\n"


def _places(group: Group, shown: int) -> str:
    told = ", ".join(code(str(place)) for place in group.places[:shown])
    rest = group.count - min(shown, len(group.places))
    return told + (f" and {rest:,} more" if rest else "")


def _details(group: Group, review: Review) -> str:
    """One folded block. Its summary is HTML, in which Markdown's escapes are none."""
    finding, catalogue = group.finding, review.catalogue
    head = f"{SIGNS[finding.verdict]} {finding.verdict}: <code>{references(finding.name)}</code>"
    lines = [f"<details><summary>{head}</summary>", "", f"- Where: {_places(group, PLACES)}"]
    lines += _item("Known as", map(prose, known_as(finding, catalogue)))
    lines += _item("Licences", map(prose, licence_names(finding, catalogue)))
    lines += _item("Made from", map(prose, model_names(finding.made_from, catalogue)))
    lines += _list("Against it", map(_cause, finding.causes))
    lines += _list("Declared otherwise", map(_cause, finding.contradictions))
    conditions = (f"`{option(each)}`: {prose(each.text)}" for each in finding.depends_on)
    lines += _list("Depends on", conditions)
    lines += _list("Duties", (
        f"[{'x' if duty.fulfilled else ' '}] {prose(duty.text)} "
        f"({prose(duty_where(duty, catalogue))})"
        for duty in finding.duties
    ))  # fmt: skip
    lines += _list("Mind", map(prose, finding.remarks))
    lines += _item("Instead", map(prose, model_names(finding.instead, catalogue)))
    if finding.exemption:
        lines += _item("Exception", [prose(exempted(finding.exemption))])
    return "\n".join([*lines, "", "</details>", "", ""])


def _cause(cause: Cause) -> str:
    sources = "; ".join(link(*sourced(source)) for source in cause.sources)
    return f"{prose(cause.rule)}: {prose(cause.text)}" + (f" Sources: {sources}" if sources else "")


def _item(title: str, values: Iterable[str]) -> list[str]:
    told = ", ".join(values)
    return [f"- {title}: {told}"] if told else []


def _list(title: str, lines: Iterable[str]) -> list[str]:
    listed = [f"  - {line}" for line in lines]
    return [f"- {title}:", *listed] if listed else []


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    listed = [f"- {line}\n" for line in lines]
    if listed:
        yield f"\n## {title}\n\n"
        yield from listed
