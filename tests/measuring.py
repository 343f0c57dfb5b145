"""A real server of two tiny models, for the tests that measure."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Llama:
    """A served model: the address of its server, and the name by which it is served."""

    address: str
    name: str


@pytest.fixture(scope="session")
def llamas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Llama, Llama]]:
    """Two models with other weights, each served by llama.cpp's server on 127.0.0.1."""
    from tests.engine.measuring.tiny_model import write_tiny_model

    folder = tmp_path_factory.mktemp("models")
    paths = [write_tiny_model(folder / f"tiny-{seed}-F32.gguf", seed) for seed in (1, 2)]
    script = Path(__file__).parent / "engine" / "measuring" / "llama_server.py"
    server = subprocess.Popen(
        [sys.executable, str(script), *map(str, paths)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert server.stdin is not None
    assert server.stdout is not None
    first, second = server.stdout.readline().split()
    yield Llama(first, str(paths[0])), Llama(second, str(paths[1]))
    server.stdin.close()
    server.wait(timeout=30)
