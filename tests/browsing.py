"""A real browser, and a check of accessibility, for the tests of pages and pictures."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Axe = Callable[["Page"], list[dict[str, Any]]]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, headless; `make chromium` installs it."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium")
    assert program, "no chromium on the PATH; `make chromium` installs it"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield started
        started.close()


@lru_cache
def _axe_source() -> str:
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


@pytest.fixture(scope="session")
def axe() -> Axe:
    """A page's violations of WCAG 2.2, levels A and AA; none is [].

    The page must come from a context that bypasses its security policy, since axe is a script.
    """
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    asked = {"runOnly": {"type": "tag", "values": tags}, "resultTypes": ["violations"]}

    def violations(page: Page) -> list[dict[str, Any]]:
        page.evaluate(_axe_source())
        found = page.evaluate(
            "asked => axe.run(document, asked).then(result => result.violations)", asked
        )
        return [
            {"rule": each["id"], "nodes": [node["html"] for node in each["nodes"]]}
            for each in found
        ]

    return violations
