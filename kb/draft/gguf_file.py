"""Reads what the header of a GGUF file says of a model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from whyllm.kb.draft.reading import Read, Reading, one_line, refuse_unplain, words
from whyllm.kb.draft.shape import put_architecture, put_attention, put_tuning
from whyllm.kb.errors import KnowledgeError
from whyllm.kb.extras import from_extra

MAX_BASES = 9


def read_gguf(path: Path) -> Reading:
    """What the header of a GGUF file says; KnowledgeError when it is damaged."""
    with from_extra("draft", path):
        from whyllm.kb.draft.gguf_header import read_header
    refuse_unplain(path)
    try:
        values, count = read_header(path)
    except OSError as error:
        raise KnowledgeError(f"cannot be read: {error.strerror or error}", path) from None
    except Exception as error:  # the library raises whatever a damaged header leads it to
        reason = one_line(str(error)) or type(error).__name__
        raise KnowledgeError(f"not a whole GGUF file: {reason}", path) from None
    reading = _reading(path, values)
    pieces = values.get("split.count", 1)
    if isinstance(pieces, int) and pieces > 1:
        reading.remarks.append(f"params_b, file_gb: this is one of {pieces} pieces of the model")
    else:
        _put_size(reading, count, path.stat().st_size, values.get("general.file_type"))
    return reading


def _reading(path: Path, values: dict[str, Any]) -> Reading:
    where = one_line(path.name) or "GGUF file"
    kind = one_line(values.get("general.architecture")) or ""
    title = one_line(values.get("general.name")) or one_line(path.stem) or "model"
    reading = Reading(title, where, names=[title, one_line(path.stem) or title])

    def key(name: str) -> str:
        return f"{where}: {name}"

    def of_kind(name: str) -> Any:
        return values.get(f"{kind}.{name}")

    for index in range(MAX_BASES):
        base = f"general.base_model.{index}."
        url = words(values.get(f"{base}repo_url"))
        named = ["/".join(url[0].split("/")[-2:])] if url else words(values.get(f"{base}name"))
        reading.bases += named
    if tag := one_line(values.get("general.license")):
        reading.licence_tag = Read(tag, key("general.license"))
    if kind:
        put_architecture(reading, kind, of_kind("expert_count"), key("general.architecture"))
    reading.put("context", of_kind("context_length"), key(f"{kind}.context_length"))
    reading.put("languages", words(values.get("general.languages")), key("general.languages"))
    rank, rope = of_kind("attention.kv_lora_rank"), of_kind("rope.dimension_count")
    numbers = {
        "layers": of_kind("block_count"),
        "heads": of_kind("attention.head_count"),
        "kv_heads": of_kind("attention.head_count_kv"),
        "head_dim": of_kind("attention.key_length"),
        "width": of_kind("embedding_length"),
        "window": of_kind("attention.sliding_window"),
        "latent": rank + rope if isinstance(rank, int) and isinstance(rope, int) else None,
    }
    put_attention(reading, numbers, key(f"{kind}.attention"))
    template = values.get("tokenizer.chat_template")
    if isinstance(template, str) and "tools" in template:
        reading.put("tool_calling", "native", key("tokenizer.chat_template, which takes tools"))
    put_tuning(reading, where)
    return reading


def _put_size(reading: Reading, count: int, size: int, file_type: object) -> None:
    from gguf import LlamaFileType

    billions = float(f"{count / 1e9:.4g}")
    reading.put("params_b", billions or None, f"{reading.where}: its tensors")
    if reading.fields.get("architecture", Read("", "")).value == "dense":
        reading.put("active_params_b", billions or None, f"{reading.where}: dense, so all of them")
    if isinstance(file_type, int) and file_type in list(LlamaFileType):
        name = LlamaFileType(file_type).name.removeprefix("MOSTLY_").removesuffix("_MOE")
        sizes = {name: float(f"{size / 1e9:.4g}")}
        reading.put("file_gb", sizes, f"{reading.where}: general.file_type and its size")
