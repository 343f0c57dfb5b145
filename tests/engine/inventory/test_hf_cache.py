"""Which models a Hugging Face cache holds, by their cards; and caches that are damaged."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import huggingface_hub.constants
import pytest
from whyllm.engine.inventory.hf_cache import cached
from whyllm.engine.inventory.mention import Fault, Found, Mention, Place

OLD, NEW = "0" * 40, "f" * 40
MIT = "MIT License\n\nPermission is hereby granted"


def snapshot(
    cache: Path, repo: str, commit: str, files: dict[str, str], kind: str = "models"
) -> Path:
    """One revision of a repository, as huggingface_hub lays it out; a later call is a newer one."""
    folder = cache / f"{kind}--{repo.replace('/', '--')}"
    here = folder / "snapshots" / commit
    here.mkdir(parents=True)
    (folder / "blobs").mkdir(exist_ok=True)
    (folder / "refs").mkdir(exist_ok=True)
    (folder / "refs" / "main").write_text(commit)
    for name, text in files.items():
        blob = folder / "blobs" / f"{commit[0]}-{name}"
        blob.write_text(text)
        age = 1_700_000_000 + len(list((folder / "snapshots").iterdir()))
        os.utime(blob, (age, age))
        (here / name).symlink_to(Path("..", "..", "blobs", blob.name))
    return here


def card(front: str) -> dict[str, str]:
    return {"README.md": f"---\n{front}\n---\n# A model\n", "config.json": "{}"}


def the_mention(cache: Path) -> Mention:
    (found,) = cached(cache)
    assert isinstance(found, Mention), found
    return found


def told(found: list[Found], cache: Path) -> list[str]:
    """The names of mentions and the texts of faults, in their order, paths beneath the cache."""
    texts = [item.name if isinstance(item, Mention) else str(item) for item in found]
    return [text.replace(f"{cache}/", "") for text in texts]


def test_a_model_is_named_by_its_repository_and_shown_beneath_the_folder_that_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot(tmp_path / "hub", "Qwen/Qwen3-8B", NEW, card("license: apache-2.0"))
    monkeypatch.chdir(tmp_path)
    file = f"hub/models--Qwen--Qwen3-8B/snapshots/{NEW}/README.md"
    assert the_mention(Path("hub")) == Mention("Qwen/Qwen3-8B", Place(file), ("apache-2.0",))


@pytest.mark.parametrize(
    ("front", "declared"),
    [
        ("license: other\nlicense_name: llama3.1\nlicense_link: LICENSE", ("llama3.1",)),
        ("license: other", ("other",)),
        ("license: [mit, apache-2.0]", ("mit", "apache-2.0")),
        ("license:", ()),
        ("language: no", ()),
    ],
)
def test_licences_are_declared_as_the_card_writes_them(
    tmp_path: Path, front: str, declared: tuple[str, ...]
) -> None:
    snapshot(tmp_path, "a/b", NEW, card(front))
    assert the_mention(tmp_path).declared == declared


@pytest.mark.parametrize(
    ("front", "bases"),
    [
        ("base_model: meta-llama/Llama-3.1-8B", ("meta-llama/Llama-3.1-8B",)),
        ("base_model:\n- x/y\n- z/w\nbase_model_relation: merge", ("x/y", "z/w")),
        ("base_model: x/y\nbase_model_relation: quantized", ("x/y",)),
        ("base_model: https://huggingface.co/x/y", ("x/y",)),
        ("base_model: a/b", ()),
    ],
)
def test_bases_are_those_of_the_card_but_never_the_model_itself(
    tmp_path: Path, front: str, bases: tuple[str, ...]
) -> None:
    snapshot(tmp_path, "a/b", NEW, card(front))
    assert the_mention(tmp_path).bases == bases


@pytest.mark.parametrize("front", ["language: en", "license: other", "license: unknown"])
@pytest.mark.parametrize("file", ["LICENSE", "LICENSE.md", "license.txt", "COPYING"])
def test_where_the_card_names_no_licence_the_text_beside_it_is_declared(
    tmp_path: Path, front: str, file: str
) -> None:
    snapshot(tmp_path, "a/b", NEW, {**card(front), file: MIT})
    assert the_mention(tmp_path).declared == (MIT,)


def test_where_the_card_names_a_licence_the_text_beside_it_adds_none(tmp_path: Path) -> None:
    snapshot(tmp_path, "a/b", NEW, {**card("license: gemma"), "LICENSE": MIT})
    assert the_mention(tmp_path).declared == ("gemma",)


def test_a_model_without_a_card_is_a_mention_at_its_folder(tmp_path: Path) -> None:
    snapshot(tmp_path, "gpt2", NEW, {"config.json": "{}", "LICENSE": MIT})
    assert the_mention(tmp_path) == Mention("gpt2", Place(str(tmp_path / "models--gpt2")), (MIT,))


def test_the_newest_snapshot_that_has_a_card_speaks_for_the_model(tmp_path: Path) -> None:
    snapshot(tmp_path, "a/b", NEW, card("license: mit"))
    snapshot(tmp_path, "a/b", OLD, card("license: gemma"))  # later, though its hash comes first
    assert the_mention(tmp_path).declared == ("gemma",)
    snapshot(tmp_path, "a/b", "8" * 40, {"config.json": "{}"})
    assert the_mention(tmp_path).declared == ("gemma",)


def test_models_are_sorted_and_data_sets_and_spaces_are_none(tmp_path: Path) -> None:
    for repo in ("z/z", "a/a", "m/m"):
        snapshot(tmp_path, repo, NEW, card("license: mit"))
    snapshot(tmp_path, "d/d", NEW, card("license: mit"), kind="datasets")
    snapshot(tmp_path, "s/s", NEW, card("license: mit"), kind="spaces")
    (tmp_path / ".locks").mkdir()
    (tmp_path / "version.txt").write_text("1")
    assert told(list(cached(tmp_path)), tmp_path) == ["a/a", "m/m", "z/z"]


def test_without_a_folder_the_cache_is_that_of_the_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot(tmp_path, "a/b", NEW, card("license: mit"))
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    assert told(list(cached(None)), tmp_path) == ["a/b"]


# Damage: a model is still named, and the fault says what is not known of it.


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("# no front matter", ":1: expected a model card: it has no YAML front matter"),
        ("---\na: *b\n---\n", ":2: not YAML: found undefined alias"),
        ("---\na: &b [x]\nc: *b\n---\n", ":2: aliases (*name) are not allowed: write it out"),
        ("---\nlicense: a\nlicense: b\n---\n", ":3: the key 'license' stands twice"),
        ("---\n- a\n---\n", ":2: expected front matter of keys and values"),
        ("---\nlicense: {x: 1}\n---\n", ": license: expected a text or a list of texts"),
        ("---\nbase_model: [1]\n---\n", ": base_model: expected a text or a list of texts"),
        ("", ":1: the file is empty"),
        ("x" * 4_000_001, ": larger than 4,000,000 bytes"),
        (f"---\na: {'[' * 10_000}\n---\n", ":2: nested too deeply"),
        ("---\na: \0\n---\n", ":2: not UTF-8 text"),
    ],
)
def test_a_bad_card_is_a_fault_with_its_line_and_the_text_beside_it_still_counts(
    tmp_path: Path, text: str, fault: str
) -> None:
    here = snapshot(tmp_path, "a/b", NEW, {"README.md": text, "LICENSE": MIT})
    first, mention = cached(tmp_path)
    assert isinstance(first, Fault)
    assert str(first).startswith(f"{here}/README.md{fault}")
    assert mention == Mention("a/b", Place(f"{here}/README.md"), (MIT,))


def test_a_broken_link_costs_its_own_model_the_card_and_no_other(tmp_path: Path) -> None:
    for repo in ("a/a", "b/b", "b/bb"):
        snapshot(tmp_path, repo, NEW, card("license: mit"))
    (tmp_path / "models--b--b" / "blobs" / "f-config.json").unlink()
    found = list(cached(tmp_path))
    assert told(found, tmp_path) == [
        "a/a",
        "models--b--b: not a whole model of the cache: "
        "Blob missing (broken symlink): models--b--b/blobs/f-config.json",
        "b/b",
        "b/bb",
    ]
    declared = [item.declared for item in found if isinstance(item, Mention)]
    assert declared == [("mit",), (), ("mit",)]


@pytest.mark.parametrize("damage", ["no snapshots", "foreign ref"])
def test_what_the_scanner_warns_of_is_a_fault(tmp_path: Path, damage: str) -> None:
    if damage == "no snapshots":
        (tmp_path / "models--a--b" / "refs").mkdir(parents=True)
    else:
        snapshot(tmp_path, "a/b", NEW, {})
        (tmp_path / "models--a--b" / "refs" / "main").write_text(OLD)
    fault, mention = cached(tmp_path)
    assert isinstance(fault, Fault)
    assert fault.text.startswith("not a whole model of the cache: ")
    assert fault.text.split(": ")[1].startswith(("Snapshots dir", "Reference(s) refer to missing"))
    assert mention == Mention("a/b", Place(str(tmp_path / "models--a--b")))


@pytest.mark.parametrize("damage", ["pipe", "huge", "binary", "loop", "gone"])
def test_a_ref_that_would_stop_the_scan_leaves_every_model_named(
    tmp_path: Path, damage: str
) -> None:
    for repo in ("a/a", "b/b"):
        snapshot(tmp_path, repo, NEW, card("license: mit"))
    ref = tmp_path / "models--b--b" / "refs" / "pr"
    if damage == "pipe":
        os.mkfifo(ref)
    elif damage in ("loop", "gone"):
        ref.symlink_to(ref if damage == "loop" else tmp_path / "nowhere")
    else:
        ref.write_bytes(b"a" * 5_000_000 if damage == "huge" else b"\xff\xfe")
    found = list(cached(tmp_path))
    assert [item.name for item in found if isinstance(item, Mention)] == ["a/a", "b/b"]
    faults = [item for item in found if isinstance(item, Fault)]
    assert len(faults) == 2
    assert all("the cache cannot be scanned: " in fault.text for fault in faults)


def test_a_folder_that_belongs_to_no_cache_is_a_fault(tmp_path: Path) -> None:
    """As when HF_HOME is given and not the `hub` in it."""
    snapshot(tmp_path / "hub", "a/b", NEW, card("license: mit"))
    assert told(list(cached(tmp_path)), tmp_path) == [
        "hub: expected a folder of the cache, as in models--owner--name"
    ]


def test_a_cache_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for name, reason in (("none", "No such file or directory"), ("file", "Not a directory")):
        assert told(list(cached(tmp_path / name)), tmp_path) == [
            f"{name}: expected the folder of a cache: {reason}"
        ]


def test_a_licence_file_that_cannot_be_read_is_a_fault_too(tmp_path: Path) -> None:
    snapshot(tmp_path, "a/b", NEW, {**card("language: en"), "LICENSE": "x" * 4_000_001})
    fault, mention = cached(tmp_path)
    assert isinstance(fault, Fault)
    assert fault.text == "larger than 4,000,000 bytes"
    assert mention.place.file.endswith("README.md")


def test_without_the_library_the_fault_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    (fault,) = cached(tmp_path)
    assert str(fault) == (
        f"{tmp_path}: needs the library huggingface_hub: pip install 'whyllm[machines]'"
    )
