"""The site as files: the pages that need no server, with links that hold from a file's address."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterator
from html import unescape
from pathlib import PurePosixPath
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from markupsafe import escape
from whyllm.cli.desk import Desk
from whyllm.cli.web.look import page, picture, static
from whyllm.cli.web.page_answers import PAGES, PICTURES
from whyllm.cli.web.teaching_pages import PICTURES_OF_RULES
from whyllm.cli.web.wanted import Wanted
from whyllm.engine.stages import RULEBOOKS
from whyllm.engine.stages import rulebook as rulebook_named

LINK = re.compile(r'(?<= )(href|src)="(/[^"]*)"')
"""Links within the site, as our templates write them."""

FIRST = ("/", "/tree", "/learn", "/glossary", "/quiz", "/models", "/licences", "/rules", "/graphs")
STYLES = ("/static/site.css", "/static/site.js")

ABOUT = {
    "models": "page:model", "licences": "page:licence", "rules": "page:rule",
    "learn": "page:lesson",
}  # fmt: skip


class BrokenLinkError(Exception):
    """A page links to what is no page of the site: a fault of a template."""


def site_files(desk: Desk, on: dt.date) -> Iterator[tuple[str, bytes]]:
    """Each file of the site: its path, parted by slashes, and its content.

    What the course's tree leads to is found by following its own links.
    """
    due = list(dict.fromkeys(_first_pages(desk)))
    seen = set(due)
    for address in due:
        if address in STYLES:
            yield address[1:], static(address.rsplit("/", 1)[1])
            continue
        wanted = _wanted(address, on)
        if wanted.answer in PICTURES:
            yield file_of(address), picture(PICTURES[wanted.answer](desk, wanted)).encode()
            continue
        template, content = PAGES[wanted.answer](desk, wanted)
        text = page(template, content, served=False)
        for linked in (unescape(link) for _, link in LINK.findall(text)):
            if linked in seen:
                continue
            if urlsplit(linked).path not in ("/tree", "/tree.svg"):
                raise BrokenLinkError(f"{address} links to {linked}")
            seen.add(linked)
            due.append(linked)
        yield file_of(address), _relative(text, file_of(address)).encode()


def file_of(address: str) -> str:
    """The file that holds the page of an address: `/rules/LIC-020` is in `rules/LIC-020.html`."""
    parts = urlsplit(address)
    path = unquote(parts.path)
    if path.startswith("/static/"):
        return path[1:]
    said = "-".join(value for _, value in parse_qsl(parts.query))
    if path == "/tree.svg":
        return f"tree/{said or 'tree'}.svg"
    if path.endswith(".svg"):
        return path[1:]
    if path == "/":
        return "index.html"
    folder = path.strip("/")
    if "/" in folder:
        return f"{folder}.html"
    return f"{folder}/{said or 'index'}.html"


def _first_pages(desk: Desk) -> Iterator[str]:
    yield from (
        "/",
        "/tree",
        "/learn",
        "/glossary",
        "/quiz",
        "/models",
        "/licences",
        "/rules",
        "/graphs",
        *STYLES,
    )
    yield from (f"/models/{quote(key, safe='')}" for key in desk.catalogue.models)
    yield from (f"/licences/{quote(key, safe='')}" for key in desk.kb.licences)
    yield from (f"/learn/{key}" for key in desk.kb.curriculum)
    for name in RULEBOOKS:
        yield from (f"/rules/{card.id}" for card in rulebook_named(name).cards)
    yield from (f"/graphs/{key}.svg" for key in PICTURES_OF_RULES)


def _wanted(address: str, on: dt.date) -> Wanted:
    parts = urlsplit(address)
    pairs = tuple(parse_qsl(parts.query))
    first, _, about = parts.path.strip("/").partition("/")
    if first == "tree.svg":
        return Wanted("picture:tree", on, pairs=pairs)
    if first == "graphs" and about:
        return Wanted("picture:rules", on, about.removesuffix(".svg"))
    if about:
        return Wanted(ABOUT[first], on, unquote(about))
    if first == "quiz":
        return Wanted("page:paper", on)
    return Wanted(f"page:{first or 'home'}", on, pairs=pairs)


def _relative(text: str, file: str) -> str:
    """The page with its links as ways from its own file to the others."""
    here = PurePosixPath(file).parent

    def way(found: re.Match[str]) -> str:
        to = os.path.relpath(file_of(unescape(found[2])), here)
        return f'{found[1]}="{escape(quote(to))}"'

    return LINK.sub(way, text)
