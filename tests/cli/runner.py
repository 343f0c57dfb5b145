"""Runs the command in this process and gives back its whole output and exit code."""

from __future__ import annotations

import gc
import io
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from whyllm.cli.program import main


@dataclass(frozen=True)
class Result:
    out: str
    err: str
    code: int


class Command:
    """The command with a state folder of its own, on a fixed day."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self._patch = monkeypatch
        for name in ("XDG_STATE_HOME", "XDG_DATA_HOME", "HOME"):
            monkeypatch.setenv(name, str(folder))
        monkeypatch.setenv("COLUMNS", "100")
        for name in ("NO_COLOR", "WHYLLM_KB"):
            monkeypatch.delenv(name, raising=False)
        self.state = folder / "whyllm" / "questions"
        self.measurements = folder / "whyllm" / "measured" / "measurements"

    def __call__(self, *words: str) -> Result:
        out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
        self._patch.setattr(sys, "stdout", out)
        self._patch.setattr(sys, "stderr", err)
        try:
            main(list(words))
        except SystemExit as end:
            code = int(end.code or 0)
        finally:
            gc.enable()
            out.flush()
        return Result(out.buffer.getvalue().decode(), err.getvalue(), code)  # type: ignore[attr-defined]
