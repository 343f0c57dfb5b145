"""The graph commands, by what they write and how they end."""

from __future__ import annotations

import json
import re
import shutil
import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.cli.runner import Command

DAY = ("--on", "2026-11-23")
CODE = ("--modality", "code", "--use", "commercial", "--vram", "24", *DAY)
KINDS: dict[str, tuple[str, ...]] = {
    "tree": ("tree",),
    "rulebook": ("tree", "--rulebook", "expert"),
    "run": ("run", *CODE),
    "course run": ("run", "--rulebook", "course", *CODE),
    "why": ("why", "codestral", *CODE),
    "why kept": ("why", "devstral small 2 24b", *CODE),
    "rules": ("rules", "--stage", "licence"),
    "kb": ("kb", "--focus", "family:codestral"),
    "diff": ("diff", "--set", "use=research", *CODE),
    "rulebooks": ("diff", "course", "expert"),
}
MARKS = {"svg": "<svg", "html": "<!doctype html>", "mermaid": "flowchart ", "dot": "digraph ",
         "graphml": "<graphml", "json": '"whyllm.graph/1"', "text": ""}  # fmt: skip


def graph(whyllm: Command, *words: str) -> dict[str, Any]:
    """Nodes by id, from the JSON."""
    shown = whyllm("graph", *words, "--format", "json")
    assert shown.code == 0, shown.err
    data = json.loads(shown.out)
    assert data["schema"] == "whyllm.graph/1"
    return {node["id"]: node for node in data["graph"]["nodes"]}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("format_", MARKS)
def test_every_graph_in_every_format_twice_alike(whyllm: Command, kind: str, format_: str) -> None:
    shown = whyllm("graph", *KINDS[kind], "--format", format_)
    assert (shown.code, shown.err) == (0, "")
    assert MARKS[format_] in shown.out.lower() if format_ == "html" else MARKS[format_] in shown.out
    assert len(shown.out) > 100
    assert whyllm("graph", *KINDS[kind], "--format", format_).out == shown.out


def test_a_file_says_its_format(whyllm: Command, tmp_path: Path) -> None:
    for name, begins in (
        ("a.svg", b"<svg "), ("a.png", b"\x89PNG"), ("a.mmd", b"flowchart"), ("a.HTML", b"<!"),
        ("a.dot", b"digraph"), ("a.graphml", b"<?xml"), ("a.json", b"{"), ("a.txt", b"What"),
        ("noname", b"What"),
    ):  # fmt: skip
        shown = whyllm("graph", "tree", "-o", str(tmp_path / name))
        assert (shown.out, shown.err, shown.code) == ("", "", 0)
        assert (tmp_path / name).read_bytes().startswith(begins), name
    stated = whyllm("graph", "tree", "--format", "dot", "-o", str(tmp_path / "b.svg"))
    assert stated.code == 0
    assert (tmp_path / "b.svg").read_bytes().startswith(b"digraph")


def test_a_pdf_needs_graphviz(
    whyllm: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("dot"):
        assert whyllm("graph", "tree", "-o", str(tmp_path / "a.pdf")).code == 0
        assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
        time.sleep(1.1)  # a PDF tells the second it was drawn in, were it not for us
        assert whyllm("graph", "tree", "-o", str(tmp_path / "b.pdf")).code == 0
        assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    monkeypatch.setenv("PATH", str(tmp_path))
    shown = whyllm("graph", "tree", "--format", "pdf")
    assert (shown.code, shown.out) == (2, "")
    assert re.fullmatch(r"whyllm: the graph cannot be drawn: .*Graphviz.*\n", shown.err)


def test_a_run_is_that_of_the_last_consultation(whyllm: Command) -> None:
    whyllm("recommend", *CODE)
    assert whyllm("graph", "run").out == whyllm("graph", "run", *CODE).out
    assert whyllm("graph", "why", "codestral").out == whyllm("graph", "why", "codestral", *CODE).out


def test_without_a_consultation_nothing_constrains(whyllm: Command) -> None:
    shown = whyllm("graph", "run", *DAY)
    assert shown.code == 0
    assert shown.err == "whyllm: no consultation is remembered; judged without constraints\n"


def test_views_of_a_run(whyllm: Command) -> None:
    full = graph(whyllm, "run", *CODE, "--view", "full")
    verdict = json.loads(whyllm("recommend", *CODE, "--format", "json").out)
    every = {*verdict["kept"], *(e["model"] for e in verdict["excluded"]),
             *(u["model"] for u in verdict["undecided"])}  # fmt: skip
    assert every <= set(full)
    collapsed = graph(whyllm, "run", *CODE)
    assert len(collapsed) < 40
    groups = [node for node in collapsed.values() if node["kind"] == "group"]
    assert all(node["label"] == f"{len(node['members'].split(chr(10)))} models" for node in groups)
    spine = graph(whyllm, "run", *CODE, "--view", "spine")
    assert {"start", *verdict["path"], "remaining"} <= set(spine)
    assert {node["state"] for node in spine.values()} == {"taken", "shortlisted"}


@pytest.mark.parametrize(
    "name",
    ["codestral", "Codestral 22B v0.1", "codestral-22b-v0.1", "mistralai/Codestral-22B-v0.1"],
)
def test_a_focus_is_named_as_people_name_it(whyllm: Command, name: str) -> None:
    seen = graph(whyllm, "run", *CODE, "--focus", name)
    models = [node for node, data in seen.items() if data["kind"] == "model"]
    assert models == ["codestral-22b-v0.1"]
    assert {"LIC-020", "LIC-030"} <= set(seen)


def test_a_focus_on_a_rule(whyllm: Command) -> None:
    seen = graph(whyllm, "rules", "--focus", "lic-020")
    assert {"LIC-020", "Asked", "Licensed", "Clause", "Excluded"} <= set(seen)


def test_a_difference_of_two_saved_graphs(whyllm: Command, tmp_path: Path) -> None:
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    whyllm("graph", "run", *CODE, "--view", "full", "-o", str(before))
    whyllm("graph", "run", *CODE, "--use", "research", "--view", "full", "-o", str(after))
    files = whyllm("graph", "diff", str(before), str(after))
    assert files.code == 0
    assert files.out == whyllm("graph", "diff", *CODE, "--set", "use=research").out
    need = tmp_path / "need.yaml"
    need.write_text("modality: code\nuse: research\nvram: 24\n")
    whyllm("recommend", *CODE)
    shown = graph(whyllm, "diff", str(need), "--view", "full")
    assert shown["codestral-22b-v0.1"]["state"] == "changed"


WRONG: list[tuple[tuple[str, ...], str]] = [
    (("run", "--focus", "codestrel", *CODE), "--focus: found 'codestrel', expected a node"),
    (("kb", "--focus", "apache licence"), "; did you mean apache license 2.0"),
    (("diff", "course", *CODE), "found run and tree, expected two graphs of one kind"),
    (("tree", "--focus", "nothing like it"), "--focus: found 'nothing like it', expected a node"),
    (("why", "nobody"), "nobody"),
    (("rules", "--stage", "licenses"), "did you mean licence"),
    (("rules", "--rulebook", "course", "--stage", "licence"), "expected one of"),
    (("tree", "--view", "half"), "half"),
    (("tree", "--format", "gif"), "gif"),
    (("diff",), "expected BEFORE and AFTER"),
    (("diff", "a", "b", "c"), "expected BEFORE and AFTER"),
    (("diff", "course", "expert", "--set", "use=research"), "expected BEFORE and AFTER"),
    (("diff", "nowhere.json", "expert"), "nowhere.json"),
    (("diff", "--set", "use"), "expected AXIS=VALUE"),
    (("tree", "-o", "/nowhere/tree.svg"), "/nowhere/tree.svg"),
]


@pytest.mark.parametrize(("words", "complaint"), WRONG)
def test_a_wrong_question_gets_one_line(
    whyllm: Command, words: tuple[str, ...], complaint: str
) -> None:
    shown = whyllm("graph", *words)
    assert (shown.code, shown.out) == (2, "")
    assert shown.err.startswith("whyllm: ")
    assert shown.err.count("\n") == 1
    assert complaint in shown.err


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"schema": "whyllm.graph/1"}', '{"schema": "whyllm.graph/1", "graph": []}',
     '{"schema": "whyllm.graph/1", "graph": {"nodes": [{"id": 1}], "edges": []}}', "\0"],
)  # fmt: skip
def test_a_damaged_graph_is_told(whyllm: Command, tmp_path: Path, text: str) -> None:
    path = tmp_path / "graph.json"
    path.write_text(text)
    shown = whyllm("graph", "diff", str(path), "expert")
    assert (shown.code, shown.out) == (2, "")
    assert shown.err.count("\n") == 1
    assert "graph.json" in shown.err


def test_names_of_an_overlay_are_text_in_every_format(whyllm: Command, tmp_path: Path) -> None:
    models = tmp_path / "mine" / "models"
    models.mkdir(parents=True)
    name = '</title><script>alert("1")</script> & --> `x`'
    (models / "x.yaml").write_text(f"- id: codestral-22b-v0.1\n  name: {json.dumps(name)}\n")
    words = ("graph", "run", *CODE, "--kb", str(tmp_path / "mine"), "--focus", "codestral-22b-v0.1")
    for format_ in ("svg", "html"):
        drawn = whyllm(*words, "--format", format_).out
        assert "<script>alert" not in drawn
        assert "&lt;script&gt;" in drawn
    root = ElementTree.fromstring(whyllm(*words, "--format", "svg").out)
    assert name in "".join(root.itertext())
