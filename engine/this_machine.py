"""Reads what this machine is: its memory, for `--machine auto`, and what tells it from others."""

from __future__ import annotations

import hashlib
import json
import platform
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from whyllm.kb.measurement_schema import Computer

SECONDS = 10
BYTES_PER_MIB = 2**20
_PROCESSORS = Path("/proc/cpuinfo")
_PROCESSOR = re.compile(r"^model name\s*:\s*(.+?)\s*$", re.MULTILINE)


def memory_of_this_machine() -> dict[str, float]:
    """`ram`, or `unified` where processor and GPU share it, and `vram`, in 1e9 bytes.

    `vram` is the sum over the GPUs that nvidia-smi tells of.
    """
    found: dict[str, float] = {}
    kind = "unified" if _shares_memory() else "ram"
    found[kind] = round(psutil.virtual_memory().total / 1e9, 1)
    mebibytes = sum(size for _, size in _gpus())
    if mebibytes:
        found["vram"] = round(mebibytes * BYTES_PER_MIB / 1e9, 1)
    return found


@cache
def identity() -> str:
    """A digest of what the machine is made of: the same as long as that stays the same.

    It says nothing of who owns the machine or how it is called.
    """
    return hashlib.sha256(json.dumps(_parts(), sort_keys=True).encode()).hexdigest()[:12]


def this_computer() -> Computer:
    """This machine as a measurement describes it."""
    from whyllm.kb.measurement_schema import Computer

    return Computer.model_validate({"id": identity(), **_parts()})


@cache
def _parts() -> dict[str, object]:
    return {
        "system": platform.system() or "unknown",
        "architecture": platform.machine() or "unknown",
        "processor": _processor(),
        "cores": psutil.cpu_count(logical=False) or psutil.cpu_count() or 0,
        "ram_gb": float(round(psutil.virtual_memory().total / 1e9)),
        "gpus": [
            {"name": name, "memory_gb": round(size * BYTES_PER_MIB / 1e9, 1)}
            for name, size in _gpus()
        ],
    }


def _processor() -> str:
    try:
        told = _PROCESSOR.search(_PROCESSORS.read_text(errors="replace"))
    except OSError:
        told = None
    return (told[1] if told else platform.processor())[:200]


def _shares_memory() -> bool:
    return platform.system() == "Darwin" and platform.machine() == "arm64"


def _gpus() -> list[tuple[str, int]]:
    """The GPUs that nvidia-smi tells of, each with its memory in MiB."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    question = [program, "--query-gpu=name,memory.total", "--format=csv,noheader,nounits"]
    try:
        answer = subprocess.run(question, capture_output=True, text=True, timeout=SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return []
    told = (line.rpartition(",") for line in answer.stdout.splitlines())
    return [
        (name.strip()[:160] or "unknown", int(size))
        for name, _, size in told
        if size.strip().isdigit()
    ]
