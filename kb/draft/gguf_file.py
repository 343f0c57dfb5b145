"""Reads the header of a GGUF file with the `gguf` library, after a look whether that is bounded."""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import Any, BinaryIO

from whyllm.kb.draft.reading import Read, Reading, missing_library, one_line, refuse_unplain, words
from whyllm.kb.draft.shape import put_architecture, put_attention, put_tuning
from whyllm.kb.errors import KnowledgeError

MAGIC = b"GGUF"
MAX_ITEMS = 2_000_000
"""Items of all arrays of a header; the largest vocabularies take 1.3 million."""
MAX_KEYS = 100_000
MAX_BASES = 9
_STRING, _ARRAY = 8, 9
_SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}


def read_gguf(path: Path) -> Reading:
    """What the header of a GGUF file says; KnowledgeError when it is damaged."""
    try:
        from gguf import GGUFReader
    except ImportError:
        raise missing_library("gguf", path) from None
    refuse_unplain(path)
    try:
        with path.open("rb") as file:
            _refuse_excess(file)
        header = GGUFReader(path)
        values = {
            name: field.contents()
            for name, field in header.fields.items()
            if not name.startswith("tokenizer.ggml.")
        }
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
        count = sum(tensor.n_elements for tensor in header.tensors)
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


def _refuse_excess(file: BinaryIO) -> None:
    """Refuse a header whose arrays would keep the library busy for ever; ValueError says why."""

    def number(form: str) -> int:
        raw = file.read(struct.calcsize(form))
        if len(raw) < struct.calcsize(form):
            raise ValueError("it ends within its header")
        value: int = struct.unpack(form, raw)[0]
        return value

    def skip(size: int) -> None:
        if size > whole:
            raise ValueError("it ends within its header")
        file.seek(size, os.SEEK_CUR)

    whole = file.seek(0, os.SEEK_END)
    file.seek(0)
    if file.read(4) != MAGIC:
        raise ValueError("it does not begin with GGUF")
    if number("<I") not in (2, 3):
        raise ValueError("expected version 2 or 3, little-endian")
    tensors, keys = number("<Q"), number("<Q")
    if max(tensors, keys) > MAX_KEYS:
        raise ValueError(f"its header claims {max(tensors, keys):,} entries")
    items = 0
    for _ in range(keys):
        skip(number("<Q"))
        kind = number("<I")
        count = 1
        if kind == _ARRAY:
            kind, count = number("<I"), number("<Q")
        items += count
        if items > MAX_ITEMS:
            raise ValueError(f"its header claims more than {MAX_ITEMS:,} items")
        if kind == _STRING:
            for _ in range(count):
                skip(number("<Q"))
        elif kind in _SIZES:
            skip(_SIZES[kind] * count)
        else:
            raise ValueError(f"its header holds a value of the unknown type {kind}")
