"""The NOTICE to ship with a product: models, licences, the lines that these ask for, what to add.

Above the cut stands what may be shipped as it is; beneath it, what whoever ships must still do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import fill

from whyllm.engine.catalogue import Catalogue
from whyllm.engine.render.review.groups import Group, grouped
from whyllm.engine.render.review.told import asked, duty_where, exempted, option
from whyllm.engine.reviewing.finding import DutyDue, Review, Verdict
from whyllm.kb.errors import printable

CUT = "-" * 20 + " cut here: what follows is for you, not for shipping " + "-" * 20

COVERED = (Verdict.ALLOWED, Verdict.CONDITIONAL)

_WIDTH = 92


def notice(review: Review) -> Iterator[str]:
    """The notice in pieces that end with a line; lines that a licence prescribes stay unbroken.

    Forbidden and unknown models are not covered, whatever exception lets them pass: what their
    licences ask for is not known, or does not make the use lawful. A duty that hangs on more than
    its trigger, or whose words nobody has read, is told beneath the cut.
    """
    groups = grouped(review, 0)
    covered = [group for group in groups if _is_covered(group)]
    left_out = [group for group in groups if not _is_covered(group)]
    by_licence = _by_licence(covered)
    catalogue = review.catalogue
    yield "NOTICE\n\n"
    if by_licence:
        yield "This product uses the following models under the following licences.\n"
    else:
        yield "This product uses no model that this notice covers.\n"
    for licence, members in by_licence.items():
        yield from _of_licence(licence, members, catalogue)
    yield from _copies(by_licence, catalogue)
    yield f"\n{CUT}\n\n"
    head = f"{asked(review)}; {review.on.isoformat()}; knowledge {catalogue.version}"
    yield _wrapped(f"Made for: {head}", "", "  ")
    yield from _listed("NOT COVERED: DO NOT SHIP", map(_left_out, left_out))
    yield from _listed("What the verdict depends on", _conditions(covered))
    yield from _listed("Licences that were not recognised: read them yourself", _strange(covered))
    yield from _listed("Duties to meet beside this notice", _open_duties(covered, catalogue))
    yield from _listed("Could not be read, so not covered", map(str, review.faults))


def _is_covered(group: Group) -> bool:
    return group.finding.verdict in COVERED and bool(group.finding.licences)


def _by_licence(groups: list[Group]) -> dict[str, list[Group]]:
    found: dict[str, list[Group]] = {}
    for group in groups:
        for licence in group.finding.licences:
            found.setdefault(licence, []).append(group)
    return dict(sorted(found.items()))


def _of_licence(licence: str, members: list[Group], catalogue: Catalogue) -> Iterator[str]:
    title = _title(licence, catalogue)
    yield f"\n{title}\n{'=' * min(len(title), _WIDTH)}\n\n"
    entries = {_attributed(group, catalogue) for group in members}
    yield from (f"  - {entry}\n" for entry in sorted(entries))
    lines = catalogue.labels["notice"]
    duties = (duty for group in members for duty in group.finding.duties)
    asked_for = [lines[d.id] for d in duties if d.licence == licence and d.id in lines]
    for line in dict.fromkeys(asked_for):
        yield f"\n{line}\n"


def _title(licence: str, catalogue: Catalogue) -> str:
    name = catalogue.labels["licence_name"].get(licence, printable(licence))
    version = catalogue.labels["licence_version"].get(licence)
    return name if version is None or version in name else f"{name}, version {version}"


def _attributed(group: Group, catalogue: Catalogue) -> str:
    """A model's name, and where its weights are published: who made it is read there."""
    finding = group.finding
    origins = [finding.model] if finding.model else list(finding.made_from)
    told = printable(finding.name)
    for key in origins:
        entry = catalogue.models.get(key)
        if entry is None:
            continue
        name = "" if entry.name == finding.name else entry.name
        made = name if finding.model else f"made from {entry.name}"
        address = f"https://huggingface.co/{entry.hf_repo}" if entry.hf_repo else ""
        about = ", ".join(part for part in (made, address) if part)
        told += f" ({about})" if about else ""
    return told


def _copies(licences: Iterable[str], catalogue: Catalogue) -> Iterator[str]:
    addresses = catalogue.labels["licence_url"]
    listed = [
        f"  - {_title(key, catalogue)}: {addresses.get(key, 'no address known')}\n"
        for key in licences
    ]
    if listed:
        yield "\nCopies of licences\n==================\n\n"
        yield from listed


def _left_out(group: Group) -> str:
    finding = group.finding
    told = f"{finding.name} ({finding.verdict})"
    if finding.exemption:
        told += f"; exception: {exempted(finding.exemption)}"
    return "; ".join((told, *(cause.text for cause in finding.causes)))


def _conditions(groups: list[Group]) -> list[str]:
    return [
        f"{group.finding.name}: {option(each)}: {each.text}"
        for group in groups
        for each in group.finding.depends_on
    ]


def _strange(groups: list[Group]) -> list[str]:
    return [
        f"{group.finding.name}: {text}" for group in groups for text in group.finding.unrecognised
    ]


def _open_duties(groups: list[Group], catalogue: Catalogue) -> list[str]:
    """Duties that are not met, each once, with its line's whole duty among them."""
    duties: dict[DutyDue, None] = {}
    for group in groups:
        duties.update(dict.fromkeys(duty for duty in group.finding.duties if not duty.fulfilled))
    return [f"{duty.text} ({duty_where(duty, catalogue)})" for duty in duties]


def _listed(title: str, lines: Iterable[str]) -> Iterator[str]:
    listed = dict.fromkeys(printable(line) for line in lines)
    if listed:
        yield f"\n{title}\n\n"
        yield from (_wrapped(line, "  - ", "    ") for line in listed)


def _wrapped(text: str, first: str, rest: str) -> str:
    return fill(
        text,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_on_hyphens=False,
        break_long_words=False,
    ) + "\n"  # fmt: skip
