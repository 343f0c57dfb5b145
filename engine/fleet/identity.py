"""What the results in a folder answer, so that a run goes on only after its like."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from whyllm.engine.fleet.parts import BYTES, ROWS, Table
from whyllm.engine.fleet.worker import Brief
from whyllm.kb.errors import KnowledgeError

SCHEMA = "whyllm.fleet-run/1"

FILE = "_whyllm-run.json"
"""In the folder of the results; readers of Parquet pass the name over."""

_SAID = {
    "whyllm": "the version of whyllm",
    "knowledge": "the knowledge",
    "need": "the stated use",
    "on": "the day (--on)",
    "policy": "the policy",
    "fail_on": "the verdicts that fail it (--fail-on)",
    "cut": "the way of cutting files",
    "tables": "the files that are reviewed",
}
"""Key -> what differs where it does."""


def begin(brief: Brief, tables: Sequence[Table], shown: str) -> None:
    """Mark the folder of the results, made if need be, as those of this review.

    `shown` is the folder as the user gave it. KnowledgeError where it holds anything but results of
    the same review, which then go on.
    """
    folder, wanted = brief.folder, _identity(brief, tables)
    file = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if file.exists():
            _compare(json.loads(file.read_bytes()), wanted, shown)
        elif any(folder.iterdir()):
            raise KnowledgeError(f"{shown}: is neither empty nor holds a review of a fleet")
        else:
            file.write_text(json.dumps(wanted, indent=1) + "\n")
    except OSError as error:
        raise KnowledgeError(f"{shown}: cannot be written: {error.strerror or error}") from None
    except ValueError:
        raise KnowledgeError(f"{shown}: {FILE} is damaged; name another folder") from None


def begun_on(folder: Path) -> dt.date | None:
    """The day as of which the results in a folder are judged; none where it has none."""
    try:
        data = json.loads((folder / FILE).read_bytes())
        return dt.date.fromisoformat(data["on"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _compare(there: Any, wanted: dict[str, Any], shown: str) -> None:
    there = there if isinstance(there, dict) else {}
    differ = [said for key, said in _SAID.items() if there.get(key) != wanted[key]]
    if differ:
        listed = " and ".join(differ)
        verb = "differ" if len(differ) > 1 else "differs"
        raise KnowledgeError(
            f"{shown}: holds the results of another review: {listed} {verb}; name another folder"
        )


def _identity(brief: Brief, tables: Sequence[Table]) -> dict[str, Any]:
    policy = brief.policy
    return {
        "schema": SCHEMA,
        "whyllm": version("whyllm"),
        "knowledge": brief.catalogue.digest,
        "need": brief.need.as_json(),
        "on": brief.on.isoformat(),
        "policy": sha256(policy.file.read_bytes()).hexdigest() if policy.file else None,
        "fail_on": sorted(policy.fail_on),
        "cut": [ROWS, BYTES],
        "tables": [[t.path, t.bytes, t.modified, t.column] for t in tables],
    }
