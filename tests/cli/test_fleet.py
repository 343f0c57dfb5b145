"""`whyllm licence review --fleet`, by its whole output, its exit codes and what it writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from pyarrow.parquet import read_table
from whyllm.cli.schema import json_schema

from tests.cli.runner import Command
from tests.engine.fleet.written import as_csv

FLEET = ("licence", "review", "--fleet", "models.csv", "--on", "2026-11-23")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    as_csv(
        tmp_path / "models.csv",
        [
            ("codestral", None, None),
            ("Qwen/Qwen2.5-Coder-7B-Instruct", None, None),
            ("acme/coder", "mit", "codestral"),
            ("acme/nothing", None, None),
        ],
    )
    return tmp_path


def test_what_a_fleet_came_to_and_again_from_its_results(whyllm: Command, here: Path) -> None:
    words = (*FLEET, "--use", "commercial", "-o", "out", "--jobs", "1")
    shown = whyllm(*words)
    counts = (
        "models.csv · --use commercial · 2026-11-23\n"
        " 2  50.0%  forbidden\n"
        " 1  25.0%  unknown\n"
        " 0   0.0%  conditional\n"
        " 1  25.0%  allowed\n"
        " 4         rows\n"
        "What speaks against most rows, or leaves them open:\n"
        " 2  50.0%  forbidden  LIC-020  A licence without commercial use rules out commercial use\n"
        " 2  50.0%  forbidden  LIC-030  A licence for tests and evaluation only rules out "
        "commercial use\n"
        " 2  50.0%  forbidden  LIC-250  An unread clause that decides a reply leaves the model "
        "undecided\n"
        " 1  25.0%  unknown  LIC-010  An unverified licence leaves the model undecided for any "
        "stated use\n"
        "1 declare what contradicts the terms that are known.\n"
    )
    assert (shown.err, shown.code) == ("", 1)
    assert shown.out == f"{counts}1 part; out has a row for each row\n"

    verdicts = read_table(here / "out" / "part-000000.parquet").column("verdict").to_pylist()
    assert verdicts == ["forbidden", "allowed", "forbidden", "unknown"]

    again = whyllm(*words)
    stood = "1 part, of which 1 stood before; out has a row for each row\n"
    assert (again.out, again.err, again.code) == (counts + stood, "", 1)

    told = whyllm(*words, "--format", "json", "--fail-on", "none")
    assert told.err == (
        "whyllm: out: holds the results of another review: the verdicts that fail it (--fail-on) "
        "differs; name another folder\n"
    )
    told = whyllm(*words, "--format", "json")
    answer = json.loads(told.out)
    Draft202012Validator(json_schema("fleet")).validate(answer)
    assert answer["summary"] == {"allowed": 1, "conditional": 0, "unknown": 1, "forbidden": 2}
    assert answer["parts"] == {"all": 1, "judged": 0, "stood": 1}
    assert [(cause["rule"], cause["rows"]) for cause in answer["causes"]] == [
        ("LIC-020", 2),
        ("LIC-030", 2),
        ("LIC-250", 2),
        ("LIC-010", 1),
    ]


def test_a_fleet_without_rows_is_no_clean_bill(whyllm: Command, here: Path) -> None:
    as_csv(here / "models.csv", [])
    words = (*FLEET, "--use", "commercial", "-o", "out")
    shown = whyllm(*words)
    line = "models.csv: names no model (--allow-empty lets that pass)"
    assert (shown.err, shown.code) == (f"whyllm: {line}\n", 2)
    assert f"{line}\n" in shown.out
    shown = whyllm(*words, "--allow-empty")
    assert (shown.err, shown.code) == ("", 0)


WRONG = {
    "no folder for the results": (
        (*FLEET, "--use", "research"),
        "--fleet: needs -o DIR, a folder for the results",
    ),
    "no use": (
        (*FLEET, "-o", "out"),
        "use: found nothing, expected --use, or `need: {use: …}` in the policy",
    ),
    "something else beside it": (
        (*FLEET, "models.csv", "-o", "out"),
        "--fleet: is reviewed alone, without INPUT or other sources",
    ),
    "workers of two kinds": (
        (*FLEET, "-o", "out", "--jobs", "2", "--scheduler", "tcp://127.0.0.1:1"),
        "--jobs: a scheduler has its own workers; leave one out",
    ),
    "workers for no fleet": (
        ("licence", "review", "models.csv", "--jobs", "2"),
        "--scheduler and --jobs: are for a --fleet",
    ),
    "a format of rows": (
        (*FLEET, "-o", "out", "--format", "sarif"),
        "--format: found 'sarif'; of a fleet expected text or json",
    ),
    "no such rows": (
        ("licence", "review", "--fleet", "gone", "--use", "research", "-o", "out"),
        "gone: no such file or folder",
    ),
    "a folder without rows": (
        ("licence", "review", "--fleet", "empty", "--use", "research", "-o", "out"),
        "empty: holds no file of rows: expected .parquet, .jsonl, .ndjson, .csv, .tsv",
    ),
    "results where something else is": (
        (*FLEET, "--use", "research", "-o", "."),
        "is neither empty nor holds a review of a fleet",
    ),
    "no scheduler there": (
        (*FLEET, "--use", "research", "-o", "out", "--scheduler", "foo"),
        "--scheduler foo: cannot be reached: missing port number in address 'foo'",
    ),
}


@pytest.mark.parametrize(("words", "said"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_question_gets_one_line(
    whyllm: Command, here: Path, words: tuple[str, ...], said: str
) -> None:
    (here / "empty").mkdir()
    shown = whyllm(*words)
    assert (shown.out, shown.code) == ("", 2)
    assert shown.err.startswith("whyllm: ")
    assert shown.err.endswith(f"{said}\n")
    assert shown.err.count("\n") == 1
