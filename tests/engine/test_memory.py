"""The memory formula against published file sizes and runtime logs."""

from __future__ import annotations

from statistics import mean

import pytest
from whyllm.engine import memory
from whyllm.engine.memory import NOT_GIVEN, CacheShape
from whyllm.kb.knowledge import KnowledgeBase


def shape(attention: str = "grouped", **figures: int) -> CacheShape:
    known = {
        "layers": 32, "kv_heads": 8, "head_dim": 128, "window_tokens": NOT_GIVEN,
        "global_layers": NOT_GIVEN, "latent_dim": NOT_GIVEN, **figures,
    }  # fmt: skip
    return CacheShape(attention, **known)


def test_estimates_agree_with_published_files(kb: KnowledgeBase) -> None:
    """Text models whose Q4_K_M file is published: mean error within 1 %, none beyond 20 %."""
    level = kb.quantisations["Q4_K_M"]
    errors = []
    for model in kb.models.values():
        published = model.file_gb.get("Q4_K_M")
        text_only = set(model.modalities) <= {"text", "code"}
        measured = model.evidence_for("file_gb").source.startswith("ollama-manifests")
        if published and model.params_b and text_only and measured:
            estimate = memory.weights_gb(
                model.params_b, level.bits_per_weight, level.small_model_term
            )
            errors.append(estimate / published - 1)
    assert len(errors) > 30
    assert abs(mean(errors)) < 0.02
    assert mean(error**2 for error in errors) ** 0.5 < 0.06


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
