"""The dialogue of an interview: asks, reads what is typed, and does it."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

import click
from whyllm.cli.exits import tell
from whyllm.cli.interview.kept import keep
from whyllm.cli.last import Question as AskedQuestion
from whyllm.cli.output import remarks_console
from whyllm.engine.interview.choice import Interviewer, Question
from whyllm.engine.interview.reply import ReplyError, read_reply
from whyllm.engine.interview.session import Answer, Session
from whyllm.engine.need import Need, NeedError
from whyllm.engine.render.interview_text import (
    print_answers,
    print_help,
    print_models,
    print_question,
    print_reply,
    print_why,
)
from whyllm.kb.errors import UnknownNameError, printable

if TYPE_CHECKING:
    from whyllm.kb.knowledge import KnowledgeBase

SKIPS = {"skip", "pass", "i don't know", "i dont know", "don't know", "dont know", "unknown", "dk"}
LEAVES = {"quit", "exit", "q"}
ENDS = {"done", "finish", "enough"}

_WITH_ARGUMENT = re.compile(r"(why|change|\?)\s*(\S.*)")


class _End(Enum):
    """How a dialogue ends before the last question: with an answer, or without."""

    ENOUGH = "enough"
    LEFT = "left"


class Dialogue:
    """One interview on standard input and standard error."""

    def __init__(
        self,
        interviewer: Interviewer,
        session: Session,
        file: Path | None,
        knowledge: Callable[[], KnowledgeBase],
    ) -> None:
        """`file` keeps the session, if there is one; `knowledge` is loaded to explain a term."""
        self._knowledge = knowledge
        self._interviewer = interviewer
        self._session = session
        self._file = file
        self._console = remarks_console()
        self._texts = {q.id: q.text for q in interviewer.catalogue.questions}
        self._next: str | None = None

    def run(self) -> Session | None:
        """Ask until nothing decides any more or enough is said; None if it was left.

        An interrupt leaves too, with exit code 130, and what was said is told.
        """
        try:
            while (question := self._question()) is not None:
                end = self._ask(question)
                if end is _End.LEFT:
                    self._tell_where_it_stands()
                    return None
                if end is _End.ENOUGH:
                    break
        except KeyboardInterrupt:
            self._console.print()
            self._tell_where_it_stands()
            raise click.Abort from None
        return self._session

    def confirm_machine(self) -> None:
        """Read the memory of this machine, and state it if that is confirmed."""
        from whyllm.engine.this_machine import memory_of_this_machine

        found = Need.of(memory_of_this_machine())
        if not found.stated:
            tell("the memory of this machine could not be read")
            return
        options = " ".join(found.as_options())
        self._console.print(f"This machine: {options}. Shall the models run on it? [Y/n]")
        typed = self._read()
        if typed is None or typed.casefold() in ("", "y", "yes"):
            self._answered(Answer("machine", found.stated))

    def _question(self) -> Question | None:
        """What to ask now: the question to be changed, or the one that decides most."""
        questions = self._interviewer.questions(self._session.need, self._session.passed)
        wanted, self._next = self._next, None
        if wanted is not None:
            for question in questions:
                if question.id == wanted:
                    return question
            tell(f"{wanted}: decides nothing any more; its answer was taken back")
        return next(iter(questions), None)

    def _ask(self, question: Question) -> _End | None:
        """Ask until something changes; gives how the dialogue ends, if it does."""
        kept, undecided = self._interviewer.remaining(self._session.need)
        number = len(self._session.answers) + 1
        print_question(
            self._console, question, number, (*kept, *undecided), self._interviewer.catalogue
        )
        while True:
            typed = self._read()
            if typed is None or typed.casefold() in ENDS:
                return _End.ENOUGH
            if typed.casefold() in LEAVES:
                return _End.LEFT
            if self._moved(question, typed):
                return None

    def _moved(self, question: Question, typed: str) -> bool:
        """Do what was typed; True when the session has changed, so that a question is due."""
        said = typed.casefold()
        if said in SKIPS:
            self._answered(Answer(question.id, {}))
            return True
        if said == "back":
            return self._went_back()
        if self._told(question, said):
            return False
        found = _WITH_ARGUMENT.fullmatch(said)
        if found and found[1] == "change":
            return self._changes(found[2])
        if found:
            self._tell_more(question, found[1], found[2])
            return False
        try:
            answer = read_reply(question, typed)
            self._interviewer.remaining(self._session.need.with_changes(answer.sets))
        except (ReplyError, NeedError) as error:
            tell(str(error))
            return False
        self._answered(answer)
        return True

    def _told(self, question: Question, said: str) -> bool:
        """Answer what was asked about the interview itself; False if it was something else."""
        console, catalogue = self._console, self._interviewer.catalogue
        match said:
            case "":
                console.print("A reply is a number or some words; `help` lists what else there is.")
            case "help" | "h":
                print_help(console)
            case "why":
                print_why(console, question, self._interviewer.rulebook, catalogue)
            case "?":
                console.print()
                console.print(question.explains)
            case "answers":
                print_answers(console, self._session, self._texts)
            case "models":
                kept, undecided = self._interviewer.remaining(self._session.need)
                print_models(console, (*kept, *undecided), catalogue)
            case _:
                return False
        return True

    def _tell_more(self, question: Question, what: str, about: str) -> None:
        if what == "?":
            self._explain(about)
            return
        for reply in question.replies:
            if str(reply.id) == about:
                print_reply(self._console, reply, self._interviewer.catalogue)
                return
        tell(f"why {about!r}: expected a number from 1 to {len(question.replies)}")

    def _explain(self, term: str) -> None:
        from whyllm.cli.learn.glossary import print_terms
        from whyllm.engine.lessons.glossary import Glossary

        try:
            entries = Glossary(self._knowledge()).find(term)
        except UnknownNameError as error:
            tell(str(error))
            return
        self._console.print()
        print_terms(self._console, entries)

    def _went_back(self) -> bool:
        try:
            self._session = self._session.back()
        except ValueError as error:
            tell(str(error))
            return False
        keep(self._session, self._file)
        return True

    def _changes(self, which: str) -> bool:
        ids = [answer.question for answer in self._session.answers]
        wanted = ids[int(which) - 1] if which.isdigit() and 0 < int(which) <= len(ids) else which
        if wanted not in ids:
            known = f"a number from 1 to {len(ids)}" if ids else "an answer, and there is none yet"
            tell(f"change {which!r}: expected {known}; `answers` lists them")
            return False
        self._session = self._session.without(wanted)
        self._next = wanted
        return True

    def _answered(self, answer: Answer) -> None:
        self._session = self._session.with_answer(answer)
        keep(self._session, self._file)

    def _tell_where_it_stands(self) -> None:
        asked = AskedQuestion(self._session.need, self._session.rulebook, (), self._session.on)
        tell(f"what was said so far: {asked.command}")
        if self._file is not None:
            tell(f"to go on: whyllm interview --session {self._file}")

    def _read(self) -> str | None:
        """A line of standard input; None at its end."""
        if sys.stdin is None:
            return None
        try:
            line = input("> ") if sys.stdin.isatty() and sys.stdout.isatty() else input()
        except EOFError:
            return None
        except UnicodeDecodeError:
            tell("what was typed is not UTF-8 text")
            return ""
        return printable(" ".join(line.split()))
