"""How firmly an answer stands: `stability`, `why --first`, and what `why` says of open facts."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from whyllm.cli.schema import json_schema

from tests.cli.runner import Command

DAY = ("--on", "2026-11-23")
CODE = ("--modality", "code", "--use", "commercial", "--vram", "24", *DAY)


@pytest.fixture
def whyllm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    return Command(monkeypatch, tmp_path / "state")


def test_stability_answers_on_the_last_consultation(whyllm: Command) -> None:
    whyllm("recommend", *CODE)
    remembered, stated = whyllm("stability"), whyllm("stability", *CODE)
    assert remembered.code == 0
    assert remembered.out == stated.out
    assert "Still the same shortlist between 22.2 and 24.4 GB of GPU memory." in remembered.out


def test_stability_as_json_is_of_its_schema(whyllm: Command) -> None:
    data = json.loads(whyllm("stability", *CODE, "--format", "json").out)
    jsonschema.validate(data, json_schema("stability"))
    (memory,) = data["intervals"]
    assert (memory["least"], memory["most"]) == (22.2, 24.4)
    assert memory["above"]["value"] == 24.5
    assert memory["above"]["comes"] == ["north-mini-code-1.0"]


def test_stability_without_numbers_says_so(whyllm: Command) -> None:
    told = whyllm("stability", "--modality", "code", *DAY)
    assert told.code == 0
    assert "states no number" in told.out


def test_a_wrong_question_is_one_line(whyllm: Command) -> None:
    told = whyllm("stability", "--from", "nowhere.json")
    assert (told.code, told.out) == (2, "")
    assert len(told.err.splitlines()) == 1


def test_why_tells_place_and_first(whyllm: Command) -> None:
    told = whyllm("why", "mellum2-12b-a2.5b-instruct", *CODE)
    assert "Place 3 of the 19 kept." in told.out
    assert "Qwen3-Coder 30B-A3B Instruct stands before it" in told.out
    ahead = whyllm("why", "devstral-small-2-24b-instruct-2512", "--first", *CODE)
    assert "Devstral Small 2 24B Instruct 2512 stands first as it is." in ahead.out
    words = ("why", "mellum2-12b-a2.5b-instruct", "--first", *CODE, "--format", "json")
    data = json.loads(whyllm(*words).out)
    jsonschema.validate(data, json_schema("explanation"))
    assert (data["place"], data["of"], len(data["behind"])) == (3, 19, 2)
    assert {"vram": 17.3} in [fix["set"] for fix in data["first"]]
    assert data["searched"]["admitted"]


def test_why_tells_what_an_open_question_would_lead_to(whyllm: Command) -> None:
    words = ("why", "qwen3-omni-30b-a3b-instruct", "--task", "tools", *DAY)
    text = " ".join(whyllm(*words).out.split())
    assert "If its tool calling is native: kept." in text
    data = json.loads(whyllm(*words, "--format", "json").out)
    jsonschema.validate(data, json_schema("explanation"))
    (open_,) = data["open"]
    assert (open_["waiting_for"], open_["rule"]) == ("tool_calling", "TASK-040")
    assert [o["verdict"] for o in open_["outcomes"]] == ["kept", "excluded"]
    assert "first" not in data
