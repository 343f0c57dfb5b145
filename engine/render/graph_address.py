"""Which addresses a drawing may lead to: pages of the web, and pages beside the drawing."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_ODD = re.compile(r"[\s\\\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""What browsers drop or read as something else, and so could hide a scheme."""


_MARKUP = str.maketrans({character: f"%{ord(character):02X}" for character in "\"'<>`"})
"""Graphviz 2 writes an address into SVG as it stands, so that a quote would end the attribute."""


def address(url: str) -> str:
    """The address if it is of http, https or relative to the drawing, else ''.

    Quotes and angle brackets in it are written as the percent codes that browsers make of them.
    """
    if _ODD.search(url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme in ("http", "https"):
        return url.translate(_MARKUP) if parts.netloc else ""
    return "" if parts.scheme or parts.netloc else url.translate(_MARKUP)
