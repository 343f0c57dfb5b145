"""The SVG pictures in a browser: axe-core's checks, the Tab key, and both colour schemes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from whyllm.engine.graph.tree import course_tree
from whyllm.engine.render.graph_style import DARK, LIGHT, Palette
from whyllm.engine.render.graph_svg import svg
from whyllm.kb.knowledge import KnowledgeBase

from .drawn_graphs import random_graph

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.browsing import Axe


def opened(browser: Browser, picture: str, scheme: str = "light") -> Page:
    """The picture inside a page, as a reader of the web would meet it."""
    page = browser.new_page(color_scheme=scheme)
    page.set_content(
        "<!doctype html><html lang='en'><head><title>Picture</title></head>"
        f"<body><main><h1>Picture</h1>{picture}</main></body></html>"
    )
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault(browser: Browser, axe: Axe, kb: KnowledgeBase, scheme: str) -> None:
    for graph in (course_tree(kb.tree), random_graph(1), random_graph(2)):
        page = opened(browser, svg(graph), scheme)
        faults = axe(page)
        page.close()
        assert faults == []


def test_the_tab_key_walks_the_nodes_in_reading_order(browser: Browser, kb: KnowledgeBase) -> None:
    graph = course_tree(kb.tree)
    page = opened(browser, svg(graph))
    walked = []
    for _ in graph:
        page.keyboard.press("Tab")
        walked.append(page.evaluate("document.activeElement.parentElement.dataset.node"))
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    page.close()
    assert walked == list(graph)
    assert outline == "solid"


@pytest.mark.parametrize(("scheme", "palette"), [("light", LIGHT), ("dark", DARK)])
def test_the_picture_follows_the_colour_scheme(
    browser: Browser, kb: KnowledgeBase, scheme: str, palette: Palette
) -> None:
    page = opened(browser, svg(course_tree(kb.tree)), scheme)
    seen = page.evaluate(
        "['.page', '.node text'].map(what => getComputedStyle(document.querySelector(what)).fill)"
    )
    page.close()
    assert seen == [rgb(palette.page), rgb(palette.text)]


def test_a_hostile_picture_runs_nothing_and_asks_for_nothing(
    browser: Browser, tmp_path: Path
) -> None:
    file = tmp_path / "picture.svg"
    for seed in range(5):
        file.write_text(svg(random_graph(seed)), encoding="utf-8")
        page, asked, dialogs = browser.new_page(), [], []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.on("dialog", lambda dialog, dialogs=dialogs: dialogs.append(dialog.message))
        page.goto(file.as_uri())
        parsed = page.evaluate("document.documentElement.localName")
        page.close()
        assert (asked, dialogs, parsed) == ([file.as_uri()], [], "svg")


def rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))})"
