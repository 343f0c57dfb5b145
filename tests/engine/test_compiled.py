"""The compiled catalogue is the catalogue, never a stale one, and spares a cold start the YAML."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from whyllm.engine import compiled
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.cataloguing import catalogue
from whyllm.engine.compiled import KEPT
from whyllm.engine.knowledge import answering_catalogue
from whyllm.kb.loader import load


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setattr(compiled, "user_cache_path", lambda _: folder)
    return folder


def compiled_catalogue(overlays: Sequence[Path], build: Callable[[], Catalogue]) -> Catalogue:
    """As in a process that has none in hand."""
    return compiled.compiled_catalogue(overlays, build, {})


def not_called() -> Catalogue:
    raise AssertionError("the cache should have been read")


def test_what_is_read_back_is_what_was_built(cache: Path, models: Catalogue) -> None:
    assert compiled_catalogue([], lambda: models) is models
    assert compiled_catalogue([], not_called) == models


def test_facts_read_back_keep_their_types(cache: Path, models: Catalogue) -> None:
    compiled_catalogue([], lambda: models)
    read = compiled_catalogue([], not_called)
    for key, facts in models.known.of_model.items():
        for fact, same in zip(facts, read.known.of_model[key], strict=True):
            same.validate()
            assert fact.identity() == same.identity()


def test_a_changed_overlay_is_built_anew(cache: Path, models: Catalogue, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    (folder / "models").mkdir(parents=True)
    file = folder / "models" / "mine.yaml"

    def build() -> Catalogue:
        return catalogue(load([folder]))

    for name in ("Phi-4 of ours", "Phi-4 of theirs"):
        file.write_text(f"- id: phi-4\n  name: {name}\n")
        assert compiled_catalogue([folder], build).models["phi-4"].name == name
    assert compiled_catalogue([], lambda: models).models["phi-4"].name == "Phi-4 14B"


def test_a_process_is_given_the_same_catalogue_until_its_knowledge_changes(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    (mine / "models").mkdir(parents=True)
    file = mine / "models" / "mine.yaml"
    file.write_text("- id: phi-4\n  name: Phi-4 of ours\n")
    first = answering_catalogue([mine])
    assert answering_catalogue([mine]) is first
    file.write_text("- id: phi-4\n  name: Phi-4 of theirs\n")
    assert answering_catalogue([mine]).models["phi-4"].name == "Phi-4 of theirs"
    assert first.models["phi-4"].name == "Phi-4 of ours"


def test_few_catalogues_are_in_hand(cache: Path, models: Catalogue, tmp_path: Path) -> None:
    in_hand: dict[str, Catalogue] = {}
    for number in range(KEPT + 2):
        folder = tmp_path / f"overlay-{number}" / "sources"
        folder.mkdir(parents=True)
        (folder / "mine.yaml").write_text(f"# {number}\n[]\n")
        compiled.compiled_catalogue([folder.parent], lambda: models, in_hand)
    assert len(in_hand) == KEPT


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: "",
        lambda text: text[: len(text) // 2],
        lambda _: "[]",
        lambda _: "{}",
        lambda text: text.replace('"ContextLength"', '"os"'),
        lambda text: text.replace('"tokens"', '"words"'),
        lambda text: text.replace('"digest":"', '"digest":"0'),
        lambda _: "\udcff",
    ],
    ids=["empty", "cut", "a list", "no keys", "no fact", "other slots", "stale", "not text"],
)
def test_a_spoilt_cache_is_built_anew(
    cache: Path, models: Catalogue, spoil: Callable[[str], str]
) -> None:
    compiled_catalogue([], lambda: models)
    (file,) = cache.iterdir()
    file.write_bytes(spoil(file.read_text()).encode("utf-8", "surrogateescape"))
    assert compiled_catalogue([], lambda: models) is models
    assert compiled_catalogue([], not_called) == models


def test_a_cache_that_cannot_be_written_is_no_error(cache: Path, models: Catalogue) -> None:
    cache.write_text("a file where the folder should be")
    assert compiled_catalogue([], lambda: models) is models


def test_few_catalogues_are_kept(cache: Path, models: Catalogue, tmp_path: Path) -> None:
    for number in range(KEPT + 3):
        folder = tmp_path / f"overlay-{number}"
        shutil.copytree(Path(compiled.files.BUILT_IN) / "sources", folder / "sources")
        (folder / "sources" / "course.yaml").write_text(f"# {number}\n[]\n")
        compiled_catalogue([folder], lambda: models)
    assert len(list(cache.iterdir())) == KEPT


def test_a_cold_answer_reads_no_yaml_and_no_schema(tmp_path: Path) -> None:
    script = (
        "import sys; from whyllm.cli import main\n"
        "try: main()\n"
        "finally: print([m for m in ('yaml', 'pydantic') if m in sys.modules], file=sys.stderr)"
    )
    words = ["recommend", "--modality", "code", "--no-remember"]
    for wanted in ("['yaml', 'pydantic']\n", "[]\n"):
        shown = subprocess.run(
            [sys.executable, "-c", script, *words],
            env={**os.environ, "XDG_CACHE_HOME": str(tmp_path)},
            capture_output=True,
            text=True,
        )
        assert shown.stderr == wanted
        assert "Qwen3-Coder" in shown.stdout
