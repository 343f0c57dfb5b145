"""Builds docs/ as a site into build/site; any warning, and any link that leads nowhere, fails it.

`python docs/make_site.py [FOLDER]`; it needs no network, so links out of the site are not followed.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

DOCS = Path(__file__).parent
SITE = DOCS.parent / "build" / "site"


class Page(HTMLParser):
    """The links of a page, and the anchors that it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the addresses and the id of an element."""
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.links.append(value)
            elif name == "id" and value:
                self.anchors.add(value)


def dead_links(site: Path) -> list[str]:
    """`page: link` for each link within the site to a file or an anchor that is not there."""
    pages = {path.resolve(): Page(path.read_text("utf-8")) for path in site.rglob("*.html")}
    dead = []
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            anchor = unquote(parts.fragment)
            there = target in pages if anchor else target.is_file()
            if not there or (anchor and anchor not in pages[target].anchors):
                dead.append(f"{path.relative_to(site.resolve())}: {link}")
    return dead


def build(site: Path) -> int:
    """Build the site into a folder; 0, or 1 with what is wrong on standard error."""
    with tempfile.TemporaryDirectory() as doctrees:  # kept ones would hide what is wrong in them
        options = ["--builder", "html", "--fail-on-warning", "--quiet", "--doctree-dir", doctrees]
        sphinx = [sys.executable, "-m", "sphinx", *options, str(DOCS), str(site)]
        if subprocess.run(sphinx).returncode:
            return 1
    dead = dead_links(site)
    for line in dead:
        print(line, file=sys.stderr)
    return 1 if dead else 0


if __name__ == "__main__":
    sys.exit(build(Path(sys.argv[1]) if len(sys.argv) > 1 else SITE))
