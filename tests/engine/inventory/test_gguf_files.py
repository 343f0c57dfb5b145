"""Which model a GGUF file is said to hold, and that no damaged file does harm."""

from __future__ import annotations

import os
import struct
import sys
import time
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whyllm.engine.inventory import gguf_files
from whyllm.engine.inventory.gguf_files import in_folder, read_file
from whyllm.engine.inventory.mention import Fault, Found, Mention, Place
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.names import NameIndex

HUB = "https://huggingface.co/"
Q4_K_M = int(gguf.LlamaFileType.MOSTLY_Q4_K_M)


def write(path: Path, architecture: str = "llama", **general: Any) -> Path:
    """A GGUF file with these keys under `general.`, two underscores for a dot; or `split.`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = gguf.GGUFWriter(path, architecture)
    for key, value in general.items():
        name = key.replace("__", ".")
        name = name if name.startswith("split.") else f"general.{name}"
        (writer.add_uint32 if isinstance(value, int) else writer.add_string)(name, value)
    writer.add_tensor("token_embd.weight", np.ones((4, 32), dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def piece(folder: Path, number: int, count: int = 3, stem: str = "big", **general: Any) -> Path:
    path = folder / f"{stem}-{number:05d}-of-{count:05d}.gguf"
    return write(path, split__no=number - 1, split__count=count, **general)


def the_mention(path: Path) -> Mention:
    (found,) = read_file(path, path.name)
    assert isinstance(found, Mention), found
    return found


def told(found: list[Found]) -> list[str]:
    """The names of mentions and the texts of faults, in their order."""
    return [item.name if isinstance(item, Mention) else str(item) for item in found]


# The name.


def test_a_header_names_the_model_with_its_quantisation_by_the_convention_for_files(
    tmp_path: Path,
) -> None:
    path = write(tmp_path / "x.gguf", name="Llama 3.2 3B Instruct", file_type=Q4_K_M)
    mention = the_mention(path)
    assert mention == Mention("Llama-3.2-3B-Instruct-Q4_K_M.gguf", Place("x.gguf"))


def test_a_quantisation_that_the_name_tells_is_not_told_twice(tmp_path: Path) -> None:
    path = write(tmp_path / "x.gguf", name="Qwen3-8B.q4_k_m.gguf", file_type=Q4_K_M)
    assert the_mention(path).name == "Qwen3-8B.q4_k_m.gguf"


@pytest.mark.parametrize("junk", [None, "0123456789abcdef" * 4, " "])
def test_without_a_name_its_parts_make_one(tmp_path: Path, junk: str | None) -> None:
    parts = {"basename": "Llama-3.2", "size_label": "3B", "finetune": "Instruct"}
    path = write(tmp_path / "x.gguf", **parts, **({"name": junk} if junk else {}))
    assert the_mention(path).name == "Llama-3.2-3B-Instruct.gguf"


def test_a_header_that_names_nothing_leaves_the_file_name(tmp_path: Path) -> None:
    path = write(tmp_path / "Qwen3-8B-Q4_K_M.gguf")
    assert the_mention(path).name == "Qwen3-8B-Q4_K_M.gguf"


def test_a_source_of_the_same_name_is_the_model_itself(tmp_path: Path) -> None:
    path = write(
        tmp_path / "x.gguf", name="Qwen3 8B", source__repo_url=HUB + "Qwen/Qwen3-8B/tree/main"
    )
    assert (the_mention(path).name, the_mention(path).bases) == ("Qwen/Qwen3-8B", ())


def test_a_base_of_the_same_name_is_what_was_quantised(tmp_path: Path) -> None:
    base = {"base_model__count": 1, "base_model__0__repo_url": HUB + "Qwen/Qwen3-8B"}
    path = write(tmp_path / "x.gguf", name="Qwen3-8B-GGUF", quantized_by="Unsloth", **base)
    assert (the_mention(path).name, the_mention(path).bases) == ("Qwen/Qwen3-8B", ())


def test_a_source_of_another_name_is_a_base_and_does_not_hide_the_name(tmp_path: Path) -> None:
    path = write(
        tmp_path / "x.gguf", name="Acme Chat 8B", source__repo_url=HUB + "meta-llama/Llama-3.1-8B"
    )
    mention = the_mention(path)
    assert (mention.name, mention.bases) == ("Acme-Chat-8B.gguf", ("meta-llama/Llama-3.1-8B",))


def test_a_page_of_an_owner_is_no_repository(tmp_path: Path) -> None:
    path = write(tmp_path / "x.gguf", name="Qwen3 8B", repo_url=HUB + "unsloth")
    assert the_mention(path).name == "Qwen3-8B.gguf"


@pytest.mark.parametrize(
    ("header", "model"),
    [
        ({"name": "Meta Llama 3.1 8B Instruct", "file_type": Q4_K_M}, "llama-3.1-8b-instruct"),
        ({"name": "Qwen3-8B", "file_type": Q4_K_M}, "qwen3-8b"),
        ({"basename": "Llama-3.2", "size_label": "3B", "finetune": "Instruct"},
         "llama-3.2-3b-instruct"),
        ({"name": "Mistral 7B Instruct v0.3"}, "mistral-7b-instruct-v0.3"),
    ],
)  # fmt: skip
def test_the_names_are_those_that_the_knowledge_base_resolves(
    tmp_path: Path, kb: KnowledgeBase, header: dict[str, Any], model: str
) -> None:
    from whyllm.engine.cataloguing import catalogue

    index: NameIndex = catalogue(kb).names
    assert index.resolve(the_mention(write(tmp_path / "x.gguf", **header)).name).model == model


# What it declares.


@pytest.mark.parametrize(
    ("keys", "declared"),
    [
        ({"license": "apache-2.0"}, ("apache-2.0",)),
        ({"license": "other", "license__name": "llama3.1"}, ("llama3.1",)),
        ({"license": "other"}, ("other",)),
        ({"license": "mit", "license__name": "gemma"}, ("mit", "gemma")),
        ({}, ()),
        ({"license": 5}, ()),
    ],
)
def test_licences_are_declared_as_the_header_writes_them(
    tmp_path: Path, keys: dict[str, Any], declared: tuple[str, ...]
) -> None:
    assert the_mention(write(tmp_path / "x.gguf", name="X 1B", **keys)).declared == declared


def test_all_bases_are_named_in_their_order_by_repository_or_else_by_name(tmp_path: Path) -> None:
    path = write(
        tmp_path / "x.gguf",
        name="Merge 8B",
        base_model__10__name="Tenth 8B",
        base_model__1__repo_url=HUB + "acme/second",
        base_model__0__name="First 8B",
        base_model__2__url="https://example.org/third",
    )
    assert the_mention(path).bases == (
        "First 8B", "acme/second", "https://example.org/third", "Tenth 8B",
    )  # fmt: skip


# Folders.


def test_a_folder_is_read_with_all_beneath_it_sorted_and_shown_as_it_was_given(
    tmp_path: Path,
) -> None:
    write(tmp_path / "b" / "two.gguf", name="Two 2B")
    write(tmp_path / "b" / "ONE.GGUF", name="One 1B")
    write(tmp_path / "a" / "c" / "three.gguf", name="Three 3B")
    write(tmp_path / "zero.gguf", name="Zero 1B")
    (tmp_path / "notes.txt").write_text("no model")
    found = list(in_folder(tmp_path, "models"))
    assert [(item.place.file, told([item])[0]) for item in found] == [
        ("models/zero.gguf", "Zero-1B.gguf"),
        ("models/a/c/three.gguf", "Three-3B.gguf"),
        ("models/b/ONE.GGUF", "One-1B.gguf"),
        ("models/b/two.gguf", "Two-2B.gguf"),
    ]


def test_the_pieces_of_a_model_are_one_mention(tmp_path: Path) -> None:
    piece(tmp_path, 1, name="Big 70B")
    piece(tmp_path, 2)
    piece(tmp_path, 3)
    piece(tmp_path, 1, count=2, stem="other", name="Other 70B")
    assert told(list(in_folder(tmp_path, "m"))) == ["Big-70B.gguf", "Other-70B.gguf"]


def test_a_piece_whose_first_is_missing_is_still_a_model_and_a_fault(tmp_path: Path) -> None:
    piece(tmp_path, 2)
    piece(tmp_path, 3)
    assert told(list(in_folder(tmp_path, "m"))) == [
        "m/big-00002-of-00003.gguf: the first piece of it, which names it, is missing",
        "big-00002-of-00003.gguf",
    ]


def test_a_whole_model_that_is_named_like_a_piece_is_not_lost(tmp_path: Path) -> None:
    piece(tmp_path, 1, name="Big 70B")
    write(tmp_path / "big-00002-of-00003.gguf", name="Stranger 1B")
    assert told(list(in_folder(tmp_path, "m"))) == ["Big-70B.gguf", "Stranger-1B.gguf"]


@pytest.mark.parametrize(
    ("file", "architecture", "keys"),
    [("mmproj-f16.gguf", "llama", {}), ("p.gguf", "clip", {}), ("p.gguf", "x", {"type": "mmproj"}),
     ("p.gguf", "imatrix", {"type": "imatrix"})],
)  # fmt: skip
def test_a_projector_is_no_model_beside_one_and_is_told_where_it_stands_alone(
    tmp_path: Path, file: str, architecture: str, keys: dict[str, Any]
) -> None:
    write(tmp_path / "both" / "model.gguf", name="Eye 7B")
    for folder in ("both", "lone"):
        write(tmp_path / folder / file, architecture, name="Eye 7B Projector", **keys)
    assert told(list(in_folder(tmp_path / "both", "m"))) == ["Eye-7B.gguf"]
    assert told(list(in_folder(tmp_path / "lone", "m"))) == ["Eye-7B-Projector.gguf"]


def test_links_are_followed_once_and_loops_end(tmp_path: Path) -> None:
    write(tmp_path / "disk" / "one.gguf", name="One 1B")
    models = tmp_path / "models"
    models.mkdir()
    for name, target in (("a", tmp_path / "disk"), ("b", tmp_path / "disk"), ("loop", models)):
        (models / name).symlink_to(target)
    (tmp_path / "disk" / "back").symlink_to(models)
    found = list(in_folder(models, "models"))
    assert [(item.place.file, *told([item])) for item in found] == [
        ("models/a/one.gguf", "One-1B.gguf")
    ]


def test_a_folder_too_full_is_read_to_its_limit_and_the_rest_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gguf_files, "MOST_ENTRIES", 3)
    write(tmp_path / "one.gguf", name="One 1B")
    write(tmp_path / "more" / "two.gguf", name="Two 2B")
    write(tmp_path / "more" / "three.gguf", name="Three 3B")
    assert told(list(in_folder(tmp_path, "m"))) == [
        "One-1B.gguf",
        "m: holds more than 3 files and folders; the rest was not read",
    ]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs permissions that hold")
def test_a_folder_that_may_not_be_entered_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "shut").mkdir(mode=0)
    assert told(list(in_folder(tmp_path, "m"))) == ["m/shut: cannot be read: Permission denied"]


def test_what_is_no_folder_is_a_fault(tmp_path: Path) -> None:
    assert told(list(in_folder(tmp_path / "none", "none"))) == ["none: expected a folder"]


# Damage.


def test_each_bad_file_is_a_fault_that_says_why_and_hides_no_good_one(tmp_path: Path) -> None:
    good = write(tmp_path / "good.gguf", name="Good 1B")
    raw = good.read_bytes()
    (tmp_path / "a-empty.gguf").write_bytes(b"")
    (tmp_path / "b-html.gguf").write_bytes(b"<html>404</html>" * 10)
    (tmp_path / "c-cut.gguf").write_bytes(raw[:60])
    (tmp_path / "d-lies.gguf").write_bytes(raw[:16] + struct.pack("<Q", 2**60) + raw[24:])
    (tmp_path / "e-gone.gguf").symlink_to(tmp_path / "nowhere")
    (tmp_path / "f-loop.gguf").symlink_to(tmp_path / "f-loop.gguf")
    os.mkfifo(tmp_path / "h-pipe.gguf")
    assert told(list(in_folder(tmp_path, "m"))) == [
        "m/a-empty.gguf: not a whole GGUF file: it does not begin with GGUF",
        "m/b-html.gguf: not a whole GGUF file: it does not begin with GGUF",
        "m/c-cut.gguf: not a whole GGUF file: it ends within its header",
        "m/d-lies.gguf: not a whole GGUF file: its header claims 1,152,921,504,606,846,976 entries",
        "m/e-gone.gguf: cannot be read: No such file or directory",
        "m/f-loop.gguf: cannot be read: Too many levels of symbolic links",
        "Good-1B.gguf",
        "m/h-pipe.gguf: expected a plain file",
    ]


def test_names_of_files_and_models_cannot_steer_a_terminal(tmp_path: Path) -> None:
    write(tmp_path / "a\x1b[2J\n.gguf", name="X\x1b[2J\n1B")
    (found,) = in_folder(tmp_path, "m")
    assert (*told([found]), found.place.file) == ("X\\x1b[2J-1B.gguf", "m/a\\x1b[2J\\n.gguf")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Path]:
    path = tmp_path_factory.mktemp("damage") / "x.gguf"
    keys = {"license": "mit", "base_model__0__repo_url": HUB + "a/b", "file_type": Q4_K_M}
    write(path, name="Whole 1B", split__no=0, **keys)
    return path.read_bytes(), path


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_is_changed_in_a_file_it_is_a_mention_or_a_fault_in_good_time(
    whole: tuple[bytes, Path], data: st.DataObject
) -> None:
    raw, path = whole
    changed = bytearray(raw)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(changed) - 1))
        new = data.draw(st.binary(min_size=1, max_size=8) | st.just(b"\xff" * 8))
        changed[at : at + len(new)] = new
    path.write_bytes(changed[: data.draw(st.integers(0, len(changed)) | st.just(len(changed)))])
    began = time.monotonic()
    (found,) = read_file(path, "x.gguf")
    assert time.monotonic() - began < 60
    assert found.place == Place("x.gguf")
    for text in told([found]):
        text.encode()


def test_without_the_library_the_fault_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "whyllm.kb.draft.gguf_header", raising=False)
    monkeypatch.setitem(sys.modules, "gguf", None)
    assert list(read_file(tmp_path / "x.gguf", "x.gguf")) == [
        Fault(Place("x.gguf"), "needs the library gguf: pip install 'whyllm[machines]'")
    ]
