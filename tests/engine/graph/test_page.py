"""The page on a decision graph and its tools, used in a real browser as a person would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from whyllm.engine.graph.elements import EdgeKind, NodeKind, add_edge, add_node, new_graph
from whyllm.engine.graph.tree import course_tree, rulebook_tree
from whyllm.engine.render.graph_html import html
from whyllm.engine.render.graph_svg import svg
from whyllm.engine.stages import rulebook
from whyllm.kb.knowledge import KnowledgeBase

from tests.engine.graph.graphs import hostile_graph
from tests.engine.graph.reading import HIDDEN, SHOWN, classes, drawn, node, row, shown, until

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from whyllm.engine.graph.elements import DecisionGraph

    from tests.engine.graph.reading import Open


def test_the_same_graph_gives_the_same_bytes(run_graph: DecisionGraph) -> None:
    drawing = svg(run_graph)
    assert html(run_graph, drawing) == html(run_graph, drawing)


@pytest.mark.parametrize("prolog", ['<?xml version="1.0"?>\n', "<!DOCTYPE svg>\n<!-- c -->\n"])
def test_a_drawings_prolog_is_left_out(run_graph: DecisionGraph, prolog: str) -> None:
    drawing = svg(run_graph)
    assert html(run_graph, prolog + drawing) == html(run_graph, drawing)


@pytest.mark.parametrize("name", ["run", "course", "expert", "hostile"])
def test_the_outline_holds_every_node_and_every_edge(
    opened: Open, name: str, kb: KnowledgeBase, run_graph: DecisionGraph
) -> None:
    graph = {
        "run": run_graph,
        "course": course_tree(kb.tree),
        "expert": rulebook_tree(rulebook("expert")),
        "hostile": hostile_graph(),
    }[name]
    page = opened(name)
    assert set(shown(page)) == set(graph)
    assert drawn(page, SHOWN) == set(graph)
    entries = page.eval_on_selector_all(
        ".outline [data-from]", "all => all.map(x => [x.dataset.from, x.dataset.node])"
    )
    numbers = {each: f"n{number}" for number, each in enumerate(graph, 1)}
    assert sorted(map(tuple, entries)) == sorted((numbers[a], numbers[b]) for a, b in graph.edges())


def test_a_long_chain_and_a_ring_are_outlined(browser: Browser, run_graph: DecisionGraph) -> None:
    graph = new_graph("lineage", "A chain", "")
    for number in range(200):
        add_node(graph, f"m{number}", NodeKind.MODEL, f"Model {number}")
    for number in range(200):
        add_edge(graph, f"m{number}", f"m{(number + 1) % 200}", EdgeKind.MADE_FROM)
    page = browser.new_page()
    page.set_content(html(graph, svg(run_graph)))
    assert shown(page) == [f"m{number}" for number in range(200)]
    assert page.locator(".outline .again").count() == 200 // 24 + 1
    page.close()


def test_folding_hides_what_is_not_reached_otherwise(
    opened: Open, run_graph: DecisionGraph
) -> None:
    page = opened()
    row(page, node(run_graph, "LIC-020")).click()
    page.wait_for_selector(f".picture #{node(run_graph, 'codestral')}.folded", state="attached")
    assert drawn(page, HIDDEN) == {"codestral"}
    row(page, node(run_graph, "LIC-010")).click()
    until(page, "!document.querySelector('#outline [data-id=nemo]').checkVisibility()")
    assert drawn(page, HIDDEN) == {"codestral"}  # HW-010 leads to nemo as well
    row(page, node(run_graph, "HW-010")).click()
    page.wait_for_selector(f".picture #{node(run_graph, 'nemo')}.folded", state="attached")
    assert drawn(page, HIDDEN) == {"codestral", "nemo", "large"}
    hidden = page.eval_on_selector_all(
        ".picture g.edge", f"all => all.filter(x => {HIDDEN}).map(x => x.dataset.target)"
    )
    assert sorted(hidden) == sorted(
        node(run_graph, each) for each in ("codestral", "nemo", "nemo", "large")
    )


def test_fold_all_and_unfold_all(opened: Open, run_graph: DecisionGraph) -> None:
    page = opened()
    page.get_by_role("button", name="Fold all", exact=True).click()
    page.wait_for_selector(".picture .node.folded", state="attached")
    assert shown(page) == ["start", "licence", "hardware", "end"]
    assert drawn(page, SHOWN) == {"start", "licence", "hardware", "end"}
    page.get_by_role("button", name="Unfold all").click()
    page.wait_for_selector(".picture .node.folded", state="detached")
    assert set(shown(page)) == set(run_graph)


def test_search_filters_dims_counts_and_clears(opened: Open) -> None:
    page = opened()
    query = page.get_by_label("Search")
    query.fill("KIMI")
    assert page.locator("#hits").inner_text() == "1 hit"
    assert page.locator("#hits").get_attribute("aria-live") == "polite"
    assert shown(page) == ["hardware", "HW-010", "large"]
    assert page.locator(".members li:visible").all_inner_texts() == ["Kimi K2"]
    assert drawn(page, "!x.classList.contains('dimmed')") == {"large"}
    query.fill("commercial licence")
    assert page.locator("#hits").inner_text() == "1 hit"
    assert shown(page) == ["licence", "LIC-020"]
    query.fill("nothing of the kind")
    assert page.locator("#hits").inner_text() == "No hits"
    assert shown(page) == []
    query.press("Escape")
    assert query.input_value() == ""
    assert page.locator("#hits").inner_text() == ""
    assert len(shown(page)) == 12
    assert drawn(page, "x.classList.contains('dimmed')") == set()
    assert page.locator(".members li:visible").count() == 6


def test_a_search_opens_what_was_folded_and_folds_it_again(
    opened: Open, run_graph: DecisionGraph
) -> None:
    page = opened()
    licence = node(run_graph, "licence")
    row(page, licence).click()
    query = page.get_by_label("Search")
    query.fill("codestral")
    assert shown(page) == ["licence", "LIC-020", "codestral"]
    query.press("Enter")
    assert "current" in classes(page, node(run_graph, "codestral"))
    query.press("Escape")
    page.wait_for_selector(f"#item-{licence} > details:not([open])")


def test_steps_by_button_and_by_arrow(opened: Open, run_graph: DecisionGraph) -> None:
    page = opened()
    told = page.locator("#told")
    assert told.get_attribute("aria-live") == "polite"
    page.get_by_role("button", name="Next step").click()
    assert "Step 1 of 12: start, taken" in told.inner_text()
    assert page.locator("#position").inner_text() == "1 of 12"
    page.keyboard.press("ArrowRight")
    assert "current" in classes(page, "n2")
    assert page.locator(".picture g.edge.current").get_attribute("data-source") == "n1"
    assert page.locator(".picture g.edge.current").get_attribute("data-target") == "n2"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert page.locator("#position").inner_text() == "1 of 12"
    page.keyboard.press("End")
    assert page.locator("#position").inner_text() == "12 of 12"
    page.get_by_role("button", name="First step").click()
    for _ in range(3):
        page.get_by_role("button", name="Next step").click()
    assert "Non-commercial terms bind the use" in told.inner_text()
    assert page.locator("[aria-current=step]").get_attribute("data-id") == "LIC-020"
    page.get_by_role("button", name="Last step").click()
    page.get_by_role("button", name="Previous step").click()
    assert page.locator("#position").inner_text() == "11 of 12"


def test_a_step_is_brought_into_sight(opened: Open) -> None:
    page = opened("expert")
    page.get_by_role("button", name="Fold all", exact=True).click()
    page.get_by_role("button", name="Last step").click()
    inside = """() => {
      const node = document.querySelector('.picture .node.current').getBoundingClientRect();
      const box = document.getElementById('picture').getBoundingClientRect();
      return node.top >= box.top && node.bottom <= box.bottom && node.left < box.right;
    }"""
    until(page, inside)
    assert page.locator("[aria-current=step]").is_visible()


def test_the_ways_to_a_model(opened: Open) -> None:
    page = opened()
    ways = page.get_by_label("Ways to a model", exact=True)
    ways.select_option("Mystery 7B")
    led = {"start", "licence", "hardware", "LIC-010", "HW-010", "nemo"}
    assert drawn(page, "x.classList.contains('on-way')") == led
    assert drawn(page, "!x.classList.contains('dimmed')") == led
    assert page.locator(".picture g.edge.on-way").count() == 6
    assert page.locator("#hits").inner_text() == "6 of 12 nodes lie on ways to Mystery 7B"
    ways.select_option("Kimi K2")
    assert drawn(page, "x.classList.contains('on-way')") == {
        "start", "licence", "hardware", "HW-010", "large"
    }  # fmt: skip
    assert page.locator(".members .on-way").all_inner_texts() == ["Kimi K2"]
    page.get_by_role("button", name="Clear the ways to a model").click()
    assert drawn(page, "x.classList.contains('on-way') || x.classList.contains('dimmed')") == set()
    assert ways.input_value() == ""


def test_the_legend_tells_the_kinds_and_the_states(opened: Open) -> None:
    page = opened(java_script_enabled=False)
    assert page.locator(".legend li").all_inner_texts() == [
        "start", "end", "stage", "rule", "model", "group",
        "taken", "shortlisted", "kept", "excluded", "undecided",
    ]  # fmt: skip
    sizes = [each.bounding_box() for each in page.locator(".legend svg").all()]
    assert all(size and size["width"] > 20 for size in sizes)


def test_a_view_is_shared_by_its_address(opened: Open, run_graph: DecisionGraph) -> None:
    page = opened()
    page.get_by_label("Search").fill("7b & <co>")
    page.get_by_label("Search").fill("mystery")
    page.get_by_label("Ways to a model", exact=True).select_option("Mystery 7B")
    page.get_by_role("button", name="Last step").click()
    until(page, "location.hash.includes('node=nemo')")
    fragment = page.evaluate("location.hash")
    assert fragment == "#q=mystery&node=nemo&model=Mystery+7B"
    other = opened("run", fragment)
    assert other.get_by_label("Search").input_value() == "mystery"
    assert other.locator("#position").inner_text() == "12 of 12"
    assert other.get_by_label("Ways to a model", exact=True).input_value() == "Mystery 7B"
    assert shown(other) == ["licence", "LIC-010", "nemo"]


def test_links_between_outline_and_picture(opened: Open, run_graph: DecisionGraph) -> None:
    page = opened()
    page.locator(f"#item-{node(run_graph, 'end')} > .locate").click()
    page.wait_for_selector(f".picture #{node(run_graph, 'end')}.current")
    page.locator(".again a").click()
    page.wait_for_selector(f"#item-{node(run_graph, 'nemo')}.current")
    page.locator(f".picture #{node(run_graph, 'large')} a").click()
    page.wait_for_selector(f"#item-{node(run_graph, 'large')}.current")
