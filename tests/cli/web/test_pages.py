"""The pages as a visitor meets them: in a real browser, by clicking, on a desk and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.quiz.paper import draw_paper
from whyllm.kb.knowledge import KnowledgeBase

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Open = Callable[..., "Page"]

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
SIZES = {"desk": DESK, "phone": PHONE}


@pytest.fixture
def opened(browser: Browser, site: str) -> Iterator[Open]:
    """Opens a page of the site; what it logs and asks for elsewhere fails the test in the end."""
    faults: list[str] = []
    contexts = []

    def open_(path: str, **how: Any) -> Page:
        context = browser.new_context(**how)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda said: faults.append(said.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda r: None if r.url.startswith(site) else faults.append(r.url))
        page.goto(site + path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert faults == []


def paths(kb: KnowledgeBase, node: str = "Start", so_far: tuple[str, ...] = ()) -> Iterator[Any]:
    """All paths of the chapter's flowchart: the labels to click, and the last leaf or end."""
    edges = [edge for edge in kb.tree.edges if edge.source == node]
    if not edges:
        yield so_far, node
    for edge in edges:
        clicked = (*so_far, ", ".join(edge.label.split("<br/>"))) if edge.label else so_far
        yield from paths(kb, edge.target, clicked)


@pytest.mark.parametrize("size", [pytest.param("desk", marks=pytest.mark.long), "phone"])
def test_every_path_of_the_course_can_be_walked_by_clicking(
    opened: Open, kb: KnowledgeBase, ask: Any, size: str
) -> None:
    walked = 0
    page = opened("/", viewport=SIZES[size])
    for labels, end in paths(kb):
        page.get_by_role("link", name="The tree", exact=True).click()
        for label in labels:
            reply = page.get_by_role("link", name=label)
            promised = re.search(r"([\d,]+) models?$", reply.inner_text())
            assert promised
            reply.click()
            left = page.get_by_role("heading", name=re.compile("left$")).inner_text()
            assert left.split()[0] == promised[1], (labels, label)
        assert page.get_by_role("heading", name="The end of the path").is_visible()
        node = next(node for node in kb.tree.nodes if node.id == end)
        words = " ".join(node.label.split("<br/>"))
        assert words in page.locator("main").inner_text(), (labels, end)
        walked += 1
        page.wait_for_load_state("load")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert walked == 18


@pytest.mark.parametrize("size", SIZES)
def test_the_proof_on_a_why_page_is_folded_and_opens_by_keyboard(opened: Open, size: str) -> None:
    page = opened("/why/codestral?modality=code&use=commercial", viewport=SIZES[size])
    assert page.get_by_role("heading", level=1).inner_text() == "Why not Codestral 22B v0.1?"
    cause = page.get_by_role("article").first
    assert "which grants no commercial use (section 3.2)" in cause.inner_text()
    premise = cause.get_by_text("commercial use is no")
    assert not premise.is_visible()
    cause.locator("summary").focus()
    page.keyboard.press("Enter")
    assert premise.is_visible()
    page.get_by_role("link", name=re.compile("^Try it")).first.click()
    assert "use=research" in page.url


@pytest.mark.parametrize("size", SIZES)
def test_a_slider_answers_as_it_moves_and_its_address_can_be_shared(
    opened: Open, site: str, size: str
) -> None:
    page = opened("/what-if?modality=text&vram=8", viewport=SIZES[size])
    before = page.locator("#result").inner_text()
    slider = page.get_by_role("slider", name="GPU memory, slider")
    slider.focus()
    for _ in range(4):
        page.keyboard.press("PageUp")
    page.wait_for_url(re.compile("to_vram="))
    after = page.locator("#result").inner_text()
    assert after != before
    assert "Enter: " in after
    shared = opened(page.url.removeprefix(site), java_script_enabled=False)
    assert shared.locator("#result").inner_text() == after


def test_without_script_a_figure_is_typed_and_sent(opened: Open) -> None:
    page = opened("/what-if?modality=text&vram=8", java_script_enabled=False)
    assert page.get_by_role("slider").count() == 0
    page.get_by_label(re.compile("^GPU memory, GB")).fill("24")
    page.get_by_role("button", name="What then?").click()
    page.wait_for_url(re.compile("to_vram=24"))
    assert "Enter: " in page.locator("#result").inner_text()


def test_what_is_no_figure_is_not_asked(opened: Open) -> None:
    page = opened("/what-if?modality=text&vram=8")
    field = page.get_by_label(re.compile("^GPU memory, GB"))
    field.fill("much")
    assert field.evaluate("field => field.validity.patternMismatch")
    page.wait_for_timeout(400)
    assert "to_vram" not in page.url


@pytest.mark.parametrize("size", SIZES)
def test_a_pasted_list_is_reviewed(opened: Open, size: str) -> None:
    page = opened("/review", viewport=SIZES[size])
    page.get_by_label("The list").fill("codestral\nqwen2.5-coder:7b\nllama3.1:8b\nno-such-thing")
    page.get_by_label("Use", exact=False).first.select_option("commercial")
    page.get_by_role("button", name="Review").click()
    page.locator(".items").wait_for()
    verdicts = [item.inner_text().split()[0] for item in page.locator(".items h3").all()]
    assert verdicts == ["forbidden", "allowed", "conditional", "unknown"]
    assert "text=codestral" in page.url


def test_the_questions_can_be_answered_by_choice_and_by_typing(opened: Open) -> None:
    page = opened("/choose")
    page.get_by_role("link", name="Mostly source code").click()
    page.get_by_role("link", name="I don’t know").click()
    page.get_by_label("Or GPU memory").fill("24")
    page.get_by_role("button", name="Reply").click()
    assert "modality=code&passed=task&vram=24" in page.url
    page.get_by_role("link", name="That is enough: the answer now").click()
    page.get_by_role("article").nth(2).wait_for()
    page.go_back()
    page.get_by_role("link", name=re.compile("^change the reply to: What goes in")).click()
    assert page.url.endswith("/choose")


@pytest.mark.parametrize("size", SIZES)
def test_a_quiz_is_answered_and_says_why(opened: Open, models: Catalogue, size: str) -> None:
    page = opened("/quiz", viewport=SIZES[size])
    page.get_by_label("number of the paper").fill("1")
    page.get_by_label("questions").fill("3")
    page.get_by_role("button", name="Begin").click()
    first, second, third = draw_paper(models, 1, 3).items
    for item in (first, second):
        for place in item.key:
            page.locator(f".check input[value='{place}']").check()
        page.get_by_role("button", name="Answer").click()
        page.get_by_text("your answer").first.wait_for()
        assert page.get_by_role("article").inner_text().startswith("Right")
    wrong = next(place for place in range(len(third.options)) if place not in third.key)
    page.locator(f".check input[value='{wrong}']").check()
    page.get_by_role("button", name="Answer").click()
    page.get_by_role("heading", name="2 of 3 right").wait_for()
    assert page.get_by_role("article").first.inner_text().startswith("Wrong")
    assert third.options[wrong].feedback in page.locator("main").inner_text()


def test_a_lesson_shows_its_claims_and_who_falls(opened: Open) -> None:
    page = opened("/learn")
    page.get_by_role("link", name="The decision tree, node by node").click()
    page.get_by_role("heading", name="1. Start").wait_for()
    assert page.get_by_text("does not hold").count() == 0
    page.get_by_text("models fall here").first.click()
    assert page.get_by_role("link", name="Qwen2.5-Coder 7B Instruct").first.is_visible()


def test_a_form_keeps_every_value_of_an_axis_that_may_have_several(opened: Open) -> None:
    page = opened("/recommend?modality=code&deploy=product&deploy=hosted")
    page.get_by_text("State another need").click()
    page.get_by_role("button", name="Recommend").click()
    page.wait_for_url(re.compile("use="))
    assert re.findall(r"deploy=(\w+)", page.url) == ["product", "hosted"]


def test_the_link_can_be_copied_where_the_browser_lets_it(opened: Open) -> None:
    page = opened("/recommend?modality=code", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the link").click()
    page.get_by_text("Copied.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_a_licence_is_found_by_its_tag_and_a_wrong_one_gets_a_hint(client: TestClient) -> None:
    assert "MIT License" in client.get("/licences/mit").text
    wrong = client.get("/licences/LicenseRef-MNPL-0.2")
    assert wrong.status_code == 404
    assert "did you mean LicenseRef-MNPL-0.1" in wrong.text


def test_a_list_can_be_filtered(opened: Open) -> None:
    page = opened("/models")
    page.get_by_label("Filter").fill("codestral 22")
    shown = page.locator("#entries a:visible").all_inner_texts()
    assert shown == ["Codestral 22B v0.1"]
    assert "1 of " in page.locator(".filter").inner_text()


VIEWS = ["/", "/tree?modality=text", "/choose?modality=code", "/recommend?modality=code",
         "/why/codestral?use=commercial", "/what-if?modality=text&vram=8&to_vram=24",
         "/review?text=codestral%0Allama3.1:8b&use=commercial", "/models", "/models/codestral",
         "/licences", "/licences/LicenseRef-MNPL-0.1", "/rules/HW-010", "/nowhere", "/learn",
         "/learn/tree", "/learn/licences", "/glossary", "/quiz", "/quiz?seed=1&count=3",
         "/quiz?seed=1&count=3&q1=0", "/graphs"]  # fmt: skip


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_no_barrier(browser: Browser, site: str, axe: Any, view: str) -> None:
    for size, scheme in ((DESK, "light"), (PHONE, "dark")):
        context = browser.new_context(viewport=size, color_scheme=scheme, bypass_csp=True)
        page = context.new_page()
        page.goto(site + view)
        assert axe(page) == [], scheme
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), size
        context.close()


def test_every_link_of_the_site_leads_somewhere(client: TestClient, kb: KnowledgeBase) -> None:
    """From the first pages on, as far as links without a need go."""
    seen: set[str] = set()
    due = ["/", "/models", "/licences", "/rules", "/tree", "/choose", "/review", "/what-if"]
    while due:
        path = due.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = client.get(path)
        assert answer.status_code == 200, path
        if path in ("/", "/rules", "/licences"):
            due += [
                to.replace("&amp;", "&")
                for to in re.findall(r'href="(/[^"]*)"', answer.text)
            ]  # fmt: skip
    assert len(seen) > len(kb.licences) + 100


def test_a_phone_narrower_than_any_still_shows_all(opened: Open) -> None:
    for view in VIEWS:
        page = opened(view, viewport={"width": 320, "height": 640}) if view != "/nowhere" else None
        assert page is None or page.evaluate("document.documentElement.scrollWidth <= innerWidth")
