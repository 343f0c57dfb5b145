"""What tests of graphs share: pages opened in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from whyllm.engine.graph.tree import course_tree, rulebook_tree
from whyllm.engine.render.graph_html import html
from whyllm.engine.render.graph_svg import svg
from whyllm.engine.stages import rulebook
from whyllm.kb.knowledge import KnowledgeBase

from tests.engine.graph.graphs import hostile_graph, run_graph

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from whyllm.engine.graph.elements import DecisionGraph

    from tests.engine.graph.reading import Open


@pytest.fixture(scope="session", name="run_graph")
def _run_graph() -> DecisionGraph:
    return run_graph()


@pytest.fixture(scope="session")
def files(
    tmp_path_factory: pytest.TempPathFactory, kb: KnowledgeBase, run_graph: DecisionGraph
) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    graphs = {
        "course": course_tree(kb.tree),
        "expert": rulebook_tree(rulebook("expert")),
        "run": run_graph,
        "hostile": hostile_graph(),
    }
    for name, graph in graphs.items():
        (folder / f"{name}.html").write_text(html(graph, svg(graph)), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in graphs}


@pytest.fixture
def opened(browser: Browser, files: dict[str, Path]) -> Iterator[Open]:
    """Open a page; at the end, it has asked for nothing but itself and complained of nothing."""
    contexts, complaints, requests = [], [], []

    def open_(name: str = "run", fragment: str = "", **options: Any) -> Page:
        complaints_wanted = options.pop("complaints_wanted", False)
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        if not complaints_wanted:
            page.on("console", lambda message: complaints.append(message.text))
            page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(f"dialog {dialog.message}"))
        address = files[name].as_uri()
        context.on(
            "request",
            lambda request: (
                None if request.url.split("#")[0] == address else requests.append(request.url)
            ),
        )
        page.goto(address + fragment)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []
    assert requests == []
