"""A question in words is answered with the bytes of the command that it stands for."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from whyllm.cli.ask import ANSWERS
from whyllm.engine.asking.vocabulary import LANGUAGES, grammar

from tests.cli.runner import Command

ROOT = Path(__file__).parents[2]
DAY = ("--on", "2026-11-23")
CONSULTED = ("recommend", "--modality", "code", "--use", "commercial", "--vram", "24", *DAY)
MODEL = "codestral-22b-v0.1"

STANDS_FOR: list[tuple[str, str]] = [
    ("Why was Codestral excluded?", f"whyllm why {MODEL}"),
    ("Pourquoi Codestral a-t-il été exclu ?", f"whyllm why {MODEL}"),
    ("Pourquoi pas Codestral ?", f"whyllm why {MODEL}"),
    ("How can I admit Codestral?", f"whyllm why {MODEL}"),
    ("Why was Codestral excluded for research?",
     f"whyllm why {MODEL} --modality code --vram 24 --use research --on 2026-11-23"),
    ("Codestral tient-il avec 8 Go de VRAM ?",
     f"whyllm why {MODEL} --modality code --vram 8 --use commercial --on 2026-11-23"),
    ("Can I use Codestral commercially?", f"whyllm why {MODEL} --use commercial"),
    ("Puis-je affiner Llama 3.1 8B ?", "whyllm why llama-3.1-8b-instruct --fine-tune"),
    ("Which model for chat in French on 16 GB of RAM?",
     "whyllm recommend --task chat --language fr --ram 16"),
    ("What if I had 48 GB of VRAM?", "whyllm what-if --set vram=48"),
    ("Et si c'était pour la recherche ?", "whyllm what-if --set use=research"),
    ("Compare Codestral and Devstral Small 2 24B",
     "whyllm compare codestral-22b-v0.1 devstral-small-2-24b-instruct-2512"),
    ("Why was DeepSeek-R1 671B excluded?", "whyllm why 'DeepSeek-R1 671B'"),
]  # fmt: skip


@pytest.fixture(scope="session")
def consulted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the command remembers of a consultation."""
    with pytest.MonkeyPatch.context() as patch:
        whyllm = Command(patch, tmp_path_factory.mktemp("consulted"))
        whyllm(*CONSULTED)
        return whyllm.state


def remember(whyllm: Command, consulted: Path) -> None:
    """Let the command remember that consultation and no other."""
    shutil.rmtree(whyllm.state, ignore_errors=True)
    shutil.copytree(consulted, whyllm.state)


@pytest.mark.parametrize(
    ("question", "line", "format_"),
    [(*pair, ("text", "json")[place % 2]) for place, pair in enumerate(STANDS_FOR)],
)
def test_the_answer_is_the_commands(
    whyllm: Command, consulted: Path, question: str, line: str, format_: str
) -> None:
    remember(whyllm, consulted)
    asked = whyllm("ask", question, "--format", format_)
    assert asked.err.splitlines()[0] == f"whyllm: read as: {line}"
    remember(whyllm, consulted)
    said = whyllm(*shlex.split(line)[1:], "--format", format_)
    assert (asked.out, asked.code) == (said.out, said.code)
    assert asked.out


def test_options_of_ask_are_those_of_the_command(whyllm: Command, tmp_path: Path) -> None:
    whyllm(*CONSULTED)
    answer = tmp_path / "answer.json"
    options = ("--rulebook", "course", "--on", "2026-10-01")
    shown = whyllm("ask", "why codestral", *options, "--format", "json", "-o", str(answer))
    assert shown.out == ""
    assert shown.err == (
        f"whyllm: read as: whyllm why {MODEL} --modality code --vram 24 --use commercial "
        "--rulebook course --on 2026-10-01\n"
    )
    data = json.loads(answer.read_text())
    assert (data["rulebook"], data["on"]) == ("course", "2026-10-01")
    assert data["need"] == {"modality": "code", "vram": 24.0, "use": "commercial"}


def test_a_question_without_quotes_is_one_too(whyllm: Command) -> None:
    shown = whyllm("ask", "can", "I", "use", "Codestral", "commercially?", *DAY)
    assert shown.code == 0
    assert shown.out.startswith("Codestral 22B v0.1 is excluded.")


def test_what_is_recommended_is_remembered_and_a_verdict_is_not(whyllm: Command) -> None:
    whyllm("ask", "Which model for code with 24 GB of VRAM?", *DAY)
    whyllm("ask", "Can I use Codestral commercially?", *DAY)
    whyllm("ask", "Why was Codestral excluded for research?", *DAY)
    (line,) = whyllm("history").out.splitlines()
    assert line.endswith("whyllm recommend --modality code --vram 24 --on 2026-11-23")


def test_without_a_consultation_a_verdict_is_judged_without_constraints(whyllm: Command) -> None:
    shown = whyllm("ask", "why was Codestral excluded?", *DAY)
    assert shown.code == 0
    assert shown.err.splitlines() == [
        f"whyllm: read as: whyllm why {MODEL} --on 2026-11-23",
        "whyllm: no consultation is remembered; judged without constraints",
    ]
    assert shown.out == whyllm("why", MODEL, *DAY).out


def test_a_negative_answer_keeps_its_code(whyllm: Command) -> None:
    assert whyllm("ask", "Which model for code with 0.5 GB of VRAM?", *DAY).code == 1


@pytest.mark.parametrize(
    ("question", "complaint"),
    [
        ("Why is the sky blue?", "ask, for example: Why was Codestral excluded? |"),
        ("Pourquoi le ciel est-il bleu ?", "ask, for example: "),
        ("Why was Codestrel excluded?", "did you mean Codestral 22B v0.1"),
        ("Why was Llama excluded?", "'Llama' is a family; which of its models?"),
        ("Et si j'avais 24 Go ?", "which memory is meant?"),
        ("", "an empty question asks nothing"),
        ("why \x1b[31m codestral", "cannot read"),
    ],
)
def test_what_is_not_read_gets_one_line_and_exit_two(
    whyllm: Command, question: str, complaint: str
) -> None:
    shown = whyllm("ask", question)
    assert (shown.code, shown.out, shown.err.count("\n")) == (2, "", 1)
    assert shown.err.startswith("whyllm: ")
    assert complaint in shown.err
    assert shown.err.rstrip("\n").isprintable()


def examples() -> list[str]:
    """Every question that docs/reference/questions.md shows."""
    page = (ROOT / "docs" / "reference" / "questions.md").read_text()
    return re.findall(r"^- (.+)$", page.split("## Whether")[0], re.MULTILINE)


def test_there_are_examples_of_every_kind() -> None:
    assert len(examples()) >= 4 * len(ANSWERS)


def one_of_each() -> list[str]:
    """The first of each kind in each language; that all are read, the reader's tests hold."""
    return [shown[0] for name in LANGUAGES for shown in grammar(name)["examples"].values()]


@pytest.mark.parametrize("question", one_of_each())
def test_an_example_of_each_kind_is_answered(
    whyllm: Command, consulted: Path, question: str
) -> None:
    assert question in examples()
    remember(whyllm, consulted)
    shown = whyllm("ask", question, *DAY)
    assert "read as" in shown.err
    assert shown.code in (0, 1)


def test_other_commands_load_no_grammar(tmp_path: Path) -> None:
    script = (
        "import sys; from whyllm.cli.program import main\n"
        "try: main(['why', 'codestral', '--use', 'commercial', '-o', sys.argv[1]])\n"
        "except SystemExit: pass\n"
        "print([m for m in ('babel', 'whyllm.engine.asking.reader') if m in sys.modules])"
    )
    words = [sys.executable, "-c", script, str(tmp_path / "answer.txt")]
    assert subprocess.run(words, capture_output=True, text=True).stdout == "[]\n"
