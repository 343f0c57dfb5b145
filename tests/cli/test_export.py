"""The site as files: every link holds, nothing leaves it, and nobody's files are lost."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest
from whyllm.kb.knowledge import KnowledgeBase

from tests.cli.runner import Command

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ON = ("--on", "2026-11-23")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Written over an earlier site, of which a page is left over."""
    folder = tmp_path_factory.mktemp("exported") / "site"
    folder.mkdir()
    (folder / ".whyllm-site").write_text("")
    (folder / "leftover.html").write_text("old")
    with pytest.MonkeyPatch.context() as patch:
        shown = Command(patch, folder.parent / "state")("export", "site", str(folder), *ON)
    assert (shown.out, shown.code) == ("", 0)
    assert f"begin at {folder / 'index.html'}" in shown.err
    return folder


class _Page(HTMLParser):
    """The links and the ids of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.links.append(value)
            if name == "id" and value:
                self.ids.append(value)


def test_every_link_leads_to_a_file_of_the_site(site: Path) -> None:
    pages = {page: _Page(page.read_text()) for page in site.rglob("*.html")}
    reached = {site / "index.html"}
    for page, read in pages.items():
        assert len(read.ids) == len(set(read.ids)), page
        for link in read.links:
            parts = urlsplit(link)
            assert not parts.scheme, (page, link)
            assert not parts.netloc, (page, link)
            assert not link.startswith("/"), (page, link)
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            assert target.is_file(), (page, link)
            if parts.fragment:
                assert parts.fragment in pages[target].ids, (page, link)
            reached.add(target)
    files = {path for path in site.rglob("*") if path.is_file() and path.name != ".whyllm-site"}
    assert files == reached


def test_it_holds_lessons_rules_licences_graphs_and_all_paths(
    site: Path, kb: KnowledgeBase
) -> None:
    assert {page.stem for page in (site / "learn").glob("*.html")} == {"index", *kb.curriculum}
    assert {page.stem for page in (site / "licences").glob("*.html")} == {"index", *kb.licences}
    assert {page.stem for page in (site / "models").glob("*.html")} == {"index", *kb.models}
    assert (site / "rules" / "LIC-020.html").is_file()
    assert (site / "graphs" / "expert-rules.svg").is_file()
    ends = [p for p in (site / "tree").glob("*.html") if "The end of the path" in p.read_text()]
    assert len(ends) == 18


def test_it_opens_from_a_file_without_a_network(site: Path, browser: Browser, axe: Any) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, offline=True)
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda r: None if r.url.startswith("file:") else faults.append(r.url))
    page.goto((site / "index.html").as_uri())
    page.get_by_role("link", name="Walk the tree").click()
    for reply in ("Text only", "General conversation", "16 GB RAM", "No internal only"):
        page.get_by_role("link", name=reply).click()
    page.get_by_role("heading", name="The end of the path").wait_for()
    page.get_by_role("link", name="Lessons", exact=True).click()
    page.get_by_role("link", name="Dense and mixture").click()
    page.get_by_role("heading", name="What fits where").wait_for()
    page.get_by_role("link", name="Models", exact=True).click()
    page.get_by_label("Filter").fill("codestral 22")
    page.get_by_role("link", name="Codestral 22B v0.1").click()
    page.get_by_role("heading", name="Codestral 22B v0.1").wait_for()
    assert faults == []
    assert axe(page) == []  # last: it asks for the style sheet, which a file may not
    context.close()


def test_others_files_are_not_touched(whyllm: Command, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")
    shown = whyllm("export", "site", str(mine))
    assert (shown.out, shown.code) == ("", 2)
    assert shown.err == f"whyllm: {mine}: holds other files; name a new or an empty folder\n"
    assert (mine / "thesis.txt").read_text() == "years of work"
    file = whyllm("export", "site", str(mine / "thesis.txt"))
    assert file.code == 2
    assert "expected a folder, this is a file" in file.err
