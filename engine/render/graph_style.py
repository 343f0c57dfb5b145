"""How each kind and state of a decision graph looks: shapes, lines, words and colours, as data.

A kind of node is told by its shape, a kind of edge by its line and its head. A state is told three
times: by the line, by a word in the label and by the colour of the line. The fills are soft, follow
the kind and distinguish nothing by themselves.

The states that meet in one picture differ in their line colours by at least 20 (CAM02-UCS), also
for colour-blind readers: those of a run (plain to undecided), and those of a comparison (plain,
added, removed, changed). The tests hold the colours to that.
"""

from __future__ import annotations

from dataclasses import dataclass

from whyllm.engine.graph.elements import EdgeKind, NodeKind, State


@dataclass(frozen=True)
class Shape:
    """The outline of a kind of node, and the group of kinds whose fill it shares."""

    outline: str
    fill: str
    style: str = ""


@dataclass(frozen=True)
class Line:
    """How a state is drawn around a node, and the word that the label ends on."""

    style: str
    width: float
    outlines: int = 1
    word: str = ""


@dataclass(frozen=True)
class Arrow:
    """How a kind of edge is drawn."""

    style: str
    head: str
    tail: str = "none"


@dataclass(frozen=True)
class Palette:
    """The colours of a picture for one background."""

    page: str
    text: str
    focus: str
    fills: dict[str, str]
    lines: dict[State, str]


SHAPES = {
    NodeKind.START: Shape("box", "ends", "rounded"),
    NodeKind.QUESTION: Shape("diamond", "questions"),
    NodeKind.LEAF: Shape("box", "models"),
    NodeKind.END: Shape("box", "ends", "rounded,diagonals"),
    NodeKind.STAGE: Shape("hexagon", "questions"),
    NodeKind.RULE: Shape("note", "rules"),
    NodeKind.FACT: Shape("ellipse", "facts"),
    NodeKind.ABSENCE: Shape("octagon", "facts"),
    NodeKind.MODEL: Shape("component", "models"),
    NodeKind.GROUP: Shape("folder", "models"),
    NodeKind.FAMILY: Shape("tab", "models"),
    NodeKind.PUBLISHER: Shape("house", "ends"),
    NodeKind.LICENCE: Shape("invhouse", "licences"),
}

LINES = {
    State.PLAIN: Line("solid", 1),
    State.TAKEN: Line("solid", 2.5),
    State.SHORTLISTED: Line("solid", 2, 2, "shortlisted"),
    State.KEPT: Line("solid", 1, 2, "kept"),
    State.EXCLUDED: Line("dashed", 1.5, 1, "excluded"),
    State.UNDECIDED: Line("dotted", 2, 1, "undecided"),
    State.ADDED: Line("solid", 3, 2, "added"),
    State.REMOVED: Line("dashed", 2.5, 1, "removed"),
    State.CHANGED: Line("dotted", 3, 2, "changed"),
}

DASHES = {"dashed": "6 3", "dotted": "1.5 3.5"}
"""Lines that are not solid, as dashes and gaps where a format asks for them."""

ARROWS = {
    EdgeKind.REPLY: Arrow("solid", "normal"),
    EdgeKind.THEN: Arrow("solid", "vee"),
    EdgeKind.RULE: Arrow("solid", "none"),
    EdgeKind.EXCLUDES: Arrow("solid", "tee"),
    EdgeKind.LEAVES_OPEN: Arrow("dotted", "odiamond"),
    EdgeKind.KEEPS: Arrow("solid", "dot"),
    EdgeKind.READS: Arrow("solid", "onormal"),
    EdgeKind.NEGATES: Arrow("dashed", "odot"),
    EdgeKind.CONCLUDES: Arrow("solid", "diamond"),
    EdgeKind.HOLDS: Arrow("solid", "none", "diamond"),
    EdgeKind.LICENSED: Arrow("dashed", "box"),
    EdgeKind.MADE_FROM: Arrow("dotted", "normal"),
}

LIGHT = Palette(
    page="#ffffff",
    text="#16191d",
    focus="#0050c8",
    fills={
        "ends": "#f1f2f4",
        "questions": "#e6f1fc",
        "models": "#fdf5e0",
        "rules": "#f2eefc",
        "facts": "#e8f6ee",
        "licences": "#fceff1",
    },
    lines={
        State.PLAIN: "#778899",
        State.TAKEN: "#111111",
        State.SHORTLISTED: "#551199",
        State.KEPT: "#225555",
        State.EXCLUDED: "#881100",
        State.UNDECIDED: "#aa7744",
        State.ADDED: "#334422",
        State.REMOVED: "#cc5511",
        State.CHANGED: "#5511dd",
    },
)

DARK = Palette(
    page="#14171c",
    text="#f2f4f7",
    focus="#7db4ff",
    fills={
        "ends": "#262b33",
        "questions": "#1a2c40",
        "models": "#302a18",
        "rules": "#29233c",
        "facts": "#1a3025",
        "licences": "#352125",
    },
    lines={
        State.PLAIN: "#767a7e",
        State.TAKEN: "#ffffff",
        State.SHORTLISTED: "#bbaaff",
        State.KEPT: "#55cc99",
        State.EXCLUDED: "#ee2211",
        State.UNDECIDED: "#ffcc33",
        State.ADDED: "#55ee99",
        State.REMOVED: "#ff5533",
        State.CHANGED: "#bb88ff",
    },
)

_WORDED_EDGES = (State.ADDED, State.REMOVED, State.CHANGED)
"""The states that no end of an edge tells: a new edge may join two old nodes."""


def word_on_node(state: str) -> str:
    """The word of a state that a node's label ends on; '' where the line is enough."""
    return LINES[State(state)].word


def word_on_edge(state: str) -> str:
    """The word of a state that an edge's label ends on; '' where its ends or its kind tell it."""
    return LINES[State(state)].word if state in _WORDED_EDGES else ""


def style_of_node(kind: str, state: str) -> dict[str, str]:
    """Graphviz's attributes for a node, in the light palette."""
    shape, line = SHAPES[NodeKind(kind)], LINES[State(state)]
    return {
        "shape": shape.outline,
        "style": ",".join(style for style in ("filled", shape.style, line.style) if style),
        "penwidth": f"{line.width:g}",
        "peripheries": str(line.outlines),
        "color": LIGHT.lines[State(state)],
        "fillcolor": LIGHT.fills[shape.fill],
    }


def style_of_edge(kind: str, state: str) -> dict[str, str]:
    """Graphviz's attributes for an edge, in the light palette."""
    arrow = ARROWS[EdgeKind(kind)]
    tail = {} if arrow.tail == "none" else {"arrowtail": arrow.tail, "dir": "both"}
    return {
        "style": arrow.style,
        "arrowhead": arrow.head,
        **tail,  # without the direction Graphviz draws none
        "penwidth": f"{max(1, LINES[State(state)].width * 0.8):g}",
        "color": LIGHT.lines[State(state)],
    }
