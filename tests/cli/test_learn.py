"""`whyllm learn` by its whole output, and a case predicted at a pseudo-terminal."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pexpect
import pytest
from whyllm.cli.schema import json_schema

from tests.cli.runner import Command
from tests.cli.terminal import pressed

LISTED = """\
tree        The decision tree, node by node (17 steps)
axes        The nine axes on which models differ (9 steps)
licences    What a licence lets you do (3 steps)
moe         Dense and mixture of experts, with the arithmetic (2 steps)
not-llm     What is not a language model (4 steps)
benchmarks  How to read a benchmark (4 steps)
takeaways   What to take away (6 steps)
explaining  How the rules explain themselves (1 steps)
"""

LESSONS = [line.split()[0] for line in LISTED.splitlines()]


def test_the_lessons_are_listed(whyllm: Command) -> None:
    shown = whyllm("learn", "list")
    assert (shown.out, shown.err, shown.code) == (LISTED, "", 0)
    data = json.loads(whyllm("learn", "list", "--format", "json").out)
    jsonschema.validate(data, json_schema("lessons"))
    assert [lesson["id"] for lesson in data["lessons"]] == LESSONS


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_is_shown_and_every_claim_bears_its_sign(whyllm: Command, lesson: str) -> None:
    data = json.loads(whyllm("learn", "show", lesson, "--format", "json").out)
    jsonschema.validate(data, json_schema("lesson"))
    claims = [claim for step in data["steps"] for claim in step["claims"]]
    shown = whyllm("learn", "show", lesson)
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.count("✓") == len(claims)
    assert "✗" not in shown.out
    text = whyllm("learn", "show", lesson, "--format", "md").out
    assert text.startswith(f"# {data['title']}\n")
    assert text.count("- ✓ ") == len(claims)
    assert text.count("```mermaid") == (lesson == "tree")


@pytest.mark.parametrize("columns", [40, 60])
def test_a_lesson_fits_a_narrow_terminal(
    whyllm: Command, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for lesson in ("tree", "moe", "licences"):
        lines = whyllm("learn", "show", lesson).out.splitlines()
        assert max(map(len, lines)) <= columns


CASE = """\
# Dictation

1. Which modality?

- A) Text only
- B) Text plus image
- C) Audio to text
- D) Code mostly
- E) Image to image

## Answers

1. C. CRS-110: At Modal the reply audio to text leads to ASR. It leads to: Speech-to-Text Whisper \
Distil-Whisper.
"""


def test_without_a_terminal_a_case_is_printed_with_its_answers(whyllm: Command) -> None:
    shown = whyllm("learn", "predict", "--case", "dictation")
    assert (shown.out, shown.code) == (CASE, 0)
    data = json.loads(whyllm("learn", "predict", "--case", "dictation", "--format", "json").out)
    jsonschema.validate(data, json_schema("prediction"))


def test_what_is_stated_changes_a_case(whyllm: Command) -> None:
    words = ("learn", "predict", "--case", "agent", "--use", "internal", "--format", "json")
    data = json.loads(whyllm(*words).out)
    assert data["need"] == {"modality": "text", "task": "tools", "use": "internal"}
    assert data["steps"][-1]["options"][data["steps"][-1]["right"]] == "No internal only"


def test_a_term_is_explained(whyllm: Command) -> None:
    shown = whyllm("learn", "glossary", "agenda")
    assert shown.out == (
        "agenda (field): The list of activations that wait to fire, by salience.\n"
    )
    data = json.loads(whyllm("learn", "glossary", "--format", "json").out)
    jsonschema.validate(data, json_schema("glossary"))
    assert len(data["terms"]) > 150


WRONG = [
    (("show", "tre"), "no lesson 'tre'; did you mean tree?"),
    (("show", "zzz"), "no lesson 'zzz'; expected tree, axes, licences"),
    (("predict", "--case", "dictatoin"), "no case 'dictatoin'; did you mean dictation?"),
    (("glossary", "salients"), "no term 'salients' in the glossary; did you mean salience?"),
    (("show",), "Missing argument 'LESSON'."),
    (("shwo", "tree"), "No such command 'shwo'."),
]


@pytest.mark.parametrize(("words", "line"), WRONG, ids=[" ".join(words) for words, _ in WRONG])
def test_a_wrong_question_gets_one_line(whyllm: Command, words: tuple[str, ...], line: str) -> None:
    shown = whyllm("learn", *words)
    assert (shown.out, shown.code) == ("", 2)
    assert line in shown.err
    assert shown.err.count("\n") == 1


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[pexpect.spawn]:
    child = pexpect.spawn(
        sys.executable, ["-m", "whyllm.cli", "learn", "predict", "--case", "agent"],
        env={**os.environ, "HOME": str(tmp_path), "TERM": "xterm"}, encoding="utf-8", timeout=60,
    )  # fmt: skip
    child.expect("Which modality")
    child.expect(r"\[A-E, or Enter\] ")
    yield child
    child.close(force=True)


def test_at_a_terminal_each_step_waits_for_a_guess(terminal: pexpect.spawn) -> None:
    terminal.sendline("Z")
    terminal.expect("expected A-E, or Enter")
    terminal.sendline("a")
    terminal.expect("right: A")
    terminal.expect("CRS-110: At Modal")
    terminal.expect("Task type")
    terminal.sendline("1")
    terminal.expect("wrong: C")
    terminal.expect("Commercial use")
    terminal.sendline("")
    terminal.expect("1 of 2 guesses right")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0


def test_at_a_terminal_an_interrupt_ends_it_politely(terminal: pexpect.spawn) -> None:
    pressed(terminal, terminal.sendintr, "0 of 0 guesses right")
    terminal.expect(pexpect.EOF)
    assert "Traceback" not in terminal.before
