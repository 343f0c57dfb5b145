"""What is generated in docs/ is what the code would generate now; what the README shows is real."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest
from whyllm.kb.knowledge import KnowledgeBase

from tests.cli.runner import Command

ROOT = Path(__file__).parents[1]
spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
assert spec
assert spec.loader
generate = importlib.util.module_from_spec(spec)
spec.loader.exec_module(generate)


@pytest.mark.parametrize("page", generate.PAGES)
def test_a_generated_page_is_current(page: str) -> None:
    assert (ROOT / "docs" / page).read_text() == generate.PAGES[page](), "run `make docs`"


@pytest.fixture
def whyllm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    return Command(monkeypatch, tmp_path / "state")


def transcripts() -> list[tuple[list[str], str]]:
    """The commands of the README's transcript, each with what the README shows of its output."""
    text = (ROOT / "README.md").read_text()
    blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    found = []
    for block in blocks:
        for part in re.split(r"^\$ whyllm ", block, flags=re.MULTILINE)[1:]:
            words, _, output = part.partition("\n")
            found.append((words.split(), output))
    return found


def test_the_readme_has_a_transcript() -> None:
    assert len(transcripts()) >= 2


def test_the_transcript_is_real(whyllm: Command) -> None:
    """Each shown run of lines stands in the real output, in order; `…` leaves some out."""
    for words, shown in transcripts():
        on = () if words[0] in ("rules", "graph") else ("--on", "2026-11-23")
        real = whyllm(*words, *on).out
        position = 0
        for piece in re.split(r"^ *…\n", shown, flags=re.MULTILINE):
            piece = piece.strip("\n")
            if piece:
                assert piece in real[position:], piece
                position = real.index(piece, position) + len(piece)


@pytest.mark.parametrize("page", ["README.md", "CHANGELOG.md"])
def test_links_to_files_resolve(page: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", (ROOT / page).read_text()):
        assert (ROOT / target).exists(), target


def test_the_readme_counts_what_is_known(kb: KnowledgeBase) -> None:
    said = re.search(
        r"knows (\d+) exact variants of (\d+) families, (\d+) licences",
        (ROOT / "README.md").read_text(),
    )
    assert said is not None
    known = (len(kb.models), len(kb.families), len(kb.licences))
    assert tuple(map(int, said.groups())) == known
