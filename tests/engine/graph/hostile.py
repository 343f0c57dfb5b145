"""Random decision graphs whose ids, labels, notes and members try to break out of every format."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from whyllm.engine.graph.elements import EdgeKind, NodeKind, State, add_edge, add_node, new_graph

if TYPE_CHECKING:
    from whyllm.engine.graph.elements import DecisionGraph

PIECES = [
    *("", " ", "  ", "\t", "\n", "\n\n", "\r\n", "\x00", "\x07", "\x1b[31m", "\x85", "\u2028"),
    *('"', "'", '\\"', "\\", "\\\\", "\\n", "\\N", "\\G", "\\l", "%", "100%", "`", "`x`", "|", ";"),
    *("<br/>", "<br>", "<b>x</b>", "<<b>x</b>>", "</script>", "<script>alert(1)</script>", "<a "),
    *("&amp;", "&", "&#60;", "&lt", "#quot;", "#35;", "#", "ﬂ°°34¶ß", "ﬂ°lt¶ß", "]]>", "<!--"),
    *("-->", "---", "==>", "-.->", "%%", "%%{init: {'theme':'dark'}}%%", '%% id n1 "x"', "---\n"),
    *(
        "end",
        "subgraph x",
        "direction TB",
        "style a:#",
        "classDef x:#",
        "click A",
        "fa:fa-car",
        "@",
    ),
    *("1. x", "- x", "+ x", "* x", "_x_", "**x**", "$$x$$", "www.a.b", "http://a.b", "{}", "[]"),
    *("(", ")", "[/", "/]", "{{", "}}", "(["),
    *(
        "é",
        "ß",
        "👩‍💻",
        "🧨",
        "\u202eevil",
        "שלום",
        "\u200bz",
        "\ufeff",
        "\ud800",
        "\udc00x",
        "\uffff",
    ),
    *("plain words", "Llama 3.2:3b", "Qwen, Mistral", "x" * 90),
]
"""What labels are put together from."""

IDS = [
    *(
        "end",
        "graph",
        "subgraph",
        "default",
        "style",
        "node",
        "edge",
        "strict",
        "digraph",
        "v",
        "TB",
    ),
    *(
        "1",
        "01",
        "-1",
        "1.0",
        "n1",
        "n_1",
        "e1",
        "a b",
        "a_b",
        "a-b",
        "a.b",
        "é",
        'a"b',
        "x:y",
        "x:n",
    ),
    *("x", "o", "a\\", "a\\\\", 'a\\"', "\\N", "<b>", "a&amp;b", "a,b", "a;b", "a|b", "%%", "#35;"),
    *(
        "__proto__",
        "constructor",
        "toString",
        "",
        "A-->B",
        "kind-leaf",
        "👩‍💻",
        "]]>",
        "`",
        "{a}",
        "k" * 99,
    ),
]
"""Ids that some format has a meaning of its own for, or that come out alike when cleaned."""

HOSTILE_ADDRESSES = [
    *(
        "javascript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "JAVASCRIPT:alert(1)",
    ),
    *(
        "data:text/html,x",
        "vbscript:x",
        "//evil.example",
        "\\\\evil.example",
        "file:///x",
        "http://[",
    ),
    *("\x01javascript:x", "https:", "mailto:a@b.c", "a\u2028b"),
]
ADDRESSES = ["", "rules.md#lic-010", "https://a.example/x?y=1&z=%22", "http://a.example/'\"<b>"]


def random_graph(seed: int, nodes: int = 6) -> DecisionGraph:
    """A graph of that many nodes and as many edges again, loops and parallels among them."""
    chance = random.Random(seed)
    graph = new_graph("tree", _text(chance), _text(chance), chance.choice(["TB", "BT", "LR"]))
    ids = chance.sample(IDS, nodes) if nodes <= len(IDS) else [f"n{i}" for i in range(nodes)]
    for node in ids:
        add_node(
            graph,
            node,
            chance.choice(list(NodeKind)),
            _text(chance),
            state=chance.choice(list(State)),
            note=_text(chance),
            url=chance.choice(ADDRESSES),
            members=tuple(_text(chance) for _ in range(chance.choice([0, 0, 1, 5]))),
        )
    for _ in range(chance.randrange(nodes + 2)):
        source = chance.choice(ids)
        target = source if chance.random() < 0.1 else chance.choice(ids)
        for _ in range(chance.choice([1, 1, 1, 2])):
            kind, state = chance.choice(list(EdgeKind)), chance.choice(list(State))
            add_edge(graph, source, target, kind, _text(chance), state=state)
    return graph


def _text(chance: random.Random) -> str:
    between = chance.choice(["", " ", "\n"])
    return between.join(chance.choices(PIECES, k=chance.choice([0, 1, 1, 2, 3])))
