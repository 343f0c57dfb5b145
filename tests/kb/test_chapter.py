"""What the chapter states stands in the knowledge base, with the course as its source."""

from __future__ import annotations

import pytest
from whyllm.kb.knowledge import KnowledgeBase

EIGHT = {
    "meta": ("US", "llama"),
    "mistral-ai": ("FR", "mistral mistral-small mistral-large mixtral codestral pixtral ministral"),
    "google": ("US", "gemma"),
    "alibaba": ("CN", "qwen qwen-coder qwen-vl qwq"),
    "deepseek": ("CN", "deepseek-v deepseek-r1 deepseek-coder"),
    "microsoft": ("US", "phi"),
    "xai": ("US", "grok"),
    "allenai": ("US", "olmo"),
}

# Hugging Face repositories of the variants that the chapter names size by size.
NAMED = [
    "meta-llama/Llama-3.2-11B-Vision-Instruct",
    "meta-llama/Llama-3.2-90B-Vision-Instruct",
    "mistralai/Pixtral-12B-2409",
    "Qwen/Qwen2-VL-2B-Instruct",
    "Qwen/Qwen2-VL-7B-Instruct",
    "Qwen/Qwen2-VL-72B-Instruct",
    "Qwen/Qwen2.5-VL-7B-Instruct",
    "Qwen/Qwen2.5-VL-72B-Instruct",
    "google/gemma-3-4b-it",
    "google/gemma-3-12b-it",
    "google/gemma-3-27b-it",
    "openbmb/MiniCPM-V-2_6",
    "openai/whisper-large-v3",
    "distil-whisper/distil-large-v3",
    "Qwen/Qwen2-Audio-7B-Instruct",
    "mistralai/Voxtral-Small-24B-2507",
    "Qwen/Qwen2.5-Coder-1.5B-Instruct",
    "Qwen/Qwen2.5-Coder-32B-Instruct",
    "mistralai/Codestral-22B-v0.1",
    "deepseek-ai/deepseek-coder-6.7b-instruct",
    "deepseek-ai/deepseek-coder-33b-instruct",
    "bigcode/starcoder2-3b",
    "bigcode/starcoder2-7b",
    "bigcode/starcoder2-15b",
    "deepseek-ai/DeepSeek-R1",
    "deepseek-ai/DeepSeek-R1-Distill-Llama-8B",
    "deepseek-ai/DeepSeek-R1-Distill-Qwen-7B",
    "Qwen/QwQ-32B",
    "microsoft/Phi-4-reasoning",
    "nomic-ai/nomic-embed-text-v1.5",
    "BAAI/bge-m3",
    "mixedbread-ai/mxbai-embed-large-v1",
    "meta-llama/Llama-3.1-8B-Instruct",
    "meta-llama/Llama-3.2-3B-Instruct",
    "meta-llama/Llama-3.3-70B-Instruct",
    "meta-llama/Llama-4-Scout-17B-16E-Instruct",
    "mistralai/Mixtral-8x7B-Instruct-v0.1",
    "mistralai/Mixtral-8x22B-Instruct-v0.1",
    "mistralai/Mistral-7B-Instruct-v0.3",
    "google/gemma-2-2b-it",
    "deepseek-ai/DeepSeek-V3",
    "xai-org/grok-1",
    "allenai/OLMo-2-1124-7B-Instruct",
    "microsoft/phi-4",
    "SWivid/F5-TTS",
    "coqui/XTTS-v2",
    "black-forest-labs/FLUX.1-dev",
]

PULLS = {
    "llama3.2-vision": "llama-3.2-11b-vision-instruct",
    "qwen2.5vl": "qwen2.5-vl-7b-instruct",
    "gemma3": "gemma-3-4b-it",
    "minicpm-v": "minicpm-v-2-6",
    "nomic-embed-text": "nomic-embed-text-v1.5",
}


@pytest.mark.parametrize("publisher", EIGHT)
def test_the_eight_publishers(kb: KnowledgeBase, publisher: str) -> None:
    country, families = EIGHT[publisher]
    entry = kb.publishers[publisher]
    assert (entry.role, entry.country) == ("publisher", country)
    for family in families.split():
        assert kb.families[family].publisher == publisher
    topics = {claim.topic for claim in kb.claims.values() if claim.about == publisher}
    assert {"licence", "innovation", "role"} <= topics


def test_the_outsiders_and_the_hub(kb: KnowledgeBase) -> None:
    outsiders = {key for key, entry in kb.publishers.items() if entry.role == "outsider"}
    assert outsiders == {"ibm", "cohere", "stability-ai", "tii"}
    assert kb.publishers["huggingface"].role == "hub"
    about = [c for c in kb.claims.values() if c.about == "huggingface"]
    assert any("more than a million" in c.says for c in about)
    (outdated,) = [c for c in about if "12,000" in c.says]
    assert outdated.made < "2024"


@pytest.mark.parametrize("repo", NAMED)
def test_a_named_model_is_an_exact_variant(kb: KnowledgeBase, repo: str) -> None:
    (model,) = [m for m in kb.models.values() if m.hf_repo == repo]
    assert model.params_b or model.kind != "llm"
    assert model.evidence["default"].source in kb.sources


@pytest.mark.parametrize(("pull", "model"), PULLS.items())
def test_the_ollama_names_of_the_chapter(kb: KnowledgeBase, pull: str, model: str) -> None:
    entry = kb.models[model]
    assert pull in (*entry.aliases, str(entry.ollama).split(":")[0])


def test_mixtral_holds_46_billion_and_works_with_13(kb: KnowledgeBase) -> None:
    mixtral = kb.models["mixtral-8x7b-instruct-v0.1"]
    assert (round(mixtral.params_b or 0), round(mixtral.active_params_b or 0)) == (47, 13)
    assert mixtral.architecture == "moe"


@pytest.mark.parametrize(
    ("quantisation", "about_bytes"), [("F16", 2.0), ("Q8_0", 1.0), ("Q4_K_M", 0.5)]
)
def test_bytes_a_weight(kb: KnowledgeBase, quantisation: str, about_bytes: float) -> None:
    bits = kb.quantisations[quantisation].bits_per_weight
    assert bits / 8 == pytest.approx(about_bytes, rel=0.25)


def test_nine_axes_eight_dimensions_four_warnings_six_takeaways(kb: KnowledgeBase) -> None:
    assert len(kb.axes) == 9
    assert sum(bool(dimension.leaders) for dimension in kb.dimensions.values()) == 8
    assert {w.id for w in kb.lessons.benchmark_warnings} == {
        "date", "metric", "contamination", "inference",
    }  # fmt: skip
    assert len(kb.lessons.takeaways) == 6
    assert {s.id: s.months for s in kb.lessons.shelf_life}["benchmark"] == 6


@pytest.mark.parametrize(
    ("dimension", "leader"),
    [
        ("tool-calling", "llama"),
        ("code", "qwen-coder"),
        ("reasoning", "deepseek-r1"),
        ("european-multilingual", "mistral-ai"),
        ("efficient-small", "phi"),
        ("multimodal", "gemma"),
        ("truly-open", "olmo"),
        ("largest", "deepseek-v"),
    ],
)
def test_who_dominates(kb: KnowledgeBase, dimension: str, leader: str) -> None:
    entry = kb.dimensions[dimension]
    assert leader in {leader.family or leader.publisher for leader in entry.leaders}
    assert entry.made == "2026-05"


@pytest.mark.parametrize("modality", ["image-generation", "text-to-speech"])
def test_what_is_no_language_model(kb: KnowledgeBase, modality: str) -> None:
    (entry,) = [o for o in kb.outside.values() if o.modality == modality]
    assert len(entry.examples) >= 3
    assert entry.why
    named = [m for m in kb.models.values() if modality in m.modalities]
    assert named
    assert {m.kind for m in named} <= {"diffusion", "text-to-speech"}


@pytest.mark.parametrize(
    ("model", "native"),
    [
        ("llama-3.1-8b-instruct", "native"),
        ("qwen2.5-7b-instruct", "native"),
        ("gemma-2-2b-it", "none"),
        ("phi-3-mini-4k-instruct", "none"),
    ],
)
def test_native_tool_calling(kb: KnowledgeBase, model: str, native: str) -> None:
    assert kb.models[model].tool_calling == native


def test_the_flowchart_has_its_nodes_and_edges(kb: KnowledgeBase) -> None:
    ids = "Start Modal Task HW VLM ASR Code Diff Reason Multi Agents Small Mid Big License FreeLic"
    assert {node.id for node in kb.tree.nodes} == {*ids.split(), "AnyLic"}
    assert len(kb.tree.edges) == 23
    to_licence = {e.source for e in kb.tree.edges if e.target == "License"}
    assert to_licence == {"Small", "Mid", "Big", "Agents", "Multi", "Reason", "VLM", "Code"}
