"""Foreign text in Markdown: it shows as it was written, and starts, links or mentions nothing.

CommonMark and GitHub's additions read names in their own way: emphasis, HTML, addresses that
become links, @names that are called, #numbers that are linked, $ formulas, | that ends a cell.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from whyllm.kb.errors import printable

_PLAIN = re.compile(r"[^|`]+")
_CALLING = re.compile(r"([@#$])")
_SPECIAL = re.compile(r"[\\`*_\[\]<>|~&]")
_ADDRESS = re.compile(r":(?=//)|(?<=www)\.", re.I)
_READ = re.compile(r"[^\w ,/.-]|_|(?<=www)\.", re.I)
_START = re.compile(r"\A(?:[-+=]|\d+[.)](?=\s|$))")


def code(text: str) -> str:
    """Text as code, in which Markdown reads nothing: for names and paths."""
    shown = printable(text)
    if not shown.strip():
        return "(no name)"
    if _PLAIN.fullmatch(shown):
        padded = f" {shown} " if shown != shown.strip() else shown
        return f"`{padded}`"
    return f"<code>{references(text)}</code>"


def references(text: str) -> str:
    """Text with character references for what Markdown or HTML reads: for HTML amid Markdown."""
    return _READ.sub(_reference, printable(text))


def prose(text: str) -> str:
    """A sentence in which names may stand: one line, all of it text."""
    shown = " ".join(printable(text).split())
    return "".join(
        f"<span>{part}</span>"  # parted from its name, it calls nobody
        if _CALLING.fullmatch(part)
        else _told(part, first=number == 0)
        for number, part in enumerate(_CALLING.split(shown))
    )


def link(text: str, url: str | None) -> str:
    """A link where there is an http address, else the text."""
    if url is None or not url.startswith(("http://", "https://")):
        return prose(text)
    address = quote(url, safe=":/?#@!$&*+,;=%~").replace("&", "&amp;")
    return f"[{prose(text)}](<{address}>)"


def _told(text: str, *, first: bool) -> str:
    """Plain text; a sign that would begin a list or an address is a character reference."""
    marks = {match.start() for match in _ADDRESS.finditer(text)}
    start = _START.match(text) if first else None
    if start:
        marks.add(start.end() - 1)
    return "".join(
        f"&#{ord(sign)};" if at in marks or _SPECIAL.fullmatch(sign) else sign
        for at, sign in enumerate(text)
    )


def _reference(match: re.Match[str]) -> str:
    return f"&#{ord(match[0])};"
