"""How pages look: the templates, and what they call."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from whyllm.cli.web.wanted import address

if TYPE_CHECKING:
    from whyllm.engine.graph.elements import DecisionGraph

_HERE = Path(__file__).parent

NAVIGATION = (
    ("/tree", "The tree"),
    ("/choose", "Choose"),
    ("/recommend", "Recommend"),
    ("/what-if", "What if"),
    ("/review", "Review"),
    ("/learn", "Lessons"),
    ("/quiz", "Quiz"),
    ("/models", "Models"),
    ("/licences", "Licences"),
    ("/rules", "Rules"),
    ("/graphs", "Graphs"),
)


ON_REQUEST = ("/choose", "/recommend", "/what-if", "/review")
"""Pages that answer what a visitor states, so that they need a server."""


def page(template: str, content: Mapping[str, Any], *, served: bool = True) -> str:
    """A page from its template; one that is not served links to no page that answers requests."""
    shown = [(to, label) for to, label in NAVIGATION if served or to not in ON_REQUEST]
    found = _environment().get_template(template)
    return found.render(**content, served=served, navigation=shown)


def picture(graph: DecisionGraph) -> str:
    """The drawing of a graph, as SVG."""
    from whyllm.engine.render.graph_svg import svg

    return svg(graph)


@cache
def static(name: str) -> bytes:
    """A file of the site's own: `site.css` or `site.js`; KeyError for another."""
    if name == "site.css":
        from whyllm.engine.render import graph_html

        shared = Path(graph_html.__file__).parent / "page" / "base.css"
        return shared.read_bytes() + (_HERE / "static" / name).read_bytes()
    if name == "site.js":
        return (_HERE / "static" / name).read_bytes()
    raise KeyError(name)


@cache
def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals.update(address=address)
    found.filters["path"] = lambda text: quote(str(text), safe="")
    return found
