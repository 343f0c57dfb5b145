"""What somebody types at a question, read as a reply to it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from whyllm.engine.interview.choice import Question, Reply
from whyllm.engine.interview.session import Answer, Stated
from whyllm.engine.need import AXES, Need, NeedError

_NUMBERS = re.compile(r"\d+([\s,]+\d+)*")


class ReplyError(ValueError):
    """What was typed is no reply to the question; one line says what was expected."""


def read_reply(question: Question, typed: str) -> Answer:
    """The answer that was typed: a reply's number, its words or value, or a value of one's own.

    Several numbers may be given where the axis takes several values; `axis=value` and `=value`
    state a value that would else be read as a number of the list. Raises ReplyError.
    """
    text = " ".join(typed.split())
    if "=" in text:
        return Answer(question.id, _stated(question, text))
    chosen = _by_number(question, text) or _by_words(question, text)
    if chosen:
        return Answer(question.id, _merged(chosen))
    if question.typed is None:
        raise ReplyError(f"{text!r}: expected {_numbers(question)}, or some words of a reply")
    return Answer(question.id, _value(question, question.typed, text))


def _by_number(question: Question, text: str) -> list[Reply]:
    """The replies of those numbers; none where a number counts no reply but may be a value."""
    if not _NUMBERS.fullmatch(text):
        return []
    numbers = list(dict.fromkeys(map(int, re.findall(r"\d+", text))))
    known = {reply.id: reply for reply in question.replies}
    if all(number in known for number in numbers):
        chosen = [known[number] for number in numbers]
        if len(chosen) > 1 and not all(
            reply.sets and all(AXES[axis].repeatable for axis in reply.sets) for reply in chosen
        ):
            raise ReplyError(f"{text!r}: expected one reply; these exclude each other")
        return chosen
    if question.typed is None or (len(numbers) > 1 and "," not in text):
        raise ReplyError(f"{text!r}: expected {_numbers(question)}")
    return []


def _by_words(question: Question, text: str) -> list[Reply]:
    """The reply whose value or label is meant, or none; ReplyError for several."""
    wanted = text.casefold()
    exact = [
        reply
        for reply in question.replies
        if wanted == reply.label.casefold()
        or wanted in (str(v).casefold() for v in reply.sets.values() if isinstance(v, str))
    ]
    if len(exact) == 1:
        return exact
    close = [r for r in question.replies if r.label.casefold().startswith(wanted)] or [
        r
        for r in question.replies
        if re.search(rf"\b{re.escape(wanted)}", r.label.casefold()) and len(wanted) > 2
    ]
    if len(close) > 1:
        numbers = ", ".join(str(reply.id) for reply in close)
        raise ReplyError(f"{text!r} could be any of the replies {numbers}")
    return close


def _stated(question: Question, text: str) -> Mapping[str, Stated]:
    name, _, value = (part.strip() for part in text.partition("="))
    axes = {axis for reply in question.replies for axis in reply.sets}
    own = question.typed
    if own is not None:
        axes.add(own)
    axis = own if not name else name.replace("-", "_").lower()
    if axis is None or axis not in axes:
        expected = " or ".join(sorted(axes))
        raise ReplyError(f"{text!r}: expected a value of {expected}, as in {min(axes)}=…")
    return _value(question, axis, value)


def _value(question: Question, axis: str, text: str) -> Mapping[str, Stated]:
    values: Sequence[str] = re.split(r"[\s,]+", text) if AXES[axis].repeatable else [text]
    try:
        found: object = values if AXES[axis].repeatable else _bare(values[0])
        return Need.of({axis: found}).stated
    except NeedError as error:
        hint = "" if question.typed is None else f"; or {_numbers(question)}"
        raise ReplyError(f"{error}{hint}") from None


def _bare(text: str) -> str:
    """A number without the unit that people write after it."""
    return re.sub(r"(?<=\d)\s*(gb|gib|tokens|users|usd)$", "", text, flags=re.IGNORECASE)


def _merged(chosen: Sequence[Reply]) -> Mapping[str, Stated]:
    if len(chosen) == 1:
        return Need.of(chosen[0].sets).stated
    values: dict[str, list[object]] = {}
    for reply in chosen:
        for axis, value in reply.sets.items():
            values.setdefault(axis, []).append(value)
    return Need.of(values).stated


def _numbers(question: Question) -> str:
    return f"a number from 1 to {len(question.replies)}"
