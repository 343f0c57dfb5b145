"""The file in which an interview is kept between its questions."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from whyllm.cli.exits import WrongQuestionError, tell
from whyllm.cli.output import write_json
from whyllm.engine.interview.session import Session
from whyllm.engine.need import Need, NeedError

MAX_BYTES = 100_000
"""Of a file: a session takes some kilobytes, and what is larger is none."""


def kept_session(
    file: Path, need: Need, rulebook: str | None, on: dt.date | None
) -> Session | None:
    """The session of a file, with what options state over it; None where there is no file.

    Raises WrongQuestionError for a file that holds none.
    """
    try:
        with file.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise WrongQuestionError(f"{file}: cannot be read: {error.strerror}") from None
    if len(raw) > MAX_BYTES:
        raise WrongQuestionError(f"{file}: larger than {MAX_BYTES:,} bytes, so no interview")
    try:
        data: Any = json.loads(raw)
    except (ValueError, RecursionError):
        raise WrongQuestionError(f"{file}: expected the JSON of an interview") from None
    try:
        session = Session.from_json(data)
    except NeedError as error:
        raise WrongQuestionError(f"{file}: {error}") from None
    tell(f"{file}: going on after {len(session.answers)} answers")
    return Session(
        rulebook or session.rulebook,
        on or session.on,
        session.stated.with_changes(need.stated),
        tuple(a for a in session.answers if not a.sets.keys() & need.stated.keys()),
    )


def keep(session: Session, file: Path | None) -> None:
    """Write the session to its file, if it has one."""
    if file is not None:
        write_json(session.as_json(), file)
