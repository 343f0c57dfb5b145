"""The interview by its whole output: through a pipe, and typed at a pseudo-terminal."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest
from whyllm.engine import this_machine

from tests.cli.runner import Command, Result
from tests.cli.terminal import pressed

QUICK = ("--vram", "24", "--context", "4096", "--quant", "Q4_K_M")
"""Stated where nothing hangs on them: to try all replies on memory takes a second or two."""


@pytest.fixture
def interview(whyllm: Command, monkeypatch: pytest.MonkeyPatch) -> object:
    """Runs the command with lines on standard input."""

    def run(lines: str, *words: str) -> Result:
        monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
        return whyllm("interview", "--on", "2026-11-23", *words)

    return run


def test_it_ends_with_the_answer_of_recommend_and_prints_that_command(interview, whyllm) -> None:
    shown = interview("code\nchat\ndone\n", "--vram", "24")
    same = "--modality code --task chat --vram 24 --on 2026-11-23"
    assert shown.err.endswith(f"whyllm: the same answer: whyllm recommend {same}\n")
    batch = whyllm("recommend", *same.split())
    assert (shown.out, shown.code) == (batch.out, batch.code)


def test_as_json_it_is_the_consultation(interview) -> None:
    shown = interview("", "--format", "json", "--modality", "code")
    assert json.loads(shown.out)["need"] == {"modality": "code"}
    assert shown.code == 0


def test_a_question_shows_who_is_left_and_what_can_be_replied(interview) -> None:
    shown = interview("", "--modality", "code", *QUICK)
    left, asked, *_ = shown.err.strip("\n").split("\n\n")
    assert re.match(r"\d+ models left: Qwen-Coder \d+, ", left)
    assert re.match(r"1\. What kind of work is it\? *\n1  Reasoning", asked)
    assert asked.splitlines()[5].rstrip() == "A number, or: why, ?, skip, back, done, help"


def test_why_shows_the_rules_and_truly_what_each_reply_leaves(interview, whyllm) -> None:
    shown = interview("why\nwhy 4\nwhy 99\n", *QUICK)
    assert "MOD-010  A modality that the model does not serve rules it out" in shown.err
    said = re.search(r"4\. Mostly source code → (\d+) models", shown.err)
    assert said
    batch = json.loads(whyllm("recommend", "--modality", "code", *QUICK, "--format", "json").out)
    assert int(said[1]) == len(batch["kept"]) + len(batch["undecided"])
    assert "  Codestral 22B v0.1\n" in re.sub(r" +\n", "\n", shown.err)
    assert "whyllm: why '99': expected a number from 1 to 7" in shown.err


def test_back_change_and_skip(interview, tmp_path: Path) -> None:
    kept = tmp_path / "my.json"
    typed = "code\nback\ntext\nskip\nanswers\nchange 1\nvision\nchange 9\nchange x\nback\nquit\n"
    shown = interview(typed, "--session", str(kept), *QUICK)
    assert "1. What goes in, and what should come out? --modality text" in shown.err
    assert re.search(r"2\. .+ nothing stated", shown.err)
    assert "change '9': expected a number from 1 to" in shown.err
    assert "change 'x': expected a number from 1 to" in shown.err
    assert (shown.out, shown.code) == ("", 0)
    assert "to go on: whyllm interview --session" in shown.err


def test_it_is_taken_up_from_its_file(interview, tmp_path: Path) -> None:
    kept = tmp_path / "my.json"
    interview("code\nchat\nquit\n", "--session", str(kept), *QUICK)
    assert json.loads(kept.read_text())["answers"] == [
        {"question": "modality", "sets": {"modality": "code"}},
        {"question": "task", "sets": {"task": "chat"}},
    ]
    shown = interview("done\n", "--session", str(kept))
    assert f"{kept}: going on after 2 answers\n" in shown.err
    assert "recommend --modality code --task chat --vram 24" in shown.err.splitlines()[-1]


def test_what_options_state_wins_over_the_file(interview, tmp_path: Path) -> None:
    kept = tmp_path / "my.json"
    interview("code\nquit\n", "--session", str(kept), *QUICK)
    shown = interview("done\n", "--session", str(kept), "--modality", "text")
    assert "recommend --modality text --vram 24" in shown.err.splitlines()[-1]


BROKEN = [
    (b"", "expected the JSON of an interview"),
    (b"{", "expected the JSON of an interview"),
    (b"\xff\xfe", "expected the JSON of an interview"),
    (b"[" * 100_000, "expected the JSON of an interview"),
    (b" " * 200_000, "larger than 100,000 bytes, so no interview"),
    (b"{}", "expected JSON of whyllm.interview/1"),
]


@pytest.mark.parametrize(("content", "complaint"), BROKEN, ids=[str(c[:4]) for c, _ in BROKEN])
def test_a_broken_file_is_told_and_left_as_it_was(
    interview, tmp_path: Path, content: bytes, complaint: str
) -> None:
    kept = tmp_path / "my.json"
    kept.write_bytes(content)
    shown = interview("1\n", "--session", str(kept))
    assert (shown.out, shown.code) == ("", 2)
    assert shown.err == f"whyllm: {kept}: {complaint}\n"
    assert kept.read_bytes() == content


def test_a_file_that_cannot_be_written_is_told_before_anything_is_asked(interview) -> None:
    shown = interview("1\n", "--session", "/no-such-folder/my.json")
    assert (shown.out, shown.code) == ("", 2)
    assert shown.err == (
        "whyllm: /no-such-folder/my.json: cannot be written: No such file or directory\n"
    )


def test_a_term_is_explained_at_a_question(interview) -> None:
    shown = interview("? KV cache\n? zzz\nquit\n", *QUICK)
    assert "KV cache (field): Keys and values of the tokens so far" in shown.err
    assert "whyllm: no term 'zzz' in the glossary\n" in shown.err


def test_a_folder_is_no_session(interview, tmp_path: Path) -> None:
    shown = interview("1\n", "--session", str(tmp_path))
    assert shown.code == 2
    assert "directory" in shown.err


def test_a_wrong_reply_is_told_and_asked_again(interview) -> None:
    shown = interview("seven\n\n9\n4\ndone\n", *QUICK)
    assert "'seven': expected a number from 1 to 7, or some words of a reply" in shown.err
    assert "'9': expected a number from 1 to 7" in shown.err
    assert "`help` lists what else there is" in shown.err
    assert shown.code == 0


def test_a_value_that_the_knowledge_lacks_is_told(interview, tmp_path: Path) -> None:
    stated = ("--modality", "vision", "--task", "chat", "--language", "en", *QUICK)
    kept = tmp_path / "at-region.json"
    passed = ("tools", "knows-until", "use", "deploy", "users", "train-on-outputs")
    answers = [{"question": question, "sets": {}} for question in passed]
    session = {"schema": "whyllm.interview/1", "rulebook": "expert", "on": None, "stated": {}}
    kept.write_text(json.dumps({**session, "answers": answers}))
    asked = interview("XX\ndone\n", *stated, "--session", str(kept))
    assert "Where is your organisation at home?" in asked.err
    assert "region: found 'XX', expected an ISO 3166 country such as FR, or EU" in asked.err


def test_the_course_is_asked_by_its_tree(interview) -> None:
    shown = interview("text only\n4\n2\nno\n", "--rulebook", "course")
    questions = re.findall(r"^\d\. (.+\?) *$", shown.err, flags=re.MULTILINE)
    assert questions == ["Which modality?", "Task type?", "Which machine?", "Commercial use?"]
    assert "Start → Modal → Task → HW → Mid → License → AnyLic" in shown.out


@pytest.mark.parametrize(("typed", "stated"), [("\n", True), ("y\n", True), ("n\n", False)])
def test_the_machine_that_was_read_is_confirmed(
    interview, monkeypatch: pytest.MonkeyPatch, typed: str, stated: bool
) -> None:
    monkeypatch.setattr(this_machine, "memory_of_this_machine", lambda: {"ram": 12.6, "vram": 8.6})
    shown = interview(typed + "done\n", "--machine", "auto", *QUICK[2:])
    assert "This machine: --ram 12.6 --vram 8.6. Shall the models run on it? [Y/n]" in shown.err
    assert ("--ram 12.6 --vram 8.6" in shown.err.splitlines()[-1]) == stated


COLUMNS = 60


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[pexpect.spawn]:
    """The interview at a pseudo-terminal, asked its first question."""
    environment = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES", "NO_COLOR")}
    child = pexpect.spawn(
        sys.executable,
        ["-m", "whyllm.cli", "interview", *QUICK, "--session", str(tmp_path / "kept.json")],
        env={**environment, "HOME": str(tmp_path), "TERM": "xterm"},
        dimensions=(40, COLUMNS),
        encoding="utf-8",
        timeout=60,
    )
    child.expect("help")
    child.expect("> ")
    yield child
    child.close(force=True)


def widest(screen: str) -> int:
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", screen)
    return max(len(line.rstrip()) for line in plain.splitlines())


def test_at_a_terminal_it_follows_a_resize(terminal: pexpect.spawn) -> None:
    terminal.sendline("why")
    terminal.expect("Speech made from text → ")
    terminal.expect("> ")
    assert widest(terminal.before) <= COLUMNS
    terminal.setwinsize(40, 34)
    terminal.sendline("why")
    terminal.expect("Asked, because")
    terminal.expect("7. Speech made")
    assert widest(terminal.before) <= 34
    terminal.sendline("4")
    terminal.expect("2. ")
    terminal.expect("> ")
    terminal.sendline("done")
    terminal.expect("the same answer: whyllm recommend --modality code")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0


def test_at_a_terminal_an_interrupt_leaves_and_loses_nothing(
    terminal: pexpect.spawn, tmp_path: Path
) -> None:
    terminal.sendline("4")
    terminal.expect("2. ")
    terminal.expect("> ")
    said = "what was said so far: whyllm recommend --modality code"
    pressed(terminal, terminal.sendintr, said)
    terminal.expect("to go on: whyllm interview --session")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 130
    kept = json.loads((tmp_path / "kept.json").read_text())
    assert kept["answers"] == [{"question": "modality", "sets": {"modality": "code"}}]


def test_at_a_terminal_the_end_of_input_asks_for_the_answer(terminal: pexpect.spawn) -> None:
    pressed(terminal, terminal.sendeof, "the same answer: whyllm recommend")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0
    assert terminal.signalstatus != signal.SIGINT
