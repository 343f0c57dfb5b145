"""The main job on the command line: what it prints, what it remembers, how it exits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from whyllm.engine.render.nouns import NOUNS

from tests.cli.runner import Command

DAY = ("--on", "2026-11-23")
CODE = ("recommend", "--modality", "code", "--use", "commercial", *DAY)


def test_recommend_then_why(whyllm: Command) -> None:
    shown = whyllm(*CODE)
    assert shown.code == 0
    assert shown.err == ""
    for part in ("1. ", "2. ", "3. ", " GB at Q4_K_M", "ollama pull ", "Duties:", "Apache 2.0"):
        assert part in shown.out
    excluded = shown.out.split("Excluded (")[1]
    assert "Codestral 22B v0.1" in excluded
    assert "grants no commercial use (section 3.2)" in " ".join(excluded.split())
    assert "mistral.ai/licenses/MNPL-0.1.md" in excluded

    why = whyllm("why", "codestral", *DAY)
    assert why.code == 0
    assert why.out.startswith("Codestral 22B v0.1 is excluded.\n")
    for part in (
        "LIC-020",
        "LIC-030",
        "stated by you",
        "Change use from commercial use to research",
    ):
        assert part in why.out


def test_why_helps_with_a_misspelt_name(whyllm: Command) -> None:
    shown = whyllm("why", "codestrel")
    assert shown.code == 2
    assert shown.out == ""
    assert shown.err.startswith(
        "whyllm: unknown model 'codestrel'; did you mean Codestral 22B v0.1"
    )
    assert shown.err.count("\n") == 1


def test_research_keeps_codestral(whyllm: Command) -> None:
    data = json.loads(
        whyllm("recommend", "--modality", "code", "--use", "research", "--format", "json").out
    )
    assert "codestral-22b-v0.1" in data["kept"]


def test_the_json_is_the_contracts(whyllm: Command) -> None:
    data = json.loads(whyllm(*CODE, "--format", "json").out)
    schema = json.loads(whyllm("schema", "consultation").out)
    jsonschema.Draft202012Validator(schema).validate(data)
    assert data["schema"] == "whyllm.consultation/1"
    assert data["need"] == {"modality": "code", "use": "commercial"}
    assert data["outcome"] == "shortlist"
    assert 3 <= len(data["shortlist"]) <= 4
    for item in data["shortlist"]:
        assert item["because"]
        assert item["memory_gb"] > 0
        assert item["licences"]
        assert item["duties"]
    assert any(item["pull"] for item in data["shortlist"])
    (codestral,) = [x for x in data["excluded"] if x["model"] == "codestral-22b-v0.1"]
    assert [cause["rule"] for cause in codestral["causes"]] == ["LIC-020", "LIC-030"]
    assert all(cause["sources"] for cause in codestral["causes"])
    assert set(data["kb"]) == {"version", "digest"}


def test_an_explanation_is_the_contracts(whyllm: Command) -> None:
    whyllm(*CODE)
    data = json.loads(whyllm("why", "codestral", *DAY, "--format", "json").out)
    schema = json.loads(whyllm("schema", "explanation").out)
    jsonschema.Draft202012Validator(schema).validate(data)
    assert data["verdict"] == "excluded"
    for cause in data["causes"]:
        assert cause["premises"][0]["source"] == "stated by you"
        assert all(premise["text"] and premise["fact"] for premise in cause["premises"])
    assert {"use": "research"} in [fix["set"] for fix in data["fixes"]]
    assert data["instead"]
    assert len(data["proof"]) == len(data["causes"])


@pytest.mark.parametrize("noun", NOUNS)
def test_every_schema_is_a_json_schema(whyllm: Command, noun: str) -> None:
    schema = json.loads(whyllm("schema", noun).out)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["properties"]["schema"] == {"const": f"whyllm.{noun}/1"}


def test_the_course_and_the_expert_differ_on_a_large_model(whyllm: Command) -> None:
    need = ("recommend", "--modality", "text", "--task", "chat", "--vram", "24", *DAY)
    course = json.loads(whyllm(*need, "--rulebook", "course", "--format", "json").out)
    assert "deepseek-v3" in course["kept"]
    assert course["leaf"] == ["Big models", "Llama 3.x:70b", "Mixtral 8x22B", "DeepSeek-V3"]
    expert = json.loads(whyllm(*need, "--format", "json").out)
    (fallen,) = [x for x in expert["excluded"] if x["model"] == "deepseek-v3"]
    assert (
        "GB even at Q2_K; of your 24 GB of GPU memory, 21.6 GB are usable"
        in (fallen["causes"][0]["text"])
    )


def test_image_generation_is_out_of_scope(whyllm: Command) -> None:
    shown = whyllm("recommend", "--modality", "image-generation", *DAY)
    assert shown.code == 1
    for part in ("Out of scope.", "diffusion model", "Stable Diffusion", "FLUX", "ComfyUI"):
        assert part in shown.out


def test_nothing_remains_is_a_negative_answer(whyllm: Command) -> None:
    shown = whyllm("recommend", "--modality", "code", "--vram", "0.5", *DAY)
    assert shown.code == 1
    assert "No model remains." in shown.out


def test_the_same_question_gives_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    memory = ["--ram", "64", "--vram", "24", "--unified", "16"]  # several memories, many ties
    need = ["recommend", "--task", "tools", *memory, "--use", "commercial", *DAY]
    answers = set()
    for seed in range(10):
        found = subprocess.run(
            [sys.executable, "-m", "whyllm.cli", *need, "--all", "--format", "json"],
            env={**os.environ, "PYTHONHASHSEED": str(seed), "XDG_STATE_HOME": str(tmp_path)},
            capture_output=True,
            check=True,
        )
        answers.add(found.stdout)
    assert len(answers) == 1


def test_a_saved_consultation_is_a_question(whyllm: Command, tmp_path: Path) -> None:
    saved = tmp_path / "answer.json"
    assert whyllm(*CODE, "--no-remember", "--format", "json", "-o", str(saved)).out == ""
    assert not whyllm.state.exists()
    assert "is excluded" in whyllm("why", "codestral", "--from", str(saved), *DAY).out


def test_options_win_over_the_need_file(whyllm: Command, tmp_path: Path) -> None:
    need = tmp_path / "need.yaml"
    need.write_text("modality: code\nuse: commercial\nlanguage: [fr]\n")
    data = json.loads(
        whyllm("recommend", "--need", str(need), "--use", "research", "--format", "json").out
    )
    assert data["need"] == {"modality": "code", "language": ["fr"], "use": "research"}


def test_a_repackaging_is_told(whyllm: Command) -> None:
    shown = whyllm("why", "bartowski/Codestral-22B-v0.1-GGUF", "--use", "commercial", *DAY)
    assert "read as a repackaging of Codestral 22B v0.1" in shown.err
    assert shown.out.startswith("Codestral 22B v0.1 is excluded.")


@pytest.mark.parametrize(
    ("name", "repackaged"),
    [
        ("Llama 3.1:8b", False),
        ("llama3.1:8b", False),
        ("meta-llama/Meta-Llama-3.1-8B-Instruct", False),
        ("unsloth/Meta-Llama-3.1-8B-Instruct-bnb-4bit", True),
    ],
)
def test_all_spellings_lead_to_one_variant(whyllm: Command, name: str, repackaged: bool) -> None:
    data = json.loads(whyllm("kb", "show", name, "--format", "json").out)
    assert data["id"] == "llama-3.1-8b-instruct"
    assert data.get("repackaging") == (name if repackaged else None)


def test_no_colour_in_a_file_and_colour_on_demand(whyllm: Command) -> None:
    assert "\x1b" not in whyllm(*CODE).out
    assert "\x1b[" in whyllm(*CODE, "--color", "always").out


def test_a_pipe_is_written_to_and_not_replaced(whyllm: Command, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE)
    assert whyllm(*CODE, "-o", str(pipe)).code == 0
    assert "Codestral" in reader.communicate()[0].decode()
    assert pipe.is_fifo()


def test_a_link_keeps_pointing_to_its_file(whyllm: Command, tmp_path: Path) -> None:
    link, file = tmp_path / "link", tmp_path / "file"
    link.symlink_to(file)
    whyllm(*CODE, "-o", str(link))
    assert link.is_symlink()
    assert "Codestral" in file.read_text()


@pytest.mark.parametrize("width", ["0", "-5", "abc", "1e3", ""])
def test_a_width_that_is_none_is_the_usual_one(
    whyllm: Command, monkeypatch: pytest.MonkeyPatch, width: str
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    assert "Codestral" in whyllm(*CODE).out


def test_options_win_over_a_saved_question(whyllm: Command, tmp_path: Path) -> None:
    saved = tmp_path / "answer.json"
    vision = ("--modality", "vision", "--vram", "24", "--region", "FR", "--use", "commercial")
    whyllm("recommend", *vision, *DAY, "--format", "json", "-o", str(saved))
    model = "llama3.2-vision:11b"
    data = json.loads(
        whyllm("why", model, "--from", str(saved), "--use", "research", "--format", "json").out
    )
    assert data["need"] == {"modality": "vision", "vram": 24.0, "use": "research", "region": "FR"}
    assert data["on"] == "2026-11-23"
    assert data["verdict"] == "excluded"


def test_bare_whyllm_shows_its_help(whyllm: Command) -> None:
    shown = whyllm()
    assert shown.code == 0
    assert "recommend" in shown.out


@pytest.mark.parametrize("width", ["20", "40", "200"])
def test_any_width_will_do(whyllm: Command, monkeypatch: pytest.MonkeyPatch, width: str) -> None:
    monkeypatch.setenv("COLUMNS", width)
    shown = whyllm(*CODE)
    assert shown.code == 0
    assert max(map(len, shown.out.splitlines())) <= int(width)


def test_machine_auto_reads_this_machine(whyllm: Command) -> None:
    data = json.loads(
        whyllm("recommend", "--machine", "auto", "--task", "chat", "--format", "json").out
    )
    assert data["need"]["ram"] > 0.1
