"""The memory formula against published file sizes and runtime logs."""

from __future__ import annotations

import csv
from pathlib import Path
from statistics import mean

import pytest
from whyllm.engine import memory
from whyllm.engine.memory import NOT_GIVEN, CacheShape
from whyllm.kb.knowledge import KnowledgeBase

PUBLISHED = Path(__file__).parents[1] / "data" / "published-q4-files.csv"


def shape(attention: str = "grouped", **figures: int) -> CacheShape:
    known = {
        "layers": 32, "kv_heads": 8, "head_dim": 128, "window_tokens": NOT_GIVEN,
        "global_layers": NOT_GIVEN, "latent_dim": NOT_GIVEN, **figures,
    }  # fmt: skip
    return CacheShape(attention, **known)


def errors(kb: KnowledgeBase, quantisation: str, at_least_b: float = 0.0) -> list[float]:
    """The estimate over the published size, less one, for text models of some size and more."""
    level = kb.quantisations[quantisation]
    found = []
    for row in csv.DictReader(PUBLISHED.read_text().splitlines()):
        params_b = kb.models[row["model"]].params_b
        if row["quantisation"] == quantisation and params_b and params_b >= at_least_b:
            size = memory.weights_gb(params_b, level.bits_per_weight, level.small_model_term)
            found.append(size / (int(row["bytes"]) / 1e9) - 1)
    return found


def root_mean_square(values: list[float]) -> float:
    return mean(value**2 for value in values) ** 0.5


def test_estimates_agree_with_published_files(kb: KnowledgeBase) -> None:
    """102 files in the Ollama library of August 2025, text models only: bytes of the weights."""
    plain, mixed = errors(kb, "Q4_0"), errors(kb, "Q4_K_M")
    assert (len(plain), len(mixed)) == (42, 60)
    assert abs(mean(plain)) < 0.01
    assert abs(mean(mixed)) < 0.01
    assert root_mean_square(plain + mixed) < 0.05


def test_estimates_of_larger_models_agree_better(kb: KnowledgeBase) -> None:
    """Small models keep large vocabularies in finer formats; from 3 billion on, less so."""
    assert root_mean_square(errors(kb, "Q4_0", 3)) < 0.02
    assert root_mean_square(errors(kb, "Q4_K_M", 3)) < 0.05


@pytest.mark.parametrize(("tokens", "mebibytes"), [(2048, 256), (32_768, 4096)])
def test_the_cache_is_what_a_runtime_logged(tokens: int, mebibytes: int) -> None:
    """llama.cpp, 32 layers, 8 key-value heads of 128, 16 bits: 256 MiB at 2k, 4096 at 32k."""
    assert memory.cache_gb(shape(), tokens, 2.0) * 1e9 == mebibytes * 2**20


def test_multi_head_attention_takes_four_times_as_much() -> None:
    many = memory.cache_gb(shape("multi-head", kv_heads=32), 4096, 2.0)
    assert many == 4 * memory.cache_gb(shape(), 4096, 2.0)


def test_a_latent_cache_is_about_seventy_kilobytes_a_token() -> None:
    """DeepSeek-V3: 61 layers of 576 values."""
    latent = shape("latent", layers=61, latent_dim=576)
    assert memory.cache_gb(latent, 1, 2.0) * 1e9 == pytest.approx(70_272)


def test_a_state_does_not_grow() -> None:
    assert memory.cache_gb(shape("state-space"), 1_000_000, 2.0) == 0


def test_local_layers_keep_their_window() -> None:
    sliding = shape("sliding", layers=6, global_layers=1, window_tokens=1024)
    inside = memory.cache_gb(sliding, 1024, 2.0)
    assert inside == memory.cache_gb(shape(layers=6), 1024, 2.0)
    beyond = memory.cache_gb(sliding, 2048, 2.0)
    assert beyond == pytest.approx(inside * 7 / 6)


def test_a_shape_without_its_figures_is_not_known() -> None:
    assert memory.cache_is_known(shape())
    assert not memory.cache_is_known(shape(kv_heads=NOT_GIVEN))
    assert not memory.cache_is_known(shape("latent"))
    assert memory.cache_is_known(shape("state-space", kv_heads=NOT_GIVEN))
