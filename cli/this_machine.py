"""Reads how much memory this machine has, for `--machine auto`."""

from __future__ import annotations

import platform
import shutil
import subprocess

import psutil

SECONDS = 10
BYTES_PER_MIB = 2**20


def memory_of_this_machine() -> dict[str, float]:
    """`ram`, or `unified` where processor and GPU share it, and `vram`, in 1e9 bytes.

    `vram` is the sum over the GPUs that nvidia-smi tells of.
    """
    found: dict[str, float] = {}
    kind = "unified" if _shares_memory() else "ram"
    found[kind] = round(psutil.virtual_memory().total / 1e9, 1)
    mebibytes = _gpu_mebibytes()
    if mebibytes:
        found["vram"] = round(mebibytes * BYTES_PER_MIB / 1e9, 1)
    return found


def _shares_memory() -> bool:
    return platform.system() == "Darwin" and platform.machine() == "arm64"


def _gpu_mebibytes() -> int:
    program = shutil.which("nvidia-smi")
    if program is None:
        return 0
    question = [program, "--query-gpu=memory.total", "--format=csv,noheader,nounits"]
    try:
        answer = subprocess.run(question, capture_output=True, text=True, timeout=SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    return sum(int(line) for line in answer.stdout.split() if line.isdigit())
