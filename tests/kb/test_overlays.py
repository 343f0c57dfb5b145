"""Overlays: what they add and amend, who is said to have said it, and whose fault a fault is."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from whyllm.engine.assertions import known_facts
from whyllm.engine.facts import Clause, ContextLength, Unread, Unverified
from whyllm.kb.errors import KnowledgeError
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.loader import load

from tests.cli.runner import Command

READ = {"source": "course", "confidence": "secondary"}


@pytest.fixture
def whyllm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    return Command(monkeypatch, tmp_path / "state")


def folder(path: Path, **files: Any) -> Path:
    """A folder of knowledge; `models__x` is models/x.yaml (JSON is YAML)."""
    for name, data in files.items():
        file = path / (name.replace("__", "/") + ".yaml")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(data))
    return path


def test_an_amended_field_leaves_the_rest(tmp_path: Path, kb: KnowledgeBase) -> None:
    amended = {"id": "phi-4", "context": 8192, "evidence": {"context": READ}}
    both = load([folder(tmp_path, models__x=[amended])])
    before, after = kb.models["phi-4"], both.models["phi-4"]
    assert after.context == 8192
    assert after.evidence_for("context").source == "course"
    for field in type(before).model_fields:
        if field not in ("context", "evidence"):
            assert getattr(after, field) == getattr(before, field)
            assert after.evidence_for(field) == before.evidence_for(field)
    assert [m for m in both.models if both.models[m] != kb.models.get(m)] == ["phi-4"]


def test_an_overlays_default_is_that_of_the_fields_it_names(
    tmp_path: Path, kb: KnowledgeBase
) -> None:
    amended = {"id": "phi-4", "context": 8192, "evidence": {"default": READ}}
    after = load([folder(tmp_path, models__x=[amended])]).models["phi-4"]
    assert after.evidence_for("context").source == "course"
    assert after.evidence["default"] == kb.models["phi-4"].evidence["default"]


def test_an_amended_field_without_evidence_decides_nothing(tmp_path: Path) -> None:
    both = load([folder(tmp_path, models__x=[{"id": "phi-4", "context": 8192}])])
    evidence = both.models["phi-4"].evidence_for("context")
    assert (evidence.confidence, "no evidence" in str(evidence.note)) == ("from-memory", True)
    facts = known_facts(both).of_model["phi-4"]
    assert not [fact for fact in facts if isinstance(fact, ContextLength)]
    assert "context" in [fact["field"] for fact in facts if isinstance(fact, Unverified)]


def test_a_repeated_value_keeps_its_evidence(tmp_path: Path, kb: KnowledgeBase) -> None:
    known = kb.models["phi-4"]
    amended = {"id": "phi-4", "context": known.context}
    assert load([folder(tmp_path, models__x=[amended])]).models["phi-4"] == known


def test_a_file_size_is_added_to_the_others(tmp_path: Path, kb: KnowledgeBase) -> None:
    amended = {"id": "phi-4", "file_gb": {"Q8_0": 15.6}, "evidence": {"file_gb": READ}}
    after = load([folder(tmp_path, models__x=[amended])]).models["phi-4"]
    assert after.file_gb == {**kb.models["phi-4"].file_gb, "Q8_0": 15.6}


def test_one_clause_of_a_licence(tmp_path: Path, kb: KnowledgeBase) -> None:
    clause = {"value": "no", "section": "9"}
    both = load([folder(tmp_path, licences__MIT={"id": "MIT", "clauses": {"hosting": clause}})])
    clauses = both.licences["MIT"].clauses
    assert clauses["hosting"].value == "no"
    assert {t: c for t, c in clauses.items() if t != "hosting"} == {
        t: c for t, c in kb.licences["MIT"].clauses.items() if t != "hosting"
    }
    facts = known_facts(both).of_licence["MIT"]
    assert "hosting" in [fact["tag"] for fact in facts if isinstance(fact, Unread)]
    sourced = {**clause, "confidence": "text-read"}
    both = load([folder(tmp_path, licences__MIT={"id": "MIT", "clauses": {"hosting": sourced}})])
    facts = known_facts(both).of_licence["MIT"]
    assert "hosting" in [fact["tag"] for fact in facts if isinstance(fact, Clause)]


def added() -> dict[str, Any]:
    """One new entry of each kind that an overlay may add."""
    model = {
        "id": "sketch-1b", "name": "Sketch 1B", "family": "sketch", "kind": "llm",
        "weights": "published", "params_b": 1.0, "architecture": "dense", "modalities": ["text"],
        "tuning": "instruct", "tool_calling": "unknown", "licences": ["LicenseRef-Sketch"],
        "evidence": {"default": {"source": "sketchbook", "confidence": "model-card"}},
    }  # fmt: skip
    evidence = {"source": "sketchbook", "confidence": "text-read"}
    clauses = {t.id: {"value": "unknown", "section": "-"} for t in load().terms.clause}
    return {
        "sources__mine": [{"id": "sketchbook", "title": "A sketchbook", "read": "2026-11-01"}],
        "publishers": [
            {"id": "studio", "name": "Studio", "role": "lab", "evidence": evidence},
        ],
        "families": [
            {"id": "sketch", "name": "Sketch", "publisher": "studio", "evidence": evidence},
        ],
        "licences__LicenseRef-Sketch": {
            "id": "LicenseRef-Sketch", "name": "Sketch License", "short": "Sketch licence",
            "osi_approved": False, "category": "conditional", "evidence": evidence,
            "clauses": clauses,
        },
        "models__mine": [model],
        "claims": [
            {"id": "sketch-speed", "about": "sketch", "topic": "speed", "value": "fast",
             "says": "Sketch is fast.", "made": "2026-11", "evidence": evidence},
        ],
        "dimensions": [
            {"id": "sketching", "label": "sketching", "leaders": [{"family": "sketch"}],
             "why": "It is the only one.", "made": "2026-11", "evidence": evidence},
        ],
    }  # fmt: skip


def test_every_kind_is_added(tmp_path: Path, kb: KnowledgeBase) -> None:
    both = load([folder(tmp_path, **added())])
    for kind, key in (
        ("sources", "sketchbook"), ("publishers", "studio"), ("families", "sketch"),
        ("licences", "LicenseRef-Sketch"), ("models", "sketch-1b"), ("claims", "sketch-speed"),
        ("dimensions", "sketching"),
    ):  # fmt: skip
        assert set(getattr(both, kind)) - set(getattr(kb, kind)) == {key}
        assert set(both.overlaid[kind, key].values()) == {tmp_path}


AMENDED: dict[str, tuple[str, dict[str, Any]]] = {
    "sources": ("course", {"title": "The course"}),
    "publishers": ("microsoft", {"name": "Microsoft, amended", "evidence": READ}),
    "families": ("phi", {"specialty": "amended", "evidence": READ}),
    "claims": ("", {"says": "Amended.", "evidence": READ}),
    "dimensions": ("", {"why": "Amended.", "evidence": READ}),
}


@pytest.mark.parametrize("kind", AMENDED)
@pytest.mark.parametrize("sourced", [True, False])
def test_every_kind_is_amended(tmp_path: Path, kb: KnowledgeBase, kind: str, sourced: bool) -> None:
    key, fields = AMENDED[kind]
    key = key or next(iter(getattr(kb, kind)))
    said = {k: v for k, v in fields.items() if sourced or k != "evidence"}
    name = "sources/mine" if kind == "sources" else kind
    both = load([folder(tmp_path, **{name: [{"id": key, **said}]})])
    before, after = getattr(kb, kind)[key], getattr(both, kind)[key]
    changed = {f for f in type(before).model_fields if getattr(before, f) != getattr(after, f)}
    assert changed - {"evidence"} == fields.keys() - {"evidence"}
    if kind != "sources":
        assert (after.evidence.confidence == "from-memory") == (not sourced)


def test_show_says_which_folder_said_what(whyllm: Command, tmp_path: Path) -> None:
    one = folder(
        tmp_path / "one",
        models__x=[{"id": "phi-4", "context": 8192, "cutoff": "2024-05",
                    "evidence": {"context": READ}}],
    )  # fmt: skip
    two = folder(
        tmp_path / "two\x1b[31m",
        models__x=[{"id": "phi-4", "context": 9999, "evidence": {"context": READ}}],
    )
    shown = json.loads(
        whyllm("kb", "show", "phi-4", "--kb", str(one), "--kb", str(two), "--format", "json").out
    )
    said = {item["field"]: (item["folder"], item["evidence"]) for item in shown["overlaid"]}
    escaped = str(tmp_path / "two\\x1b[31m")
    assert said == {
        "context": (escaped, "given"),
        "evidence.context": (escaped, "given"),
        "cutoff": (str(one), "missing"),
    }
    assert shown["context"] == 9999
    text = whyllm("kb", "show", "phi-4", "--kb", str(one)).out.replace("\n", " ")
    assert f"cutoff is said by {one}, without evidence." in text
    assert f"context is said by {one}." in text
    assert "is said by" not in whyllm("kb", "show", "phi-4").out


def test_show_says_it_of_a_licence_too(whyllm: Command, tmp_path: Path) -> None:
    clause = {"value": "no", "section": "9"}
    mine = folder(tmp_path, licences__MIT={"id": "MIT", "clauses": {"hosting": clause}})
    shown = whyllm("kb", "show", "MIT", "--kb", str(mine)).out
    assert f"clauses.hosting is said by {mine}, without evidence." in shown.replace("\n", " ")


def context(whyllm: Command, *words: str) -> int:
    shown = whyllm("kb", "show", "phi-4", "--format", "json", *words)
    assert shown.code == 0, shown.err
    found: int = json.loads(shown.out)["context"]
    return found


def test_the_variable_names_folders_below_the_options(
    whyllm: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, three = (
        folder(tmp_path / name, models__x=[{"id": "phi-4", "context": tokens}])
        for name, tokens in (("one", 1000), ("two", 2000), ("three", 3000))
    )
    built_in = context(whyllm)
    monkeypatch.setenv("WHYLLM_KB", str(one))
    assert context(whyllm) == 1000
    monkeypatch.setenv("WHYLLM_KB", os.pathsep.join(["", str(one), str(two), ""]))
    assert context(whyllm) == 2000
    assert context(whyllm, "--kb", str(three)) == 3000
    assert context(whyllm, "--kb", str(one)) == 1000  # named twice: it lies where the option says
    monkeypatch.setenv("WHYLLM_KB", "")
    assert context(whyllm) == built_in


def test_a_remembered_question_keeps_its_own_folders(
    whyllm: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named, mine = folder(tmp_path / "a", models__x=[]), folder(tmp_path / "b", **added())
    monkeypatch.setenv("WHYLLM_KB", str(named))
    assert whyllm("recommend", "--modality", "text", "--kb", str(mine)).code == 0
    assert "Sketch 1B" in whyllm("why", "sketch-1b").out


def test_a_fault_of_the_variable_is_told_as_one(
    whyllm: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHYLLM_KB", str(tmp_path / "no"))
    shown = whyllm("kb", "check")
    assert (shown.code, shown.out) == (2, "")
    assert shown.err == f"whyllm: WHYLLM_KB: {tmp_path / 'no'}: no such folder of knowledge\n"


@pytest.mark.parametrize("words", [["recommend"], ["why"], ["kb", "check"], ["kb", "show"]])
def test_the_variable_is_in_the_help(whyllm: Command, words: list[str]) -> None:
    assert "WHYLLM_KB" in whyllm(*words, "--help").out


BREAKING: dict[str, tuple[dict[str, Any], str]] = {
    "a value": ({"models__x": [{"id": "phi-4", "context": -1}]}, "models/x.yaml:1: context: input"),
    "a reference": ({"families": [{"id": "phi", "publisher": "nobody"}]}, "families.yaml:1: publ"),
    "a name of a later model": (
        {"models__x": [{"id": "ai21-jamba2-mini", "aliases": ["phi-4"]}]},
        "models/x.yaml:1: the name 'phi-4' is also borne by 'phi-4'",
    ),
    "evidence that is none": (
        {"models__x": [{"id": "phi-4", "context": 1, "evidence": []}]},
        "models/x.yaml:1: evidence: input should be a valid dictionary",
    ),
    "a vocabulary cut short": (
        {"terms": {"tuning": [{"id": "base", "label": "base", "description": "base"}]}},
        "breaks what lies below it: ",
    ),
}


@pytest.mark.parametrize("case", BREAKING)
def test_a_fault_is_that_of_the_overlay(tmp_path: Path, case: str) -> None:
    files, complaint = BREAKING[case]
    sound = folder(tmp_path / "sound", models__y=[{"id": "phi-4", "notes": ["Tried."]}])
    broken = folder(tmp_path / "broken", **files)
    for order in ([broken], [sound, broken], [broken, sound]):
        with pytest.raises(KnowledgeError) as caught:
            load(order)
        assert str(caught.value).startswith(f"overlay {broken}")
        assert complaint in str(caught.value)
    assert load([sound]).models["phi-4"].notes == ("Tried.",)
    assert load().models["phi-4"].notes != ("Tried.",)
