"""Reads an Ollama Modelfile: what it is made from, its context, licence and template."""

from __future__ import annotations

import re
from pathlib import Path

from whyllm.kb.draft.reading import Read, Reading, one_line, read_text
from whyllm.kb.draft.shape import put_tuning
from whyllm.kb.errors import KnowledgeError

_WORDS = "FROM|PARAMETER|TEMPLATE|SYSTEM|LICENSE|ADAPTER|MESSAGE|PARSER|RENDERER|REQUIRES"
_INSTRUCTION = re.compile(
    rf'^[ \t]*({_WORDS})[ \t]+("""(?:.*?)"""|[^\n]*)', re.DOTALL | re.IGNORECASE | re.MULTILINE
)
_REGISTRY_NAME = re.compile(r"[\w./-]+:[\w.-]+")


def is_modelfile(text: str) -> bool:
    """Whether the first line that is neither empty nor a comment is an instruction."""
    lines = (line.strip() for line in text.splitlines())
    first = next((line for line in lines if line and not line.startswith("#")), "")
    return _INSTRUCTION.match(first) is not None


def read_modelfile(path: Path) -> Reading:
    """What a Modelfile says; KnowledgeError when it names no model."""
    text = read_text(path)
    found: dict[str, list[str]] = {}
    for match in _INSTRUCTION.finditer(text):
        value = match[2].strip()
        if value.startswith('"""') and not (value.endswith('"""') and len(value) >= 6):
            line = text.count("\n", 0, match.start(2)) + 1
            raise KnowledgeError('expected a closing """', path, line)
        found.setdefault(match[1].upper(), []).append(value.removeprefix('"""').removesuffix('"""'))
    origin = one_line(found.get("FROM", [""])[0])
    if origin is None:
        raise KnowledgeError("expected a Modelfile: it has no line FROM", path, 1)

    where = one_line(path.name) or "Modelfile"
    name = origin.removeprefix("hf.co/").removeprefix("huggingface.co/")
    local = origin.lower().endswith(".gguf") or origin.startswith((".", "/", "~"))
    name = one_line(Path(name).stem) or "model" if local else name
    reading = Reading(name, where)
    if "ADAPTER" in found:
        reading.bases.append(name)
        reading.title = f"{name} with an adapter"
        reading.names.append(reading.title)
    else:
        reading.names.append(name)
    if local:
        reading.remarks.append(f"the weights lie in {name}: draft from that file too")
    elif _REGISTRY_NAME.fullmatch(origin) and "ADAPTER" not in found and name == origin:
        reading.put("ollama", origin, f"{where}: FROM")
    _put_context(reading, found.get("PARAMETER", []))
    if "LICENSE" in found:
        reading.licence_text = Read("\n".join(found["LICENSE"]), f"{where}: LICENSE")
    if any(".Tools" in template for template in found.get("TEMPLATE", [])):
        reading.put("tool_calling", "native", f"{where}: TEMPLATE, which takes .Tools")
    put_tuning(reading, where)
    return reading


def _put_context(reading: Reading, parameters: list[str]) -> None:
    for parameter in parameters:
        name, _, value = parameter.partition(" ")
        if name.lower() == "num_ctx" and value.strip().isascii() and value.strip().isdigit():
            tokens = value.strip()
            where = f"{reading.where}: num_ctx, what it sets; the model may take more"
            reading.put("context", int(tokens) if len(tokens) < 10 else None, where)
