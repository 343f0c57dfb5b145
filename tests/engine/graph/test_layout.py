"""Which program lays a picture out, its time limit, and what is said where it cannot."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from whyllm.engine.render import graph_layout
from whyllm.engine.render.graph_layout import LayoutError, laid_out, packaged_dot

ONE_EDGE = "digraph { a -> b }"


def fake_dot(folder: Path, script: str) -> None:
    program = folder / "dot"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)


@pytest.fixture
def only_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH of one empty folder, so that no `dot` of the system is found."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(("image", "begins"), [("svg", b"<?xml"), ("png", b"\x89PNG")])
def test_without_a_dot_the_packaged_one_draws(only_path: Path, image: str, begins: bytes) -> None:
    assert laid_out(ONE_EDGE, image).startswith(begins)


def test_a_dot_on_the_path_is_preferred(only_path: Path) -> None:
    fake_dot(only_path, 'echo "drawn as $1"')
    assert laid_out(ONE_EDGE, "pdf") == b"drawn as -Tpdf\n"


def test_without_a_dot_pdf_says_what_to_install(only_path: Path) -> None:
    with pytest.raises(LayoutError, match=r"PDF needs .*install Graphviz.*svg or png"):
        laid_out(ONE_EDGE, "pdf")


def test_an_unknown_format_is_refused_before_any_program_runs(only_path: Path) -> None:
    fake_dot(only_path, f"touch {only_path}/ran")
    with pytest.raises(LayoutError, match="only as svg, png, pdf"):
        laid_out(ONE_EDGE, "dot:gv")
    assert os.listdir(only_path) == ["dot"]


def test_a_layout_that_does_not_end_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_dot(tmp_path, "exec sleep 300")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(graph_layout, "SECONDS", 0.2)
    with pytest.raises(LayoutError, match=r"not done after 0\.2 seconds"):
        laid_out(ONE_EDGE, "svg")


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo 'syntax error in line 1' >&2; exit 1", "syntax error in line 1"),
        ("exit 3", "exit 3"),
        ("exit 0", "wrote nothing"),
    ],
)
def test_what_the_program_complains_of_is_told(only_path: Path, script: str, message: str) -> None:
    fake_dot(only_path, script)
    with pytest.raises(LayoutError, match=message):
        laid_out(ONE_EDGE, "svg")


def test_a_dot_that_cannot_run_is_told(only_path: Path) -> None:
    (only_path / "dot").write_bytes(b"\x00not a program")
    (only_path / "dot").chmod(0o755)
    with pytest.raises(LayoutError, match="dot"):
        laid_out(ONE_EDGE, "svg")


def test_the_packaged_program_is_a_file() -> None:
    assert Path(packaged_dot()).is_file()


def test_neither_program_is_told(only_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph_layout.metadata, "files", lambda _: None)
    with pytest.raises(LayoutError, match="no graphviz-pure"):
        laid_out(ONE_EDGE, "svg")
