"""How long a cold answer takes, as a ratio to what no answer can do without.

The floor is a fresh Python that imports experta (through our shim) and click. Everything is timed
in one run, whole processes, turn by turn, so that a busy machine slows all of them alike. The
compiled catalogue is built in a turn that does not count.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time

TURNS = 11
NEED = ["--modality", "code", "--use", "commercial", "--no-remember"]
MACHINE = ["--task", "chat", "--vram", "24", "--no-remember"]
CASES = {
    "floor: import experta and click": ["-c", "import whyllm.engine.experta_shim, click"],
    "floor and the knowledge read from YAML": [
        "-c",
        "import whyllm.engine.experta_shim, click, whyllm.kb.loader as kb; kb.load()",
    ],
    "recommend, JSON": ["-m", "whyllm.cli", "recommend", *NEED, "--format", "json"],
    "recommend, text": ["-m", "whyllm.cli", "recommend", *NEED],
    "recommend on a machine, text": ["-m", "whyllm.cli", "recommend", *MACHINE],
    "why, text": ["-m", "whyllm.cli", "why", "codestral", *NEED[:-1]],
}


def seconds(words: list[str], folder: str) -> float:
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, *words],
        stdout=subprocess.DEVNULL,
        check=True,
        env={**os.environ, "XDG_STATE_HOME": folder, "XDG_CACHE_HOME": folder},
    )
    return time.perf_counter() - start


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        times: dict[str, list[float]] = {name: [] for name in CASES}
        seconds(CASES["recommend, JSON"], folder)
        for _ in range(TURNS):
            for name, words in CASES.items():
                times[name].append(seconds(words, folder))
    medians = {name: statistics.median(found) for name, found in times.items()}
    floor = next(iter(medians.values()))
    print(f"median of {TURNS} cold processes        seconds   ratio to the floor")
    for name, median in medians.items():
        print(f"{name:<40} {median:7.3f}   {median / floor:5.2f}")


if __name__ == "__main__":
    main()
