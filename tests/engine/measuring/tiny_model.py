"""A model of the llama architecture with random weights, small enough to make on the spot.

It has two layers, a vocabulary of bytes and small letters, and weights in 32 bits: the same seed
makes the same file, and the file answers the same at temperature 0.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from gguf import GGUFWriter, TokenType

WIDTH, LAYERS, HEADS, FORWARD = 32, 2, 2, 64
LETTERS = "▁abcdefghijklmnopqrstuvwxyz."
TEMPLATE = "{% for message in messages %}{{ message['content'] }} {% endfor %}"


def write_tiny_model(path: Path, seed: int) -> Path:
    """Write the model; gives its path."""
    special = [
        ("<unk>", TokenType.UNKNOWN),
        ("<s>", TokenType.CONTROL),
        ("</s>", TokenType.CONTROL),
    ]
    entries = [
        *special,
        *((f"<0x{byte:02X}>", TokenType.BYTE) for byte in range(256)),
        *((letter, TokenType.NORMAL) for letter in LETTERS),
    ]
    writer = GGUFWriter(path, "llama")
    writer.add_name(path.stem)
    writer.add_context_length(512)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(FORWARD)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(len(entries))
    writer.add_file_type(0)
    writer.add_tokenizer_model("llama")
    writer.add_token_list([text for text, _ in entries])
    writer.add_token_scores([-1.0 if len(text) == 1 else 0.0 for text, _ in entries])
    writer.add_token_types([int(kind) for _, kind in entries])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_chat_template(TEMPLATE)
    for name, weights in _tensors(np.random.default_rng(seed), len(entries)):
        writer.add_tensor(name, weights.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _tensors(chance: np.random.Generator, words: int) -> list[tuple[str, np.ndarray]]:
    def random(*shape: int) -> np.ndarray:
        return chance.normal(0, 0.2, shape)

    output = random(words, WIDTH)
    output[: words - len(LETTERS)] = 0  # letters alone are ever likely: it writes text
    found = [
        ("token_embd.weight", random(words, WIDTH)),
        ("output_norm.weight", np.ones(WIDTH)),
        ("output.weight", output),
    ]
    for layer in range(LAYERS):
        shapes = {
            "attn_q": (WIDTH, WIDTH),
            "attn_k": (WIDTH, WIDTH),
            "attn_v": (WIDTH, WIDTH),
            "attn_output": (WIDTH, WIDTH),
            "ffn_gate": (FORWARD, WIDTH),
            "ffn_up": (FORWARD, WIDTH),
            "ffn_down": (WIDTH, FORWARD),
        }
        found += [(f"blk.{layer}.{name}.weight", random(*shape)) for name, shape in shapes.items()]
        found += [
            (f"blk.{layer}.{name}.weight", np.ones(WIDTH)) for name in ("attn_norm", "ffn_norm")
        ]
    return found
