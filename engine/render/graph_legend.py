"""The legend of a decision graph's page: each kind's outline in small, and how a state is drawn.

The samples bear the classes of the drawing, so that its style sheet colours them as it colours the
nodes; only the outlines are repeated here, since those of the drawing come from Graphviz.
"""

from __future__ import annotations

from whyllm.engine.graph.elements import NodeKind
from whyllm.engine.render.graph_style import LINES

OUTLINES = {
    NodeKind.START: "M7 2h16a5 5 0 0 1 5 5v4a5 5 0 0 1-5 5H7a5 5 0 0 1-5-5V7a5 5 0 0 1 5-5z",
    NodeKind.QUESTION: "M15 1l14 8-14 8L1 9z",
    NodeKind.LEAF: "M2 2h26v14H2z",
    NodeKind.END: "M7 2h16a5 5 0 0 1 5 5v4a5 5 0 0 1-5 5H7a5 5 0 0 1-5-5V7a5 5 0 0 1 5-5z"
    "M2 8l6-6M22 2l6 6M28 10l-6 6M8 16l-6-6",
    NodeKind.STAGE: "M7 2h16l6 7-6 7H7L1 9z",
    NodeKind.RULE: "M2 2h20l6 6v8H2zM22 2v6h6",
    NodeKind.FACT: "M15 2c8 0 13 3 13 7s-5 7-13 7-13-3-13-7 5-7 13-7z",
    NodeKind.ABSENCE: "M8 2h14l6 5v4l-6 5H8l-6-5V7z",
    NodeKind.MODEL: "M4 2h24v14H4zM1.5 4.5h6v3h-6zM1.5 10.5h6v3h-6z",
    NodeKind.GROUP: "M2 5h14l2-3h8l2 3v11H2z",
    NodeKind.FAMILY: "M2 2h11v4h15v10H2zM2 6h11",
    NodeKind.PUBLISHER: "M15 1l13 6v10H2V7z",
    NodeKind.LICENCE: "M2 1h26v10l-13 6-13-6z",
}
"""Paths in a box of 30 by 18."""

DOUBLED = frozenset(state for state, line in LINES.items() if line.outlines > 1)
"""The states whose nodes have two outlines."""
