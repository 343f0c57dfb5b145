"""A licence review as CSV, a row for each mention and fault, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

from whyllm.engine.inventory.mention import Fault
from whyllm.engine.render.review.told import duty_where, exempted
from whyllm.engine.reviewing.finding import Item, Review

COLUMNS = (
    "verdict", "name", "model", "file", "line", "column", "licences", "unrecognised", "made_from",
    "rules", "causes", "sources", "depends_on", "contradictions", "duties", "instead", "remarks",
    "exemption",
)  # fmt: skip
"""Of several values in a cell, each has a line of its own."""

FAULT = "fault"
"""What stands as the verdict on an input that could not be read; its cause says why."""

_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")


def csv_text(review: Review) -> Iterator[str]:
    """The header, a row for each item as it is judged, then a row for each fault.

    A cell that a spreadsheet would take for a formula (it begins with = + - @, a tab or a line
    break, after any apostrophes) has an apostrophe before it, which a reader takes off again.
    """
    yield _row(COLUMNS)
    for item in review.items():
        yield _row(_of_item(item, review))
    for fault in review.faults:
        yield _row(_of_fault(fault))


def _of_item(item: Item, review: Review) -> tuple[object, ...]:
    finding, place = item.finding, item.mention.place
    duties = [
        f"{'met' if duty.fulfilled else 'open'}: {duty.text} ({duty_where(duty, review.catalogue)})"
        for duty in finding.duties
    ]
    sources = dict.fromkeys(source for cause in finding.causes for source in cause.sources)
    return (
        str(finding.verdict),
        finding.name,
        finding.model,
        place.file,
        place.line,
        place.column,
        _lines(finding.licences),
        _lines(finding.unrecognised),
        _lines(finding.made_from),
        _lines(dict.fromkeys(cause.rule for cause in finding.causes)),
        _lines(cause.text for cause in finding.causes),
        _lines(sources),
        _lines(f"{each.axis}: {each.text}" for each in finding.depends_on),
        _lines(cause.text for cause in finding.contradictions),
        _lines(duties),
        _lines(finding.instead),
        _lines(finding.remarks),
        exempted(finding.exemption) if finding.exemption else None,
    )


def _of_fault(fault: Fault) -> tuple[object, ...]:
    row = dict.fromkeys(COLUMNS)
    place = fault.place
    told = {"verdict": FAULT, "file": place.file, "line": place.line, "column": place.column}
    return tuple({**row, **told, "causes": fault.text}.values())


def _lines(values: Iterable[str]) -> str:
    return "\n".join(values)


def _row(cells: tuple[object, ...]) -> str:
    text = io.StringIO()
    # Quotes around all text: the writer's own choice leaves out a lone carriage return.
    table = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    table.writerow([_cell(cell) for cell in cells])
    return text.getvalue()


def _cell(value: object) -> object:
    """Text that a spreadsheet shows and UTF-8 can hold; numbers and nothing stay what they are."""
    if not isinstance(value, str):
        return value
    text = value.encode("utf-8", "backslashreplace").decode()
    return f"'{text}" if _FORMULA.match(text) else text
