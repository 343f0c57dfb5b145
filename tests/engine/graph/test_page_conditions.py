"""The page on a decision graph when it is hard: hostile texts, no script, narrow, paper, axe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.engine.graph.graphs import hostile_graph
from tests.engine.graph.reading import node, row, shown, until

if TYPE_CHECKING:
    from whyllm.engine.graph.elements import DecisionGraph

    from tests.engine.graph.reading import Open


HOSTILE_FRAGMENTS = (
    "#q=%3Cimg%20src%3Dx%20onerror%3Dwindow.hacked%3D1%3E&node=%3Cscript%3E&model=__proto__",
    "#node=constructor&model=toString&q=" + "(" * 5000,
    "#%E0%A4%A&q=%&node=%00&q=\\",
    '#"]);window.hacked=1;//',
    "#javascript:window.hacked=1",
    "#n1'),window.hacked=1",
)


@pytest.mark.parametrize("fragment", HOSTILE_FRAGMENTS)
def test_a_hostile_fragment_does_no_harm(opened: Open, fragment: str) -> None:
    page = opened("run", fragment)
    assert page.evaluate("window.hacked") is None
    assert page.locator("#position").inner_text() == "– of 12"
    page.get_by_label("Search").press("Escape")
    assert len(shown(page)) == 12


def test_hostile_labels_are_text(opened: Open) -> None:
    graph = hostile_graph()
    page = opened("hostile")
    assert page.title() == graph.graph["name"]
    for _ in graph:
        page.get_by_role("button", name="Next step").click()
    page.get_by_label("Search").fill("<img src=x")
    ways = page.get_by_label("Ways to a model", exact=True)
    for number in range(1, ways.locator("option").count()):
        ways.select_option(index=number)
    until(page, "location.hash.includes('model=')")
    assert page.evaluate("window.hacked") is None
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 1
    assert page.locator("a[href^='javascript:']").count() == 0


def test_the_policy_stops_a_script_that_was_let_in(opened: Open) -> None:
    page = opened(complaints_wanted=True)
    blocked: list[str] = []
    page.on("console", lambda message: blocked.append(message.text))
    page.evaluate(
        """() => {
          const script = document.createElement('script');
          script.text = 'window.hacked = 1';
          document.body.append(script);
          const image = document.createElement('div');
          image.setAttribute('onclick', 'window.hacked = 2');
          document.body.append(image);
          image.click();
        }"""
    )
    assert page.evaluate("window.hacked") is None
    assert len([text for text in blocked if "Content Security Policy" in text]) >= 2


def test_the_drawing_and_the_page_are_styled_under_the_policy(opened: Open) -> None:
    page = opened()
    assert page.evaluate("[...document.styleSheets].map(s => s.cssRules.length > 0)") == [True] * 2


def test_without_script_all_is_readable(opened: Open, run_graph: DecisionGraph) -> None:
    page = opened(java_script_enabled=False)
    text = page.locator("#outline").inner_text()
    for _, data in run_graph.nodes(data=True):
        for line in (*data["label"].split("\n"), data["note"], *data["members"].split("\n")):
            assert line in text
    assert page.locator("details:not([open])").count() == 0
    assert not page.locator("#tools").is_visible()
    assert not page.locator("#folds").is_visible()
    summary = row(page, node(run_graph, "HW-010"))
    summary.click()
    assert not page.locator("#outline").get_by_text("Kimi K2").is_visible()
    summary.click()
    page.locator(".again a").click()
    assert page.url.endswith(f"#item-{node(run_graph, 'nemo')}")
    links = page.locator("#outline .note a")
    assert links.first.get_attribute("href") == "rules.md#lic-020"


@pytest.mark.parametrize("name", ["run", "course", "expert"])
def test_a_narrow_page_does_not_scroll_sideways(opened: Open, name: str) -> None:
    page = opened(name, viewport={"width": 360, "height": 740})
    for query in ("", "licence"):
        page.get_by_label("Search").fill(query)
        page.get_by_role("button", name="Next step").click()
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 360
    assert page.evaluate("(p => p.scrollWidth > p.clientWidth)(document.getElementById('picture'))")


def test_zoom(opened: Open) -> None:
    page = opened("expert")
    width = "document.querySelector('#picture svg').getBoundingClientRect().width"
    page.get_by_role("button", name="100 %").click()
    whole = page.evaluate(width)
    page.get_by_role("button", name="Zoom in").click()
    assert page.evaluate(width) == pytest.approx(1.25 * whole, rel=0.01)
    page.get_by_role("button", name="Zoom out").click()
    assert page.evaluate(width) == pytest.approx(whole, rel=0.01)
    page.get_by_role("button", name="Fit").click()
    assert page.evaluate(
        "(p => p.scrollWidth <= p.clientWidth)(document.getElementById('picture'))"
    )


def test_dark_is_dark(opened: Open) -> None:
    brightness = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
    page = opened()
    page.emulate_media(color_scheme="light")
    assert min(page.evaluate(brightness)) > 200
    page.emulate_media(color_scheme="dark")
    assert max(page.evaluate(brightness)) < 60


def test_paper_shows_all_and_no_tools(opened: Open) -> None:
    page = opened(color_scheme="dark")
    page.emulate_media(media="print")
    assert not page.locator("#tools").is_visible()
    assert page.locator("#outline").is_visible()
    assert (
        page.evaluate("getComputedStyle(document.getElementById('picture')).overflow") == "visible"
    )


def test_everything_is_reached_by_the_tab_key(opened: Open) -> None:
    page = opened()
    reached: list[str] = []
    for _ in range(14):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "(x => x.id || x.dataset.step || x.dataset.zoom || x.className)"
                "(document.activeElement)"
            )
        )
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", reached[-1]
    assert reached == [
        "skip", "query", "target", "clear-target", "first", "previous", "next", "last",
        "out", "in", "fit", "whole", "picture", reached[13],
    ]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["run", "course", "expert"])
def test_axe_finds_no_barrier(opened: Open, axe: Any, name: str, scheme: str) -> None:
    page = opened(name, color_scheme=scheme, bypass_csp=True)
    assert axe(page) == []
    page.get_by_role("button", name="Last step").click()
    page.get_by_label("Search").fill("licence")
    assert axe(page) == []


def test_axe_finds_no_barrier_on_a_narrow_page(opened: Open, axe: Any) -> None:
    page = opened("run", "#model=Kimi+K2", viewport={"width": 360, "height": 740}, bypass_csp=True)
    assert axe(page) == []
