"""Writes the screenshots in docs/pictures: a run as a page, and the site, as Chromium shows them.

`make screenshot` does it by hand; no test compares pixels, the page itself is tested in a browser.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright
from whyllm.cli.program import program

PICTURES = Path(__file__).parent / "pictures"
QUESTION = ["--modality", "code", "--use", "commercial", "--vram", "24", "--on", "2026-11-23"]
SIZE = {"width": 1280, "height": 800}
PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}

VIEWS: dict[str, tuple[str, dict[str, Any]]] = {
    "web-tree": ("/tree?modality=text", {"viewport": {"width": 1100, "height": 640}}),
    "web-why": ("/why/codestral?modality=code&use=commercial", PHONE),
    "web-what-if": ("/what-if?modality=text&vram=8&to_vram=24", {"viewport": SIZE}),
}
"""Picture -> what is shown, and how large and in which colours."""


def main() -> None:
    """Draw the page and take its picture."""
    chromium = shutil.which("chromium") or sys.exit("no chromium on the PATH; see `make chromium`")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_file = Path(folder) / "run.html"
        program.main(["graph", "run", *QUESTION, "-o", str(page_file)], standalone_mode=False)
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-background-networking"]
        )
        page = browser.new_page(viewport=SIZE)
        page.goto(page_file.as_uri())
        page.screenshot(path=PICTURES / "page.png")
        with served() as site:
            for name, (path, how) in VIEWS.items():
                page = browser.new_page(**how)
                page.goto(site + path)
                page.screenshot(path=PICTURES / f"{name}.png")
        browser.close()


@contextmanager
def served() -> Iterator[str]:
    """The address of the page, served for as long as it is wanted."""
    command = [sys.executable, "-m", "whyllm.cli", "serve", "--port", "0"]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr
        found = re.search(r"http://[^/]+", server.stderr.readline())
        assert found
        yield found[0]
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
