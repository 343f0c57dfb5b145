"""A decision graph as an accessible SVG picture that stands alone.

Graphviz says where everything lies; all words, links and colours come from the graph and from the
style sheet, so that no label can become markup and no colour is fixed. The picture holds no script
and reads nothing from elsewhere.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from whyllm.engine.graph.elements import plain_text
from whyllm.engine.render.graph_address import address
from whyllm.engine.render.graph_arrangement import arrangement
from whyllm.engine.render.graph_css import PICTURE, class_name, style_sheet
from whyllm.engine.render.graph_dot import dot
from whyllm.engine.render.graph_layout import LayoutError, laid_out
from whyllm.engine.render.graph_words import (
    description,
    edge_lines,
    edge_words,
    node_lines,
    node_words,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from whyllm.engine.graph.elements import DecisionGraph

_SVG = "http://www.w3.org/2000/svg"
_GEOMETRY = ("d", "points", "cx", "cy", "rx", "ry")
_OUTLINES = tuple(f"{{{_SVG}}}{name}" for name in ("path", "polygon", "polyline", "ellipse"))
_TEXT = f"{{{_SVG}}}text"


def svg(graph: DecisionGraph) -> str:
    """The graph as SVG, the same text for the same graph and Graphviz. Raises LayoutError."""
    drawn, arranged = _drawn(graph), arrangement(graph)
    picture = ET.Element(
        "svg",
        {
            "xmlns": _SVG,
            "class": PICTURE,
            "role": "graphics-document",
            "aria-labelledby": "graph-title",
            "aria-describedby": "graph-description",
            **{name: drawn.get(name, "") for name in ("width", "height", "viewBox")},
        },
    )
    ET.SubElement(picture, "title", id="graph-title").text = plain_text(graph.graph["name"])
    ET.SubElement(picture, "desc", id="graph-description").text = description(graph)
    ET.SubElement(picture, "style").text = style_sheet()
    ET.SubElement(picture, "rect", _page(drawn))
    groups = {group.get("id"): group for group in drawn.iter(f"{{{_SVG}}}g")}
    layer = ET.SubElement(picture, "g", transform=_part(groups, "graph0").get("transform", ""))
    ids = {node: f"n{number}" for number, node in enumerate(graph, 1)}
    # Edges come first, below the nodes; nodes follow in reading order, that of the Tab key.
    for number, (source, target, data) in enumerate(graph.edges(data=True), 1):
        edge = _group(layer, "edge", f"e{number}", data)
        edge.set("data-source", ids[source])
        edge.set("data-target", ids[target])
        ET.SubElement(edge, "title").text = edge_words(graph, source, target, data)
        _copy(_part(groups, f"e{number}"), edge, edge_lines(data), _edge_class)
        if arranged.is_step(source, target):
            _set_beside(edge)
    for node, data in graph.nodes(data=True):
        around = _group(layer, "node", ids[node], data)
        around.set("data-node", plain_text(node))
        anchor = ET.SubElement(around, "a", href=address(data["url"]) or f"#{ids[node]}")
        ET.SubElement(anchor, "title").text = node_words(data)
        _copy(_part(groups, ids[node]), anchor, node_lines(data), _node_class)
    return ET.tostring(picture, encoding="unicode") + "\n"


def _drawn(graph: DecisionGraph) -> ET.Element:
    try:
        return ET.fromstring(laid_out(dot(graph, to_draw=True), "svg"))
    except ET.ParseError as error:
        raise LayoutError(f"Graphviz wrote an SVG that cannot be read: {error}") from None


def _part(groups: Mapping[str | None, ET.Element], part: str) -> ET.Element:
    if part not in groups:
        raise LayoutError(f"Graphviz left {part} out of its SVG")
    return groups[part]


def _page(drawn: ET.Element) -> dict[str, str]:
    left, top, width, height = drawn.get("viewBox", "").split()
    return {"class": "page", "x": left, "y": top, "width": width, "height": height}


def _group(layer: ET.Element, what: str, part: str, data: Mapping[str, str]) -> ET.Element:
    classes = (what, class_name(data["kind"], "kind"), class_name(data["state"], "state"))
    return ET.SubElement(layer, "g", {"class": " ".join(classes), "id": part})


def _node_class(outline: ET.Element) -> str:
    """A second outline and a fold are lines only; a fill would hide what they surround."""
    return "shape open" if outline.get("fill") == "none" else "shape"


def _edge_class(outline: ET.Element) -> str:
    if outline.tag.endswith("path"):
        return "shape"
    return "hollow" if outline.get("fill") == "none" else "head"


def _copy(
    drawn: ET.Element, into: ET.Element, lines: list[str], class_of: Callable[[ET.Element], str]
) -> None:
    """Copy the outlines, and set the lines where Graphviz set its own."""
    for outline in drawn.iter():
        if outline.tag in _OUTLINES:
            geometry = {name: outline.attrib[name] for name in _GEOMETRY if name in outline.attrib}
            tag = outline.tag.removeprefix(f"{{{_SVG}}}")
            ET.SubElement(into, tag, {"class": class_of(outline), **geometry})
    places = list(drawn.iter(_TEXT))
    if len(places) < len(lines):
        raise LayoutError(f"Graphviz drew {len(places)} of {len(lines)} lines of a label")
    for line, place in zip(lines, places, strict=False):
        at = {name: place.get(name, "") for name in ("x", "y")}
        ET.SubElement(into, "text", at).text = line


def _set_beside(edge: ET.Element) -> None:
    """Set an edge's label to the left of a line that runs down, where Graphviz crosses the two."""
    edge.set("class", f"{edge.get('class')} step")
    line = edge.find("path")
    at = re.match(r"M(-?[\d.]+)", line.get("d", "") if line is not None else "")
    for text in edge.iter("text"):
        if at:
            text.set("x", f"{float(at[1]) - 6:g}")
