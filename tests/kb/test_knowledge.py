"""The knowledge is sourced throughout, and what was not verified decides nothing."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
import yaml
from whyllm.engine.assertions import known_facts
from whyllm.engine.facts import Clause, Unread, Unverified
from whyllm.engine.need import DEPLOYMENTS, MODALITIES, TASKS, USES
from whyllm.kb.draft.entry import SOURCE as DRAFTED
from whyllm.kb.errors import KnowledgeError
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.loader import BUILT_IN, load

from tests.conftest import DAY


def test_the_options_are_the_vocabulary(kb: KnowledgeBase) -> None:
    for options, terms in (
        (MODALITIES, kb.terms.modality),
        (TASKS, kb.terms.task),
        (USES, kb.terms.use),
        (DEPLOYMENTS, kb.terms.deploy),
    ):
        assert options == tuple(term.id for term in terms)


def test_every_source_was_read_by_today_and_is_used(kb: KnowledgeBase) -> None:
    text = "".join(path.read_text() for path in BUILT_IN.rglob("*.yaml"))
    for key, source in kb.sources.items():
        assert source.read <= dt.date.today(), key
        assert key == DRAFTED or text.count(f"source: {key}") > 0, key


def test_every_file_begins_with_what_it_is() -> None:
    for path in BUILT_IN.rglob("*.yaml"):
        assert path.read_text().startswith("# "), path


def test_what_is_from_memory_is_no_fact(kb: KnowledgeBase) -> None:
    """A field known from memory is asserted as unverified, and as nothing else."""
    facts = known_facts(kb)
    slots = {
        "languages": "Speaks", "cutoff": "Cutoff", "context": "ContextLength",
        "tool_calling": "ToolCalling", "params_b": "Parameters", "attention": "CacheShape",
        "licences": "Licensed", "file_gb": "FileSize", "released": "Released",
        "modalities": "Serves", "tuning": "Tuned",
    }  # fmt: skip
    met = 0
    for key, model in kb.models.items():
        for field, type_name in slots.items():
            if model.evidence_for(field).confidence != "from-memory":
                continue
            own = [
                fact
                for fact in facts.of_model[key]
                if type(fact).__name__ == type_name
                and fact.get("through") in (None, "its own card")
            ]
            assert own == [], (key, field)
            met += 1
    assert met > 50


def test_an_unread_clause_is_no_clause(kb: KnowledgeBase) -> None:
    facts = known_facts(kb)
    met = 0
    for key, licence in kb.licences.items():
        clauses = {fact["tag"] for fact in facts.of_licence[key] if isinstance(fact, Clause)}
        unread = {fact["tag"] for fact in facts.of_licence[key] if isinstance(fact, Unread)}
        assert clauses | unread == {*licence.clauses, *licence.unread}
        assert not clauses & unread
        for tag, clause in licence.clauses.items():
            confidence = clause.confidence or licence.evidence.confidence
            if clause.value == "unknown" or confidence == "from-memory":
                assert tag in unread
                met += 1
    assert met > 10


def test_all_facts_are_well_formed(kb: KnowledgeBase) -> None:
    facts = known_facts(kb)
    for group in (*facts.of_model.values(), *facts.of_licence.values(), facts.common):
        for fact in group:
            fact.validate()
            assert fact["source"] in kb.sources, fact


def test_a_model_without_published_weights_has_no_licence(kb: KnowledgeBase) -> None:
    for model in kb.models.values():
        if model.weights == "unpublished":
            assert model.licences is None


def test_a_distillation_is_bound_by_its_base(kb: KnowledgeBase) -> None:
    model = kb.models["deepseek-r1-distill-llama-8b"]
    assert model.licences == ("MIT",)
    assert set(kb.inherited_licences(model)) == {"LicenseRef-Llama-3.1-Community"}


def test_licence_ids_are_spdx_or_references(kb: KnowledgeBase) -> None:
    from license_expression import get_spdx_licensing

    spdx = get_spdx_licensing()
    newer_than_the_library = {"OpenMDW-1.0"}  # on the SPDX list since early 2026
    for key in kb.licences.keys() - newer_than_the_library:
        assert key.startswith("LicenseRef-") or not spdx.validate(key).errors, key


def test_a_non_commercial_licence_grants_no_commercial_use(kb: KnowledgeBase) -> None:
    for licence in kb.licences.values():
        granted = licence.clauses["commercial_use"].value
        assert (granted == "no") == (licence.category in ("non-commercial", "research-only")), (
            licence.id
        )


def test_a_permissive_licence_has_no_strings(kb: KnowledgeBase) -> None:
    for licence in kb.licences.values():
        if licence.category == "permissive":
            assert not licence.thresholds
            assert not licence.territory
            assert licence.clauses["acceptable_use"].value in ("none", "law")


def test_an_overlay_adds_and_amends(tmp_path: Path, kb: KnowledgeBase) -> None:
    folder = tmp_path / "models"
    folder.mkdir()
    mine = {
        "id": "sketch-1b",
        "name": "Sketch 1B",
        "family": "phi",
        "kind": "llm",
        "weights": "published",
        "params_b": 1.0,
        "architecture": "dense",
        "modalities": ["text"],
        "tuning": "instruct",
        "tool_calling": "unknown",
        "licences": ["MIT"],
        "evidence": {"default": {"source": "course", "confidence": "secondary"}},
    }
    amended = {"id": "phi-4", "notes": ["Tried in our house."]}
    (folder / "mine.yaml").write_text(yaml.safe_dump([mine, amended]))
    both = load([tmp_path])
    assert set(both.models) - set(kb.models) == {"sketch-1b"}
    assert both.models["phi-4"].notes == ("Tried in our house.",)
    assert both.models["phi-4"].licences == kb.models["phi-4"].licences
    assert both.digest != kb.digest


def test_the_digest_follows_the_files(tmp_path: Path, kb: KnowledgeBase) -> None:
    assert load().digest == kb.digest
    assert len(kb.digest) == 64


@pytest.mark.parametrize("size", [5_000_000])
def test_a_huge_file_is_refused_unread(tmp_path: Path, size: int) -> None:
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "huge.yaml").write_bytes(b"#" * size)
    with pytest.raises(KnowledgeError, match="larger than 4,000,000 bytes"):
        load([tmp_path])


def test_unverified_fields_are_named(kb: KnowledgeBase) -> None:
    facts = known_facts(kb).of_model["mistral-7b-instruct-v0.3"]
    fields = {fact["field"] for fact in facts if isinstance(fact, Unverified)}
    assert "cutoff" in fields


def overlay(folder: Path, **fields: object) -> KnowledgeBase:
    """The built-in knowledge with a base model and a tune of it under MIT."""
    common = {
        "family": "phi", "kind": "llm", "weights": "published", "params_b": 1.0,
        "architecture": "dense", "modalities": ["text"], "tuning": "instruct",
        "tool_calling": "none",
    }  # fmt: skip
    sourced = {"default": {"source": "course", "confidence": "secondary"}}
    base = {"id": "sketch", "name": "Sketch", **common, "evidence": sourced, **fields}
    tune = {"id": "tune", "name": "Sketch Tune", **common, "licences": ["MIT"], "base": "sketch",
            "evidence": sourced}  # fmt: skip
    (folder / "models").mkdir()
    (folder / "models" / "mine.yaml").write_text(json.dumps([base, tune]))
    return load([folder])


FROM_MEMORY = {"licences": {"source": "course", "confidence": "from-memory"}}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {
            "licences": ["CC-BY-NC-4.0"],
            "evidence": {
                "default": {"source": "course", "confidence": "secondary"}, **FROM_MEMORY,
            },
        },
    ],
    ids=["not known", "known from memory"],
)  # fmt: skip
def test_a_base_of_unknown_licence_leaves_the_derivative_undecided(
    tmp_path: Path, fields: dict[str, object]
) -> None:
    from whyllm.engine.cataloguing import catalogue
    from whyllm.engine.consulting import consult
    from whyllm.engine.need import Need

    answer = consult(Need.of({"use": "commercial"}), catalogue(overlay(tmp_path, **fields)), on=DAY)
    assert {"sketch", "tune"} <= answer.undecided.keys()


def test_an_empty_list_of_licences_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="licences"):
        overlay(tmp_path, licences=[])
