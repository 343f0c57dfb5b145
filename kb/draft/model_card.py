"""Reads a Hugging Face model card (README.md with YAML front matter) and config.json beside it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from whyllm.kb.draft.reading import Read, Reading, one_line, read_text, words
from whyllm.kb.draft.shape import put_architecture, put_attention, put_tuning
from whyllm.kb.errors import KnowledgeError
from whyllm.kb.extras import from_extra
from whyllm.kb.yaml_file import parse_yaml

CARD = "model-card"
_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\n(.*?)^---[ \t]*$", re.DOTALL | re.MULTILINE)
_NOT_OF_A_MODEL = ("tags", "model-index", "eval_results", "ignore_metadata_errors", "self")
_TASKS: dict[str, tuple[str, list[str]]] = {
    "text-generation": ("llm", ["text"]),
    "image-text-to-text": ("llm", ["text", "vision"]),
    "automatic-speech-recognition": ("speech-recognition", ["speech"]),
    "feature-extraction": ("embedding", ["embedding"]),
    "sentence-similarity": ("embedding", ["embedding"]),
    "text-to-image": ("diffusion", ["image-generation"]),
    "text-to-speech": ("text-to-speech", ["text-to-speech"]),
}


def read_card(path: Path) -> Reading:
    """What a card says; KnowledgeError when it has no front matter or that is no plain YAML."""
    with from_extra("draft", path):
        from huggingface_hub import ModelCardData
    data, body = front_matter(path)
    known = {key: value for key, value in data.items() if key not in _NOT_OF_A_MODEL}
    card = ModelCardData(tags=words(data.get("tags")), **known)

    where = one_line(path.name) or "model card"
    heading = re.search(r"^# +(.+)$", body, re.MULTILINE)
    title = (
        one_line(card.model_name)
        or one_line(heading[1] if heading else None)
        or one_line(path.resolve().parent.name)
        or "model"
    )
    reading = Reading(title, where, names=[title])
    bases = words(card.base_model)
    if card.get("base_model_relation") == "quantized":
        reading.names += bases
    else:
        reading.bases += bases
    if tag := one_line(card.license):
        name = one_line(card.license_name)
        reading.licence_tag = Read(f"{tag} {name}" if name else tag, f"{where}: license", CARD)
    reading.put("languages", words(card.language), f"{where}: language", CARD)
    kind, modalities = _TASKS.get(str(card.pipeline_tag), (None, None))
    reading.put("kind", kind, f"{where}: pipeline_tag", CARD)
    reading.put("modalities", modalities, f"{where}: pipeline_tag", CARD)
    if kind not in (None, "llm"):
        reading.put("tuning", "task", f"{where}: pipeline_tag", CARD)
    config = path.parent / "config.json"
    if config.exists():
        _read_config(config, reading)
    put_tuning(reading, where)
    return reading


def front_matter(path: Path) -> tuple[dict[str, Any], str]:
    """The keys and values at the head of a card, and the text below.

    Raises KnowledgeError, with the line, when there is no front matter or it is no plain YAML.
    """
    text = read_text(path)
    block = _FRONT_MATTER.match(text)
    if block is None:
        raise KnowledgeError("expected a model card: it has no YAML front matter", path, 1)
    # The card's YAML is parsed by ours, which refuses aliases and floods; the library, whose own
    # parser takes `no` (Norwegian) for false, is given the result.
    front = "\n" * text.count("\n", 0, block.start(1)) + block[1]
    data = parse_yaml(front.encode(), path).data
    if not isinstance(data, dict):
        raise KnowledgeError("expected front matter of keys and values", path, 2)
    return data, text[block.end() :]


def _read_config(path: Path, reading: Reading) -> None:
    where = path.name
    try:
        data = json.loads(read_text(path))
    except (ValueError, RecursionError):
        raise KnowledgeError("not JSON", path) from None
    if not isinstance(data, dict):
        raise KnowledgeError("expected an object", path)
    inner = data.get("text_config")
    config: dict[str, Any] = {**data, **inner} if isinstance(inner, dict) else data
    experts = config.get("num_local_experts", config.get("num_experts"))
    experts = config.get("n_routed_experts", experts)
    if kind := one_line(config.get("model_type")):
        put_architecture(reading, kind, experts, f"{where}: model_type")
    context = config.get("max_position_embeddings")
    reading.put("context", context, f"{where}: max_position_embeddings")
    rank, rope = config.get("kv_lora_rank"), config.get("qk_rope_head_dim")
    window = config.get("sliding_window") if config.get("use_sliding_window", True) else None
    numbers = {
        "layers": config.get("num_hidden_layers"),
        "heads": config.get("num_attention_heads"),
        "kv_heads": config.get("num_key_value_heads"),
        "head_dim": config.get("head_dim"),
        "width": config.get("hidden_size"),
        "window": window,
        "latent": rank + rope if isinstance(rank, int) and isinstance(rope, int) else None,
    }
    put_attention(reading, numbers, f"{where}: its heads and layers")
