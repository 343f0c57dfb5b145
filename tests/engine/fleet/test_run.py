"""A fleet on workers of their own processes: nothing lost, nothing twice, and as a review says."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from bench.fleet_rows import rows as lifelike
from distributed import Client
from pyarrow.parquet import read_table
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.fleet import parts as cutting
from whyllm.engine.fleet.identity import begin
from whyllm.engine.fleet.outcome import Outcome, axes_of, rules_of
from whyllm.engine.fleet.parts import Part, parts_of, tables_in
from whyllm.engine.fleet.results import file_of
from whyllm.engine.fleet.rows import rows_of
from whyllm.engine.fleet.run import local_cluster, outcomes
from whyllm.engine.fleet.worker import Brief
from whyllm.engine.inventory.mention import Mention
from whyllm.engine.knowledge import recogniser
from whyllm.engine.need import Need
from whyllm.engine.reviewing.policy import Policy
from whyllm.kb.errors import KnowledgeError
from whyllm.kb.knowledge import KnowledgeBase

from tests.conftest import DAY
from tests.engine.fleet.written import as_csv, as_lines, as_parquet
from tests.engine.reviewing.judged import reviewed

ROWS = 600
A_PART = 40


@pytest.fixture(scope="module")
def cluster() -> Iterator[Client]:
    with local_cluster(2) as client:
        yield client


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, models: Catalogue) -> Path:
    """A catalogue of all three kinds of file, with one row that cannot be read."""
    folder = tmp_path_factory.mktemp("catalogue")
    rows = list(lifelike(models, ROWS))
    as_parquet(folder / "a.parquet", rows[:300])
    as_csv(folder / "b.csv", rows[300:450])
    as_lines(folder / "c.jsonl", rows[450:])
    with (folder / "c.jsonl").open("a") as file:
        file.write("{}\n")
    return folder


@pytest.fixture
def parts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[Part]:
    monkeypatch.setattr(cutting, "ROWS", A_PART)
    monkeypatch.setattr(cutting, "BYTES", 3_000)
    return parts_of(tables_in(folder, "in"))


def brief(models: Catalogue, kb: KnowledgeBase, folder: Path, use: str = "commercial") -> Brief:
    return Brief(models, recogniser(kb), Need.of({"use": use}), DAY, Policy(Need.of({})), folder)


def found_in(folder: Path) -> list[dict[str, Any]]:
    files = sorted(folder.glob("*.parquet"))
    return [row for file in files for row in read_table(file).to_pylist()]


def written(folder: Path) -> dict[str, int]:
    """Each file of the results with the time at which it was written."""
    return {file.name: file.stat().st_mtime_ns for file in folder.glob("*.parquet")}


def test_a_worker_that_is_killed_loses_nothing_and_nothing_is_judged_twice(
    cluster: Client, parts: list[Part], models: Catalogue, kb: KnowledgeBase, tmp_path: Path
) -> None:
    before: dict[str, int] = {}
    told: list[Outcome] = []
    for outcome in outcomes(parts, brief(models, kb, tmp_path), nullcontext(cluster)):
        assert isinstance(outcome, Outcome)
        told.append(outcome)
        if len(told) == 3:
            victim = next(iter(cluster.run(os.getpid).values()))
            before = written(tmp_path)
            os.kill(victim, signal.SIGKILL)

    after = written(tmp_path)
    assert 3 <= len(before) < len(parts) == len(after)
    assert {name: after[name] for name in before} == before  # what stood was not judged again
    assert sorted(outcome.number for outcome in told) == [part.number for part in parts]
    assert [file.name for file in tmp_path.glob(".*")] == []

    rows = [row for part in parts for row in rows_of(part)]
    found = found_in(tmp_path)
    assert [(row["file"], row["line"]) for row in found] == [
        (row.place.file, row.place.line) for row in rows
    ]
    assert_as_reviewed(rows, found)
    assert_counted(told, found)

    again = list(outcomes(parts, brief(models, kb, tmp_path), nullcontext(cluster)))
    assert all(isinstance(outcome, Outcome) and outcome.stood for outcome in again)
    assert written(tmp_path) == after
    assert_counted(again, found)


def assert_as_reviewed(rows: list[Any], found: list[dict[str, Any]]) -> None:
    """Every row is judged as one process judges it."""
    mentions = [row for row in rows if isinstance(row, Mention)]
    judged = iter(reviewed(mentions, use="commercial").items())
    for row, result in zip(rows, found, strict=True):
        if not isinstance(row, Mention):
            assert result["verdict"] is None
            assert result["fault"].startswith("expected a column 'model'")
            continue
        finding = next(judged).finding
        assert result["fault"] is None
        assert (result["name"], result["declared"], result["base"]) == (
            row.name, list(row.declared), list(row.bases),
        )  # fmt: skip
        assert result["verdict"] == finding.verdict
        assert result["model"] == finding.model
        assert result["licences"] == list(finding.licences)
        assert result["duties"] == [duty.id for duty in finding.duties]
        assert result["rules"] == list(rules_of(finding))
        assert result["depends_on"] == list(axes_of(finding))
        assert result["instead"] == list(finding.instead)
        assert result["unrecognised"] == list(finding.unrecognised)


def assert_counted(told: list[Any], found: list[dict[str, Any]]) -> None:
    """The outcomes count what stands in the files."""
    verdicts = Counter(row["verdict"] for row in found if row["verdict"])
    rules = Counter((row["verdict"], rule) for row in found for rule in row["rules"] or ())
    axes = Counter(axis for row in found for axis in row["depends_on"] or ())
    assert sum((outcome.verdicts for outcome in told), Counter()) == verdicts
    assert sum((outcome.rules for outcome in told), Counter()) == rules
    assert sum((outcome.axes for outcome in told), Counter()) == axes
    assert sum(outcome.rows for outcome in told) == len(found)
    assert sum(outcome.faults for outcome in told) == 1
    assert len(verdicts) == 4, "the catalogue must have every verdict"


def test_a_file_that_vanishes_costs_its_parts_alone(
    cluster: Client, models: Catalogue, kb: KnowledgeBase, tmp_path: Path
) -> None:
    inputs, results = tmp_path / "in", tmp_path / "out"
    inputs.mkdir()
    results.mkdir()
    for name in ("a.jsonl", "b.jsonl"):
        as_lines(inputs / name, [("codestral", None, None)])
    parts = parts_of(tables_in(inputs, "in"))
    (inputs / "a.jsonl").unlink()
    told = list(outcomes(parts, brief(models, kb, results), nullcontext(cluster)))
    assert "in/a.jsonl: cannot be read or judged: No such file or directory" in told
    assert [row["verdict"] for row in found_in(results)] == ["forbidden"]


def test_results_of_another_review_are_kept(
    models: Catalogue, kb: KnowledgeBase, folder: Path, tmp_path: Path
) -> None:
    tables = tables_in(folder, "in")
    begin(brief(models, kb, tmp_path), tables, "out")
    begin(brief(models, kb, tmp_path), tables, "out")  # the same goes on
    with pytest.raises(
        KnowledgeError, match="out: holds the results of another review: the stated"
    ):
        begin(brief(models, kb, tmp_path, "research"), tables, "out")
    with pytest.raises(KnowledgeError, match="the files that are reviewed differs"):
        begin(brief(models, kb, tmp_path), tables[1:], "out")
    other = tmp_path / "other"
    other.mkdir()
    file_of(other, 0).write_text("somebody's")
    with pytest.raises(KnowledgeError, match="is neither empty nor holds a review of a fleet"):
        begin(brief(models, kb, other), tables, "out")
    assert file_of(other, 0).read_text() == "somebody's"
