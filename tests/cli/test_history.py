"""The remembered consultations: a bounded history that no writer and no file can break."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest
from whyllm.cli.last import KEPT, Question, history, recall, remember
from whyllm.engine.need import Need

from tests.cli.runner import Command

DAY = ("--on", "2026-11-23")
WITHOUT = "no consultation is remembered; judged without constraints"
QUESTION = {"schema": "whyllm.question/1", "need": {"vram": 3}, "rulebook": "expert"}

REMEMBER = """
import sys
from whyllm.cli.last import Question, remember
from whyllm.engine.need import Need
for number in range(int(sys.argv[1]), int(sys.argv[1]) + 40):
    remember(Question(Need.of({"vram": number}), "expert"))
"""


def asked(vram: float) -> Question:
    return Question(Need.of({"vram": vram}), "expert")


def remembered() -> list[object]:
    return [item.question.need.stated["vram"] for item in history()]


def name(number: int) -> str:
    """A name as `remember` gives it, later than that of any lower number."""
    return f"{time.time_ns() + number:020d}-{number:016x}.json"


def test_the_last_are_kept_and_the_newest_comes_first(whyllm: Command) -> None:
    for number in range(1, KEPT + 6):
        remember(asked(number))
    assert remembered() == list(range(KEPT + 5, 5, -1))
    assert len(list(whyllm.state.iterdir())) == KEPT
    assert recall() == asked(KEPT + 5)
    assert recall(3) == asked(KEPT + 2)


def test_why_answers_on_an_earlier_consultation(whyllm: Command) -> None:
    for use in ("commercial", "research", "personal"):
        whyllm("recommend", "--modality", "code", "--use", use, *DAY)
    needs = [
        json.loads(whyllm("why", "codestral", *back, "--format", "json").out)["need"]["use"]
        for back in ((), ("--back", "0"), ("--back", "1"), ("--back", "2"))
    ]
    assert needs == ["personal", "personal", "research", "commercial"]
    changed = whyllm("why", "codestral", "--back", "2", "--vram", "24", "--format", "json")
    assert json.loads(changed.out)["need"] == {
        "modality": "code", "vram": 24.0, "use": "commercial",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--back", "1"), "--back 1: only 1 are remembered, counted from 0; `whyllm history`"),
        (("--back", "-1"), "Invalid value for '--back'"),
        (("--back", "0", "--from", "x.json"), "--from and --back each name a consultation"),
    ],
)
def test_a_consultation_that_is_not_there(
    whyllm: Command, words: tuple[str, ...], complaint: str
) -> None:
    remember(asked(1))
    shown = whyllm("why", "phi4", *words)
    assert (shown.code, shown.out, shown.err.count("\n")) == (2, "", 1)
    assert complaint in shown.err


def test_back_says_that_nothing_is_remembered(whyllm: Command) -> None:
    shown = whyllm("why", "phi4", "--back", "0")
    assert shown.code == 2
    assert "--back 0: no consultation is remembered" in shown.err


def test_history_lists_commands_that_ask_again(whyllm: Command, tmp_path: Path) -> None:
    own = tmp_path / "my knowledge"
    whyllm("recommend", "--task", "chat", "--language", "fr", "--rulebook", "course", *DAY)
    remember(Question(Need.of({"modality": "code", "fine_tune": True}), "expert", (own,)))
    lines = whyllm("history").out.splitlines()
    assert [line.split("  ")[0].strip() + line.split("UTC")[1] for line in lines] == [
        f"0  whyllm recommend --modality code --fine-tune --kb '{own}'",
        "1  whyllm recommend --task chat --language fr --rulebook course --on 2026-11-23",
    ]


def test_the_json_of_the_history_is_the_contracts(whyllm: Command) -> None:
    whyllm("recommend", "--modality", "code", "--vram", "24", *DAY)
    data = json.loads(whyllm("history", "--format", "json").out)
    jsonschema.Draft202012Validator(json.loads(whyllm("schema", "history").out)).validate(data)
    (entry,) = data["questions"]
    assert entry["need"] == {"modality": "code", "vram": 24.0}
    assert (entry["back"], entry["on"], entry["kb_folders"]) == (0, "2026-11-23", [])


def test_nothing_remembered_is_an_answer(whyllm: Command) -> None:
    shown = whyllm("history")
    assert (shown.code, shown.out) == (0, "No consultation is remembered.\n")
    assert json.loads(whyllm("history", "--format", "json").out)["questions"] == []


DAMAGED: dict[str, bytes] = {
    "empty": b"",
    "truncated": json.dumps(QUESTION).encode()[:-9],
    "a list": b"[]",
    "no need": b'{"schema": "whyllm.question/1"}',
    "no text": b"\0\xff",
    "a list for a need": b'{"schema": "whyllm.question/1", "need": [], "rulebook": "expert"}',
    "an unknown rulebook": b'{"schema": "whyllm.question/1", "need": {}, "rulebook": "x"}',
    "an unknown axis": b'{"schema": "whyllm.question/1", "need": {"y": 1}, "rulebook": "expert"}',
    "no day": b'{"schema":"whyllm.question/1","need":{},"rulebook":"expert","on":"soon"}',
    "deep": b"[" * 5000,
    "another schema": b'{"schema": "whyllm.question/2", "need": {}, "rulebook": "expert"}',
    "large": b" " * 200_000 + json.dumps(QUESTION).encode(),
}


@pytest.mark.parametrize("damage", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_file_costs_one_question(whyllm: Command, damage: bytes) -> None:
    whyllm.state.mkdir(parents=True)
    (whyllm.state / name(0)).write_bytes(damage)
    shown = whyllm("why", "phi4", *DAY)
    assert shown.code == 0
    assert WITHOUT in shown.err
    remember(asked(24))
    assert remembered() == [24]
    assert whyllm("why", "phi4", *DAY).err == ""


def test_what_is_no_file_is_passed_over(whyllm: Command) -> None:
    remember(asked(24))
    (whyllm.state / name(1)).mkdir()
    (whyllm.state / name(2)).symlink_to("nowhere")
    os.mkfifo(whyllm.state / name(3))
    assert remembered() == [24]
    for number in range(KEPT):  # pruning meets the folder, and leaves it
        remember(asked(number + 1))
    assert remembered() == list(range(KEPT, 0, -1))


def test_an_unreadable_file_is_passed_over(whyllm: Command) -> None:
    remember(asked(24))
    locked = whyllm.state / name(1)
    locked.write_text(json.dumps(QUESTION))
    locked.chmod(0)
    assert remembered() == ([3, 24] if os.access(locked, os.R_OK) else [24])  # root reads all


def test_foreign_files_are_neither_read_nor_removed(whyllm: Command) -> None:
    whyllm.state.mkdir(parents=True)
    foreign = ["notes.txt", "question.json", f"{'9' * 20}-{'0' * 16}.json", ".hidden"]
    for file in foreign:
        (whyllm.state / file).write_text(json.dumps(QUESTION))
    for number in range(1, KEPT + 3):
        remember(asked(number))
    assert remembered() == list(range(KEPT + 2, 2, -1))
    assert all((whyllm.state / file).exists() for file in foreign)


def test_a_clock_that_was_set_back_buries_nothing(whyllm: Command) -> None:
    whyllm.state.mkdir(parents=True)
    for number in range(KEPT):  # from a clock one hour ahead
        (whyllm.state / name(3_600_000_000_000 + number)).write_text(json.dumps(QUESTION))
    remember(asked(24))
    assert recall() == asked(24)


def test_what_a_dead_writer_left_goes_after_an_hour(whyllm: Command) -> None:
    remember(asked(1))
    old, young = (whyllm.state / f".{name(number)}.abc" for number in (1, 2))
    for path in (old, young):
        path.write_text("{")
    os.utime(old, (time.time() - 7200, time.time() - 7200))
    remember(asked(2))
    assert (old.exists(), young.exists()) == (False, True)


def test_the_single_file_of_old_is_ignored(whyllm: Command) -> None:
    whyllm.state.parent.mkdir(parents=True)
    (whyllm.state.parent / "last-question.json").write_text(json.dumps(QUESTION))
    assert WITHOUT in whyllm("why", "phi4", *DAY).err


def test_a_file_in_place_of_the_folder_is_told_in_one_line(whyllm: Command) -> None:
    whyllm.state.parent.mkdir(parents=True)
    whyllm.state.write_text("not a folder")
    shown = whyllm("recommend", "--modality", "code", *DAY)
    assert shown.code == 0
    assert "Codestral" in shown.out
    assert shown.err.startswith("whyllm: the question was not remembered: ")
    assert shown.err.count("\n") == 1
    assert WITHOUT in whyllm("why", "phi4", *DAY).err


def test_writers_at_once_lose_nothing_and_leave_nothing_behind(whyllm: Command) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", REMEMBER, str(first)], stderr=subprocess.PIPE)
        for first in (1000, 2000, 3000)
    ]
    while any(writer.poll() is None for writer in writers):
        assert len(history()) <= KEPT  # a reader meanwhile sees whole questions or none
    assert [writer.communicate()[1] for writer in writers] == [b"", b"", b""]
    assert len(remembered()) == KEPT
    assert all(path.suffix == ".json" for path in whyllm.state.iterdir())
    lasts = {1039, 2039, 3039}
    assert remembered()[0] in lasts
