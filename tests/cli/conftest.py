"""The command as a fixture."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.runner import Command


@pytest.fixture
def whyllm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    return Command(monkeypatch, tmp_path / "state")
