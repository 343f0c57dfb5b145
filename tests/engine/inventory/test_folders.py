"""Folders: order, what .gitignore leaves out, links, and what is no file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from whyllm.engine.inventory.inputs import found_in
from whyllm.engine.inventory.mention import Found, Mention

from tests.engine.inventory.reading import faults

LINE = 'MODEL = "acme/Sketch-7B"\n'


def put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(LINE)


def files(found: list[Found]) -> list[str]:
    return [m.place.file for m in found if isinstance(m, Mention)]


def test_files_come_in_order_of_their_paths(tmp_path: Path) -> None:
    put(tmp_path, "b.py", "a/z.py", "a/.hidden.py", "a.py", "c/d/e.py", ".git/config.py")
    found = list(found_in(tmp_path, "project/"))
    expected = ["a/.hidden.py", "a/z.py", "a.py", "b.py", "c/d/e.py"]
    assert files(found) == [f"project/{name}" for name in expected]
    assert list(found_in(tmp_path, "project/")) == found


def test_the_folder_one_is_in_is_not_named(tmp_path: Path) -> None:
    put(tmp_path, "a/b.py")
    assert files(list(found_in(tmp_path, "."))) == ["a/b.py"]


def test_gitignore_counts_at_every_level(tmp_path: Path) -> None:
    put(tmp_path, "keep.py", "out/x.py", "a/out/x.py", "a/b.gen.py", "a/c/d.gen.py", "a/c/e.py")
    (tmp_path / ".gitignore").write_text("/out/\n*.gen.py\n")
    (tmp_path / "a/c/.gitignore").write_text("!d.gen.py\ne.py\n")
    expected = ["a/c/d.gen.py", "a/out/x.py", "keep.py"]
    assert files(list(found_in(tmp_path, "."))) == expected


def test_what_is_left_out_is_read_when_it_is_named(tmp_path: Path) -> None:
    put(tmp_path, "left.py")
    (tmp_path / ".gitignore").write_text("*.py\n")
    assert files(list(found_in(tmp_path, "."))) == []
    assert files(list(found_in(tmp_path / "left.py", "left.py"))) == ["left.py"]


def test_links_lead_neither_in_circles_nor_outside(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    put(inside, "a.py")
    put(outside, "secret.py")
    (inside / "up").symlink_to("..", target_is_directory=True)
    (inside / "loop").symlink_to(".", target_is_directory=True)
    (inside / "self").symlink_to("self")
    (inside / "gone").symlink_to("nowhere")
    (inside / "secret.py").symlink_to(outside / "secret.py")
    (inside / "z.py").symlink_to("a.py")
    found = list(found_in(inside, "in"))
    assert files(found) == ["in/a.py", "in/z.py"]
    assert faults(found) == [
        "in/gone: no such file or folder",
        "in/secret.py: is a link that leads out of the folder: not followed",
        "in/self: is a link that leads in a circle",
        "in/up: is a link that leads out of the folder: not followed",
    ]


def test_binary_and_empty_files_of_a_folder_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"\0\1acme/Sketch-7B")
    (tmp_path / "b.txt").write_bytes(b"")
    (tmp_path / "tsconfig.json").write_text('{"x": 1, // a comment\n}')
    assert list(found_in(tmp_path, ".")) == []


def test_what_a_folder_holds_and_cannot_be_parsed_is_told_if_it_names_something(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.json").write_text('{"model": "acme/Sketch-7B", // a comment\n}')
    found = list(found_in(tmp_path, "."))
    assert files(found) == ["a.json"]
    assert faults(found) == [
        "a.json:1:29: is not JSON: Expecting property name enclosed in double quotes"
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are of Unix")
def test_a_pipe_blocks_nobody(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (fault,) = list(found_in(tmp_path / "pipe", "pipe"))
    assert str(fault) == "pipe: expected a file or a folder"
    (fault,) = list(found_in(tmp_path, "."))
    assert str(fault) == "pipe: is neither a file nor a folder: not read"


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no devices to read from")
def test_a_device_is_not_read() -> None:
    (fault,) = list(found_in(Path("/dev/zero"), "/dev/zero"))
    assert str(fault) == "/dev/zero: expected a file or a folder"


def test_a_missing_path_is_told(tmp_path: Path) -> None:
    (fault,) = list(found_in(tmp_path / "nothing", "nothing"))
    assert str(fault) == "nothing: no such file or folder"


def test_a_name_that_is_no_text_is_shown_all_the_same(tmp_path: Path) -> None:
    try:
        (tmp_path / os.fsdecode(b"\xff.py")).write_text(LINE)
    except OSError:
        pytest.skip("this file system has no such names")
    assert files(list(found_in(tmp_path, "."))) == ["\\xff.py"]


def test_folders_may_be_nested_deeply(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(200):
        deep = deep / "d"
    put(deep, "a.py")
    assert len(files(list(found_in(tmp_path, ".")))) == 1
