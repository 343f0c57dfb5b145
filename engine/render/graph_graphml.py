"""A decision graph as GraphML, which yEd, Gephi, Cytoscape and networkx read."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from whyllm.engine.graph.elements import DecisionGraph


def graphml(graph: DecisionGraph) -> str:
    """The graph as GraphML, edge i with the id `e<i>`; an attribute that is '' stands empty."""
    import networkx as nx

    # networkx writes an edge's key as its id, and keys are only unique between the same two nodes.
    named: DecisionGraph = nx.MultiDiGraph(**graph.graph)
    named.add_nodes_from(graph.nodes(data=True))
    for place, (source, target, data) in enumerate(graph.edges(data=True), 1):
        named.add_edge(source, target, key=f"e{place}", **data)
    file = io.BytesIO()
    # Not `write_graphml`, which writes other bytes where lxml happens to be installed.
    nx.write_graphml_xml(named, file)
    return file.getvalue().decode() + "\n"
