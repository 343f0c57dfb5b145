"""Remembers the last question, so that `why` can answer on it without repeated options."""

from __future__ import annotations

import datetime as dt
import json
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


@dataclass(frozen=True)
class Question:
    """What was asked: the need, the rulebook, the folders of knowledge, and the day if stated."""

    need: Need
    rulebook: str
    folders: tuple[Path, ...] = ()
    on: dt.date | None = None


def _file() -> Path:
    return user_state_path("whyllm") / "last-question.json"


def remember(question: Question) -> None:
    """Keep the question; a state folder that cannot be written is no reason to fail."""
    data = {
        "schema": SCHEMA,
        "need": question.need.as_json(),
        "rulebook": question.rulebook,
        "on": None if question.on is None else question.on.isoformat(),
        "kb_folders": [str(folder.resolve()) for folder in question.folders],
    }
    try:
        _file().parent.mkdir(parents=True, exist_ok=True)
        replace_file(_file(), json.dumps(data).encode())
    except OSError as error:
        tell(f"the question was not remembered: {error}")


def recall() -> Question | None:
    """The last question; None when there is none or its file is damaged."""
    try:
        return _question(json.loads(_file().read_bytes()), SCHEMA)
    except (OSError, ValueError, RecursionError, NeedError):
        return None


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
