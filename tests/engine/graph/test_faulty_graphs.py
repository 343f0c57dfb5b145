"""A graph read from JSON is refused with where its fault is and what was expected."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from whyllm.engine.graph.elements import EdgeKind, NodeKind, add_edge, add_node, new_graph
from whyllm.engine.render.graph_json import graph_from_json, graph_json


def change(path: str, value: Any) -> Any:
    """The JSON of a small graph with one value changed."""
    graph = new_graph("tree", "A tree", "of two")
    add_node(graph, "a", NodeKind.START, "A")
    add_node(graph, "b", NodeKind.END, "B")
    add_edge(graph, "a", "b", EdgeKind.THEN)
    data = json.loads(json.dumps(graph_json(graph)))
    *parents, last = [int(key) if key.isdigit() else key for key in path.split(".")]
    place = data
    for key in parents:
        place = place[key]
    place[last] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("schema", "whyllm.graph/2", "schema: input should be 'whyllm.graph/1'"),
        ("name", "Another", "graph.graph.name: found 'A tree', expected 'Another'"),
        ("more", 1, "more: extra inputs are not permitted"),
        ("graph", [], "graph: input should be a valid dictionary"),
        ("graph.directed", False, "graph.directed: input should be True"),
        ("graph.graph.direction", "UP", "graph.graph.direction: input should be 'TB', 'BT' or"),
        ("graph.nodes.1.kind", "evil\n", "graph.nodes.1.kind: input should be 'start', "),
        ("graph.nodes.1.state", "open", "graph.nodes.1.state: input should be 'plain', "),
        ("graph.nodes.1.label", 3, "graph.nodes.1.label: input should be a valid string (found 3)"),
        ("graph.nodes.1.id", "a", "graph.nodes.1.id: found 'a', expected an id that no node"),
        ("graph.nodes.1.id", "a\x00", "graph.nodes.1.id: found 'a\\x00', expected one line"),
        ("graph.nodes.1.id", "\ud800", "graph.nodes.1.id: found '\\ud800', expected one line"),
        ("graph.edges.0.target", "c", "graph.edges.0.target: found 'c', expected the id of"),
        ("graph.edges.0.kind", "goto", "graph.edges.0.kind: input should be 'reply', 'then'"),
        ("graph.edges.0.key", 4, "graph.edges.0.key: found 4, expected 0, by count"),
    ],
)
def test_a_faulty_graph_is_refused_with_where_and_what(path: str, value: Any, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)) as refused:
        graph_from_json(change(path, value))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("data", [None, 3, [], "graph", {}])
def test_what_is_no_graph_is_refused(data: object) -> None:
    with pytest.raises(ValueError, match=r"^(the graph: input should be|schema: field required)"):
        graph_from_json(data)
