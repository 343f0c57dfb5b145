"""`whyllm kb draft`: what it reads, what it leaves out, that it loads, that it trusts no file."""

from __future__ import annotations

import json
import os
import struct
import sys
import time
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest
import yaml
from whyllm.kb.loader import load
from whyllm.kb.schema import Model

from tests.cli.runner import Command


@pytest.fixture
def whyllm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    return Command(monkeypatch, tmp_path / "state")


def gguf_file(path: Path, name: str = "Phi Sketch 1B Instruct", **keys: Any) -> Path:
    """A small GGUF with a llama-like header; `keys` are added, a list of names as base models."""
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name(name)
    writer.add_context_length(keys.pop("context", 8192))
    writer.add_block_count(2)
    writer.add_embedding_length(64)
    writer.add_head_count(8)
    writer.add_head_count_kv(2)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q4_K_M)
    writer.add_chat_template("{% if tools %}{{ tools }}{% endif %}")
    writer.add_token_list(["<s>", "a", "b"])
    if licence := keys.pop("licence", None):
        writer.add_license(licence)
    if base := keys.pop("base", None):
        writer.add_base_model_count(1)
        writer.add_base_model_repo_url(0, f"https://huggingface.co/{base}")
    for key, value in keys.items():
        writer.add_uint32(key.replace("__", "."), value)
    writer.add_tensor("token_embd.weight", np.ones((1000, 1000), dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def card(folder: Path, front: str, title: str = "Phi Sketch 2B", **config: Any) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "README.md"
    path.write_text(f"---\n{front}---\n# {title}\n\nA sketch.\n")
    if config:
        (folder / "config.json").write_text(json.dumps(config))
    return path


def drafted(whyllm: Command, tmp_path: Path, *words: str) -> tuple[dict[str, Any], Model, str]:
    """The entry and its text, and the model that it is once it is laid over the knowledge."""
    shown = whyllm("kb", "draft", *words)
    assert (shown.code, shown.err) == (0, "")
    (entry,) = yaml.safe_load(shown.out)
    folder = tmp_path / "overlay"
    (folder / "models").mkdir(parents=True, exist_ok=True)
    (folder / "models" / "x.yaml").write_text(shown.out)
    checked = whyllm("kb", "check", "--kb", str(folder))
    assert (checked.code, checked.err) == (0, "")
    model = load([folder]).models[entry["id"]]
    for field in entry.keys() - {"id", "name", "evidence"}:
        assert field in entry["evidence"], field
    lines = [line.removeprefix("# ") for line in shown.out.splitlines()]
    assert max(len(line) for line in shown.out.splitlines() if line[0] == "#") <= 100
    return entry, model, " ".join(lines)


def test_a_gguf_file(whyllm: Command, tmp_path: Path) -> None:
    path = gguf_file(tmp_path / "sketch.gguf", licence="mit")
    entry, model, text = drafted(whyllm, tmp_path, str(path))
    assert entry["id"] == "phi-sketch-1b-instruct"
    assert (model.family, model.kind, model.architecture) == ("phi", "llm", "dense")
    assert (model.context, model.params_b, model.tuning) == (8192, 0.001, "instruct")
    assert (model.tool_calling, model.licences) == ("native", ("MIT",))
    assert model.attention is not None
    assert entry["attention"] == {"kind": "grouped", "layers": 2, "kv_heads": 2, "head_dim": 8}
    assert set(model.file_gb) == {"Q4_K_M"}
    for field in ("context", "params_b", "attention", "file_gb", "licences", "architecture"):
        evidence = model.evidence_for(field)
        assert (evidence.source, evidence.confidence) == ("local-file", "data-file")
        assert str(evidence.note).startswith("sketch.gguf: ")
    assert model.evidence_for("modalities").confidence == "from-memory"
    assert "Drafted by `whyllm kb draft` from sketch.gguf, for review" in text
    assert "Not read, and left out: languages, released, cutoff, hf_repo." in text


def test_nothing_is_added_by_itself(whyllm: Command, tmp_path: Path) -> None:
    path = gguf_file(tmp_path / "sketch.gguf")
    before = load().digest
    target = tmp_path / "x.yaml"
    assert whyllm("kb", "draft", str(path), "-o", str(target)).out == ""
    assert target.read_text().startswith("# Drafted")
    assert load().digest == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["sketch.gguf", "x.yaml"]


def test_a_mixture_and_a_window_and_a_piece(whyllm: Command, tmp_path: Path) -> None:
    keys = {"llama__expert_count": 8, "llama__attention__sliding_window": 512, "split__count": 3}
    path = gguf_file(tmp_path / "phi-moe.gguf", "Phi Mix 9B", **keys)
    entry, model, text = drafted(whyllm, tmp_path, str(path))
    assert model.architecture == "moe"
    assert not {"attention", "params_b", "active_params_b", "file_gb"} & entry.keys()
    assert "a sliding window of 512 tokens" in text
    assert "one of 3 pieces" in text


def test_a_known_model_is_amended_where_knowledge_lacks(whyllm: Command, tmp_path: Path) -> None:
    path = gguf_file(tmp_path / "x.gguf", "phi-4-GGUF", licence="apache-2.0", context=77)
    entry, model, text = drafted(whyllm, tmp_path, str(path))
    known = load().models["phi-4"]
    assert (entry["id"], "name" in entry, "licences" in entry) == ("phi-4", False, False)
    assert (model.context, model.licences) == (known.context, ("MIT",))
    assert (
        f"context: the knowledge keeps {known.context}, not 77 (x.gguf: llama.context_length)"
        in text
    )
    assert "the tag 'apache-2.0' is not believed over the known terms of Phi-4 14B (MIT)" in text


BASE = "meta-llama/Llama-3.1-8B"


@pytest.mark.parametrize(
    ("tag", "licences", "remark"),
    [
        ("other", None, "the tag 'other' names no single licence, and is not believed; the terms"),
        ("cc", None, "the tag 'cc' names no single licence"),
        ("mit", ("MIT",), "the tag 'mit' is not believed over its base; the terms of its base"),
        ("llama3.1", ("LicenseRef-Llama-3.1-Community",), None),
    ],
)
def test_a_tag_does_not_outweigh_the_terms_of_a_known_base(
    whyllm: Command, tmp_path: Path, tag: str, licences: tuple[str, ...] | None, remark: str | None
) -> None:
    path = gguf_file(tmp_path / "tune.gguf", "My Tune 8B", licence=tag, base=BASE)
    _, model, text = drafted(whyllm, tmp_path, str(path))
    both = load([tmp_path / "overlay"])
    assert model.licences == licences
    assert model.base is not None
    bound = {*(model.licences or ()), *both.inherited_licences(model)}
    assert "LicenseRef-Llama-3.1-Community" in bound
    assert (remark or "Drafted") in text
    assert ("not believed" in text) == (remark is not None)


def test_an_unknown_base_is_said_to_be(whyllm: Command, tmp_path: Path) -> None:
    path = gguf_file(tmp_path / "tune.gguf", licence="mit", base="nobody/knows-it")
    _, model, text = drafted(whyllm, tmp_path, str(path))
    assert model.licences == ("MIT",)
    assert "its base nobody/knows-it is not in the catalogue" in text


CARD = """\
license: apache-2.0
language: [en, no]
pipeline_tag: image-text-to-text
tags: [conversational]
"""
CONFIG = {
    "model_type": "phi3", "max_position_embeddings": 4096, "num_hidden_layers": 4,
    "num_attention_heads": 8, "hidden_size": 64,
}  # fmt: skip


@pytest.mark.parametrize("whole", [False, True])
def test_a_model_card(whyllm: Command, tmp_path: Path, whole: bool) -> None:
    path = card(tmp_path / "card", CARD, **CONFIG)
    entry, model, text = drafted(whyllm, tmp_path, str(path.parent if whole else path))
    assert (model.name, model.family, model.kind) == ("Phi Sketch 2B", "phi", "llm")
    assert (model.modalities, model.languages) == (("text", "vision"), ("en", "no"))
    assert (model.context, model.licences) == (4096, ("Apache-2.0",))
    assert entry["attention"] == {"kind": "multi-head", "layers": 4, "kv_heads": 8, "head_dim": 8}
    for field, file, confidence in (
        ("languages", "README.md", "model-card"), ("licences", "README.md", "model-card"),
        ("context", "config.json", "data-file"), ("attention", "config.json", "data-file"),
    ):  # fmt: skip
        evidence = model.evidence_for(field)
        assert str(evidence.note).startswith(file)
        assert evidence.confidence == confidence
    assert "Not read, and left out: params_b, released, cutoff, hf_repo" in text


def test_a_card_of_a_quantised_copy_is_the_model_itself(whyllm: Command, tmp_path: Path) -> None:
    front = "base_model: microsoft/phi-4\nbase_model_relation: quantized\nlicense: other\n"
    entry, _, text = drafted(whyllm, tmp_path, str(card(tmp_path / "card", front, "A copy")))
    assert entry["id"] == "phi-4"
    assert "the tag 'other' is not believed over the known terms of Phi-4 14B (MIT)" in text


def test_a_modelfile(whyllm: Command, tmp_path: Path) -> None:
    path = tmp_path / "Modelfile"
    path.write_text(
        "# mine\nFROM phi-sketch:3b\nPARAMETER num_ctx 4096\nPARAMETER stop FROM\n"
        'TEMPLATE """{{ if .Tools }}\nFROM x\n{{ end }}"""\n'
        'LICENSE """\n          Apache License\n    Version 2.0, January 2004\n"""\n'
    )
    _, model, text = drafted(whyllm, tmp_path, str(path))
    assert (model.ollama, model.family, model.context) == ("phi-sketch:3b", "phi", 4096)
    assert (model.tool_calling, model.licences) == ("native", ("Apache-2.0",))
    assert "the model may take more" in str(model.evidence_for("context").note)
    assert "params_b" in text


def test_a_modelfile_of_a_known_model(whyllm: Command, tmp_path: Path) -> None:
    path = tmp_path / "my.modelfile"
    path.write_text("from phi4:14b\nparameter num_ctx 4096\n")
    entry, _, text = drafted(whyllm, tmp_path, str(path))
    assert entry == {"id": "phi-4"}
    assert "the knowledge keeps" in text


def test_a_modelfile_with_an_adapter_is_another_model(whyllm: Command, tmp_path: Path) -> None:
    path = tmp_path / "Modelfile"
    path.write_text("FROM llama3.1:8b\nADAPTER ./mine.gguf\n")
    entry, model, _ = drafted(whyllm, tmp_path, str(path))
    assert entry["id"] == "llama3.1-8b-with-an-adapter"
    assert model.base == "llama-3.1-8b-instruct"


def test_a_family_is_asked_for_when_none_is_known(whyllm: Command, tmp_path: Path) -> None:
    path = gguf_file(tmp_path / "x.gguf", "Zzyzx 1B")
    shown = whyllm("kb", "draft", str(path))
    assert (shown.code, shown.out, shown.err.count("\n")) == (2, "", 1)
    assert "no known family bears the name 'Zzyzx 1B'; say --family ID" in shown.err
    _, model, _ = drafted(whyllm, tmp_path, str(path), "--family", "phi")
    assert model.family == "phi"
    shown = whyllm("kb", "draft", str(path), "--family", "fhi")
    assert (shown.code, "no family 'fhi'; did you mean" in shown.err) == (2, True)


def test_an_implausible_value_is_left_out(whyllm: Command, tmp_path: Path) -> None:
    path = card(tmp_path / "card", CARD, max_position_embeddings=10**30, model_type="phi3")
    entry, _, text = drafted(whyllm, tmp_path, str(path))
    assert "context" not in entry
    assert "context: left out, since input should be" in text


def test_a_steering_name_is_shown_as_an_escape(whyllm: Command, tmp_path: Path) -> None:
    path = gguf_file(tmp_path / "x.gguf", "Phi \x1b[31m\n- id: evil\r Sketch")
    entry, _, text = drafted(whyllm, tmp_path, str(path))
    assert "\x1b" not in text
    assert entry["name"] == "Phi \\x1b[31m - id: evil Sketch"


def header(keys: int, body: bytes, tensors: int = 0) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", 3, tensors, keys) + body


def key(name: str, kind: int) -> bytes:
    return struct.pack("<Q", len(name)) + name.encode() + struct.pack("<I", kind)


FRONT_MATTER_BOMB = "a: &a [x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nlicense: *c\n"

HOSTILE: dict[str, tuple[str, bytes, str]] = {
    "empty GGUF": ("x.gguf", b"", "x.gguf: not a whole GGUF file: it does not begin with GGUF"),
    "magic alone": ("x.gguf", b"GGUF", "x.gguf: not a whole GGUF file: it ends within its header"),
    "no GGUF": ("x.gguf", b"PK\3\4" * 99, "it does not begin with GGUF"),
    "version 9": ("x.gguf", b"GGUF" + struct.pack("<IQQ", 9, 0, 0), "expected version 2 or 3"),
    "many keys": ("x", header(2**60, b""), "its header claims 1,152,921,504,606,846,976 entries"),
    "many items": ("x.gguf", header(1, key("a", 9) + struct.pack("<IQ", 0, 2**40)), "claims more"),
    "long string": ("x.gguf", header(2, key("a", 8) + struct.pack("<Q", 2**62)), "not a whole"),
    "endless string": ("x.gguf", header(2, key("a", 8) + struct.pack("<Q", 2**64 - 1)), "not a wh"),
    "strange type": ("x.gguf", header(1, key("a", 77)), "a value of the unknown type 77"),
    "nested array": ("x.gguf", header(1, key("a", 9) + struct.pack("<IQ", 9, 1)), "unknown type 9"),
    "a key twice": ("x.gguf", header(2, (key("a", 0) + b"1") * 2), "Duplicate a already in list"),
    "lost tensors": ("x.gguf", header(0, b"", tensors=5), "x.gguf: not a whole GGUF file"),
    "empty card": ("README.md", b"", "README.md:1: the file is empty"),
    "binary card": ("README.md", b"---\n\xff\xfe\0---\n", "README.md:2: not UTF-8 text"),
    "NUL card": ("README.md", b"---\na: \0\n---\n", "README.md:2: not UTF-8 text"),
    "plain card": ("README.md", b"# A model\n", "README.md:1: expected a model card"),
    "open card": ("README.md", b"---\nlicense: mit\n", "README.md:1: expected a model card"),
    "list card": ("README.md", b"---\n- mit\n---\n", "README.md:2: expected front matter of keys"),
    "bad card": ("README.md", b"---\na: [\n---\n", "not YAML"),
    "bomb": ("README.md", f"---\n{FRONT_MATTER_BOMB}---\n".encode(), "README.md:2: aliases"),
    "deep card": ("README.md", b"---\na: " + b"[" * 99_999 + b"\n---\n", "nested too deeply"),
    "huge card": ("README.md", b"---\n" + b"#" * 5_000_000, "larger than 4,000,000 bytes"),
    "empty Modelfile": ("Modelfile", b"", "Modelfile:1: the file is empty"),
    "no FROM": ("Modelfile", b"PARAMETER num_ctx 1\n", "Modelfile:1: expected a Modelfile: it has"),
    "open quote": ("Modelfile", b'FROM a\nLICENSE """x\n', 'Modelfile:2: expected a closing """'),
    "something else": ("x.txt", b"Hello, world.\n", "x.txt: expected a GGUF file, a model card"),
    "binary": ("x", bytes(range(256)), "x:2: not UTF-8 text"),
}  # fmt: skip


def refused(whyllm: Command, path: Path, complaint: str) -> None:
    shown = whyllm("kb", "draft", str(path))
    assert (shown.code, shown.out) == (2, "")
    assert shown.err.startswith("whyllm: ")
    assert shown.err[:-1].isprintable()
    assert complaint in shown.err


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_source_gets_one_line(whyllm: Command, tmp_path: Path, case: str) -> None:
    name, content, complaint = HOSTILE[case]
    (tmp_path / name).write_bytes(content)
    refused(whyllm, tmp_path / name, complaint)


@pytest.mark.parametrize("kind", [0, 8], ids=["numbers", "texts"])
def test_a_vast_vocabulary_is_passed_over(
    whyllm: Command, tmp_path: Path, kind: int, reading_effort: float
) -> None:
    """The library alone takes half a minute and gigabytes, a hundred times the knowledge base."""
    count = 1_900_000
    items = bytes(count * (8 if kind == 8 else 1))
    content = header(1, key("a", 9) + struct.pack("<IQ", kind, count) + items)
    (tmp_path / "x.gguf").write_bytes(content)
    start = time.process_time()
    assert whyllm("kb", "draft", str(tmp_path / "x.gguf"), "--family", "phi").code == 0
    assert time.process_time() - start < 12 * reading_effort


@pytest.mark.parametrize("share", [0.001, 0.5, 0.999])
def test_a_truncated_gguf_gets_one_line(whyllm: Command, tmp_path: Path, share: float) -> None:
    path = gguf_file(tmp_path / "x.gguf")
    os.truncate(path, int(path.stat().st_size * share) // 4 * 4)
    refused(whyllm, path, "x.gguf: not a whole GGUF file")


@pytest.mark.parametrize(
    ("config", "complaint"),
    [("[" * 99_999, "config.json: not JSON"), ("[]", "config.json: expected an object"),
     ("\0", "config.json:1: not UTF-8 text")],
)  # fmt: skip
def test_a_hostile_config(whyllm: Command, tmp_path: Path, config: str, complaint: str) -> None:
    path = card(tmp_path / "card", CARD)
    (path.parent / "config.json").write_text(config)
    refused(whyllm, path, complaint)


def test_what_is_no_file(whyllm: Command, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.gguf")
    refused(whyllm, tmp_path / "pipe.gguf", "pipe.gguf: expected a plain file")
    refused(whyllm, tmp_path / "nowhere.gguf", "nowhere.gguf: cannot be read: No such file")
    refused(whyllm, tmp_path, "README.md: cannot be read: No such file")
    refused(whyllm, Path("/dev/zero"), "/dev/zero: expected a plain file")


@pytest.mark.parametrize(
    ("library", "name"), [("gguf", "x.gguf"), ("huggingface_hub", "README.md")]
)
def test_a_missing_library_is_said_with_its_remedy(
    whyllm: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str, name: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.delitem(sys.modules, "whyllm.kb.draft.gguf_header", raising=False)
    (tmp_path / name).write_text("---\n")
    refused(whyllm, tmp_path / name, f"needs the library {library}: pip install 'whyllm[draft]'")
