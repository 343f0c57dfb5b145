"""`whyllm why` on what a licence review found: by what is declared of it, and by a policy."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.runner import Command

DAY = ("--on", "2026-11-23")

FOUND = [
    # name, declared licence, base
    ("acme/coder-lora", "mit", "mistralai/Codestral-22B-v0.1"),
    ("acme/coder-lora", "mit", "Qwen/Qwen2.5-Coder-7B-Instruct"),
    ("acme/assistant", "apache-2.0", "meta-llama/Llama-3.1-8B-Instruct"),
    ("acme/assistant", "apache-2.0", ""),
    ("acme/assistant", "", "meta-llama/Llama-3.1-8B-Instruct"),
    ("acme/assistant", "proprietary-blend", "Qwen/Qwen2.5-7B"),
    ("codestral", "apache-2.0", ""),
    ("Qwen/Qwen3-8B", "apache-2.0", ""),
    ("Qwen/Qwen3-8B", "cc-by-nc-4.0", ""),
    ("microsoft/phi-4", "mit", "mistralai/Codestral-22B-v0.1"),
    ("nobody/nothing-known", "cc-by-nc-4.0", ""),
]

NEEDS = {
    "commercial": ("--use", "commercial"),
    "internal": ("--use", "internal", "--region", "FR"),
    "giant": ("--use", "commercial", "--monthly-active-users", "800000000"),
}

STANDINGS = {
    "allowed": {"kept", "shortlisted"},
    "conditional": {"kept", "shortlisted", "undecided"},
    "unknown": {"undecided"},
    "forbidden": {"excluded"},
}
"""Verdict of a review -> verdicts of `why` that agree with it where terms alone are stated."""

POLICY = """\
need: {use: commercial}
licences: {denied: [Apache-2.0], needs_approval: [MIT]}
publishers: {denied: [Mistral AI]}
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    with (tmp_path / "found.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("name", "licence", "base"), *FOUND])
    (tmp_path / "policy.yaml").write_text(POLICY)
    return tmp_path


def answer(whyllm: Command, *words: str, codes: tuple[int, ...] = (0,)) -> Any:
    shown = whyllm(*words, *DAY, "--format", "json")
    assert shown.code in codes, shown.err
    return json.loads(shown.out)


def explained(whyllm: Command, item: dict[str, Any], *words: str) -> Any:
    declared = [word for licence in item["declared"] for word in ("--declared", licence)]
    bases = [word for base in item["bases"] for word in ("--base", base)]
    return answer(whyllm, "why", item["input"], *declared, *bases, *words)


def by_terms(causes: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(c["rule"], c["text"]) for c in causes if c["stage"] == "licence"}


def agree(item: dict[str, Any], why: Any) -> None:
    """The explanation of an item has its verdict, its causes, its contradictions, its duties."""
    assert why["verdict"] in STANDINGS[item["verdict"]], item["input"]
    if why["verdict"] == "undecided":
        assert by_terms(item["causes"]) <= by_terms(why["causes"])
    else:
        assert by_terms(item["causes"]) >= by_terms(why["causes"])
    assert bool(item["causes"]) == (item["verdict"] in ("unknown", "forbidden"))
    told = {(reason["rule"], reason["text"]) for reason in why["caveats"]}
    assert told >= {(c["rule"], c["text"]) for c in item["contradictions"]}
    assert [d["id"] for d in why["duties"]] == [d["id"] for d in item["duties"]]


@pytest.mark.parametrize("need", NEEDS)
def test_every_item_of_a_review_is_explained(whyllm: Command, here: Path, need: str) -> None:
    review = answer(whyllm, "licence", "review", "found.csv", *NEEDS[need], codes=(0, 1))
    assert [item["input"] for item in review["items"]] == [name for name, _, _ in FOUND]
    for item in review["items"]:
        agree(item, explained(whyllm, item, *NEEDS[need]))


def test_and_so_is_every_item_that_a_policy_judged(whyllm: Command, here: Path) -> None:
    policy = ("--policy", "policy.yaml")
    review = answer(whyllm, "licence", "review", "found.csv", *policy, codes=(1,))
    rules = {cause["rule"] for item in review["items"] for cause in item["causes"]}
    assert {"LIC-400", "LIC-420"} & rules
    for item in review["items"]:
        agree(item, explained(whyllm, item, *policy, "--use", "commercial"))


def test_the_use_that_the_policy_states_is_asked_unless_another_is(
    whyllm: Command, here: Path
) -> None:
    named = ("why", "codestral", "--policy", "policy.yaml")
    whyllm("recommend", "--modality", "code", *DAY)
    rules = {cause["rule"] for cause in answer(whyllm, *named)["causes"]}
    assert {"LIC-020", "LIC-430"} <= rules
    rules = {cause["rule"] for cause in answer(whyllm, *named, "--use", "research")["causes"]}
    assert "LIC-430" in rules
    assert "LIC-020" not in rules


def test_the_whole_answer_on_a_fine_tune(whyllm: Command, here: Path) -> None:
    shown = whyllm("why", "acme/bluejay", "--declared", "mit", "--base", "codestral",
                   "--use", "research", *DAY)  # fmt: skip
    assert shown.err == (
        "whyllm: unknown model 'acme/bluejay'\n"
        "whyllm: 'acme/bluejay' is judged by what is declared of it\n"
    )
    assert shown.out.startswith("acme/bluejay is kept.\nexpert rulebook · --use research")
    contradiction = (
        "“acme/bluejay” is declared to be under MIT, but Mistral Non-Production License binds it "
        "(through Codestral 22B v0.1)."
    )
    assert f"Mind: • {contradiction}" in " ".join(shown.out.split())


@pytest.mark.parametrize(
    ("asked", "waiting"),
    [
        (("--modality", "code"), "MOD-020"),
        (("--vram", "8"), "HW-020"),
        (("--language", "fr"), "TASK-080"),
        (("--tools",), "TASK-060"),
        (("--min-context", "500000"), "TASK-110"),
        (("--knows-until", "2024"), "TASK-130"),
        (("--task", "chat"), "TASK-140"),
    ],
)
def test_what_nobody_declares_stays_open(
    whyllm: Command, asked: tuple[str, ...], waiting: str
) -> None:
    why = answer(whyllm, "why", "acme/unheard-of", "--declared", "mit", *asked)
    assert why["verdict"] == "undecided"
    assert waiting in {cause["rule"] for cause in why["causes"]}


def test_a_licence_that_is_none_is_told_and_leaves_it_open(whyllm: Command) -> None:
    shown = whyllm("why", "phi4", "--declared", "blend", "--use", "commercial", *DAY,
                   "--format", "json")  # fmt: skip
    assert shown.err == "whyllm: not known as a licence: blend\n"
    assert json.loads(shown.out)["verdict"] == "undecided"
