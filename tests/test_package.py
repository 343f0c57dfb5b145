"""The package as a whole: what it ships, what imports what, and that a picture needs no PATH."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.cli.runner import Command

ROOT = Path(__file__).parents[1]
PACKAGES = ("kb", "engine", "cli")


@pytest.fixture
def whyllm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    return Command(monkeypatch, tmp_path / "state")


def sources(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def test_the_wheel_holds_the_tree(tmp_path: Path) -> None:
    shutil.rmtree(ROOT / "build" / "lib", ignore_errors=True)  # what an older build left behind
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "-w",
        str(tmp_path),
        str(ROOT),
    ]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    held = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("whyllm/")}
    wanted = {
        f"whyllm/{path.relative_to(ROOT).as_posix()}"
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.suffix in (".py", ".yaml", ".typed", ".j2", ".css", ".js")
    }
    assert held == wanted


@pytest.mark.parametrize(("package", "above"), [("kb", ("engine", "cli")), ("engine", ("cli",))])
def test_imports_go_down_only(package: str, above: tuple[str, ...]) -> None:
    for path in sources(package):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                for upper in above:
                    assert not (node.module or "").startswith(f"whyllm.{upper}"), path


def test_the_engine_reads_experta_in_one_place() -> None:
    for path in [path for package in PACKAGES for path in sources(package)]:
        if path.name != "experta_shim.py":
            assert not re.search(r"^\s*(from|import) experta\b", path.read_text(), re.M), path


@pytest.mark.parametrize("path", [p for x in PACKAGES for p in sources(x)], ids=lambda p: p.name)
def test_a_module_says_its_job_and_stays_small(path: Path) -> None:
    text = path.read_text()
    assert ast.get_docstring(ast.parse(text)), path
    lines = [line for line in text.splitlines() if line.strip()]
    if path.parent.name != "rules" and path.name not in ("facts.py", "schema.py"):
        assert len(lines) <= 320, f"{path}: {len(lines)} lines; is it one thing?"


def test_an_answer_imports_neither_networkx_nor_graphviz(tmp_path: Path) -> None:
    script = (
        "import sys; from whyllm.cli.program import main\n"
        "try: main(['recommend', '--no-remember', '--format', 'json', '-o', sys.argv[1]])\n"
        "except SystemExit: pass\n"
        "print([m for m in ('networkx', 'graphviz', 'rich') if m in sys.modules])"
    )
    words = [sys.executable, "-c", script, str(tmp_path / "answer.json")]
    found = subprocess.run(words, capture_output=True, text=True)
    assert found.stdout == "[]\n", found.stderr


def test_svg_needs_no_path(tmp_path: Path) -> None:
    drawn = subprocess.run(
        [sys.executable, "-m", "whyllm.cli", "graph", "tree", "--format", "svg"],
        env={**os.environ, "PATH": ""},
        capture_output=True,
        check=True,
    )
    svg = drawn.stdout.decode()
    assert "<svg" in svg
    for label in ("Which modality", "Codestral", "Any open model works", "Yes unrestricted"):
        assert label in svg


def chapter_flowchart() -> tuple[dict[str, str], set[tuple[str, str, str]]]:
    """Nodes with labels, and labelled edges, as the chapter's flowchart has them."""
    text = (ROOT / "tests" / "data" / "flowchart.mmd").read_text()
    return parsed(text)


def parsed(text: str) -> tuple[dict[str, str], set[tuple[str, str, str]]]:
    """A flowchart's nodes with labels and its labelled edges, shapes stripped."""
    nodes: dict[str, str] = {}
    edges: set[tuple[str, str, str]] = set()
    shape = r"(\(\[|\{|\[/)(.+?)(\]\)|\}|/\])"
    for line in text.splitlines()[1:]:
        for match in re.finditer(rf"(\w+){shape}", line):
            nodes[match[1]] = match[2] + match[3] + match[4]
        bare = re.sub(shape, "", line)
        edge = re.fullmatch(r"\s*(\w+) -->(?:\|(.+)\|)? (\w+)", bare)
        if edge:
            edges.add((edge[1], edge[2] or "", edge[3]))
    return nodes, edges


def test_the_course_tree_is_the_chapters_flowchart(whyllm: Command) -> None:
    drawn = whyllm("graph", "tree", "--rulebook", "course", "--format", "mermaid")
    assert drawn.code == 0
    assert parsed(drawn.out) == chapter_flowchart()


@pytest.mark.parametrize("rulebook", ["course", "expert"])
@pytest.mark.parametrize("kind", ["text", "mermaid", "dot", "json", "svg"])
def test_every_graph_in_every_format(whyllm: Command, rulebook: str, kind: str) -> None:
    drawn = whyllm("graph", "tree", "--rulebook", rulebook, "--format", kind)
    assert drawn.code == 0
    assert len(drawn.out) > 500
    assert whyllm("graph", "tree", "--rulebook", rulebook, "--format", kind).out == drawn.out


def test_every_rule_is_in_the_drawn_rulebook(whyllm: Command) -> None:
    from whyllm.engine.stages import rulebook

    drawn = whyllm("graph", "tree", "--rulebook", "expert", "--format", "mermaid").out
    for card in rulebook("expert").cards:
        assert card.id.replace("-", "_") in drawn
