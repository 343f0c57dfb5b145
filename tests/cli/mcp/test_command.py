"""`whyllm mcp` as a command: what it refuses before it serves, in a line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.runner import Command


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("--host", "127.0.0.1"), "--host: expected only with --http"),
        (("--port", "0"), "--port: expected only with --http"),
        (
            ("--http", "--host", "0.0.0.0"),
            "--host 0.0.0.0: other machines could reach it; expected an address of this one",
        ),
        (
            ("--http", "--host", "example.org"),
            "--host example.org: other machines could reach it; expected an address of this one",
        ),
        (("--kb", "nowhere"), "nowhere: no such folder of knowledge"),
    ],
)
def test_what_cannot_be_served_is_told(
    whyllm: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...],
    line: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    shown = whyllm("mcp", *words)
    assert (shown.code, shown.out, shown.err) == (2, "", f"whyllm: {line}\n")


@pytest.mark.parametrize("missing", ["mcp_types", "uvicorn"])
def test_a_missing_package_is_named_with_the_extra(missing: str) -> None:
    script = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "from whyllm.cli.program import main; main(['mcp'])"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    line = f"whyllm: whyllm mcp needs {missing}; install whyllm[mcp]\n"
    assert (shown.returncode, shown.stdout, shown.stderr) == (2, "", line)
