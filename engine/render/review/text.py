"""A licence review as text for a terminal: a block for each finding, with all of its places."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.text import Text
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.explaining.explanation import Cause
from whyllm.engine.render.listing_text import print_item
from whyllm.engine.render.review.groups import Group, grouped
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
from whyllm.engine.reviewing.finding import DutyDue, Review, Verdict
from whyllm.kb.errors import printable

PLACES = 3
"""Places of a finding that are listed unless all are asked for."""

STYLES = {
    Verdict.ALLOWED: "bold green",
    Verdict.CONDITIONAL: "bold cyan",
    Verdict.UNKNOWN: "bold yellow",
    Verdict.FORBIDDEN: "bold red",
}


def print_review(console: Console, review: Review, *, every: bool = False) -> None:
    """Print a review: findings in the order of first mention, then counts and what was not read.

    Equal findings are one block. Duties that stand in a block above are not told again, and of
    many places the first are listed; with `every` each block has all of both.
    """
    head = f"{asked(review)} · {review.on.isoformat()} · knowledge {review.catalogue.version}"
    console.print(Text(head, style="dim"))
    if review.policy_file:
        console.print(Text(f"policy: {printable(review.policy_file)}", style="dim"))
    console.print()
    told: dict[tuple[DutyDue, ...], str] = {}
    for group in grouped(review, None if every else PLACES):
        _print_group(console, group, review.catalogue, {} if every else told)
        told.setdefault(group.finding.duties, printable(group.finding.name))
        console.print()
    _print_end(console, review)


def _print_group(
    console: Console,
    group: Group,
    catalogue: Catalogue,
    told: dict[tuple[DutyDue, ...], str],
) -> None:
    finding, style = group.finding, STYLES[group.finding.verdict]
    verdict = f"{SIGNS[finding.verdict]} {finding.verdict.upper()}"
    console.print(Text.assemble((verdict, style), "  ", (printable(finding.name), "bold")))
    places = ", ".join(printable(str(place)) for place in group.places)
    more = f" and {group.more:,} more" if group.more else ""
    _indented(console, Text(places + more, style="dim"))
    licences = ", ".join(licence_names(finding, catalogue)) or "licence not known"
    _indented(console, Text(licences, style="cyan"))
    _named(console, "Known as", known_as(finding, catalogue))
    _named(console, "Made from", model_names(finding.made_from, catalogue))
    _causes(console, "Against it", finding.causes)
    _causes(console, "Declared otherwise", finding.contradictions)
    _listed(
        console,
        "Depends on",
        (Text.assemble((option(each), "bold"), "  ", printable(each.text))
         for each in finding.depends_on),
    )  # fmt: skip
    if finding.duties in told:
        _named(console, "Duties", [f"as for {told[finding.duties]}"] if finding.duties else [])
    else:
        _listed(console, "Duties", (_duty(duty, catalogue) for duty in finding.duties))
    _listed(console, "Mind", (Text(printable(remark)) for remark in finding.remarks))
    _named(console, "Instead", model_names(finding.instead, catalogue))
    if finding.exemption:
        _named(console, "Exception", [exempted(finding.exemption)])


def _duty(duty: DutyDue, catalogue: Catalogue) -> Text:
    met = ("Met: ", "green") if duty.fulfilled else ("", "")
    return Text.assemble(met, duty.text, (f" ({duty_where(duty, catalogue)})", "dim"))


def _causes(console: Console, title: str, causes: Iterable[Cause]) -> None:
    lines = []
    for cause in causes:
        line = Text.assemble((cause.rule, "bold"), "  ", printable(cause.text))
        if cause.sources:
            title_of_text, url = sourced(cause.sources[-1])
            line.append(f" [{printable(title_of_text)}{f' <{url}>' if url else ''}]", style="dim")
        lines.append(line)
    _listed(console, title, lines)


def _listed(console: Console, title: str, lines: Iterable[Text]) -> None:
    """A titled list under a block's heading; nothing where there are no lines."""
    for number, line in enumerate(lines):
        if number == 0:
            _indented(console, Text(f"{title}:", style="bold"))
        line.overflow = "fold"  # an address is broken, not cut
        print_item(console, line, indent=2)


def _named(console: Console, title: str, names: list[str]) -> None:
    if names:
        _indented(console, Text.assemble((f"{title}: ", "bold"), ", ".join(names)))


def _indented(console: Console, text: Text) -> None:
    console.print(Padding(text, (0, 0, 0, 2)))


def _print_end(console: Console, review: Review) -> None:
    if not sum(review.summary.values()):
        console.print(Text("No model was found.", style="bold"))
    else:
        parts = [Text(f"{review.summary[v]:,} {v}", style=STYLES[v]) for v in GRAVEST_FIRST]
        console.print(Text.assemble(("Items: ", "bold"), Text(", ").join(parts)))
    for title, lines, style in (
        ("Could not be read", [str(fault) for fault in review.faults], "bold red"),
        ("Exceptions that cover nothing", review.unused_exceptions, "bold yellow"),
    ):
        if lines:
            console.print(Text(f"{title} ({len(lines):,}):", style=style))
        for line in lines:
            print_item(console, Text(printable(line), overflow="fold"), indent=0)
