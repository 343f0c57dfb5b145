"""The SVG pictures of decision graphs: whole, safe, reachable by keyboard, told in words."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter

import pytest
from whyllm.engine.graph.elements import (
    EdgeKind,
    NodeKind,
    State,
    add_edge,
    add_node,
    new_graph,
    plain_text,
)
from whyllm.engine.graph.tree import course_tree, rulebook_tree
from whyllm.engine.render.graph_address import address
from whyllm.engine.render.graph_arrangement import arrangement
from whyllm.engine.render.graph_svg import svg
from whyllm.engine.render.graph_words import edge_words, node_lines, node_words
from whyllm.engine.stages import rulebook
from whyllm.kb.knowledge import KnowledgeBase

from .drawn_graphs import URLS, large_run, random_graph

SVG = "{http://www.w3.org/2000/svg}"
ALLOWED = {
    "svg", "title", "desc", "style", "rect", "g", "a", "path", "polygon", "polyline", "ellipse",
    "text",
}  # fmt: skip
FIXED = {"fill", "stroke", "stroke-width", "stroke-dasharray", "font-family", "style"}


def parts(root: ET.Element, what: str) -> list[ET.Element]:
    return [g for g in root.iter(f"{SVG}g") if what in g.get("class", "").split()]


def check(graph) -> ET.Element:
    """Everything that holds of any picture of a graph."""
    text = svg(graph)
    assert "<!--" not in text
    assert "xlink" not in text
    root = ET.fromstring(text)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= ALLOWED
    used = {name for element in root.iter() for name in element.attrib}
    assert not {name for name in used if name in FIXED or name.startswith("on")}
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert [i for i, times in Counter(ids).items() if times > 1] == []
    for reference in ("aria-labelledby", "aria-describedby"):
        assert root.get(reference) in ids
    assert root.findtext(f"{SVG}title") == graph.graph["name"]
    check_nodes(graph, root)
    check_edges(graph, root)
    told = Counter((root.findtext(f"{SVG}desc") or "").split("\n"))
    every = [node_words(data) for _, data in graph.nodes(data=True)]
    every += [edge_words(graph, *edge) for edge in graph.edges(data=True)]
    assert Counter(every) <= told
    return root


def check_nodes(graph, root: ET.Element) -> None:
    nodes = parts(root, "node")
    assert [node.get("data-node") for node in nodes] == [plain_text(node) for node in graph]
    for node, data in zip(nodes, graph.nodes.values(), strict=True):
        assert node.get("class") == f"node kind-{data['kind']} state-{data['state']}"
        (anchor,) = node
        assert anchor.tag == f"{SVG}a"
        href = anchor.get("href", "")
        assert href == (address(data["url"]) or f"#{node.get('id')}")
        assert href.startswith(("http://", "https://")) or ":" not in href.split("#")[0]
        assert anchor[0].tag == f"{SVG}title"
        assert anchor[0].text == node_words(data)
        assert [line.text for line in anchor.iter(f"{SVG}text")] == node_lines(data)
        assert len(anchor.findall("*[@class='shape']")) == 1


def check_edges(graph, root: ET.Element) -> None:
    edges, numbers = parts(root, "edge"), {node: f"n{at}" for at, node in enumerate(graph, 1)}
    ends = [(edge.get("data-source"), edge.get("data-target")) for edge in edges]
    assert ends == [(numbers[source], numbers[target]) for source, target in graph.edges()]
    for edge in edges:
        assert edge.find(f"{SVG}path") is not None
        assert edge[0].tag == f"{SVG}title"
    groups = [
        group.get("class", "").split()[0] for group in root.iter(f"{SVG}g") if group.get("id")
    ]
    assert groups == ["edge"] * len(edges) + ["node"] * len(graph)  # edges below the nodes


@pytest.fixture(params=["system", "packaged"])
def program(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path) -> str:
    """With whichever `dot` there is, and with an empty PATH."""
    if request.param == "packaged":
        monkeypatch.setenv("PATH", str(tmp_path))
    return str(request.param)


def test_the_picture_of_the_course_tree(kb: KnowledgeBase, program: str) -> None:
    root = check(course_tree(kb.tree))
    assert "What is your need" in "".join(root.itertext())


def test_the_picture_of_the_expert_rulebook(program: str) -> None:
    check(rulebook_tree(rulebook("expert")))


@pytest.mark.parametrize("seed", range(50))
def test_pictures_of_graphs_with_hostile_text(seed: int) -> None:
    check(random_graph(seed))


@pytest.mark.parametrize("seed", range(50, 60))
def test_the_packaged_program_draws_hostile_text(
    seed: int, monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    check(random_graph(seed))


def test_a_picture_of_one_node_and_one_of_none() -> None:
    graph = new_graph("tree", "Empty", "Nothing.")
    check(graph)
    add_node(graph, "a", NodeKind.MODEL, "A")
    check(graph)


def test_the_same_graph_gives_the_same_bytes(kb: KnowledgeBase) -> None:
    assert svg(course_tree(kb.tree)) == svg(course_tree(kb.tree))
    assert svg(random_graph(3)) == svg(random_graph(3))


def test_every_state_is_told_in_words_in_the_picture() -> None:
    graph = new_graph("run", "States", "One of each.")
    for state in State:
        add_node(graph, str(state), NodeKind.MODEL, "A model\nof two lines", state=state)
    for node, state in zip(parts(check(graph), "node"), State, strict=True):
        last = list(node.iter(f"{SVG}text"))[-1].text or ""
        assert (str(state) in last) == (state not in (State.PLAIN, State.TAKEN))


def test_an_edge_that_changed_says_so() -> None:
    graph = new_graph("difference", "Edges", "Two.")
    add_node(graph, "a", NodeKind.FACT, "A")
    add_edge(graph, "a", "a", EdgeKind.READS, state=State.ADDED)
    add_edge(graph, "a", "a", EdgeKind.READS, "twice", state=State.EXCLUDED)
    added, excluded = parts(check(graph), "edge")
    assert [line.text for line in added.iter(f"{SVG}text")] == ["— added —"]
    assert [line.text for line in excluded.iter(f"{SVG}text")] == ["twice"]


def test_only_addresses_of_the_web_and_relative_ones_are_linked() -> None:
    graph = new_graph("any", "Links", "One of each.")
    for at, url in enumerate(URLS):
        add_node(graph, str(at), NodeKind.MODEL, "A model", url=url)
    linked = [anchor.get("href", "") for anchor in check(graph).iter(f"{SVG}a")]
    assert [url for url in linked if not url.startswith("#")] == [
        "https://huggingface.co/a/b?c=d&e=f", "rules.md#lic-010", "../docs/a.md",
        "https://x.example/%22onload=%22alert(1)",
    ]  # fmt: skip
    assert not any(address(url) for url in ("vbscript:x", "https://x.example/\n"))


def test_a_long_word_and_a_long_line_are_cut_to_lines() -> None:
    graph = random_graph(1, nodes=1)
    (node,) = graph
    graph.nodes[node].update(label="w" * 300, state="plain")
    assert max(map(len, node_lines(graph.nodes[node]))) < 40


def test_two_edges_of_one_step_are_not_drawn_over_each_other() -> None:
    """In a column they would be one line with two labels."""
    graph = large_run()
    add_edge(graph, "start", "stage0", EdgeKind.REPLY, "another reply", state=State.ADDED)
    assert arrangement(graph).column == ()


def test_a_graph_with_a_wide_row_is_turned_and_its_stages_stand_in_one_column() -> None:
    graph = large_run()
    arranged = arrangement(graph)
    assert arranged.attributes["rankdir"] == "LR"
    assert arranged.column == ("start", *(f"stage{number}" for number in range(8)), "end")
    root = check(graph)
    left = {node.get("data-node"): corner(node) for node in parts(root, "node")}
    stages = [left[f"stage{number}"] for number in range(8)]
    assert [place[1] for place in stages] == sorted(place[1] for place in stages)
    models = [place for node, place in left.items() if node.startswith("model-")]
    rules = [place for node, place in left.items() if node.startswith("RULE-")]
    assert max(x for x, _ in stages) < min(x for x, _ in rules)
    assert max(x for x, _ in rules) < min(x for x, _ in models)
    _, _, width, height = map(float, root.get("viewBox", "").split())
    assert width < 2000  # a list to scroll, not a row of hundreds
    assert height / len(models) < 40


def test_the_label_of_a_step_stands_left_of_its_line() -> None:
    graph = large_run(models=20)
    graph.edges["stage1", "stage2", 0].update(label="what was replied\nin two lines")
    steps = [edge for edge in parts(check(graph), "edge") if "step" in edge.get("class", "")]
    assert len(steps) == 9
    (told,) = [edge for edge in steps if edge.find(f"{SVG}text") is not None]
    line = re.match(r"M([\d.]+)", told.find(f"{SVG}path").get("d"))
    assert {float(text.get("x")) for text in told.iter(f"{SVG}text")} == {float(line[1]) - 6}


def test_a_path_with_a_way_back_has_no_column() -> None:
    graph = large_run(models=20)
    add_edge(graph, "model-1", "stage2", EdgeKind.READS)
    assert arrangement(graph).column == ()
    check(graph)


def test_a_path_alone_keeps_its_direction() -> None:
    graph = large_run(models=0, rules=0)
    assert arrangement(graph).attributes["rankdir"] == "TB"


def test_a_small_tree_keeps_its_direction(kb: KnowledgeBase) -> None:
    assert arrangement(course_tree(kb.tree)).attributes["rankdir"] == "TB"


def corner(node: ET.Element) -> tuple[float, float]:
    """The left and upper end of a node's outline."""
    outline = node.find(".//*[@class='shape']")
    assert outline is not None
    places = re.findall(r"(-?[\d.]+),(-?[\d.]+)", outline.get("points") or outline.get("d") or "")
    return min(float(x) for x, _ in places), min(float(y) for _, y in places)
