"""`whyllm licence review`, by its whole output, its exit codes and what it writes."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.cli.runner import Command

DAY = ("--on", "2026-11-23")
COMMERCIAL = ("--use", "commercial", *DAY)
FORMATS = ("text", "json", "md", "html", "csv", "sarif", "cyclonedx", "spdx", "notice", "github")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return name


def items(shown: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(shown.out)["items"]
    return found


def test_the_whole_answer_on_one_model(whyllm: Command, here: Path) -> None:
    models = written(here, "models.txt", "# what we ship\nQwen/Qwen2.5-Coder-7B-Instruct\n")
    shown = whyllm("licence", "review", models, "--use", "internal", *DAY)
    assert shown.code == 0
    assert shown.err == ""
    assert shown.out == (
        "use: internal use · 2026-11-23 · knowledge 2026.11\n"
        "\n"
        "✓ ALLOWED  Qwen2.5-Coder 7B Instruct\n"
        "  models.txt:2:1\n"
        "  Apache 2.0\n"
        "\n"
        "Items: 0 forbidden, 0 unknown, 0 conditional, 1 allowed\n"
    )


def test_json_is_of_its_schema_and_counts_every_item(whyllm: Command, here: Path) -> None:
    names = ["codestral", "llama3.1:8b", "Qwen/Qwen3-8B", "acme/foo", "codestral"]
    shown = whyllm("licence", "review", written(here, "m.txt", "\n".join(names)), *COMMERCIAL,
                   "--format", "json")  # fmt: skip
    answer = json.loads(shown.out)
    schema = json.loads(whyllm("schema", "review").out)
    Draft202012Validator(schema).validate(answer)
    assert shown.code == 1
    assert [(i["input"], i["where"]["line"]) for i in answer["items"]] == [
        (name, line) for line, name in enumerate(names, 1)
    ]
    assert [i["verdict"] for i in answer["items"]] == [
        "forbidden", "conditional", "allowed", "unknown", "forbidden",
    ]  # fmt: skip
    assert answer["summary"] == {"allowed": 1, "conditional": 1, "unknown": 1, "forbidden": 2}
    (condition,) = answer["items"][1]["depends_on"]
    assert condition["axis"] == "monthly_active_users"
    assert "700,000,000" in condition["text"]


def test_a_review_is_judged_by_the_rules_that_why_explains(whyllm: Command, here: Path) -> None:
    models = written(here, "m.txt", "codestral\n")
    (item,) = items(whyllm("licence", "review", models, *COMMERCIAL, "--format", "json"))
    why = json.loads(whyllm("why", "codestral", "--format", "json").out)
    assert why["need"] == {"use": "commercial"}, "the stated use is remembered"
    assert {c["rule"]: c["text"] for c in item["causes"]}.items() >= {
        c["rule"]: c["text"] for c in why["causes"]
    }.items()


def test_a_repackaged_codestral_tagged_apache_is_forbidden_and_the_contradiction_named(
    whyllm: Command, here: Path
) -> None:
    table = written(
        here, "models.csv",
        "name,license\nlmstudio-community/Codestral-22B-v0.1-GGUF,apache-2.0\n",
    )  # fmt: skip
    shown = whyllm("licence", "review", table, *COMMERCIAL, "--format", "json")
    (item,) = items(shown)
    assert (item["verdict"], item["model"], shown.code) == ("forbidden", "codestral-22b-v0.1", 1)
    assert item["licences"] == ["LicenseRef-MNPL-0.1", "Apache-2.0"]
    assert [c["text"] for c in item["contradictions"]] == [
        "Codestral 22B v0.1 is declared to be under Apache 2.0, but its publisher gives it under "
        "Mistral Non-Production License."
    ]


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        ("acme/foo,,", "unknown"),
        ("acme/foo,apache-2.0,", "unknown"),
        ("acme/foo,,meta-llama/Llama-3.1-8B-Instruct", "unknown"),
        ("acme/foo,mit,acme/other", "unknown"),
        ("acme/foo,mit,Qwen/Qwen3-8B", "allowed"),
        ("acme/foo,mit,meta-llama/Llama-3.1-8B-Instruct", "conditional"),
        ("acme/foo,cc-by-nc-4.0,Qwen/Qwen3-8B", "forbidden"),
        ("acme/foo,cc-by-nc-4.0,", "forbidden"),
        ("acme/foo,mit,mistralai/Codestral-22B-v0.1", "forbidden"),
        ("Qwen/Qwen3-8B,our-own-terms,", "unknown"),
        ("Qwen/Qwen3-8B,MIT OR CC-BY-NC-4.0,", "allowed"),
        ("Qwen/Qwen3-8B,MIT AND CC-BY-NC-4.0,", "forbidden"),
        ("Qwen/Qwen3-8B,other,", "allowed"),
        ("acme/llama-3.1-8b-instruct-medical,,", "unknown"),
        ("meta-llama/Llama-3.1-8B,,", "conditional"),
        ("mistral,,", "unknown"),
    ],
)
def test_what_is_declared_counts_beside_what_is_known(
    whyllm: Command, here: Path, row: str, verdict: str
) -> None:
    table = written(here, "t.csv", f"model,license,base_model\n{row}\n")
    shown = whyllm("licence", "review", table, *COMMERCIAL, "--format", "json")
    assert [i["verdict"] for i in items(shown)] == [verdict]


def test_a_replacement_is_allowed_and_does_the_same(whyllm: Command, here: Path) -> None:
    models = written(here, "m.txt", "codestral\nblack-forest-labs/FLUX.1-dev\n")
    found = items(whyllm("licence", "review", models, *COMMERCIAL, "--format", "json"))
    for item, modality in zip(found, ("code", "image-generation"), strict=True):
        assert item["instead"]
        others = written(here, "o.txt", "\n".join(item["instead"]))
        again = items(whyllm("licence", "review", others, *COMMERCIAL, "--format", "json"))
        assert {i["verdict"] for i in again} == {"allowed"}
        for other in item["instead"]:
            shown = json.loads(whyllm("kb", "show", other, "--format", "json").out)
            assert modality in shown["modalities"]


def test_nothing_is_lost_when_an_input_is_wrong(whyllm: Command, here: Path) -> None:
    written(here, "empty.txt", "")
    written(here, "cut.json", '{"model": "codestral", ')
    written(here, "good.txt", "codestral\n")
    shown = whyllm("licence", "review", "nowhere.txt", "empty.txt", "cut.json", "good.txt",
                   *COMMERCIAL, "--format", "json")  # fmt: skip
    answer = json.loads(shown.out)
    assert shown.code == 2
    assert {f["where"]["file"] for f in answer["faults"]} >= {
        "nowhere.txt",
        "empty.txt",
        "cut.json",
    }
    assert answer["items"][-1]["where"]["file"] == "good.txt"
    told = shown.err.splitlines()
    assert len(told) == len(answer["faults"])
    assert all(line.startswith("whyllm: ") for line in told)


def test_an_input_without_a_model_is_a_fault_unless_that_is_allowed(
    whyllm: Command, here: Path
) -> None:
    written(here, "src/main.py", "print('hello')\n")
    shown = whyllm("licence", "review", "src", *COMMERCIAL)
    assert (shown.code, shown.err) == (
        2, "whyllm: src: names no model (--allow-empty lets that pass)\n",
    )  # fmt: skip
    assert whyllm("licence", "review", "src", *COMMERCIAL, "--allow-empty").code == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "whyllm: nothing to review: name a file or a folder, or say --ollama, --hf-cache, "
             "--gguf or --fleet\n"),
        (("m.txt",), "whyllm: use: found nothing, expected --use, or `need: {use: …}` in the "
                     "policy\n"),
        (("m.txt", "--use", "comercial"),
         "whyllm: --use: found 'comercial', expected one of unrestricted, commercial, internal, "
         "research, personal; did you mean commercial?\n"),
        (("m.txt", "--use", "internal", "--fail-on", "allowed"),
         "whyllm: --fail-on: found 'allowed', expected some of conditional, unknown, forbidden, "
         "all, none\n"),
        (("m.txt", "--use", "internal", "--policy", "none.yaml"),
         "whyllm: none.yaml: cannot be read: No such file or directory\n"),
    ],
)  # fmt: skip
def test_a_wrong_question_is_one_line_and_exit_2(
    whyllm: Command, here: Path, words: tuple[str, ...], message: str
) -> None:
    written(here, "m.txt", "codestral\n")
    shown = whyllm("licence", "review", *words)
    assert (shown.out, shown.err, shown.code) == ("", message, 2)


@pytest.mark.parametrize(
    ("fail_on", "name", "code"),
    [
        (None, "codestral", 1), (None, "acme/foo", 1), (None, "llama3.1:8b", 0),
        ("conditional", "llama3.1:8b", 1), ("conditional", "codestral", 0),
        ("all", "llama3.1:8b", 1), ("none", "codestral", 0), ("all", "qwen3:8b", 0),
    ],
)  # fmt: skip
def test_the_exit_code_is_what_fails(
    whyllm: Command, here: Path, fail_on: str | None, name: str, code: int
) -> None:
    chosen = () if fail_on is None else ("--fail-on", fail_on)
    shown = whyllm("licence", "review", written(here, "m.txt", name), *COMMERCIAL, *chosen)
    assert shown.code == code


POLICY = """\
need: {use: commercial, monthly_active_users: 1000}
licences: {denied: [LicenseRef-Gemma-ToU], needs_approval: [LicenseRef-Llama-3.1-Community]}
duties_fulfilled: [Apache-2.0/keep-licence]
exceptions:
  - {model: codestral, reason: a licence was bought, approver: Legal, expires: 2027-01-01}
"""


def test_a_policy_states_the_use_and_rules_on_licences(whyllm: Command, here: Path) -> None:
    written(here, "whyllm-policy.yaml", POLICY)
    models = written(here, "m.txt", "codestral\ngemma2:9b\nllama3.1:8b\nqwen3:8b\n")
    shown = whyllm("licence", "review", models, *DAY, "--format", "json")
    answer = json.loads(shown.out)
    told = {i["input"]: i for i in answer["items"]}
    assert answer["policy"] == "whyllm-policy.yaml"
    assert answer["need"] == {"use": "commercial", "monthly_active_users": 1000}
    assert told["codestral"]["exemption"]["approver"] == "Legal"
    assert [c["rule"] for c in told["gemma2:9b"]["causes"]] == ["LIC-400"]
    assert [c["axis"] for c in told["llama3.1:8b"]["depends_on"]] == ["policy"]
    fulfilled = {d["id"] for d in told["qwen3:8b"]["duties"] if d["fulfilled"]}
    assert fulfilled == {"Apache-2.0/keep-licence"}
    assert shown.code == 1, "Gemma is denied"
    only = whyllm("licence", "review", written(here, "c.txt", "codestral\n"), *DAY)
    assert only.code == 0, "the exception holds"


def test_an_expired_exception_fails_and_an_unused_one_is_told(whyllm: Command, here: Path) -> None:
    written(here, "whyllm-policy.yaml", POLICY.replace("2027", "2026"))
    used = whyllm("licence", "review", written(here, "c.txt", "codestral\n"), *DAY,
                  "--fail-on", "none")  # fmt: skip
    assert used.code == 1
    assert "expired" in used.out
    unused = whyllm("licence", "review", written(here, "q.txt", "qwen3:8b\n"), *DAY)
    assert unused.code == 0
    assert unused.err == (
        "whyllm: whyllm-policy.yaml: the exception for codestral covers nothing that was reviewed\n"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,licence\n", "1: not a policy: expected a mapping of some of need, licences"),
        ("licences: {denied: [GPL]}", "1: licences.denied: found 'GPL', expected the id of a"),
        ("licenses: {}", "1: licenses: Extra inputs are not permitted"),
        ("publishers: {denied: [Nobody]}", "1: publishers.denied: found 'Nobody', expected one of"),
        ("duties_fulfilled: [x]", "1: duties_fulfilled: found 'x', expected the id of a duty"),
        ("need: {use: comercial}", "1: use: found 'comercial', expected one of"),
        ("exceptions:\n  - {model: a, reason: b, approver: c}",
         "2: exceptions.0.expires: Field required"),
        ("[", "2: not YAML"),
    ],
)  # fmt: skip
def test_a_policy_that_cannot_be_meant_says_where(
    whyllm: Command, here: Path, text: str, message: str
) -> None:
    written(here, "p.yaml", text)
    shown = whyllm("licence", "review", written(here, "m.txt", "codestral"), "--policy", "p.yaml",
                   *COMMERCIAL)  # fmt: skip
    assert (shown.out, shown.code) == ("", 2)
    assert shown.err.startswith(f"whyllm: p.yaml:{message}")
    assert len(shown.err.splitlines()) == 1


def test_publishers_are_ruled_on_by_name(whyllm: Command, here: Path) -> None:
    written(here, "whyllm-policy.yaml",
            "need: {use: commercial}\npublishers: {allowed: [Mistral AI]}\n")  # fmt: skip
    models = written(here, "m.txt", "qwen3:8b\nmistralai/Mistral-Nemo-Instruct-2407\n")
    found = items(whyllm("licence", "review", models, *DAY, "--format", "json"))
    assert [(i["verdict"], [c["rule"] for c in i["causes"]]) for i in found] == [
        ("forbidden", ["LIC-440"]), ("allowed", []),
    ]  # fmt: skip


def test_the_schema_of_the_policy_file_is_printed(whyllm: Command) -> None:
    schema = json.loads(whyllm("schema", "policy").out)
    Draft202012Validator.check_schema(schema)
    assert {"need", "licences", "publishers", "exceptions"} <= schema["properties"].keys()
    with pytest.raises(Exception, match="expires"):
        Draft202012Validator(schema).validate({"exceptions": [
            {"model": "x", "reason": "y", "approver": "z"}]})  # fmt: skip


def test_every_format_is_written_and_the_same_twice(whyllm: Command, here: Path) -> None:
    models = written(here, "m.txt", "codestral\nllama3.1:8b\nacme/<b>foo\nqwen3:8b\n")
    for format_ in FORMATS:
        words = ("licence", "review", models, *COMMERCIAL, "--format", format_)
        first, to_file = whyllm(*words), whyllm(*words, "-o", "out")
        assert (first.code, first.err) == (1, ""), format_
        assert "Codestral" in first.out or "codestral" in first.out, format_
        assert (to_file.out, (here / "out").read_text()) == ("", first.out), format_


@pytest.mark.parametrize("format_", ["cyclonedx", "spdx"])
def test_a_bill_read_back_gives_the_same_verdicts(
    whyllm: Command, here: Path, format_: str
) -> None:
    table = written(
        here, "t.csv",
        "name,license,base_model\ncodestral,,\nllama3.1:8b,,\nqwen3:8b,,\nacme/foo,,\n"
        "acme/bar,mit,Qwen/Qwen3-8B\nlmstudio-community/Codestral-22B-v0.1-GGUF,apache-2.0,\n",
    )  # fmt: skip
    words = ("licence", "review", *COMMERCIAL)
    whyllm(*words, table, "--format", format_, "-o", "bill.json")
    before = {i["input"]: i["verdict"] for i in items(whyllm(*words, table, "--format", "json"))}
    again = whyllm(*words, "bill.json", "--format", "json")
    assert {i["input"]: i["verdict"] for i in items(again)} == before
    assert json.loads(again.out)["faults"] == []


def test_csv_has_a_row_for_each_item(whyllm: Command, here: Path) -> None:
    models = written(here, "m.txt", "codestral\n=cmd()\n")
    shown = whyllm("licence", "review", models, *COMMERCIAL, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(shown.out)))
    assert [(row["verdict"], row["line"]) for row in rows] == [("forbidden", "1"), ("unknown", "2")]
    assert rows[1]["name"] == "'=cmd()", "a cell that a spreadsheet would run is disarmed"


def test_a_folder_is_read_but_for_what_git_ignores_and_for_the_policy(
    whyllm: Command, here: Path
) -> None:
    written(here, "whyllm-policy.yaml", POLICY)
    written(here, ".gitignore", "build/\n")
    written(here, "build/old.py", 'from_pretrained("google/gemma-2-9b-it")\n')
    written(here, "app/run.py", 'x = AutoModel.from_pretrained(\n    "Qwen/Qwen3-8B")\n')
    written(here, "deploy/run.sh", "ollama pull codestral\n")
    found = items(whyllm("licence", "review", ".", *DAY, "--format", "json"))
    assert [(i["input"], i["where"]["line"], i["where"]["column"]) for i in found] == [
        ("Qwen/Qwen3-8B", 2, 6), ("codestral", 1, 13),
    ]  # fmt: skip


def test_standard_input_is_an_input(
    whyllm: Command, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Given:
        buffer = io.BytesIO(b"codestral\n")

    monkeypatch.setattr("sys.stdin", Given())
    (item,) = items(whyllm("licence", "review", "-", *COMMERCIAL, "--format", "json"))
    assert (item["verdict"], item["where"]["file"]) == ("forbidden", "-")


def test_a_fifo_and_a_loop_of_links_end(whyllm: Command, here: Path) -> None:
    os.mkfifo(here / "pipe")
    (here / "loop").symlink_to("loop")
    shown = whyllm("licence", "review", "pipe", "loop", written(here, "m.txt", "qwen3:8b"),
                   *COMMERCIAL)  # fmt: skip
    assert shown.code == 2
    assert [line.split(":")[1].strip() for line in shown.err.splitlines()] == ["pipe", "loop"]
    assert "ALLOWED" in shown.out
