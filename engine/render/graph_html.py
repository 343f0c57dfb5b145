"""A decision graph as one HTML page that needs no network and, but for its tools, no script."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from whyllm.engine.graph.elements import NodeKind, State
from whyllm.engine.render.graph_legend import DOUBLED, OUTLINES
from whyllm.engine.render.graph_outline import outline
from whyllm.engine.render.page_policy import policy

if TYPE_CHECKING:
    from whyllm.engine.graph.elements import DecisionGraph

_FOLDER = Path(__file__).parent / "page"
_LOOKS = ("base.css", "graph.css")
_SCRIPTS = ("outline.js", "words.js", "picture.js", "steps.js", "page.js")
_SVG_STYLE = "{http://www.w3.org/2000/svg}style"
_PROLOG = re.compile(r"\A\s*(?:<\?xml.*?\?>|<!DOCTYPE[^>\[]*>|<!--.*?-->|\s+)*", re.S | re.I)


def html(graph: DecisionGraph, drawing: str) -> str:
    """The page on a graph, with its drawing as `graph_svg.svg` makes it.

    What runs and what styles the page is named by its hash in the page's content security policy:
    should a label ever escape its markup, a browser still runs nothing that it holds.
    """
    import jinja2
    from markupsafe import Markup

    picture = _PROLOG.sub("", drawing).strip()
    drawn = ElementTree.fromstring(picture)
    style = "".join((_FOLDER / name).read_text(encoding="utf-8") for name in _LOOKS)
    script = "(() => {\n" + "\n".join(
        (_FOLDER / name).read_text(encoding="utf-8") for name in _SCRIPTS
    ) + "})();\n"  # fmt: skip
    kinds = [kind for kind in NodeKind if kind in _values(graph, "kind")]
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("graph.html.j2").render(
        name=graph.graph["name"],
        description=graph.graph["description"],
        policy=policy([script], [style, *_styles(drawn)]),
        style=Markup(style),
        script=Markup(script),
        picture=Markup(picture),
        places=outline(graph),
        targets=_targets(graph),
        kinds=kinds,
        states=[state for state in State if state in _values(graph, "state")],
        outlines={kind: OUTLINES[kind] for kind in kinds} | {"leaf": OUTLINES[NodeKind.LEAF]},
        doubled=DOUBLED,
        look=drawn.get("class", ""),
        count=len(graph),
    )


def _styles(drawn: ElementTree.Element) -> list[str]:
    """The drawing's own style blocks, as the browser will read them."""
    return ["".join(style.itertext()) for style in drawn.iter(_SVG_STYLE)]


def _targets(graph: DecisionGraph) -> list[str]:
    """What one may ask the ways to: models, alone or in a group; else what the tree ends in."""
    names: dict[str, None] = {}
    for _, data in graph.nodes(data=True):
        if data["kind"] == NodeKind.MODEL:
            names[data["label"].split("\n")[0]] = None
        for member in data["members"].split("\n") if data["members"] else ():
            names[member] = None
    if not names:
        leaves = (data for _, data in graph.nodes(data=True) if data["kind"] == NodeKind.LEAF)
        names = {data["label"].split("\n")[0]: None for data in leaves}
    return sorted(names, key=lambda name: (name.casefold(), name))


def _values(graph: DecisionGraph, attribute: str) -> set[str]:
    """The values that an attribute of the nodes has; of the edges too, for their states."""
    found = {data[attribute] for _, data in graph.nodes(data=True)}
    if attribute == "state":
        found |= {data[attribute] for _, _, data in graph.edges(data=True)}
    return found
