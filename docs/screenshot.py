"""Writes docs/pictures/page.png: a run as a page, as the system's Chromium shows it.

`make screenshot` does it by hand; no test compares pixels, the page itself is tested in a browser.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright
from whyllm.cli.program import program

PICTURES = Path(__file__).parent / "pictures"
QUESTION = ["--modality", "code", "--use", "commercial", "--vram", "24", "--on", "2026-11-23"]
SIZE = {"width": 1280, "height": 800}


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
        browser.close()


if __name__ == "__main__":
    main()
