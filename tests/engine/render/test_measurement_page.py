"""The page on a measurement in a real browser: blind votes by keyboard, hostile outputs, axe."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.measuring.result import without_texts
from whyllm.engine.measuring.votes import lettered, read_votes, votes_of
from whyllm.engine.render.measurement_html import html
from whyllm.kb.measurement_schema import Measurement

from tests.engine.measuring.made import measured

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Open = Callable[..., "Page"]

HOSTILE = (
    "</pre></section><script>document.title='owned'</script><img src=x onerror=\"alert(1)\">"
    "<a href='javascript:alert(2)'>x</a>\x1b[2J\u202eevil"
)
NAMES = ("Phi-4 14B", "Gemma 4 31B IT", "phi-4:latest", "gemma-4-31b-it:latest")


def three(output: str = "the answer", **said: Any) -> Measurement:
    """Two that answer both prompts, and one that answers the first alone; checks that fail."""
    late = {"fault": "no whole answer within 1 s"}
    return measured(
        {
            "phi-4": [{"passed": [True], "output": output}, {"passed": [False], "output": "two"}],
            "gemma-4-31b-it": [{"passed": [True], "output": "Bonjour"}, {"output": "deux"}],
            "olmo-2-0425-1b-instruct": [{"output": "hello"}, late],
        },
        prompts=("one", "two"),
        **said,
    )


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, models: Catalogue) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("measurements")
    made = {
        "three": three(),
        "hostile": three(HOSTILE),
        "long": three("word " * 5_000 + "x" * 500),
        "voted": three(votes=[("one", "phi-4")]),
        "kept": without_texts(three()),
    }
    for name, told in made.items():
        (folder / f"{name}.html").write_text(html(told, models), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in made}


@pytest.fixture
def opened(browser: Browser, files: dict[str, Path]) -> Iterator[Open]:
    """Open a page; at the end, it has asked for nothing but itself and complained of nothing."""
    contexts, complaints, requests = [], [], []

    def open_(name: str = "three", **options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        context.on("request", lambda request: requests.append(request.url))
        page.goto(files[name].as_uri())
        assert requests.pop() == files[name].as_uri()
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []
    assert [url for url in requests if not url.startswith("blob:")] == []


def test_votes_by_keyboard_are_saved_and_read_back(opened: Open, tmp_path: Path) -> None:
    told = three()
    page = opened()
    boxes = [*lettered(told, "one"), "tie"]
    assert boxes == ["A", "B", "C", "tie"]
    first = page.get_by_role("group", name="one").get_by_role("radio")
    assert [box.get_attribute("data-choice") for box in first.all()] == boxes
    assert page.get_by_role("status").inner_text() == "0 of 2 voted on"
    first.nth(0).focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    second = page.get_by_role("group", name="two").get_by_role("radio")
    assert second.count() == 3, "the third candidate gave no answer to the second prompt"
    second.nth(2).focus()
    page.keyboard.press("Space")
    assert page.get_by_role("status").inner_text() == "2 of 2 voted on"
    page.keyboard.press("Tab")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "votes.json"
    path = tmp_path / "votes.json"
    download.value.save_as(path)
    assert page.get_by_role("status").inner_text() == "2 of 2 voted on, saved"
    assert json.loads(path.read_text()) == {
        "schema": "whyllm.votes/1",
        "session": "monday",
        "votes": [{"prompt": "one", "choice": "B"}, {"prompt": "two", "choice": "tie"}],
    }
    votes = votes_of(read_votes(path), told, path)
    assert [(v.prompt, v.choice) for v in votes] == [
        ("one", lettered(told, "one")["B"]),
        ("two", "tie"),
    ]


def test_names_are_told_only_when_they_are_asked_for(opened: Open) -> None:
    page = opened()
    seen = page.locator("body").inner_text()
    ballot = page.locator("#ballot").inner_html()
    for name in NAMES:
        assert name not in seen
        assert name not in ballot
    page.get_by_text("Names and figures").click()
    told = page.locator("body").inner_text()
    for name in NAMES:
        assert name in told
    letters = lettered(three(), "two")
    assert "A is " + {"phi-4": NAMES[0], "gemma-4-31b-it": NAMES[1]}[letters["A"]] in told
    assert "✗ check 1: found “no”" in told
    assert "OLMo 2 1B Instruct: no whole answer within 1 s" in told


def test_letters_are_mixed_anew_for_each_prompt_and_session() -> None:
    orders = {
        tuple(lettered(three(id=f"s-{n}"), prompt).values())
        for n in range(20)
        for prompt in ("one", "two")
    }
    assert len(orders) == 8, "all six orders of three, and both of two"
    assert lettered(three(), "one") == lettered(three(), "one")


def test_outputs_run_nothing_and_show_as_they_are(opened: Open) -> None:
    page = opened("hostile")
    assert page.title() == "Head to head, 2026-11-23"
    assert page.locator("#ballot img, #ballot a, #ballot script").count() == 0
    text = page.locator("#ballot").inner_text()
    assert "</pre></section><script>document.title='owned'</script>" in text
    assert r"\x1b[2J\u202eevil" in text


def test_without_script_all_can_be_read(opened: Open) -> None:
    page = opened(java_script_enabled=False)
    assert page.get_by_text("Without script votes cannot be saved").is_visible()
    assert not page.get_by_role("button", name="Save votes").is_visible()
    assert page.get_by_text("Bonjour").is_visible()


def test_what_was_kept_without_texts_has_figures_and_no_ballot(opened: Open) -> None:
    page = opened("kept")
    assert page.locator("#ballot").count() == 0
    assert page.get_by_role("table").is_visible()
    assert "Bonjour" not in page.content()


def test_what_was_voted_on_is_open(opened: Open) -> None:
    assert opened("voted").get_by_text("Voted best: Phi-4 14B").is_visible()


@pytest.mark.parametrize("name", ["three", "long"])
@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_is_wider_than_the_window(opened: Open, name: str, width: int) -> None:
    page = opened(name, viewport={"width": width, "height": 700})
    page.get_by_text("Names and figures").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(
    ("name", "scheme"), [("three", "light"), ("three", "dark"), ("kept", "light")]
)
def test_it_is_accessible(
    browser: Browser, files: dict[str, Path], axe: Any, scheme: Any, name: str
) -> None:
    context = browser.new_context(bypass_csp=True, color_scheme=scheme)
    page = context.new_page()
    page.goto(files[name].as_uri())
    if name == "three":
        page.get_by_text("Names and figures").click()
        page.get_by_role("radio").first.check()
    assert axe(page) == []
    context.close()
