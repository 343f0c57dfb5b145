"""Conflicts are those that the engine warns of; the order of precedence is the one that is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from whyllm.engine.consulting import Consultation
from whyllm.kb.conflicts import conflicts
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.loader import load


def test_licence_conflicts_are_the_caveats_of_the_engine(
    kb: KnowledgeBase, ask: Callable[..., Consultation]
) -> None:
    """CAV-040 fires for exactly the variants whose own card contradicts a claim on its family."""
    answer = ask(examine=tuple(kb.models))
    warned = {
        (str(firing.values["model"]), str(firing.values["claimed"]))
        for firing in answer.trace.firings
        if firing.rule == "CAV-040"
    }
    listed = {
        (conflict.model, str(said))
        for conflict in conflicts(kb)
        if conflict.field == "licences" and conflict.reason == "own-card"
        for said in (conflict.claim.value if isinstance(conflict.claim.value, tuple) else ())
    }
    assert warned == listed
    assert len(listed) > 20


def test_every_dispute_is_listed(kb: KnowledgeBase) -> None:
    disputed = [(m.id, d.field) for m in kb.models.values() for d in m.disputes]
    listed = [(c.model, c.field) for c in conflicts(kb) if c.claim_id is None]
    assert listed == disputed


def test_what_prevails_is_what_the_entry_holds_unless_that_is_from_memory(
    kb: KnowledgeBase,
) -> None:
    for conflict in conflicts(kb):
        own = conflict.claim if conflict.claim_id is None else conflict.counter
        held = getattr(kb.models[conflict.model], conflict.field)
        assert own.value == held
        winner = conflict.claim if conflict.prevails == "claim" else conflict.counter
        if own.evidence.verified:
            assert winner == own, conflict


FAILS: list[tuple[dict[str, Any], str, str]] = [
    ({"topic": "licence", "value": ["Apache-2.0"]}, "phi-4", "licences"),
    ({"topic": "tool-calling", "value": "native"}, "phi-4", "tool_calling"),
    ({"topic": "tool-calling", "value": "native-since-3.5"}, "phi-4", "tool_calling"),
    ({"topic": "cutoff", "value": "2023-12"}, "phi-4", "cutoff"),
    ({"topic": "architecture", "value": "moe"}, "phi-4", "architecture"),
    ({"topic": "size", "value": ["2B", "7B"]}, "phi-4", "params_b"),
    ({"topic": "size", "value": "1B-to-4B"}, "phi-4", "params_b"),
    ({"topic": "size", "value": "up-to-7B"}, "phi-4", "params_b"),
    ({"topic": "licence", "value": ["Apache-2.0"], "generations": ["4"]}, "phi-4", "licences"),
]
HOLDS: list[tuple[dict[str, Any], str]] = [
    ({"topic": "licence", "value": ["MIT"]}, "phi-4"),
    ({"topic": "tool-calling", "value": "native"}, "phi-4-multimodal-instruct"),
    ({"topic": "cutoff", "value": "2024"}, "phi-4"),
    ({"topic": "architecture", "value": ["dense", "15B"]}, "phi-4"),
    ({"topic": "size", "value": ["14B"]}, "phi-4"),
    ({"topic": "licence", "value": ["Apache-2.0"], "generations": ["3"]}, "phi-4"),
    ({"topic": "licence", "value": ["Apache-2.0"], "modality": "vision"}, "phi-4"),
    ({"topic": "specialty", "value": "nothing"}, "phi-4"),
]


def claimed(folder: Path, claim: dict[str, Any]) -> list[tuple[str, str]]:
    """Variants and fields that contradict one more claim about the Phi family."""
    added = {
        "id": "ours", "about": "phi", "says": "As our wiki has it.", "made": "2026-11",
        "evidence": {"source": "course", "confidence": "secondary"}, **claim,
    }  # fmt: skip
    (folder / "claims.yaml").write_text(json.dumps([added]))
    return [(c.model, c.field) for c in conflicts(load([folder])) if c.claim_id == "ours"]


@pytest.mark.parametrize(("claim", "model", "field"), FAILS, ids=str)
def test_a_claim_that_fails_for_a_variant(
    tmp_path: Path, claim: dict[str, Any], model: str, field: str
) -> None:
    assert (model, field) in claimed(tmp_path, claim)


@pytest.mark.parametrize(("claim", "model"), HOLDS, ids=str)
def test_a_claim_that_holds_or_is_not_about_the_variant(
    tmp_path: Path, claim: dict[str, Any], model: str
) -> None:
    assert model not in {found for found, _ in claimed(tmp_path, claim)}


SECONDARY = {"source": "course", "confidence": "secondary"}
CARD = {"source": "phi-cards", "confidence": "model-card"}
MEMORY = {"source": "memory", "confidence": "from-memory"}


@pytest.mark.parametrize(
    ("kept", "other", "prevails", "reason"),
    [
        (CARD, SECONDARY, "claim", "confidence"),
        (SECONDARY, CARD, "claim", "overruled"),
        (SECONDARY, SECONDARY, "claim", "kept"),
        (MEMORY, SECONDARY, "counter", "confidence"),
        (MEMORY, MEMORY, "claim", "kept"),
    ],
)
def test_the_order_of_precedence_in_a_dispute(
    tmp_path: Path, kept: dict[str, str], other: dict[str, str], prevails: str, reason: str
) -> None:
    (tmp_path / "models").mkdir()
    changed = {
        "id": "phi-4",
        "evidence": {"default": CARD, "context": kept},
        "disputes": [{"field": "context", "value": 1, "evidence": other}],
    }
    (tmp_path / "models" / "x.yaml").write_text(json.dumps([changed]))
    (found,) = [c for c in conflicts(load([tmp_path])) if c.model == "phi-4" and not c.claim_id]
    assert (found.prevails, found.reason) == (prevails, reason)


def test_a_later_reading_prevails_over_an_equal_one(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "x.yaml").write_text("- {id: old, title: Old, read: 2025-01-01}\n")
    changed = {
        "id": "phi-4",
        "evidence": {"default": CARD},
        "disputes": [
            {"field": "context", "value": 1, "evidence": {**CARD, "source": "old"}},
        ],
    }
    (tmp_path / "models" / "x.yaml").write_text(json.dumps([changed]))
    (found,) = [c for c in conflicts(load([tmp_path])) if c.model == "phi-4" and not c.claim_id]
    assert (found.prevails, found.reason) == ("claim", "newer")


def test_a_generation_that_the_family_does_not_list(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "x.yaml").write_text(
        '- {id: phi-4, generation: "5", '
        "evidence: {generation: {source: course, confidence: model-card}}}\n"
    )
    (found,) = [c for c in conflicts(load([tmp_path])) if c.field == "generation"]
    assert (found.model, found.about, found.prevails) == ("phi-4", "phi", "counter")
