"""The course rulebook walks the chapter's flowchart to the letter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from whyllm.engine.consulting import OUT_OF_SCOPE, Consultation
from whyllm.kb.knowledge import KnowledgeBase

Ask = Callable[..., Consultation]

# The twelve leaf and end nodes, as the chapter prints them, each with a need that ends there.
LEAVES: list[tuple[dict[str, Any], str, str]] = [
    (
        {"modality": "vision"},
        "Start Modal VLM License",
        "Vision-Language Models|Llama 3.2 Vision|Pixtral 12B|Qwen2.5-VL|Gemma 3",
    ),
    ({"modality": "speech"}, "Start Modal ASR", "Speech-to-Text|Whisper|Distil-Whisper"),
    (
        {"modality": "code"},
        "Start Modal Code License",
        "Code-specialised|Qwen2.5-Coder|Codestral|DeepSeek-Coder",
    ),
    (
        {"modality": "image-generation"},
        "Start Modal Diff",
        "Diffusion models|Stable Diffusion / FLUX|Out of LLM scope",
    ),
    (
        {"modality": "text", "task": "reasoning"},
        "Start Modal Task Reason License",
        "Thinking models|DeepSeek-R1|QwQ-32B|Phi-4-reasoning",
    ),
    (
        {"modality": "text", "task": "multilingual"},
        "Start Modal Task Multi License",
        "Mistral Small or Large|Llama 3.x|Qwen 2.5",
    ),
    (
        {"modality": "text", "task": "tools"},
        "Start Modal Task Agents License",
        "Llama 3.1 plus 8B|Qwen 2.5 7B plus|Mistral Large",
    ),
    (
        {"modality": "text", "task": "chat", "ram": 8},
        "Start Modal Task HW Small License",
        "Small models|Llama 3.2:3b|Gemma 2:2b|Phi-3 mini",
    ),
    (
        {"modality": "text", "task": "chat", "ram": 16},
        "Start Modal Task HW Mid License",
        "Mid-range|Llama 3.1:8b|Qwen 2.5:7b|Mistral 7B",
    ),
    (
        {"modality": "text", "task": "chat", "vram": 24},
        "Start Modal Task HW Big License",
        "Big models|Llama 3.x:70b|Mixtral 8x22B|DeepSeek-V3",
    ),
    (
        {"modality": "code", "use": "unrestricted"},
        "Start Modal Code License FreeLic",
        "Prefer Apache 2.0 or MIT|Qwen, Mistral OSS,|DeepSeek, Phi, OLMo",
    ),
    (
        {"modality": "code", "use": "internal"},
        "Start Modal Code License AnyLic",
        "Any open model works",
    ),
]


@pytest.mark.parametrize(("need", "path", "labels"), LEAVES, ids=lambda x: str(x)[:40])
def test_the_path_ends_at_its_leaf(ask: Ask, need: dict[str, Any], path: str, labels: str) -> None:
    answer = ask("course", **need)
    assert answer.path == tuple(path.split())
    assert answer.leaf == tuple(labels.split("|"))


def test_the_twelve_leaves_are_all_there(kb: KnowledgeBase) -> None:
    printed = {n.label.replace("<br/>", "|") for n in kb.tree.nodes if n.shape in ("leaf", "end")}
    assert {labels for _, _, labels in LEAVES} == printed
    assert len(printed) == 12


EVERY_PATH = [
    {"modality": modality, "task": task, **machine, "use": use}
    for modality in ("text", "vision", "code")
    for task in (("reasoning", "multilingual", "tools", "chat") if modality == "text" else (None,))
    for machine in ([{"ram": 8}, {"ram": 16}, {"vram": 24}] if task == "chat" else [{}])
    for use in ("unrestricted", "internal")
]


@pytest.mark.parametrize("need", EVERY_PATH, ids=lambda n: " ".join(map(str, n.values())))
def test_every_path_ends_at_the_licence_leaves_with_candidates(
    ask: Ask, need: dict[str, Any]
) -> None:
    answer = ask("course", **need)
    assert answer.path[-1] == ("FreeLic" if need["use"] == "unrestricted" else "AnyLic")
    assert answer.kept
    assert set(answer.shortlist) <= set(answer.kept)
    assert len(answer.shortlist) <= 4


def test_speech_ends_before_the_licence_question(ask: Ask) -> None:
    answer = ask("course", modality="speech", use="unrestricted")
    assert answer.path == ("Start", "Modal", "ASR")
    assert {m.split("-")[0] for m in answer.kept} == {"whisper", "distil"}


def test_images_are_out_of_scope(ask: Ask) -> None:
    answer = ask("course", modality="image-generation")
    assert answer.outcome == OUT_OF_SCOPE
    assert answer.kept == ()


def test_embeddings_stand_beside_the_tree(ask: Ask) -> None:
    answer = ask("course", modality="embedding")
    assert answer.path == ("Start", "Modal")
    assert set(answer.kept) == {"nomic-embed-text-v1.5", "bge-m3", "mxbai-embed-large-v1"}


@pytest.mark.parametrize(
    ("machine", "node"),
    [
        ({"ram": 4}, "Small"),
        ({"ram": 8}, "Small"),
        ({"ram": 12}, "Small"),
        ({"ram": 15.9}, "Small"),
        ({"ram": 16}, "Mid"),
        ({"ram": 64}, "Mid"),
        ({"unified": 64}, "Mid"),
        ({"vram": 12}, "Small"),
        ({"vram": 23.9, "ram": 32}, "Mid"),
        ({"vram": 24}, "Big"),
        ({"vram": 80, "ram": 8}, "Big"),
    ],
    ids=str,
)
def test_memory_takes_the_highest_class_whose_minimum_it_meets(
    ask: Ask, machine: dict[str, float], node: str
) -> None:
    answer = ask("course", modality="text", task="chat", **machine)
    assert answer.path[4] == node


@pytest.mark.parametrize(("ram", "gap"), [(8, False), (12, True), (16, False), (32, True)])
def test_the_trace_says_that_the_chapter_leaves_a_gap_open(ask: Ask, ram: int, gap: bool) -> None:
    answer = ask("course", modality="text", task="chat", ram=ram)
    topics = [fact["topic"] for _, fact in answer.trace.concluding("Caveat")]
    assert ("machine-gap" in topics) is gap


def test_unrestricted_goes_by_the_chapters_own_claims(ask: Ask) -> None:
    """DeepSeek-Coder counts as MIT, Codestral as a commercial licence of its own."""
    kept = ask("course", modality="code", use="unrestricted").kept
    assert "deepseek-coder-33b-instruct" in kept
    assert "qwen2.5-coder-7b-instruct" in kept
    assert "codestral-22b-v0.1" not in kept


def test_unrestricted_drops_what_the_chapter_calls_conditional(ask: Ask) -> None:
    kept = ask("course", modality="vision", use="unrestricted").kept
    assert not [m for m in kept if m.startswith(("llama", "gemma"))]
    assert "pixtral-12b-2409" in kept


def test_internal_keeps_any_open_model(ask: Ask) -> None:
    kept = ask("course", modality="code", use="internal").kept
    assert "codestral-22b-v0.1" in kept


@pytest.mark.parametrize(
    ("use", "node"),
    [("commercial", "FreeLic"), ("research", "AnyLic"), ("personal", "AnyLic")],
)
def test_other_uses_are_read_as_the_nearer_reply(ask: Ask, use: str, node: str) -> None:
    answer = ask("course", modality="code", use=use)
    assert answer.path[-1] == node
    assert "two-replies" in [fact["topic"] for _, fact in answer.trace.concluding("Caveat")]


def test_what_is_not_stated_constrains_nothing(ask: Ask) -> None:
    """With nothing stated every leaf is ahead; with a task, only its own."""
    everything = set(ask("course").kept)
    assert {"llama-3.2-3b-instruct", "deepseek-v3", "codestral-22b-v0.1"} <= everything
    reasoning = set(ask("course", task="reasoning").kept)
    assert reasoning < everything
    assert "codestral-22b-v0.1" not in reasoning
