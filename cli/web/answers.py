"""Works out an answer at a desk: JSON, a page or a picture, as bytes with a status."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

import click
from whyllm.cli.desk import Desk
from whyllm.cli.web.json_answers import JSON_ANSWERS
from whyllm.cli.web.look import page, picture
from whyllm.cli.web.page_answers import PAGES, PICTURES
from whyllm.cli.web.wanted import Wanted
from whyllm.engine.errors import QuestionError
from whyllm.kb.errors import UnknownNameError, printable

HTML = "text/html; charset=utf-8"
JSON = "application/json"
SVG = "image/svg+xml"

WRONG = 422
UNKNOWN = 404

TITLES: Mapping[int, str] = {
    WRONG: "That question cannot be answered as it stands",
    UNKNOWN: "Nothing is known by that name",
    405: "That address is not asked in this way",
    408: "That took too long to come in",
    413: "That is too much at once",
    414: "That address is too long",
    500: "Something went wrong here",
    503: "Too many questions at once",
}


@dataclass(frozen=True)
class Answer:
    """What goes back: the status, the kind of content, and the content."""

    status: int
    kind: str
    body: bytes

    @cached_property
    def tag(self) -> str:
        """What tells this content from any other, as an entity tag."""
        return f'"{sha256(self.body).hexdigest()[:32]}"'

    @property
    def weight(self) -> int:
        """About how many bytes of memory it takes."""
        return len(self.body) + 500


def answer(desk: Desk, wanted: Wanted) -> Answer:
    """The answer that is wanted; a wrong question gets one line, in the form that was asked for."""
    as_json = wanted.answer in JSON_ANSWERS
    try:
        if as_json:
            data = JSON_ANSWERS[wanted.answer](desk, wanted)
            return Answer(200, JSON, _json(data))
        if wanted.answer in PICTURES:
            return Answer(200, SVG, picture(PICTURES[wanted.answer](desk, wanted)).encode())
        template, content = PAGES[wanted.answer](desk, wanted)
        return Answer(200, HTML, page(template, content).encode())
    except UnknownNameError as error:
        return refusal(UNKNOWN, str(error), as_json=as_json)
    except QuestionError as error:
        return refusal(WRONG, str(error), as_json=as_json)
    except click.ClickException as error:
        return refusal(WRONG, error.format_message(), as_json=as_json)


def refusal(status: int, line: str, *, as_json: bool) -> Answer:
    """One line on what is wrong, as JSON or as a page."""
    said = printable(" ".join(line.split()))
    if as_json:
        return Answer(status, JSON, _json({"error": said}))
    title = TITLES.get(status, TITLES[500])
    body = page("refusal.html.j2", {"title": title, "line": said, "here": ""})
    return Answer(status, HTML, body.encode())


def _json(data: object) -> bytes:
    """As the commands write it."""
    return (json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()
