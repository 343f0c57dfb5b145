"""What a test reads off a page on a graph: what is shown, where, and with which marks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from whyllm.engine.graph.elements import DecisionGraph

    Open = Callable[..., Page]

SHOWN = "getComputedStyle(x).display !== 'none'"
HIDDEN = "getComputedStyle(x).display === 'none'"


def classes(page: Page, number: str) -> set[str]:
    return set((page.locator(f".picture #{number}").get_attribute("class") or "").split())


def node(graph: DecisionGraph, wanted: str) -> str:
    return f"n{list(graph).index(wanted) + 1}"


def shown(page: Page) -> list[str]:
    """The ids of the nodes that the outline shows, in its order."""
    return page.eval_on_selector_all(
        ".outline .item", "all => all.filter(x => x.checkVisibility()).map(x => x.dataset.id)"
    )


def drawn(page: Page, condition: str) -> set[str]:
    """The ids of the picture's nodes for which a condition on `x` holds."""
    return set(
        page.eval_on_selector_all(
            ".picture g.node", f"all => all.filter(x => {condition}).map(x => x.dataset.node)"
        )
    )


def until(page: Page, condition: str) -> None:
    """Wait for a condition; playwright's own waiting would need `eval`, which the page forbids."""
    for _ in range(1000):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(10)
    raise AssertionError(f"it never came true: {condition}")


def row(page: Page, number: str) -> Any:
    return page.locator(f"#item-{number} > details > summary")
