"""Measurements as files of knowledge: where they lie, and what is wrong by file and key."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from whyllm.engine.knowledge import kept_folder, knowledge_base
from whyllm.engine.measuring.result import as_json, read_measurement, without_texts
from whyllm.kb.errors import KnowledgeError
from whyllm.kb.loader import load
from whyllm.kb.shelf_life import stale_facts
from whyllm.kb.yaml_file import MAX_JSON_VALUES, read_json

from tests.engine.measuring.made import measured

MONDAY = measured({"phi-4": [{"passed": [True]}], "gemma-4-31b-it": [{"passed": [False]}]})


def put(folder: Path, data: object, name: str = "any-name.json") -> Path:
    path = folder / "measurements" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return path


def changed(**keys: Any) -> dict[str, Any]:
    return {**as_json(MONDAY), **keys}


def in_run(**keys: Any) -> dict[str, Any]:
    runs = as_json(MONDAY)["runs"]
    return changed(runs=[{**runs[0], **keys}, *runs[1:]])


def test_a_result_file_is_a_file_of_knowledge(tmp_path: Path) -> None:
    put(tmp_path, as_json(MONDAY))
    assert load([tmp_path]).measurements == {"monday": MONDAY}


def test_what_is_kept_has_no_texts_and_the_same_figures() -> None:
    kept = without_texts(MONDAY)
    text = json.dumps(as_json(kept))
    assert "phi-4 on one" not in text
    assert "Say one." not in text
    assert "found “no”" not in json.dumps(as_json(kept), ensure_ascii=False)
    assert kept.figures == MONDAY.figures
    assert [r.output_digest for r in kept.runs] == [r.output_digest for r in MONDAY.runs]


WRONG = [
    ("{", ":1: not JSON: "),
    ("[]", ": expected a result of `whyllm measure`: JSON of whyllm.measurement/1"),
    ('{"a": 1, "a": 2}', ": the key 'a' stands twice"),
    ('{"seconds": Infinity}', ": not JSON: Infinity is no number"),
    ("[" * 100_000, ": nested too deeply"),
    ("9" * 5_000, ": not JSON: "),
    (changed(schema="whyllm.measurement/2"), ": expected a result of `whyllm measure`"),
    (changed(extra=1), ": extra: extra inputs are not permitted (found '1')"),
    (changed(made="2026-11"), ": the measurement: made: expected a day as YYYY-MM-DD"),
    (changed(candidates=[]), ": candidates: tuple should have at least 1 item"),
    (
        changed(votes=[{"prompt": "one", "choice": "nobody"}]),
        ": the measurement: votes.0: names no candidate or prompt of this measurement",
    ),
    (
        changed(votes=[{"prompt": "one", "choice": "tie"}] * 2),
        ": the measurement: votes.1: a second vote on 'one'",
    ),
    (in_run(model="nobody"), ": the measurement: runs.0: names no candidate or prompt"),
    (in_run(seconds=-1), ": runs.0.seconds: input should be greater than or equal to 0"),
    (in_run(tokens="31"), ": runs.0.tokens: input should be a valid integer (found '31')"),
    (in_run(output_digest="x"), ": runs.0.output_digest: string should match pattern"),
]


@pytest.mark.parametrize(("data", "complaint"), WRONG, ids=[complaint for _, complaint in WRONG])
def test_a_wrong_result_is_told_by_file_and_key(
    tmp_path: Path, data: object, complaint: str
) -> None:
    path = put(tmp_path, data)
    with pytest.raises(KnowledgeError) as error:
        read_measurement(path)
    assert str(error.value).startswith(f"{path}{complaint}")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ("{", ":1: not JSON: Expecting property name"),
        ("[]", ": expected a mapping of keys to values"),
        (in_run(seconds=-1), ": runs.0.seconds: input should be greater than or equal to 0"),
    ],
)
def test_a_wrong_file_of_knowledge_is_told_by_file_and_key(
    tmp_path: Path, data: object, complaint: str
) -> None:
    path = put(tmp_path, data)
    with pytest.raises(KnowledgeError) as error:
        load([tmp_path])
    assert str(error.value).startswith(f"overlay {path}{complaint}")


def test_one_session_twice_in_a_folder(tmp_path: Path) -> None:
    put(tmp_path, as_json(MONDAY), "a.json")
    put(tmp_path, as_json(MONDAY), "b.json")
    with pytest.raises(KnowledgeError, match=r"the id .monday. also stands in a\.json"):
        load([tmp_path])


def test_a_flood_of_values_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path, {"id": "x", "runs": [0] * MAX_JSON_VALUES})
    with pytest.raises(KnowledgeError) as error:
        read_json(path)
    assert str(error.value) == f"{path}: holds more than 500,000 values"


def test_what_is_kept_lies_below_all_other_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert not kept_folder().exists()
    assert knowledge_base([]).measurements == {}
    (kept_folder() / "measurements").mkdir(parents=True)
    assert knowledge_base([]).measurements == {}, "an empty folder is no fault"
    put(kept_folder(), as_json(without_texts(MONDAY)))
    assert knowledge_base([]).measurements == {"monday": without_texts(MONDAY)}
    put(tmp_path / "mine", as_json(MONDAY))
    assert knowledge_base([tmp_path / "mine"]).measurements == {"monday": MONDAY}


def test_a_measurement_ages(tmp_path: Path) -> None:
    put(tmp_path, as_json(MONDAY))
    known = load([tmp_path])

    def stale(on: dt.date) -> list[tuple[str, str]]:
        return [(x.fact.kind, x.fact.entry) for x in stale_facts(known, on)]

    assert ("measurements", "monday") not in stale(dt.date(2027, 5, 22))
    assert ("measurements", "monday") in stale(dt.date(2027, 5, 23))
