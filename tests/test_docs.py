"""What is generated in docs/ is what the code would generate now; what the README shows is real."""

from __future__ import annotations

import doctest
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest
from whyllm.cli.program import program
from whyllm.engine.stages import rulebook
from whyllm.kb.knowledge import KnowledgeBase

import generate
from make_site import dead_links
from tests.cli.runner import Command

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
DAY = "2026-11-23"


@pytest.mark.parametrize("page", generate.PAGES)
def test_a_generated_page_is_current(page: str) -> None:
    assert (ROOT / "docs" / page).read_text() == generate.PAGES[page](), "run `make docs`"


@pytest.fixture
def whyllm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    return Command(monkeypatch, tmp_path / "state")


STEP = re.compile(
    r"<!-- file: (?P<name>\S+) -->\n```\w+\n(?P<text>.*?)```|```console\n(?P<console>.*?)```",
    re.DOTALL,
)
"""A file that a page asks for, or a transcript."""

PAGES = [Path("README.md"), *sorted(path.relative_to(ROOT) for path in DOCS.rglob("*.md"))]


def steps(page: Path) -> list[re.Match[str]]:
    return list(STEP.finditer((ROOT / page).read_text()))


def commands(console: str) -> list[tuple[str, str]]:
    """The commands of a transcript, each with what is shown of its output."""
    parts = re.split(r"^\$ ", console, flags=re.MULTILINE)[1:]
    return [(line, shown) for line, _, shown in (part.partition("\n") for part in parts)]


def takes_a_day(words: list[str]) -> bool:
    """Whether a command has the option `--on`."""
    command: click.Command | None = program
    while words and isinstance(command, click.Group):
        command = command.get_command(click.Context(command), words.pop(0))
    return command is not None and any("--on" in option.opts for option in command.params)


@pytest.mark.parametrize("page", [page for page in PAGES if steps(page)], ids=str)
def test_a_transcript_is_real(
    page: Path, whyllm: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each shown run of lines stands in the real output, in order; a line `…` leaves some out."""
    monkeypatch.chdir(tmp_path)
    for step in steps(page):
        if step["name"]:
            Path(step["name"]).parent.mkdir(parents=True, exist_ok=True)
            Path(step["name"]).write_text(step["text"])
            continue
        for line, shown in commands(step["console"]):
            words = shlex.split(line)
            if words[0] != "whyllm":
                subprocess.run(line, shell=True, check=True)
                continue
            on = ("--on", DAY) if takes_a_day(words[1:]) and "--on" not in words else ()
            result = whyllm(*words[1:], *on)
            assert result.code in (0, 1), result.err
            assert_shown(shown, result.out)


def assert_shown(shown: str, real: str) -> None:
    """What is shown stands in what is real, whole but for what `…` leaves out."""
    pieces = re.split(r"^ *…\n", shown, flags=re.MULTILINE)
    position = 0
    for number, piece in enumerate(pieces):
        piece = piece.strip("\n")
        if piece:
            assert piece in real[position:], piece
            at = real.index(piece, position)
            assert number or not real[:at].strip(), "begins with lines that are left out"
            position = at + len(piece)
    assert not pieces[-1].strip() or not real[position:].strip(), "ends with lines left out"


def test_the_readme_and_the_tutorial_have_transcripts() -> None:
    for page in ("README.md", "docs/tutorial/first-choice.md"):
        assert len([step for step in steps(Path(page)) if step["console"]]) >= 1


@pytest.mark.parametrize("page", [*PAGES, Path("CHANGELOG.md")], ids=str)
def test_links_to_files_resolve(page: Path) -> None:
    """As a code host follows them; the anchors are checked on the site."""
    for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", (ROOT / page).read_text()):
        assert (ROOT / page.parent / target).exists(), target


@pytest.mark.parametrize("page", sorted(DOCS.glob("pictures/*.svg")), ids=lambda path: path.name)
def test_rules_in_a_picture_lead_to_their_pages(page: Path) -> None:
    for target in re.findall(r'href="([^"#:]+)#', page.read_text()):
        assert (page.parent / target).exists(), target


def test_the_site_has_neither_warnings_nor_dead_links(tmp_path: Path) -> None:
    command = [sys.executable, str(DOCS / "make_site.py"), str(tmp_path / "site")]
    built = subprocess.run(command, capture_output=True, text=True)
    assert (built.returncode, built.stdout, built.stderr) == (0, "", "")
    assert (tmp_path / "site" / "index.html").is_file()


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<a href="b.html#there">1</a><a href="b.html#gone">2</a><a href="gone.html">3</a>'
        '<a href="#here" id="here">4</a><img src="gone.svg"><a href="https://a.example/b">5</a>'
    )
    (tmp_path / "b.html").write_text('<p id="there">')
    assert dead_links(tmp_path) == ["a.html: b.html#gone", "a.html: gone.html", "a.html: gone.svg"]


@pytest.mark.parametrize(
    "page", [p for p in PAGES if "```pycon" in (ROOT / p).read_text()], ids=str
)
def test_examples_in_python_are_real(page: Path) -> None:
    text = (ROOT / page).read_text()
    examples = "\n".join(re.findall(r"```pycon\n(.*?)```", text, re.DOTALL))
    test = doctest.DocTestParser().get_doctest(examples, {}, str(page), str(page), 0)
    assert len(test.examples) > 1
    report: list[str] = []
    doctest.DocTestRunner().run(test, out=report.append)
    assert not report, "".join(report)


def test_the_explanations_name_every_stage_and_confidence(kb: KnowledgeBase) -> None:
    told = (DOCS / "explanation" / "deciding.md").read_text()
    for stage in rulebook("expert").stages:
        assert re.search(rf"^\|.*\b{stage.id}\b.*\|.*\|$", told, re.MULTILINE), stage.id
    table = (DOCS / "explanation" / "sources.md").read_text()
    for term in kb.terms.confidence:
        assert f"| {term.label} | {term.description} |" in table


def test_the_readme_counts_what_is_known(kb: KnowledgeBase) -> None:
    said = re.search(
        r"knows (\d+) exact variants of (\d+) families, (\d+) licences",
        (ROOT / "README.md").read_text(),
    )
    assert said is not None
    known = (len(kb.models), len(kb.families), len(kb.licences))
    assert tuple(map(int, said.groups())) == known
