"""`whyllm learn quiz`: a paper in each format, asked on a terminal, and wrong options refused."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pexpect
import pytest

from tests.cli.runner import Command
from tests.cli.terminal import pressed
from tests.engine.quiz.gift_reader import read_gift

QUICK = ("--kind", "branch", "--kind", "memory-needed", "--count", "4", "--seed", "11")


def quiz(whyllm: Command, *words: str) -> str:
    found = whyllm("learn", "quiz", *QUICK, *words)
    assert (found.code, found.err) == (0, "")
    return found.out


def as_json(whyllm: Command) -> dict[str, object]:
    found: dict[str, object] = json.loads(quiz(whyllm, "--format", "json"))
    return found


def test_json_has_the_shape_that_schema_prints(whyllm: Command) -> None:
    paper = as_json(whyllm)
    schema = json.loads(whyllm("schema", "quiz").out)
    jsonschema.Draft202012Validator(schema).validate(paper)
    assert paper["schema"] == "whyllm.quiz/1"
    assert paper["seed"] == 11
    assert [item["kind"] for item in paper["items"]] == ["branch", "memory-needed"] * 2  # type: ignore[attr-defined]
    for item in paper["items"]:  # type: ignore[attr-defined]
        right = [place for place, option in enumerate(item["options"]) if option["right"]]
        assert item["key"] == right


def squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("format_", ["text", "md"])
def test_the_paper_has_every_question_and_the_key_at_the_end(whyllm: Command, format_: str) -> None:
    paper = as_json(whyllm)
    out = quiz(whyllm, "--format", format_)
    questions, answers = out.split("Answers", 1)
    for number, item in enumerate(paper["items"], 1):  # type: ignore[call-overload]
        letters = ", ".join("ABCDEF"[place] for place in item["key"])
        key = f"{number}. {letters}" if format_ == "text" else f"## Answer {number}: {letters}"
        assert key in answers.splitlines()
        for option in item["options"]:
            if format_ == "text":
                assert squeezed(option["text"]) in squeezed(questions)
                assert squeezed(option["feedback"]) in squeezed(answers)
        stem = re.sub(r"\W+", " ", item["stem"])
        assert stem in re.sub(r"\W+", " ", questions.replace("\\", ""))
    bare = quiz(whyllm, "--format", format_, "--no-answers")
    assert bare.rstrip("\n #") == questions.rstrip("\n #")


def test_gift_holds_the_same_items(whyllm: Command) -> None:
    read = read_gift(quiz(whyllm, "--format", "gift"))
    assert [(q.title, q.stem, [(o.text, o.weight > 0) for o in q.options]) for q in read] == [
        (item["id"], item["stem"], [(o["text"], o["right"]) for o in item["options"]])
        for item in as_json(whyllm)["items"]  # type: ignore[attr-defined]
    ]


def test_a_file_holds_what_standard_output_would(whyllm: Command, tmp_path: Path) -> None:
    path = tmp_path / "quiz.md"
    assert quiz(whyllm, "--format", "md", "-o", str(path)) == ""
    assert path.read_text() == quiz(whyllm, "--format", "md")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--kind", "riddle"), "'riddle' is not one of 'branch'"),
        (("--count", "0"), "'--count': 0 is not in the range 1<=x<=500"),
        (("--seed", "-1"), "'--seed': -1 is not in the range x>=0"),
        (("--seed", "one"), "'--seed': 'one' is not a valid integer range"),
        (("--format", "xml"), "'xml' is not one of 'text', 'json', 'md', 'gift'"),
        (("--format", "gift", "--no-answers"), "--no-answers: gift holds the key always"),
        (("--kb", "/no/such"), "/no/such: no such folder of knowledge"),
    ],
)
def test_a_wrong_question_is_one_line(whyllm: Command, words: tuple[str, ...], says: str) -> None:
    found = whyllm("learn", "quiz", *words)
    assert (found.code, found.out) == (2, "")
    assert says in found.err
    assert found.err.count("\n") == 1


PROMPT = r"\[1-\d or A-[A-F]\] "


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[pexpect.spawn]:
    """A quiz of two items at a pseudo-terminal, asked its first question."""
    child = pexpect.spawn(
        sys.executable, ["-m", "whyllm.cli", "learn", "quiz", *QUICK[:4], "--count", "2"],
        env={**os.environ, "HOME": str(tmp_path), "NO_COLOR": "1", "COLUMNS": "100"},
        encoding="utf-8", timeout=60,
    )  # fmt: skip
    child.expect(PROMPT)
    yield child
    child.close(force=True)


def test_on_a_terminal_each_item_is_asked_and_the_score_told(
    whyllm: Command, terminal: pexpect.spawn
) -> None:
    drawn = whyllm("learn", "quiz", *QUICK[:4], "--count", "2", "--format", "json")
    items = json.loads(drawn.out)["items"]
    right = "ABCDEF"[items[0]["key"][0]]
    wrong = next(i for i, option in enumerate(items[1]["options"], 1) if not option["right"])
    terminal.sendline("z")
    terminal.expect("expected 1-")
    terminal.expect(PROMPT)
    terminal.sendline(right.lower())
    terminal.expect(f"right: {right}\r\n")
    terminal.expect(PROMPT)
    told = terminal.before
    terminal.sendline(str(wrong))
    terminal.expect(f"wrong: {'ABCDEF'[items[1]['key'][0]]}\r\n")
    terminal.expect("1 of 2 right.")
    for item, shown in zip(items, (told, terminal.before), strict=True):
        for option in item["options"]:
            assert squeezed(option["feedback"]) in squeezed(shown)
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0


@pytest.mark.parametrize("key", ["sendeof", "sendintr"])
def test_leaving_is_polite(terminal: pexpect.spawn, key: str) -> None:
    pressed(terminal, getattr(terminal, key), "0 of 0 right.")
    assert "Traceback" not in terminal.before
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0
