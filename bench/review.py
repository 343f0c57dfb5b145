"""How many entries a licence review judges in a second, and the memory that it takes.

A list of names as companies have them: the catalogue's names and tags, repackagings, quantised
files, fine-tunes and names that nobody knows, most of them many times, a share of them once only.
Each review is a process of its own; the smaller one shows what a review costs before its entries.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from whyllm.engine.knowledge import answering_catalogue

SIZES = (1_000, 100_000)
FORMATS = ("json", "csv", "sarif")
PACKERS = ("bartowski", "unsloth", "TheBloke", "lmstudio-community", "mradermacher")
PACKAGES = ("GGUF", "AWQ", "GPTQ", "4bit", "Q4_K_M-GGUF")
ONCE = 0.02
"""The share of names that stand in the list once only: nothing learnt from others helps there."""


def entries(number: int, rng: random.Random) -> list[str]:
    """Names, of which about seven in ten are the catalogue's own."""
    known = [name for e in answering_catalogue(()).models.values() for name in e.spellings]
    repos = [name for name in known if "/" in name]
    found = []
    for index in range(number):
        draw = rng.random()
        if draw < ONCE / 2:
            found.append(f"team-{index % 97}/assistant-{index}")
        elif draw < ONCE:
            found.append(f"team-{index % 97}/{rng.choice(repos).split('/')[1]}-v{index}")
        elif draw < 0.3:
            repo = rng.choice(repos).split("/")[1]
            found.append(f"{rng.choice(PACKERS)}/{repo}-{rng.choice(PACKAGES)}")
        else:
            found.append(rng.choice(known))
    return found


def reviewed(file: Path, format_: str, folder: str) -> tuple[float, float]:
    """Seconds and megabytes (1e6 bytes) of one review."""
    command = [sys.executable, "-m", "whyllm.cli", "licence", "review", str(file), "--use",
               "commercial", "--no-remember", "--format", format_, "-o", os.devnull]  # fmt: skip
    start = time.perf_counter()
    process = subprocess.Popen(command, env={**os.environ, "XDG_CACHE_HOME": folder})
    _, status, usage = os.wait4(process.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code == 1, f"exit {code}: an unknown name must fail the review"
    return time.perf_counter() - start, usage.ru_maxrss * 1024 / 1e6


def main() -> None:
    rng = random.Random(2026)
    with tempfile.TemporaryDirectory() as folder:
        print(f"{'a review of':<12} {'as':<6} {'seconds':>8} {'entries/s':>10} {'MB':>6}")
        for size in SIZES:
            file = Path(folder, f"{size}.txt")
            file.write_text("\n".join(entries(size, rng)) + "\n")
            for format_ in FORMATS:
                taken, memory = reviewed(file, format_, folder)
                print(f"{size:<12,} {format_:<6} {taken:8.2f} {size / taken:10,.0f} {memory:6.0f}")


if __name__ == "__main__":
    main()
