"""A review as CSV and as GitHub's workflow commands: what their readers get back."""

from __future__ import annotations

import csv
import io
import re

import pytest
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.render.review.csv_rows import COLUMNS, csv_text
from whyllm.engine.render.review.github import annotations
from whyllm.engine.reviewing.finding import Finding, Review, Verdict

from tests.engine.render.reviews import (
    HOSTILE,
    allowed,
    at,
    conditional,
    forbidden,
    hostile,
    of_every_verdict,
    review,
    unknown,
)


def rows(given: Review) -> list[dict[str, str]]:
    """The rows as a reader of CSV gets them, the guarding apostrophes taken off."""
    text = "".join(csv_text(given)).encode().decode()
    read = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    return [{key: unguarded(cell) for key, cell in row.items()} for row in read]


def unguarded(cell: str) -> str:
    return cell[1:] if re.match(r"''*[=+\-@\t\r\n]", cell) else cell


def writable(text: str) -> str:
    """A lone surrogate, which UTF-8 cannot hold, is told by its escape."""
    return text.encode("utf-8", "backslashreplace").decode()


def test_every_mention_is_a_row_in_input_order_and_faults_follow(models: Catalogue) -> None:
    found = rows(of_every_verdict(models))
    verdicts = ["allowed"] * 5 + ["conditional", "forbidden", "unknown", "fault"]
    assert [row["verdict"] for row in found] == verdicts
    codestral = found[6]
    assert tuple(codestral) == COLUMNS
    assert (codestral["file"], codestral["line"], codestral["column"]) == ("src/app.py", "12", "9")
    assert codestral["licences"] == "LicenseRef-MNPL-0.1"
    assert "no commercial use (section 3.2)" in codestral["causes"]
    assert codestral["sources"].split("\n")[1].endswith("<https://mistral.ai/licenses/MNPL-0.1.md>")
    assert codestral["instead"] == "qwen3-8b"
    assert found[5]["made_from"] == "llama-3.1-8b-instruct"
    assert found[5]["depends_on"].startswith("monthly_active_users: Above 700,000,000")
    assert found[5]["duties"].startswith('open: Show "Built with Llama"')
    assert found[0]["duties"].startswith("met: Give every recipient")
    assert found[7]["unrecognised"] == "Acme Licence 7"
    assert "expired on 2026-01-31" in found[7]["exemption"]
    assert found[8]["causes"] == "expected a JSON object, found a list"


def test_hostile_cells_come_back_as_they_were(models: Catalogue) -> None:
    found = rows(hostile(models))
    names = [row["name"] for row in found if row["verdict"] == "forbidden"]
    assert names == [writable(name) for name in HOSTILE]
    remarks = [row["remarks"] for row in found if row["verdict"] == "unknown"][1::2]
    assert remarks == [writable(name) for name in HOSTILE]
    assert [row["file"] for row in found if row["verdict"] == "fault"] == names


def test_no_cell_is_a_formula(models: Catalogue) -> None:
    text = "".join(csv_text(hostile(models)))
    for row in csv.reader(io.StringIO(text, newline="")):
        assert not [cell for cell in row if cell[:1] in tuple("=+-@\t\r\n")]


def test_items_stream_into_rows_and_commands(models: Catalogue) -> None:
    def judged(seen: list[int]) -> object:
        for number in range(1000):
            seen.append(number)
            yield at(forbidden(), "a", number + 1)

    for render in (csv_text, annotations):
        seen: list[int] = []
        pieces = render(review(models, judged(seen)))  # type: ignore[arg-type]
        for _ in range(3):
            next(pieces)
        assert len(seen) <= 3


COMMAND = re.compile(r"::(error|warning|notice) (?:([^:]*))::([^\r\n]*)\n")


def commands(pieces: list[str]) -> list[tuple[str, dict[str, str], str]]:
    """Each command as the runner reads it: level, properties and message, unescaped."""
    found = []
    for piece in pieces:
        match = COMMAND.fullmatch(piece)
        assert match, piece
        pairs = dict(part.split("=", 1) for part in match[2].split(","))
        found.append(
            (match[1], {key: plain(value) for key, value in pairs.items()}, plain(match[3]))
        )
    return found


def plain(text: str) -> str:
    for escape, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(escape, char)
    return text


def test_annotations_stand_where_the_model_is_named(models: Catalogue) -> None:
    found = commands(list(annotations(of_every_verdict(models))))
    assert [(level, place.get("file"), place["title"]) for level, place, _ in found] == [
        ("warning", "Modelfile", "conditional: our-llama"),
        ("error", "src/app.py", "forbidden: Codestral 22B v0.1"),
        ("error", None, "unknown: acme/tiny-model"),
        ("error", "models/broken.json", "could not be read"),
        ("notice", None, "licence review"),
    ]
    assert (found[1][1]["line"], found[1][1]["col"]) == ("12", "9")
    assert "no commercial use (section 3.2)" in found[1][2]
    assert found[1][2].endswith("Instead: Qwen3 8B")
    assert found[2][2].startswith("At http://localhost:11434\n")
    assert found[4][2] == "1 forbidden, 1 unknown, 1 conditional, 5 allowed"


@pytest.mark.parametrize(
    ("finding", "failing", "level"),
    [
        (forbidden(), (), "error"),
        (unknown(), (), "warning"),
        (unknown(), (Verdict.UNKNOWN,), "error"),
        (conditional(), (), "warning"),
        (conditional(), (Verdict.CONDITIONAL,), "error"),
        (Finding("x", None, Verdict.ALLOWED, contradictions=conditional().contradictions), (),
         "notice"),
        (allowed(), (), None),
    ],
)  # fmt: skip
def test_the_level_of_an_annotation(
    models: Catalogue, finding: Finding, failing: tuple[Verdict, ...], level: str | None
) -> None:
    found = commands(list(annotations(review(models, [at(finding, "a", 1)]), failing=failing)))
    assert [each[0] for each in found[:-1]] == ([level] if level else [])


def test_hostile_names_give_no_command_of_their_own(models: Catalogue) -> None:
    pieces = list(annotations(hostile(models)))
    found = commands(pieces)
    assert len(found) == 5 * len(HOSTILE) + 1  # all but the allowed ones, faults, and the counts
    files = [
        place.get("file") for level, place, _ in found if place["title"] == "could not be read"
    ]
    assert files == [writable(name) if "://" not in name else None for name in HOSTILE]
    "".join(pieces).encode()
