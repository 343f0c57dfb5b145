"""What drawing costs beside the consultation that is drawn: whole runs, and a graph of 500 nodes.

Prints medians and ratios of one run; ratios are what to compare between machines.
"""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Callable
from itertools import islice

from whyllm.engine.cataloguing import catalogue
from whyllm.engine.consulting import consult
from whyllm.engine.graph.elements import DecisionGraph
from whyllm.engine.graph.run import run_graph
from whyllm.engine.graph.views import collapsed
from whyllm.engine.need import Need
from whyllm.engine.render.graph_dot import dot
from whyllm.engine.render.graph_html import html
from whyllm.engine.render.graph_mermaid import mermaid
from whyllm.engine.render.graph_svg import svg
from whyllm.kb.loader import load

DAY = dt.date(2026, 11, 23)
NEED = {"modality": "code", "use": "commercial", "vram": 24}
NODES = 500
RUNS = 5


def milliseconds(do: Callable[[], object]) -> float:
    """The median time of an action."""
    taken = []
    for _ in range(RUNS):
        start = time.perf_counter()
        do()
        taken.append(time.perf_counter() - start)
    return 1000 * statistics.median(taken)


def of_size(graph: DecisionGraph, nodes: int) -> DecisionGraph:
    """The graph with copies of its last nodes, each hung where its model hangs."""
    grown = graph.copy()
    for node in list(islice(reversed(list(graph)), nodes - len(graph))):
        grown.add_node(f"{node} again", **graph.nodes[node])
        for source, _, data in graph.in_edges(node, data=True):
            grown.add_edge(source, f"{node} again", **data)
    return grown


def main() -> None:
    """Print the figures."""
    models = catalogue(load())
    need = Need.of(NEED)
    asked = milliseconds(lambda: consult(need, models, on=DAY))
    full = run_graph(consult(need, models, on=DAY))
    print(
        f"consult: {asked:.0f} ms; the graph of its run: "
        f"{milliseconds(lambda: run_graph(consult(need, models, on=DAY))) - asked:.0f} ms more"
    )
    print(f"{'graph':>12} {'nodes':>6} {'edges':>6} {'as':>8} {'ms':>7} {'to consult':>11}")
    for name, graph in (
        ("collapsed", collapsed(full)), ("full", full), ("of 500", of_size(full, NODES)),
    ):  # fmt: skip
        drawing = svg(graph)
        ways = {"svg": svg, "dot": dot, "mermaid": mermaid,
                "page": lambda graph, drawing=drawing: html(graph, drawing)}  # fmt: skip
        for way, write in ways.items():
            taken = milliseconds(lambda write=write, graph=graph: write(graph))
            print(
                f"{name:>12} {len(graph):6} {graph.number_of_edges():6} {way:>8} {taken:7.0f} "
                f"{taken / asked:11.2f}"
            )


if __name__ == "__main__":
    main()
