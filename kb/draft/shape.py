"""From the numbers of a configuration to the fields that decide memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from whyllm.kb.draft.reading import Reading

STATE_SPACE = ("mamba", "rwkv")
ENCODERS = ("bert", "roberta", "modernbert", "neo-bert")
ENCODER_DECODERS = ("t5", "whisper", "bart")
"""How the names of architectures begin or end; any other is taken for a decoder."""


def put_architecture(reading: Reading, name: str, experts: object, where: str) -> None:
    """Whether it is dense, a mixture, a state space or an encoder, from its name and experts."""
    if name.startswith(STATE_SPACE):
        found = "state-space"
    elif name.endswith(ENCODERS):
        found = "encoder"
        reading.put("kind", "embedding", where)
        reading.put("modalities", ["embedding"], where)
        reading.put("tuning", "task", where)
    elif name.startswith(ENCODER_DECODERS):
        found = "encoder-decoder"
    else:
        found = "moe" if isinstance(experts, int) and experts > 1 else "dense"
    reading.put("architecture", found, where)


def put_attention(reading: Reading, numbers: Mapping[str, Any], where: str) -> None:
    """The shape of the cache from layers, heads, kv_heads, head_dim, width, window and latent.

    A sliding window is left to the reviewer: no configuration says reliably which layers are
    global. So are heads that differ from layer to layer.
    """
    layers, heads, kv_heads = (numbers.get(key) for key in ("layers", "heads", "kv_heads"))
    if numbers.get("window"):
        reading.remarks.append(
            f"attention: a sliding window of {numbers['window']} tokens is set in {where}; say "
            "which layers keep the whole context"
        )
        return
    if isinstance(layers, int) and isinstance(numbers.get("latent"), int):
        shape = {"kind": "latent", "layers": layers, "latent_dim": numbers["latent"]}
        reading.put("attention", shape, where)
        return
    if not (isinstance(layers, int) and isinstance(heads, int) and heads > 0):
        return
    kv_heads = heads if kv_heads is None else kv_heads
    head_dim, width = numbers.get("head_dim"), numbers.get("width")
    if head_dim is None and isinstance(width, int):
        head_dim = width // heads
    if isinstance(kv_heads, int) and isinstance(head_dim, int):
        kind = "multi-head" if kv_heads == heads else "grouped"
        shape = {"kind": kind, "layers": layers, "kv_heads": kv_heads, "head_dim": head_dim}
        reading.put("attention", shape, where)


def put_tuning(reading: Reading, where: str) -> None:
    """How it was tuned, where its name says so."""
    name = " ".join(reading.names).lower()
    for tuning, marks in (
        ("thinking", ("thinking", "reasoning")),
        ("instruct", ("instruct", "chat", "-it", " it")),
        ("base", ("base", "-pt")),
    ):
        if any(mark in name for mark in marks):
            reading.put("tuning", tuning, f"{where}, by its name")
            return
