"""Inputs that are wrong, huge or meant to harm: told in a line, within bounds, nothing lost."""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whyllm.engine.inventory import inputs
from whyllm.engine.inventory.inputs import found_in
from whyllm.engine.inventory.mention import Fault, Mention

from tests.engine.inventory.reading import FILES, faults, read, read_input, stated

GENEROUS = 60.0
"""Seconds after which something hangs; what is tested takes far less."""


@pytest.mark.parametrize("data", [b"", b"\n\n  \n"])
def test_an_empty_file_is_told(data: bytes, tmp_path: Path) -> None:
    assert faults(read(tmp_path, "a.yaml", data)) == ["a.yaml: is empty"]
    assert faults(read_input(data)) == ["-: is empty"]


def test_a_binary_file_is_told_when_it_is_named(tmp_path: Path) -> None:
    found = read(tmp_path, "a.bin", b"\x89PNG\r\n\x1a\n\0")
    assert faults(found) == [
        "a.bin: is of no known kind: expected text, a bill of materials or GGUF"
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("name", ["a.models", "a.py", "a.csv"])
def test_marked_encodings_are_read(encoding: str, name: str, tmp_path: Path) -> None:
    text = {"a.models": "phi4\n", "a.py": "MODEL = 'phi4'\n", "a.csv": "model,x\nphi4,ü\n"}[name]
    found = read(tmp_path, name, text.encode(encoding))
    assert (stated(found), faults(found)) == (["phi4"], [])


@pytest.mark.parametrize(
    ("name", "data", "line"),
    [
        ("a.models", b"phi4\nGr\xf6\xdfe-7B\n", 2),
        ("a.yaml", b"model: phi4\nother: Gr\xf6\xdfe\n", 2),
        ("a.csv", b"model,note\nphi4,Gr\xf6\xdfe\n", 2),
    ],
)
def test_what_is_no_utf8_is_read_as_latin1_and_told(
    name: str, data: bytes, line: int, tmp_path: Path
) -> None:
    found = read(tmp_path, name, data)
    assert "phi4" in stated(found)
    assert faults(found) == [f"{name}:{line}: is not UTF-8 here: read as Latin-1"]


def test_truncated_json_is_told_and_its_models_are_found(tmp_path: Path) -> None:
    found = read(tmp_path, "a.json", '{\n "model": "acme/Sketch-7B",\n "x": [1, 2')
    assert stated(found) == ["acme/Sketch-7B"]
    (fault,) = faults(found)
    assert fault.startswith("a.json:3:12: is not JSON: ")


def test_broken_yaml_is_told_and_its_models_are_found(tmp_path: Path) -> None:
    found = read(tmp_path, "a.yaml", 'model: "acme/Sketch-7B"\n  - x: [\n')
    assert stated(found) == ["acme/Sketch-7B"]
    (fault,) = faults(found)
    assert fault.startswith("a.yaml:2:")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '{"a":' * 200_000),
        ("a.json", "[" * 200_000),
        ("a.jsonl", '{"a":' * 200_000 + "\n" + '{"a":1}\n'),
        ("a.yaml", "[" * 200_000),
        ("a.yaml", "- " * 200_000),
        ("a.py", "model = " + "(" * 200_000),
        ("a.py", "model = " + "-" * 200_000 + "1"),
        ("a.py", "# model\nx = " + "+".join(["'a'"] * 20_000)),
        ("a.md", "> " * 50_000),
        ("a.md", "---\n" + "a: [" * 50_000 + "\n---\nx"),
        ("a.ipynb", '{"nbformat": 4, "cells": [' * 5_000),
    ],
)
def test_nesting_ends_in_a_line_not_in_a_crash(name: str, text: str, tmp_path: Path) -> None:
    begun = time.monotonic()
    found = read(tmp_path, name, text)
    assert all(isinstance(item, Fault) for item in found)
    assert len(found) < 5
    assert time.monotonic() - begun < GENEROUS


def test_aliases_of_aliases_take_no_memory() -> None:
    lines = ["a0: &a0 [{model: phi4}]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    assert stated(read_input("\n".join(lines) + "\n")) == ["phi4"]


def test_an_alias_of_itself_ends() -> None:
    assert stated(read_input("a: &a\n  model: phi4\n  again: *a\n")) == ["phi4"]


def test_tags_build_nothing() -> None:
    found = read_input("a: !!python/object/apply:os.system ['exit 1']\nmodel: phi4\n")
    assert stated(found) == ["phi4"]


@pytest.mark.parametrize(
    "unit",
    ["a", "a/", "-", " ", "[", '"', "`", "a:", "${", "huggingface.co/", 'model="', "\\", "{{"],
)
@pytest.mark.parametrize("name", ["a.txt", "a.sh", "a.md", "a.py"])
def test_repetition_takes_linear_time(unit: str, name: str, tmp_path: Path) -> None:
    begun = time.monotonic()
    read(tmp_path, name, "x " + unit * (300_000 // len(unit)))
    assert time.monotonic() - begun < GENEROUS


def test_a_long_line_of_a_list_is_refused_alone(tmp_path: Path) -> None:
    found = read(tmp_path, "a.models", "phi4\n" + "x" * 3_000_000 + "\nphi3\n")
    assert stated(found) == ["phi4", "phi3"]
    assert faults(found) == ["a.models:2: a line of more than 1,000,000 bytes is not read"]


def test_a_huge_line_takes_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.models"
    with path.open("wb") as file:
        file.write(b"x" * 100_000)
        file.truncate(200_000_000)  # zeros, which take no space on the disk
    for shown, limit in (("a.models", 10_000_000), ("a.txt", 2 * inputs.MAX_BYTES)):
        tracemalloc.start()
        (fault,) = list(found_in(path, shown))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert isinstance(fault, Fault)
        assert peak < limit


def test_a_file_that_is_no_list_may_not_be_huge(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inputs, "MAX_BYTES", 100_000)
    found = read(tmp_path, "a.json", '{"model": "' + "x" * 200_000)
    assert faults(found) == ["a.json: larger than 100,000 bytes, and no list of names: not read"]


def test_a_list_is_read_while_it_is_long(tmp_path: Path) -> None:
    path = tmp_path / "a.models"
    path.write_text("".join(f"acme/Sketch-{n}B\n" for n in range(100_000)))
    begun = time.monotonic()
    assert sum(isinstance(item, Mention) for item in found_in(path, "a")) == 100_000
    assert time.monotonic() - begun < GENEROUS


def test_escapes_move_no_column(tmp_path: Path) -> None:
    source = ['x = "😀\\n"; y = X.from_pretrained("acme/Sketch-7B")']
    cell = {"cell_type": "code", "source": source}
    for ascii_only in (True, False):
        text = json.dumps({"nbformat": 4, "cells": [cell]}, ensure_ascii=ascii_only)
        (mention,) = read(tmp_path, "a.ipynb", text)
        assert mention.place.column == text.index("acme/Sketch-7B") + 1


def damage(data: bytes, cut: int, at: int, junk: bytes) -> bytes:
    data = data[: len(data) - cut % len(data)]
    at %= len(data) + 1
    return data[:at] + junk + data[at:]


@pytest.mark.parametrize("name", sorted(path.name for path in FILES.iterdir()))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(cut=st.integers(0, 2_000), at=st.integers(0, 2_000), junk=st.binary(max_size=6))
def test_damaged_files_raise_nothing(
    name: str, cut: int, at: int, junk: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("damaged", numbered=True)
    data = damage((FILES / name).read_bytes(), cut, at, junk)
    found = read(folder, name, data)
    assert all(isinstance(item, Mention | Fault) for item in found)
    places = [(item.place.line or 0, item.place.column or 0) for item in found]
    assert places == sorted(places)


@pytest.mark.parametrize("reads", [read_input])
@settings(deadline=None)
@given(data=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_arbitrary_input_raises_nothing(
    reads: Callable[[bytes], list[object]], data: bytes
) -> None:
    reads(data)
