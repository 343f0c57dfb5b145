"""Remembers the last question, so that `why` can answer on it without repeated options."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_state_path
from whyllm.cli.exits import WrongQuestionError
from whyllm.cli.output import replace_file
from whyllm.engine.need import Need, NeedError

SCHEMA = "whyllm.question/1"


@dataclass(frozen=True)
class Question:
    """What was asked: the need, the rulebook, and the folders of knowledge."""

    need: Need
    rulebook: str
    folders: tuple[Path, ...] = ()


def _file() -> Path:
    return user_state_path("whyllm") / "last-question.json"


def remember(question: Question) -> None:
    """Keep the question; a state folder that cannot be written is no reason to fail."""
    data = {
        "schema": SCHEMA,
        "need": question.need.as_json(),
        "rulebook": question.rulebook,
        "kb_folders": [str(folder.resolve()) for folder in question.folders],
    }
    try:
        _file().parent.mkdir(parents=True, exist_ok=True)
        replace_file(_file(), json.dumps(data).encode())
    except OSError as error:
        print(f"whyllm: the question was not remembered: {error}", file=sys.stderr)


def recall() -> Question | None:
    """The last question; None when there is none or its file is damaged."""
    try:
        data = json.loads(_file().read_bytes())
        if data["schema"] != SCHEMA:
            return None
        folders = tuple(Path(folder) for folder in data["kb_folders"])
        return Question(Need.of(data["need"]), str(data["rulebook"]), folders)
    except (OSError, ValueError, KeyError, TypeError, NeedError):
        return None


def question_from(path: Path) -> Question:
    """The question of a saved consultation (its JSON), or of a file of axes."""
    try:
        data: Any = json.loads(path.read_bytes())
    except OSError as error:
        raise WrongQuestionError(f"{path}: cannot be read: {error.strerror}") from None
    except ValueError:
        data = None
    if isinstance(data, dict) and str(data.get("schema", "")).startswith("whyllm."):
        need, rulebook = data.get("need"), data.get("rulebook", "expert")
        if not isinstance(need, dict) or rulebook not in ("expert", "course"):
            raise WrongQuestionError(
                f"{path}: expected a saved consultation, with need and rulebook"
            )
        return Question(Need.of(need, where=f"{path}: need: "), rulebook)
    return Question(Need.from_file(path), "expert")
