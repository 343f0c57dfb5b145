"""Reads GIFT as Moodle's documentation describes it, character by character; for tests only."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class ReadOption:
    text: str = ""
    weight: float = 0.0
    feedback: str = ""


@dataclass
class ReadQuestion:
    title: str
    stem: str
    options: list[ReadOption] = field(default_factory=list)
    general: str = ""


def tokens(text: str) -> list[tuple[str, bool]]:
    """Characters, each with whether it was escaped."""
    found, place = [], 0
    while place < len(text):
        escaped = text[place] == "\\"
        place += escaped
        found.append((text[place], escaped))
        place += 1
    return found


def read_gift(text: str) -> list[ReadQuestion]:
    """The questions of a file: parted by empty lines, comments left out."""
    lines = [line for line in text.split("\n") if not line.startswith("//")]
    blocks = "\n".join(lines).split("\n\n")
    return [_question(tokens(block.strip())) for block in blocks if block.strip()]


def _until(marks: list[tuple[str, bool]], stop: str) -> tuple[str, list[tuple[str, bool]]]:
    """The text before the first of some bare characters, and what comes from it on."""
    for place, (char, escaped) in enumerate(marks):
        if not escaped and char in stop:
            return "".join(c for c, _ in marks[:place]), marks[place:]
    return "".join(c for c, _ in marks), []


def _question(marks: list[tuple[str, bool]]) -> ReadQuestion:
    assert marks[:2] == [(":", False)] * 2
    title, rest = _until(marks[2:], ":")
    assert rest[:2] == [(":", False)] * 2
    stem, rest = _until(rest[2:], "{")
    assert stem.startswith("[plain]")
    assert rest[-1] == ("}", False)
    body = rest[1:-1]
    assert not any(char in "{}:" and not escaped for char, escaped in body)
    question = ReadQuestion(title, stem.removeprefix("[plain]").strip())
    _, body = _until(body, "=~#")
    while body:
        if body[:4] == [("#", False)] * 4:
            question.general, body = _until(body[4:], "=~#")
            question.general = question.general.strip()
            assert not body
            break
        mark = body[0][0]
        assert mark in "=~"
        option = ReadOption(weight=100.0 if mark == "=" else 0.0)
        body = body[1:]
        if body[0] == ("%", False):
            percent, body = _until(body[1:], "%")
            option.weight, body = float(percent), body[1:]
        option.text, body = _until(body, "=~#")
        option.text = option.text.strip()
        if body[:1] == [("#", False)] and body[:4] != [("#", False)] * 4:
            option.feedback, body = _until(body[1:], "=~#")
            option.feedback = option.feedback.strip()
        question.options.append(option)
    return question
