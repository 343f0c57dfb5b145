"""`whyllm mcp` as a command: what it refuses before it serves, in a line."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from whyllm.cli.mcp import command

from tests.cli.runner import Command

GUIDE = Path(__file__).parents[3] / "docs" / "how-to" / "mcp.md"


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


@pytest.mark.parametrize(("closed", "which"), [("<&-", "input"), (">&-", "output")])
def test_a_closed_stream_is_told(closed: str, which: str) -> None:
    words = ["sh", "-c", f"exec {sys.executable} -m whyllm.cli mcp {closed}"]
    shown = subprocess.run(words, capture_output=True, text=True)
    assert (shown.returncode, shown.stdout) == (2, "")
    assert shown.stderr == f"whyllm: standard {which} is closed\n"


@pytest.mark.parametrize("missing", ["mcp_types", "uvicorn"])
def test_a_missing_package_is_named_with_the_extra(missing: str) -> None:
    script = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "from whyllm.cli.program import main; main(['mcp'])"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    line = f"whyllm: mcp: needs the library {missing}: pip install 'whyllm[mcp]'\n"
    assert (shown.returncode, shown.stdout, shown.stderr) == (2, "", line)


def test_the_configurations_of_the_guide_are_those_of_a_server_that_starts() -> None:
    text = GUIDE.read_text()
    servers = [
        entry["whyllm"]
        for block in re.findall(r"```json\n(.*?)```", text, re.DOTALL)
        for entry in json.loads(block).values()
    ]
    servers += [
        tomllib.loads(block)["mcp_servers"]["whyllm"]
        for block in re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    ]
    assert len(servers) == 3
    for server in servers:
        assert (server["command"], server["args"][0]) == ("whyllm", "mcp")
        command.make_context("mcp", server["args"][1:])  # a UsageError for an unknown option
