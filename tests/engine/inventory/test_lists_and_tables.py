"""Lists of names, tables and data: which line is a name, and what is said when one is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from whyllm.engine.inventory.mention import Mention

from tests.engine.inventory.reading import faults, read, read_input, stated, told


def test_requirements_are_packages_unless_they_look_like_models(tmp_path: Path) -> None:
    text = "numpy>=2\n-r other.txt\nmistralai/Codestral-22B-v0.1==1.0\nllama3.1:8b\n"
    found = read(tmp_path, "requirements.txt", text)
    assert stated(found) == ["mistralai/Codestral-22B-v0.1", "llama3.1:8b"]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("acme/Sketch-7B@0123abc", "acme/Sketch-7B"),
        ("acme/Sketch-7B[vision]>=1 ; python_version > '3'", "acme/Sketch-7B"),
        ('  "acme/Sketch-7B",', "acme/Sketch-7B"),
        ("[ ] nothing-1", "nothing-1"),
        ("- [x] acme/Sketch-7B  # done", "acme/Sketch-7B"),
        ("[Name](https://huggingface.co/acme/Sketch-7B)", "acme/Sketch-7B"),
        ("https://ollama.com/library/llama3.1:8b", "llama3.1:8b"),
        ("ollama pull llama3.1:8b", "llama3.1:8b"),
        ("Phi 4 Mini Instruct", "Phi 4 Mini Instruct"),
        ("Größe-7B", "Größe-7B"),
    ],
)
def test_a_line_of_a_list_names_a_model(line: str, name: str, tmp_path: Path) -> None:
    assert stated(read(tmp_path, "our.models", f"# head\n{line}\n")) == [name]


@pytest.mark.parametrize("line", ["!!!", "x" * 300, "a\x1b[2Jb", "a\u202eb"])
def test_a_line_that_is_no_name_is_told(line: str, tmp_path: Path) -> None:
    found = read(tmp_path, "our.models", f"phi4\n{line}\nphi3\n")
    assert stated(found) == ["phi4", "phi3"]
    (fault,) = faults(found)
    assert fault.startswith("our.models:2:1: expected a model's name")


def test_lines_count_alike_however_they_end(tmp_path: Path) -> None:
    for ending in ("\n", "\r\n"):
        found = read(tmp_path, "our.models", ending.join(["phi4", "", "phi3", ""]))
        assert told(found) == [("phi4", 1, 1, True), ("phi3", 3, 1, True)]


def test_a_column_is_taken_by_its_name(tmp_path: Path) -> None:
    text = "model,Checkpoint used\nours,acme/Sketch-7B\n"
    assert stated(read(tmp_path, "a.csv", text)) == ["ours"]
    assert stated(read(tmp_path, "a.csv", text, column="checkpoint used")) == ["acme/Sketch-7B"]


def test_a_missing_column_is_told_with_those_there_are(tmp_path: Path) -> None:
    text = "team,weights\na,acme/Sketch-7B\n"
    assert faults(read(tmp_path, "a.csv", text)) == [
        "a.csv:1: expected a column 'model'; the columns are: 'team', 'weights'"
    ]
    assert faults(read(tmp_path, "a.csv", text, column="model_id")) == [
        "a.csv:1: expected a column 'model_id'; the columns are: 'team', 'weights'"
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_places_within_quoted_records_hold(delimiter: str, tmp_path: Path) -> None:
    rows = [
        ["note", "model", "license"],
        ['"a ""quoted""\nnote"', "org/First-1", "mit"],
        ["plain", '"org/Second-2"', f'"GPL{delimiter} or so"'],
    ]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    found = read(tmp_path, "a.csv", text)
    assert told(found) == [("org/First-1", 3, 7, True), ("org/Second-2", 4, 8, True)]
    assert [m.declared for m in found if isinstance(m, Mention)] == [
        ("mit",),
        (f"GPL{delimiter} or so",),
    ]


def test_a_quote_that_is_not_closed_loses_no_row_before_it(tmp_path: Path) -> None:
    text = 'model,note\nphi4,a\nphi3,"b\n' + "x\n" * 2_000
    found = read(tmp_path, "a.csv", text)
    assert stated(found) == ["phi4"]
    assert faults(found) == [
        "a.csv:3: cannot be read as a table: a quoted field that is not closed"
    ]


def test_a_short_row_is_told(tmp_path: Path) -> None:
    found = read(tmp_path, "a.csv", "team,model\nonly\nb,phi4\n")
    assert stated(found) == ["phi4"]
    assert faults(found) == ["a.csv:2: expected 2 fields, found 1"]


def test_json_lines_are_read_past_a_broken_one(tmp_path: Path) -> None:
    text = '{"model": "phi4", "license": "mit"}\n{"model": \n\n{"name": "acme/Sketch-7B"}\n'
    found = read(tmp_path, "a.jsonl", text)
    assert told(found) == [("phi4", 1, 12, True), ("acme/Sketch-7B", 4, 11, False)]
    assert faults(found) == ["a.jsonl:2:11: is not JSON: expected one value a line"]


def test_a_list_in_json_is_one_of_names_where_it_is_named(tmp_path: Path) -> None:
    text = '["phi4",\n "acme/Sketch-7B"]'
    assert told(read(tmp_path, "a.json", text)) == [
        ("phi4", 1, 3, True),
        ("acme/Sketch-7B", 2, 3, True),
    ]


def test_an_inventory_declares_terms_beside_models() -> None:
    found = read_input(
        "models:\n"
        "  - name: Sketch 7B\n    licence: [MIT, Apache-2.0]\n    base_model: org/Base-7B\n"
        "  - name: customers\n    columns: []\n"
    )
    (mention,) = [m for m in found if isinstance(m, Mention) and m.stated]
    assert (mention.name, mention.declared, mention.bases) == (
        "Sketch 7B",
        ("MIT", "Apache-2.0"),
        ("org/Base-7B",),
    )


@pytest.mark.parametrize(
    "text",
    [
        "model: additive\n",
        "data_model: star\nother: 1\n",
        "model: ${MODEL}\n",
        "model: {{ .Values.model }}\n",
        "served_model_name: chat-1\n",
        "image: org/tool-1:v2\n",
        "hub_model_id: me/Output-1\n",
        "model: src/models/user-1.ts\n",
    ],
)
def test_a_setting_that_is_no_model_states_none(text: str) -> None:
    assert stated(read_input(text)) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("model_name_or_path: acme/Sketch\n", "acme/Sketch"),
        ("defaultModel: phi4\nother: 1\n", "phi4"),
        ("OLLAMA_MODEL: mistral\n", "mistral"),
        ("litellm_params:\n  model: ollama/llama3.1\n", "ollama/llama3.1"),
        ("a: &x\n  model: phi4\nb: *x\n", "phi4"),
    ],
)
def test_a_setting_that_is_one_states_it_once(text: str, name: str) -> None:
    assert stated(read_input(text)) == [name]
