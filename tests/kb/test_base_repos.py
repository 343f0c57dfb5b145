"""Weights before tuning: known by their repository, whose licences are those of the tuned ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.cataloguing import catalogue
from whyllm.engine.render.knowledge_json import model_json
from whyllm.kb.errors import KnowledgeError, UnknownNameError
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.loader import load
from whyllm.kb.names import NameIndex
from whyllm.kb.schema import Model

LLAMA, GEMMA, PHI = "llama-3.1-8b-instruct", "gemma-2-9b-it", "phi-4"


@pytest.fixture(scope="module")
def names(models: Catalogue) -> NameIndex:
    return models.names


@pytest.fixture(scope="module")
def bearing(kb: KnowledgeBase) -> dict[str, Model]:
    """The variants with a repository of weights before tuning, by that repository."""
    return {m.base_repo: m for m in kb.models.values() if m.base_repo}


def refusal(names: NameIndex, name: str) -> UnknownNameError:
    with pytest.raises(UnknownNameError) as caught:
        names.resolve(name)
    return caught.value


def overlay(path: Path, *entries: dict[str, Any]) -> Path:
    (path / "models").mkdir()
    (path / "models" / "x.yaml").write_text(json.dumps(entries))
    return path


def test_the_best_known_are_there(bearing: dict[str, Model]) -> None:
    """Those that most fine-tunes are made from, each by its publisher's own name."""
    assert {
        "meta-llama/Llama-3.1-8B": LLAMA,
        "meta-llama/Llama-2-7b-hf": "llama-2-7b-chat-hf",
        "mistralai/Mistral-7B-v0.1": "mistral-7b-instruct-v0.1",
        "mistralai/Mistral-Nemo-Base-2407": "mistral-nemo-instruct-2407",
        "google/gemma-2-9b": GEMMA,
        "google/gemma-3-12b-pt": "gemma-3-12b-it",
        "Qwen/Qwen2.5-7B": "qwen2.5-7b-instruct",
        "Qwen/Qwen3-8B-Base": "qwen3-8b",
        "tiiuae/falcon-7b": "falcon-7b-instruct",
        "deepseek-ai/DeepSeek-V3-Base": "deepseek-v3",
        "allenai/Olmo-3-1025-7B": "olmo-3-7b-instruct",
    }.items() <= {repo: model.id for repo, model in bearing.items()}.items()


@pytest.mark.parametrize(
    ("model", "why"),
    [
        ("qwen1.5-32b-chat", "the base is under the research licence"),
        ("codeqwen1.5-7b-chat", "the base is under the research licence"),
        ("stablelm-2-12b-chat", "the base moved to the Community licence in 2024"),
        ("lfm2.5-1.2b-instruct", "the base is tagged with no licence by name"),
        ("mistral-7b-instruct-v0.2", "the base was published outside the hub"),
        ("llama-3.3-70b-instruct", "no base was published"),
    ],
)
def test_where_the_licences_differ_or_are_not_known_there_is_none(
    kb: KnowledgeBase, model: str, why: str
) -> None:
    assert kb.models[model].base_repo is None, why


def test_each_has_evidence_of_its_own_that_was_verified(bearing: dict[str, Model]) -> None:
    for repo, model in bearing.items():
        assert "base_repo" in model.evidence, repo
        assert model.evidence["base_repo"].verified, repo
        assert model.licences, repo
        assert model.evidence_for("licences").verified, repo


def test_each_is_of_the_same_publisher_and_of_tuned_weights(bearing: dict[str, Model]) -> None:
    for repo, model in bearing.items():
        assert model.tuning != "base", repo
        assert repo.partition("/")[0] == str(model.hf_repo).partition("/")[0]


def test_each_is_refused_as_untuned_with_its_own_variant(
    names: NameIndex, bearing: dict[str, Model]
) -> None:
    for repo, model in bearing.items():
        for name in (repo, repo.lower(), f"https://huggingface.co/{repo}"):
            assert refusal(names, name).tuned == (model.name,), name


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("unsloth/Meta-Llama-3.1-8B-bnb-4bit", LLAMA),
        ("someone/Olmo-3-1025-7B-GGUF", "olmo-3-7b-instruct"),
        ("models--google--gemma-2-9b", GEMMA),
        ("gemma-2-9b.Q4_K_M.gguf", GEMMA),
    ],
)
def test_a_repackaging_is_refused_as_untuned_too(
    names: NameIndex, kb: KnowledgeBase, name: str, model: str
) -> None:
    assert refusal(names, name).tuned == (kb.models[model].name,)


def test_what_people_say_still_means_the_tuned_variant(names: NameIndex) -> None:
    """Gemma 2 9B is the name of the base's repository, and what people call the tuned one."""
    assert names.resolve("Gemma 2 9B").model == GEMMA
    assert names.resolve("llama 3.1 8b").model == LLAMA


def test_it_travels_into_the_catalogue_with_the_publisher(
    models: Catalogue, kb: KnowledgeBase
) -> None:
    entry = models.models[LLAMA]
    assert (entry.base_repo, entry.publisher) == ("meta-llama/Llama-3.1-8B", "Meta")
    assert models.models[PHI].base_repo is None
    assert model_json(kb, kb.models[LLAMA])["base_repo"] == "meta-llama/Llama-3.1-8B"


def test_one_without_evidence_decides_nothing(tmp_path: Path) -> None:
    """Nobody has read that those weights are under the same licences."""
    both = load([overlay(tmp_path, {"id": PHI, "base_repo": "microsoft/phi-4-base"})])
    assert both.models[PHI].base_repo == "microsoft/phi-4-base"
    assert catalogue(both).models[PHI].base_repo is None


@pytest.mark.parametrize(
    ("repo", "other"),
    [
        ("meta-llama/Llama-3.1-8B", LLAMA),  # its base already
        ("META-LLAMA/llama-3.1-8b", LLAMA),
        ("meta-llama/Llama-3.1-8B-Instruct", LLAMA),  # its own weights
        ("meta-llama/Llama-2-7b-chat", "llama-2-7b-chat-hf"),  # an alias
        ("microsoft/phi-4", PHI),  # the variant's own weights, which are tuned
    ],
)
def test_it_is_borne_once(tmp_path: Path, repo: str, other: str) -> None:
    with pytest.raises(KnowledgeError, match="base_repo") as caught:
        load([overlay(tmp_path, {"id": PHI, "base_repo": repo})])
    assert f"{repo!r} is also borne by {other!r}" in str(caught.value)
    assert caught.value.file == tmp_path / "models" / "x.yaml"


def test_the_base_as_a_variant_by_itself_must_leave_the_tuned_one(tmp_path: Path) -> None:
    """Who adds the base says of the tuned one that it has none; else the overlay is to blame."""
    base = {
        "id": "llama-3.1-8b", "name": "Llama 3.1 8B base", "family": "llama", "kind": "llm",
        "weights": "published", "architecture": "dense", "modalities": ["text"], "tuning": "base",
        "tool_calling": "none", "hf_repo": "meta-llama/Llama-3.1-8B",
        "evidence": {"default": {"source": "course", "confidence": "secondary"}},
    }  # fmt: skip
    (tmp_path / "a").mkdir()
    with pytest.raises(KnowledgeError, match=f"is also the base_repo of '{LLAMA}'") as caught:
        load([overlay(tmp_path / "a", base)])
    assert caught.value.file == tmp_path / "a" / "models" / "x.yaml"
    (tmp_path / "b").mkdir()
    both = load([overlay(tmp_path / "b", base, {"id": LLAMA, "base_repo": None})])
    found = catalogue(both).names.resolve("meta-llama/Llama-3.1-8B")
    assert (found.model, found.repackaged) == ("llama-3.1-8b", False)
