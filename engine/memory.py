"""How much memory a model needs: weights, key-value cache and overhead, in decimal gigabytes.

The formula and its constants come from the knowledge base (hardware.yaml, quantisation.yaml),
which say how each was measured or judged. Weights of a mixture of experts count in full: active
parameters set the pace, not the memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

NOT_GIVEN = -1
"""Marks a figure of a cache shape that does not apply or is not known."""


@dataclass(frozen=True)
class CacheShape:
    """What decides the size of the key-value cache; NOT_GIVEN where a figure does not apply."""

    attention: str
    layers: int
    kv_heads: int
    head_dim: int
    window_tokens: int
    global_layers: int
    latent_dim: int


def weights_gb(params_b: float, bits_per_weight: float, small_model_term: float) -> float:
    """Estimated file size: parameters (1e9) times bits, with the surplus that small models show."""
    return params_b * (bits_per_weight + small_model_term / sqrt(params_b)) / 8


def cache_gb(shape: CacheShape, context_tokens: int, value_bytes: float) -> float:
    """Key-value cache at a context, 1e9 bytes.

    Grouped and multi-head: 2 x layers x heads x head size x tokens. Sliding window: local layers
    keep at most their window. Latent (MLA): one compressed vector a layer and token. State space:
    nothing that grows. `value_bytes` is the size of one cached key or value.
    """
    if shape.attention == "state-space":
        return 0.0
    if shape.attention == "latent":
        return shape.layers * shape.latent_dim * context_tokens * value_bytes / 1e9
    per_layer_token = 2 * shape.kv_heads * shape.head_dim * value_bytes
    if shape.attention == "sliding" and NOT_GIVEN not in (shape.window_tokens, shape.global_layers):
        local_layers = shape.layers - shape.global_layers
        kept = shape.global_layers * context_tokens
        kept += local_layers * min(context_tokens, shape.window_tokens)
        return per_layer_token * kept / 1e9
    return per_layer_token * shape.layers * context_tokens / 1e9


def cache_is_known(shape: CacheShape) -> bool:
    """Whether the shape holds the figures that its kind of attention needs."""
    if shape.attention == "state-space":
        return True
    if shape.attention == "latent":
        return shape.latent_dim != NOT_GIVEN
    return NOT_GIVEN not in (shape.kv_heads, shape.head_dim)


def assumed_cache_gb(params_b: float, context_tokens: int, gb_per_1k_tokens_per_b: float) -> float:
    """Cache of a model whose shape is not known, from its size alone, 1e9 bytes."""
    return params_b * context_tokens / 1000 * gb_per_1k_tokens_per_b


def overhead_gb(
    model_weights_gb: float, base_gb: float, root_factor: float, runtime_gb: float
) -> float:
    """Compute buffers (with flash attention) and the runtime itself, 1e9 bytes."""
    return base_gb + root_factor * sqrt(model_weights_gb) + runtime_gb
