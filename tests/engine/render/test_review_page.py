"""The page on a review in a real browser: filters, hostile names, no script, narrow, paper, axe."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.render.review.html import html
from whyllm.kb.errors import printable

from tests.engine.render.reviews import HOSTILE, hostile, large, of_every_verdict, review

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Open = Callable[..., "Page"]

ROWS = ".row:not([hidden])"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, models: Catalogue) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("reviews")
    made = {
        "every": of_every_verdict(models),
        "hostile": hostile(models),
        "large": large(models),
        "empty": review(models, []),
    }
    for name, given in made.items():
        (folder / f"{name}.html").write_text(html(given), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in made}


@pytest.fixture
def opened(browser: Browser, files: dict[str, Path]) -> Iterator[Open]:
    """Open a page; at the end, it has asked for nothing but itself and complained of nothing."""
    contexts, complaints, requests = [], [], []

    def open_(name: str = "every", **options: Any) -> Page:
        complaints_wanted = options.pop("complaints_wanted", False)
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        if not complaints_wanted:
            page.on("console", lambda message: complaints.append(message.text))
            page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(f"dialog {dialog.message}"))
        context.on("request", lambda request: requests.append(request.url))
        page.goto(files[name].as_uri())
        assert requests.pop() == files[name].as_uri()
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []
    assert requests == []


def test_all_is_told(opened: Open, models: Catalogue) -> None:
    page = opened()
    page.get_by_role("button", name="Unfold all").click()
    text = page.locator("body").inner_text()
    for part in (
        "use: commercial use; deployment: in a product or service, redistributed",
        "2026-11-23",
        models.version,
        "policy.yaml",
        "8 mentions of models, 4 findings",
        "grants no commercial use (section 3.2)",
        "Acme Licence 7 (not recognised)",
        "pilot only (approved by Ada; expired on 2026-01-31: it counts no more)",
        "--monthly-active-users N",
        "our-llama is declared under MIT",
        "Llama 3.1 8B Instruct",
        "Built with Llama",
        "src/load_5.py:5:5",
        "expected a JSON object, found a list",
        "old-model",
    ):
        assert part in text, part
    verdicts = page.locator(".row .verdict").all_inner_texts()
    assert [text.split()[-1] for text in verdicts] == [
        "forbidden", "unknown", "conditional", "allowed",
    ]  # fmt: skip
    links = page.locator(".row a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert links == [
        "https://mistral.ai/licenses/MNPL-0.1.md", "https://github.com/meta-llama/llama-models",
    ]  # fmt: skip


def test_filters_by_verdict_and_by_word(opened: Open) -> None:
    page = opened()
    page.get_by_label("allowed").uncheck()
    page.get_by_label("unknown").uncheck()
    assert page.locator(ROWS).count() == 2
    assert page.locator("#hits").inner_text() == "2 of 4 findings shown"
    page.get_by_label("Search").fill("mit LLAMA")
    assert page.locator(f"{ROWS} .name").all_inner_texts() == ["our-llama"]
    page.get_by_label("Search").fill("no such words")
    assert page.locator(ROWS).count() == 0
    page.get_by_label("Search").press("Escape")
    page.get_by_label("allowed").check()
    page.get_by_label("unknown").check()
    assert page.locator(ROWS).count() == 4
    assert page.locator("#hits").inner_text() == ""


def test_only_what_is_shown_unfolds(opened: Open) -> None:
    page = opened()
    page.get_by_label("Search").fill("codestral")
    page.get_by_role("button", name="Unfold all").click()
    assert page.locator("details[open]").count() == 1
    page.get_by_role("button", name="Fold all", exact=True).click()
    assert page.locator("details[open]").count() == 0


def test_duties_are_listed_once_with_the_line_that_they_ask_for(opened: Open) -> None:
    page = opened()
    duties = page.get_by_role("region", name="Duties to check")
    assert duties.get_by_role("listitem").count() == 2
    assert duties.locator(".line").all_inner_texts() == ["Built with Llama"]
    assert duties.locator(".box").all_inner_texts() == ["met", "open"]


def test_hostile_names_are_text(opened: Open) -> None:
    page = opened("hostile")
    names = page.locator(".name").evaluate_all("all => all.map(x => x.textContent)")
    assert names[: len(HOSTILE)] == [printable(name) for name in HOSTILE]
    page.get_by_label("Search").fill("<img src=x")
    page.get_by_role("button", name="Unfold all").click()
    assert page.locator(ROWS).count() == 5
    assert page.evaluate("window.hacked") is None
    assert page.locator("script").count() == 1
    assert (
        page.locator("img, iframe, object, embed, [onclick], [onerror], [autofocus]").count() == 0
    )
    assert page.locator("table").count() == 1
    assert page.locator(".row").count() == 5 * len(HOSTILE)
    assert page.locator(".row > td").count() == 4 * 5 * len(HOSTILE)
    schemes = page.locator("a").evaluate_all("all => [...new Set(all.map(a => a.protocol))].sort()")
    assert schemes == ["file:", "https:"]  # the page's own places, and sources


def test_the_policy_stops_a_script_that_was_let_in(opened: Open) -> None:
    page = opened(complaints_wanted=True)
    page.evaluate(
        """() => {
          const script = document.createElement('script');
          script.text = 'window.hacked = 1';
          document.body.append(script);
          const box = document.createElement('div');
          box.setAttribute('onclick', 'window.hacked = 2');
          document.body.append(box);
          box.click();
        }"""
    )
    assert page.evaluate("window.hacked") is None
    assert (
        page.evaluate("getComputedStyle(document.body).maxWidth") == "1344px"
    )  # styled all the same


def test_without_script_all_is_reached(opened: Open) -> None:
    page = opened(java_script_enabled=False)
    assert not page.locator("#tools").is_visible()
    assert page.locator(ROWS).count() == 4
    page.locator("summary").first.click()
    assert page.get_by_text("sectioned summary").is_visible()


def test_a_thousand_findings_stay_usable(opened: Open, files: dict[str, Path]) -> None:
    assert files["large"].stat().st_size < 3_000_000
    page = opened("large")
    assert page.locator(".row").count() == 1000
    page.get_by_label("Search").fill("model-4 ")
    page.get_by_label("Search").fill("all.txt")
    assert page.locator(ROWS).count() == 1
    row = page.locator(ROWS)
    assert "and 1,999 more" in row.inner_text()
    row.locator("summary").click()
    assert row.locator(".places li").count() == 30
    assert "and 1,971 more" in row.inner_text()


@pytest.mark.parametrize("name", ["every", "hostile"])
def test_a_narrow_page_does_not_scroll_sideways(opened: Open, name: str) -> None:
    page = opened(name, viewport={"width": 360, "height": 740})
    page.get_by_role("button", name="Unfold all").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_dark_is_dark(opened: Open) -> None:
    brightness = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
    assert min(opened(color_scheme="light").evaluate(brightness)) > 200
    assert max(opened(color_scheme="dark").evaluate(brightness)) < 60


@pytest.mark.parametrize("script", [True, False])
def test_paper_shows_all_and_no_tools(opened: Open, script: bool) -> None:
    page = opened(java_script_enabled=script, color_scheme="dark")
    page.emulate_media(media="print")
    assert not page.locator("#tools").is_visible()
    assert page.get_by_text("sectioned summary").is_visible()


def test_everything_is_reached_by_the_tab_key(opened: Open) -> None:
    page = opened()
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "(x => x.id || x.value || x.className || x.localName)(document.activeElement)"
            )
        )
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    assert reached == [
        "skip", "a", "query", "forbidden", "unknown", "conditional", "allowed", "unfold", "fold",
        "summary", "summary", "summary",
    ]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier(opened: Open, axe: Any, scheme: str) -> None:
    page = opened(color_scheme=scheme, bypass_csp=True)
    assert axe(page) == []
    page.get_by_role("button", name="Unfold all").click()
    page.get_by_label("Search").fill("llama")
    assert axe(page) == []


@pytest.mark.parametrize("name", ["every", "empty"])
def test_axe_finds_no_barrier_on_a_narrow_page(opened: Open, axe: Any, name: str) -> None:
    page = opened(name, viewport={"width": 360, "height": 740}, bypass_csp=True)
    assert axe(page) == []


def test_an_empty_review_says_so(opened: Open) -> None:
    page = opened("empty")
    assert page.get_by_text("No model was found.").is_visible()
    assert not page.locator("#tools").is_visible()


def test_the_same_review_is_the_same_page(models: Catalogue) -> None:
    page = html(hostile(models))
    assert page == html(hostile(models))
    assert not re.search(r"[\x00-\x08\x0b-\x1f\ud800-\udfff]", page)
