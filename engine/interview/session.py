"""An interview under way: what has been answered so far, to go back, to change, to resume."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from whyllm.engine.need import Need, NeedError, Value
from whyllm.engine.stages import RULEBOOKS

SCHEMA = "whyllm.interview/1"

Stated = Value | tuple[Value, ...]


@dataclass(frozen=True)
class Answer:
    """The answer to a question: the axes that it states, none where it was passed."""

    question: str
    sets: Mapping[str, Stated]


@dataclass(frozen=True)
class Session:
    """What was stated before the first question, and the answers in order."""

    rulebook: str
    on: dt.date | None
    stated: Need
    answers: tuple[Answer, ...] = ()

    @property
    def need(self) -> Need:
        """All that is stated by now."""
        need = self.stated
        for answer in self.answers:
            need = need.with_changes(answer.sets)
        return need

    @property
    def passed(self) -> tuple[str, ...]:
        """The questions that were answered without stating anything."""
        return tuple(answer.question for answer in self.answers if not answer.sets)

    def with_answer(self, answer: Answer) -> Session:
        """One answer further; an earlier answer to the same question gives way in its place."""
        if any(given.question == answer.question for given in self.answers):
            changed = tuple(answer if a.question == answer.question else a for a in self.answers)
            return replace(self, answers=changed)
        return replace(self, answers=(*self.answers, answer))

    def back(self) -> Session:
        """Without the last answer; ValueError when there is none."""
        if not self.answers:
            raise ValueError("this is the first question")
        return replace(self, answers=self.answers[:-1])

    def without(self, question: str) -> Session:
        """Without the answer to one question."""
        return replace(self, answers=tuple(a for a in self.answers if a.question != question))

    def as_json(self) -> dict[str, Any]:
        """The session as JSON types, in the shape of `whyllm.interview/1`."""
        return {
            "schema": SCHEMA,
            "rulebook": self.rulebook,
            "on": None if self.on is None else self.on.isoformat(),
            "stated": self.stated.as_json(),
            "answers": [
                {"question": answer.question, "sets": Need.of(answer.sets).as_json()}
                for answer in self.answers
            ],
        }

    @classmethod
    def from_json(cls, data: Any) -> Session:
        """A session from its JSON; NeedError says what is wrong with it."""
        if not isinstance(data, dict) or data.get("schema") != SCHEMA:
            raise NeedError(f"expected JSON of {SCHEMA}")
        rulebook, on = data.get("rulebook"), data.get("on")
        if rulebook not in RULEBOOKS:
            raise NeedError(f"rulebook: expected one of {', '.join(RULEBOOKS)}")
        try:
            day = None if on is None else dt.date.fromisoformat(on)
        except (TypeError, ValueError):
            raise NeedError(f"on: found {on!r}, expected a day as YYYY-MM-DD or null") from None
        answers = data.get("answers")
        if not isinstance(answers, list):
            raise NeedError("answers: expected a list")
        stated = _need(data.get("stated"), "stated")
        session = cls(rulebook, day, stated)
        for place, given in enumerate(answers):
            where = f"answers[{place}]"
            if not isinstance(given, dict) or not isinstance(given.get("question"), str):
                raise NeedError(f"{where}: expected an object with `question` and `sets`")
            sets = _need(given.get("sets"), f"{where}.sets")
            session = session.with_answer(Answer(given["question"], sets.stated))
        return session


def _need(values: Any, where: str) -> Need:
    if not isinstance(values, dict):
        raise NeedError(f"{where}: expected an object of axes and values")
    return Need.of(values, where=f"{where}: ")
