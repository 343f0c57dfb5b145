"""Reads how much memory this machine has, for `--machine auto`."""

from __future__ import annotations

import os
import shutil
import subprocess

SECONDS = 10
BYTES_PER_MIB = 2**20


def memory_of_this_machine() -> dict[str, float]:
    """`ram`, and `vram` where nvidia-smi tells of GPUs (their sum), in 1e9 bytes."""
    found: dict[str, float] = {}
    try:
        ram_bytes = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        ram_bytes = 0
    if ram_bytes > 0:
        found["ram"] = round(ram_bytes / 1e9, 1)
    mebibytes = _gpu_mebibytes()
    if mebibytes:
        found["vram"] = round(mebibytes * BYTES_PER_MIB / 1e9, 1)
    return found


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
