"""How many rows a fleet's workers judge in a second, at one worker and at two, and their memory.

Each run is a process of its own with a new cluster and an empty folder. A tenth of the rows is run
first, to tell whether memory grows with their number. The rows are lifelike (see fleet_rows).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
from bench.fleet_rows import rows
from pyarrow import array, string, table
from pyarrow.parquet import write_table
from whyllm.engine.knowledge import answering_catalogue

ROWS = int(os.environ.get("ROWS", "1_000_000"))
COLUMNS = ("id", "license", "base_model")


def write_rows(folder: Path, number: int) -> None:
    columns = zip(*rows(answering_catalogue(()), number), strict=True)
    write_table(table([array(c, string()) for c in columns], COLUMNS), folder / "rows.parquet")


def peak_of_workers(process: psutil.Process, ended: threading.Event, peaks: dict[int, int]) -> None:
    """Keep the largest memory of each worker process: the unique part, without what is shared."""
    while not ended.wait(0.5):
        for child in process.children(recursive=True):
            try:
                if "spawn_main" in " ".join(child.cmdline()):
                    peaks[child.pid] = max(peaks.get(child.pid, 0), child.memory_full_info().uss)
            except psutil.Error:
                continue


def reviewed(folder: Path, workers: int) -> tuple[float, float]:
    """Seconds, and megabytes (1e6 bytes) of the largest worker."""
    with tempfile.TemporaryDirectory() as results:
        command = [sys.executable, "-m", "whyllm.cli", "licence", "review", "--fleet", str(folder),
                   "--use", "commercial", "--no-remember", "--jobs", str(workers),
                   "-o", f"{results}/out", "--format", "json"]  # fmt: skip
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        ended, peaks = threading.Event(), dict[int, int]()
        args = (psutil.Process(process.pid), ended, peaks)
        watcher = threading.Thread(target=peak_of_workers, args=args)
        watcher.start()
        code = process.wait()
        taken = time.perf_counter() - start
        ended.set()
        watcher.join()
    assert code == 1, f"exit {code}: an unknown name must fail the review"
    return taken, max(peaks.values()) / 1e6


def main() -> None:
    found: dict[tuple[int, int], float] = {}
    print(f"{'rows':>10} {'workers':>8} {'seconds':>8} {'rows/s':>8} {'MB a worker':>12}")
    for number, workers in ((ROWS // 10, 2), (ROWS, 2), (ROWS, 1)):
        with tempfile.TemporaryDirectory() as folder:
            write_rows(Path(folder), number)
            taken, memory = reviewed(Path(folder), workers)
        found[number, workers] = taken
        rate = number / taken
        print(f"{number:>10,} {workers:>8} {taken:>8.1f} {rate:>8,.0f} {memory:>12.0f}", flush=True)
    print(f"two workers to one: {found[ROWS, 1] / found[ROWS, 2]:.2f} times as fast")


if __name__ == "__main__":
    main()
