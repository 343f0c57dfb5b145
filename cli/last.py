"""Remembers the last questions, so that `why` can answer on one of them without repeated options.

Each question is a file of its own, written whole under a name that no other process gives: so
those who write at once lose nothing, and a damaged file costs one question.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import secrets
import shlex
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_state_path
from whyllm.cli.exits import WrongQuestionError, tell
from whyllm.cli.output import replace_file
from whyllm.engine.need import Need, NeedError
from whyllm.engine.stages import RULEBOOKS

SCHEMA = "whyllm.question/1"
CONSULTATION = "whyllm.consultation/1"

KEPT = 20
"""Questions that are remembered; older ones are let go."""

MAX_BYTES = 100_000
"""Of one file: a question takes a few hundred, and what is larger is none of ours."""

ABANDONED_AFTER = 3600
"""Seconds after which a half-written file belongs to a process that died."""

FARTHEST_AHEAD = 86_400_000_000_000
"""Nanoseconds by which a clock may have been ahead when a question was written: a day."""

_NAME = re.compile(r"(\d{20})-[0-9a-f]{16}\.json")
_HALF_WRITTEN = re.compile(r"\.\d{20}-[0-9a-f]{16}\.json\..+")


@dataclass(frozen=True)
class Question:
    """What was asked: the need, the rulebook, the folders of knowledge, and the day if stated."""

    need: Need
    rulebook: str
    folders: tuple[Path, ...] = ()
    on: dt.date | None = None

    def with_options(
        self,
        changes: Mapping[str, object],
        rulebook: str | None,
        folders: tuple[Path, ...],
        on: dt.date | None,
    ) -> Question:
        """The question with some axes set anew, and what else was stated in place of its own."""
        return Question(
            self.need.with_changes(changes),
            rulebook or self.rulebook,
            folders or self.folders,
            on or self.on,
        )

    def as_options(self) -> list[str]:
        """The question as command-line options."""
        options = self.need.as_options()
        if self.rulebook != "expert":
            options += ["--rulebook", self.rulebook]
        if self.on is not None:
            options += ["--on", self.on.isoformat()]
        return options + [word for folder in self.folders for word in ("--kb", str(folder))]

    @property
    def command(self) -> str:
        """The command line that asks it."""
        return shlex.join(["whyllm", "recommend", *self.as_options()])


@dataclass(frozen=True)
class Remembered:
    """A question and when it was asked, in UTC."""

    question: Question
    asked: dt.datetime

    @property
    def command(self) -> str:
        """The command line that asks it again."""
        return self.question.command


def remember(question: Question) -> None:
    """Keep the question; a state folder that cannot be written is no reason to fail."""
    data = {
        "schema": SCHEMA,
        "need": question.need.as_json(),
        "rulebook": question.rulebook,
        "on": None if question.on is None else question.on.isoformat(),
        "kb_folders": [str(folder.resolve()) for folder in question.folders],
    }
    folder = _folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        newest = max(map(_stamp, _files(folder)), default=0)
        stamp = max(time.time_ns(), newest + 1)  # a clock set back must not bury the question
        name = f"{stamp:020d}-{secrets.token_hex(8)}.json"
        replace_file(folder / name, [json.dumps(data).encode()])
    except OSError as error:
        tell(f"the question was not remembered: {error}")
        return
    _let_the_oldest_go(folder)


def history() -> list[Remembered]:
    """The remembered questions, the newest first; what cannot be read is left out."""
    return list(_readable())


def recall(back: int | None = None) -> Question | None:
    """The question that many before the last, which is 0; without a number the last, or None.

    Raises WrongQuestionError when fewer than the number says are remembered.
    """
    count = 0
    for count, remembered in enumerate(_readable(), start=1):
        if count == (back or 0) + 1:
            return remembered.question
    if back is None:
        return None
    known = "no consultation is" if count == 0 else f"only {count} are"
    raise WrongQuestionError(
        f"--back {back}: {known} remembered, counted from 0; `whyllm history` lists them"
    )


def question_from(path: Path) -> Question:
    """The question of a saved consultation (its JSON), or of a file of axes."""
    try:
        data: Any = json.loads(path.read_bytes())
    except OSError as error:
        raise WrongQuestionError(f"{path}: cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        data = None
    if isinstance(data, dict) and "schema" in data:
        try:
            return _question(data, CONSULTATION)
        except (ValueError, NeedError) as error:
            raise WrongQuestionError(f"{path}: {error}") from None
    return Question(Need.from_file(path), "expert")


def _folder() -> Path:
    return user_state_path("whyllm") / "questions"


def _files(folder: Path) -> list[Path]:
    """The files of questions, the newest first; a name far in the future is not ours."""
    latest = time.time_ns() + FARTHEST_AHEAD
    try:
        found = [path for path in folder.iterdir() if _NAME.fullmatch(path.name)]
    except OSError:
        return []
    ours = [path for path in found if _stamp(path) <= latest]
    return sorted(ours, key=lambda path: path.name, reverse=True)


def _stamp(path: Path) -> int:
    """Nanoseconds of the epoch, which a name begins with."""
    return int(path.name[:20])


def _readable() -> Iterator[Remembered]:
    for path in _files(_folder())[:KEPT]:
        with suppress(OSError, ValueError, RecursionError, NeedError):
            yield _remembered(path)


def _remembered(path: Path) -> Remembered:
    """One file; OSError, ValueError, RecursionError or NeedError when it holds no question."""
    if not path.is_file():  # to open a pipe would wait for its writer
        raise ValueError("no file")
    with path.open("rb") as file:
        raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise ValueError(f"larger than {MAX_BYTES:,} bytes")
    asked = dt.datetime.fromtimestamp(_stamp(path) // 1_000_000_000, dt.UTC)
    return Remembered(_question(json.loads(raw), SCHEMA), asked)


def _let_the_oldest_go(folder: Path) -> None:
    """Prune questions beyond those kept, and what writers that died have left half-written."""
    surplus = _files(folder)[KEPT:]
    with suppress(OSError):
        surplus += [path for path in folder.iterdir() if _is_abandoned(path)]
    for path in surplus:
        with suppress(OSError):  # another process was first, or it is a folder of someone's
            path.unlink()


def _is_abandoned(path: Path) -> bool:
    try:
        age = time.time() - path.lstat().st_mtime
    except OSError:
        return False
    return _HALF_WRITTEN.fullmatch(path.name) is not None and age > ABANDONED_AFTER


def _question(data: Any, schema: str) -> Question:
    """A question from its JSON; ValueError or NeedError when the data are not one."""
    if not isinstance(data, dict) or data.get("schema") != schema:
        raise ValueError(f"expected JSON of {schema}")
    need, rulebook, on = data.get("need"), data.get("rulebook"), data.get("on")
    folders = data.get("kb_folders", [])
    if not isinstance(need, dict) or not isinstance(folders, list):
        raise ValueError("expected `need` as an object")
    if rulebook not in RULEBOOKS:
        raise ValueError(f"expected `rulebook` as one of {', '.join(RULEBOOKS)}")
    day = dt.date.fromisoformat(on) if isinstance(on, str) else None
    return Question(Need.of(need), rulebook, tuple(Path(str(f)) for f in folders), day)
