"""What the text formats of decision graphs say is what the graph says, whatever its labels are."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote
from xml.etree import ElementTree

import jsonschema
import networkx as nx
import pydot
import pytest
from rich.console import Console
from rich.tree import Tree
from whyllm.cli.schema import json_schema
from whyllm.engine.graph.elements import (
    EdgeKind,
    NodeKind,
    State,
    add_edge,
    add_node,
    new_graph,
)
from whyllm.engine.graph.tree import course_tree, rulebook_tree
from whyllm.engine.render.graph_address import address
from whyllm.engine.render.graph_dot import dot
from whyllm.engine.render.graph_graphml import graphml
from whyllm.engine.render.graph_json import graph_from_json, graph_json
from whyllm.engine.render.graph_layout import laid_out
from whyllm.engine.render.graph_mermaid import mermaid, too_large
from whyllm.engine.render.graph_text import text_tree
from whyllm.engine.stages import rulebook
from whyllm.kb.knowledge import KnowledgeBase

from tests.engine.graph.hostile import (
    ADDRESSES,
    HOSTILE_ADDRESSES,
    IDS,
    PIECES,
    random_graph,
)
from tests.engine.graph.mermaid_reader import read_all

if TYPE_CHECKING:
    from whyllm.engine.graph.elements import DecisionGraph

# What pydot calls in the library that it parses with is its own affair.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:pydot")

BATCH = 125
random_graphs = pytest.mark.seeds("graphs", BATCH)
FLOWCHART = Path(__file__).parents[2] / "data" / "flowchart.mmd"


@pytest.fixture
def graphs(seed: int) -> list[DecisionGraph]:
    return [random_graph(each, 1 + each % 3) for each in range(seed, seed + BATCH)]


def labelled(graph: DecisionGraph) -> tuple[dict[str, str], Counter[tuple[str, ...]]]:
    """The labels of the nodes, and each edge with its label."""
    return dict(graph.nodes(data="label")), Counter(graph.edges(data="label"))


def classed(data: dict[str, str]) -> set[str]:
    return {f"kind-{data['kind'].replace(' ', '-')}", f"state-{data['state']}"}


def in_dot(text: str | None) -> str:
    """What a string of DOT names: as the string's own escapes leave it."""
    quoted = re.fullmatch(r'"(.*)"', text or "", re.DOTALL)
    return quoted[1].replace('\\"', '"') if quoted else text or ""


def shown_by_dot(text: str | None) -> str:
    """What Graphviz would draw for a label; an escape that is not ours fails."""
    escapes = {"\\\\": "\\", "\\n": "\n"}
    return html.unescape(re.sub(r"\\.", lambda found: escapes[found[0]], in_dot(text)))


@random_graphs
def test_dot(graphs: list[DecisionGraph]) -> None:
    for graph in graphs:
        text = dot(graph)
        (read,) = pydot.graph_from_dot_data(text) or [None]
        assert read is not None, text
        drawn = [node for node in read.get_nodes() if node.get("id")]
        nodes = [in_dot(node.get_name()).replace("\\\\", "\\") for node in drawn]
        assert nodes == list(graph)
        assert [in_dot(node.get("id")) for node in drawn] == [
            f"n{i}" for i in range(1, len(nodes) + 1)
        ]
        for node, data in zip(drawn, graph.nodes.values(), strict=True):
            assert not str(node.get("label")).startswith("<")
            assert shown_by_dot(node.get("label")) == data["label"]
            assert shown_by_dot(node.get("tooltip")) == (data["note"] or data["members"])
            assert shown_by_dot(node.get("URL")) == address(data["url"])
            assert set(in_dot(node.get("class")).split()) == classed(data)
        edges = {in_dot(edge.get("id")): edge for edge in read.get_edges()}
        for place, (source, target, data) in enumerate(graph.edges(data=True), 1):
            edge = edges.pop(f"e{place}")
            ends = [
                in_dot(end).replace("\\\\", "\\")
                for end in (edge.get_source(), edge.get_destination())
            ]
            assert ends == [source, target]
            assert shown_by_dot(edge.get("label")) == data["label"]
            assert set(in_dot(edge.get("class")).split()) == classed(data)
        assert not edges
        assert dot(graph) == text


@random_graphs
def test_mermaid(graphs: list[DecisionGraph]) -> None:
    texts = [mermaid(graph) for graph in graphs]
    for graph, text, read in zip(graphs, texts, read_all(texts), strict=True):
        nodes = {node["own"]: node["label"] for node in read["nodes"]}
        edges = Counter((*edge["ends"], edge["label"]) for edge in read["edges"])
        assert (nodes, edges) == labelled(graph), text
        for node in read["nodes"]:
            told = set(node["classes"]) | {"state-plain"}
            assert classed(graph.nodes[node["own"]]) <= told, text
            assert len(told) <= 3
        for edge, state in zip(
            read["edges"], [s for *_, s in graph.edges(data="state")], strict=True
        ):
            assert (edge["stroke"] == "thick") == (state == State.TAKEN)
        for said, meant in (("title", "name"), ("description", "description")):
            assert read[said] == " ".join(graph.graph[meant].split())
        assert read["direction"] == graph.graph["direction"]
        assert mermaid(graph) == text


@random_graphs
def test_graphml(graphs: list[DecisionGraph]) -> None:
    for graph in graphs:
        text = graphml(graph)
        read = nx.parse_graphml(text.encode(), force_multigraph=True)
        assert {node: filled(data, graph.nodes[node]) for node, data in read.nodes.items()} == dict(
            graph.nodes
        )
        ids = [key for *_, key in read.edges(keys=True)]
        assert sorted(ids) == sorted(f"e{i}" for i in range(1, graph.number_of_edges() + 1))
        keys = ("kind", "label", "state")
        assert Counter(
            (u, v, *(data.get(key, "") for key in keys)) for u, v, data in read.edges(data=True)
        ) == Counter((u, v, *(data[key] for key in keys)) for u, v, data in graph.edges(data=True))
        about = filled(read.graph, graph.graph)
        assert {key: about[key] for key in graph.graph} == graph.graph
        assert graphml(graph) == text


def filled(data: dict[str, str], like: dict[str, str]) -> dict[str, str]:
    """With the empty attributes, which networkx leaves out as it reads."""
    return dict.fromkeys(like, "") | data


@random_graphs
def test_json(graphs: list[DecisionGraph]) -> None:
    schema = jsonschema.Draft202012Validator(json_schema("graph"))
    for graph in graphs:
        text = json.dumps(graph_json(graph))
        schema.validate(json.loads(text))
        read = graph_from_json(json.loads(text))
        assert list(read.nodes.items()) == list(graph.nodes.items())
        assert list(read.edges.items()) == list(graph.edges.items())
        assert read.graph == graph.graph
        assert json.dumps(graph_json(read)) == text


def branches(tree: Tree) -> list[str]:
    """The lines of a tree from the top."""
    lines, waiting = [], [tree]
    while waiting:
        branch = waiting.pop()
        lines.append(str(branch.label))
        waiting += reversed(branch.children)
    return lines


UNTOLD = (State.PLAIN, State.TAKEN)
"""States that the text leaves to the place of the node: a path is told by being one."""

COMPARED = (State.ADDED, State.REMOVED, State.CHANGED)
"""States that an edge tells itself; the others are those of its ends."""


@random_graphs
def test_text(graphs: list[DecisionGraph]) -> None:
    for graph in graphs:
        tree = text_tree(graph)
        lines = branches(tree)
        titled = len(lines) != graph.number_of_edges() + 1
        begun = len(tree.children) + 1 if titled else 1
        assert len(lines) == graph.number_of_edges() + begun
        assert not titled or (lines[0] == graph.graph["name"] and begun > 2)
        for data in graph.nodes.values():
            said = [*data["label"].split("\n"), *data["members"].split("\n")[:3]]
            state = f" {data['state']}" if data["state"] not in UNTOLD else ""
            assert any(all(x in line for x in said) and line.endswith(state) for line in lines)
        leads: Counter[tuple[str, str]] = Counter()
        for source, target, data in graph.edges(data=True):
            lower = source if graph.graph["direction"] == "BT" else target
            told = [", ".join(data["label"].split("\n"))] if data["label"] else []
            told += [data["state"]] if data["state"] in COMPARED else []
            lead = f"[{'; '.join(told)}] " if told else ""
            leads[lead, graph.nodes[lower]["label"].split("\n")[0]] += 1
        for (lead, name), times in leads.items():
            assert sum(line.startswith(lead) and name in line for line in lines) >= times
        assert branches(text_tree(graph)) == lines


def test_a_chain_as_long_as_you_like_is_a_tree() -> None:
    graph = new_graph("tree", "A circle", "", "BT")
    for number in range(3000):
        add_node(graph, str(number), NodeKind.FACT, f"fact {number}")
    for number in range(3000):
        add_edge(graph, str(number), str((number + 1) % 3000), EdgeKind.NEGATES)
    lines = branches(text_tree(graph))
    assert lines[:2] == ["fact 0", "as: fact 2999"]
    assert len(lines) == 3001


def test_the_text_of_a_group_counts_its_members_and_states_are_words() -> None:
    graph = new_graph("verdict", "Two groups", "", "TB")
    add_node(graph, "a", NodeKind.GROUP, "Fell", state=State.EXCLUDED, members=tuple("vwxyz"))
    add_node(graph, "b", NodeKind.GROUP, "Stayed", members=("one",))
    add_edge(graph, "a", "b", EdgeKind.MADE_FROM, "why", state=State.TAKEN)
    console = Console(width=80, color_system=None)
    with console.capture() as shown:
        console.print(text_tree(graph))
    assert shown.get() == ("Fell [5: v, w, x, …] excluded\n└── [why] made from: Stayed [1: one]\n")


def test_every_id_at_once_is_told_apart_by_mermaid() -> None:
    graph = random_graph(1, len(IDS))
    (read,) = read_all([mermaid(graph)])
    assert {node["own"] for node in read["nodes"]} == set(graph)
    assert len({node["id"] for node in read["nodes"]}) == len(IDS)


@pytest.mark.parametrize("piece", PIECES, ids=ascii)
def test_a_label_alone_leaves_the_rest_of_the_flowchart_as_it_is(piece: str) -> None:
    text = mermaid(one_label(f"{piece}x"))
    assert text.count("\n") == mermaid(one_label("x")).count("\n")
    label = re.search(r'"([^"]*)"', text.split("\n")[1])
    assert label is None or "%" not in label[1]


def one_label(label: str) -> DecisionGraph:
    graph = new_graph("tree", "", "")
    add_node(graph, "a", NodeKind.LEAF, label)
    return graph


def test_the_courses_flowchart_is_the_chapters(kb: KnowledgeBase) -> None:
    drawn, chapter = read_all([mermaid(course_tree(kb.tree)), FLOWCHART.read_text()])
    for part, values in (("nodes", ("id", "text", "type")), ("edges", ("ends", "text"))):
        said = [
            Counter(tuple(x[v] for v in values) for x in read[part]) for read in (drawn, chapter)
        ]
        assert said[0] == said[1]


def test_mermaid_says_when_a_graph_is_too_large_for_github() -> None:
    assert too_large(rulebook_tree(rulebook("expert"))) == ""
    graph = one_label("x")
    for _ in range(500):
        add_edge(graph, "a", "a", EdgeKind.THEN)
    assert too_large(graph) == ""
    add_edge(graph, "a", "a", EdgeKind.THEN)
    assert "500 edges, and this graph has 501" in too_large(graph)
    rest = len(mermaid(one_label("👩"))) + 1
    assert too_large(one_label("👩" * ((50_000 - rest) // 2 + 1))) == ""
    assert "50,000 characters" in too_large(one_label("👩" * ((50_000 - rest) // 2 + 3)))


@pytest.mark.parametrize("url", HOSTILE_ADDRESSES, ids=ascii)
def test_a_drawing_leads_to_no_such_address(url: str) -> None:
    assert address(url) == ""
    graph = new_graph("tree", "", "")
    add_node(graph, "a", NodeKind.RULE, "a", url=url)
    assert "URL" not in dot(graph)
    with pytest.raises(ValueError, match=r"^graph\.nodes\.0\.url: found "):
        graph_from_json(graph_json(graph))


@pytest.mark.parametrize("url", ADDRESSES)
def test_a_drawing_leads_to_pages(url: str) -> None:
    """With a quote or a bracket written as browsers would."""
    assert unquote(address(url)) == unquote(url)
    assert not set(address(url)) & set("\"'<>")


@pytest.mark.parametrize("path", [None, ""], ids=["any_graphviz", "the_packaged_graphviz"])
def test_graphviz_draws_hostile_graphs_as_well_formed_svg(
    path: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With every node and edge under its id, and no element that a label brought along."""
    if path is not None:
        monkeypatch.setenv("PATH", path)
    for seed in range(500, 512):
        graph = random_graph(seed, 5)
        elements = list(ElementTree.fromstring(laid_out(dot(graph), "svg")).iter())
        ids = {element.get("id") for element in elements}
        assert {f"n{i}" for i in range(1, 6)} <= ids
        assert {f"e{i}" for i in range(1, graph.number_of_edges() + 1)} <= ids
        names = {element.tag.removeprefix("{http://www.w3.org/2000/svg}") for element in elements}
        shapes = {"polygon", "polyline", "path", "ellipse"}
        assert names <= {"svg", "g", "a", "title", "text"} | shapes
