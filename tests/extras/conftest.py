"""The environments, each made once, and files for commands that read some."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import gguf
import pytest

from tests.cli.runner import Command
from tests.extras.commands import NEEDING
from tests.extras.environments import CORE, Environment, extras, fresh, linked, wheels_of


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test in every environment if they are fresh; else where it can tell most."""
    every = [CORE, *extras()]
    thorough = metafunc.config.getoption("--fresh")
    if "needing" in metafunc.fixturenames:
        pairs = [
            (name, needing)
            for needing in NEEDING
            for name in every
            if thorough or name in (CORE, needing.extras[0])
        ]
        metafunc.parametrize(
            ("name", "needing"), pairs, ids=[f"{name}-{' '.join(n.words)}" for name, n in pairs]
        )
    elif "name" in metafunc.fixturenames:
        metafunc.parametrize("name", every)
    elif "at_least" in metafunc.fixturenames:
        metafunc.parametrize("at_least", every if thorough else [CORE])


@pytest.fixture(scope="session")
def made(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Environment]:
    """The environment of a name, made when it is first asked for."""

    @cache
    def wheels() -> Path:
        return wheels_of(extras(), tmp_path_factory.mktemp("wheels"))

    @cache
    def make(name: str) -> Environment:
        folder = tmp_path_factory.mktemp(name)
        return fresh(name, folder, wheels()) if pytestconfig.option.fresh else linked(name, folder)

    return make


@pytest.fixture
def environment(made: Callable[[str], Environment], name: str) -> Environment:
    return made(name)


@pytest.fixture
def barest(made: Callable[[str], Environment], at_least: str) -> Environment:
    """The core alone: what it does, no library more takes away."""
    return made(at_least)


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A list of models, a model card, a GGUF file and an empty cache of a hub."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "models.txt").write_text("codestral:22b\nqwen2.5-coder:7b\n")
    (folder / "card.md").write_text("---\nlicense: llama3.1\n---\n# Llama Sketch 8B\n")
    (folder / "cache").mkdir()
    writer = gguf.GGUFWriter(folder / "model.gguf", "llama")
    writer.add_name("Llama 3.1 8B Instruct")
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return folder


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """The command in this process, which has every library."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return Command(monkeypatch, tmp_path / "state")
