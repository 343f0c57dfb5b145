"""Which files of a folder are knowledge, and the digest that tells one state of them from another.

Apart from the loader, since a cold start needs the digest and nothing that reads YAML.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from whyllm.kb.errors import KnowledgeError
from whyllm.kb.folder import matching_files

BUILT_IN = Path(__file__).parent / "data"

MAX_BYTES = 4_000_000
"""Of one file."""

GLOBS = {
    "edition": "edition.yaml",
    "terms": "terms.yaml",
    "sources": "sources/*.yaml",
    "publishers": "publishers.yaml",
    "families": "families.yaml",
    "claims": "claims.yaml",
    "models": "models/*.yaml",
    "licences": "licences/*.yaml",
    "axes": "axes.yaml",
    "dimensions": "dimensions.yaml",
    "standings": "standings.yaml",
    "tree": "tree.yaml",
    "hardware": "hardware.yaml",
    "quantisations": "quantisation.yaml",
    "lessons": "lessons.yaml",
    "misconceptions": "misconceptions.yaml",
    "outside": "outside.yaml",
    "preferences": "preferences.yaml",
    "decisive": "decisive.yaml",
    "places": "places.yaml",
    "questions": "questions.yaml",
    "curriculum": "curriculum.yaml",
    "glossary": "glossary.yaml",
    "cases": "cases.yaml",
    "measurements": "measurements/*.json",
}
"""Kind of entry -> where its files lie in a folder of knowledge."""


def data_files(folder: Path) -> dict[str, list[Path]]:
    """The knowledge files of one folder by kind; KnowledgeError when it holds none."""
    try:
        if not folder.is_dir():
            raise KnowledgeError("no such folder of knowledge", folder)
    except OSError as error:
        raise KnowledgeError(f"cannot be read: {error.strerror or error}", folder) from None
    trusted = folder == BUILT_IN
    found = {name: matching_files(folder, glob, trusted) for name, glob in GLOBS.items()}
    if not any(found.values()):
        expected = ", ".join(GLOBS.values())
        raise KnowledgeError(f"holds no knowledge files (expected some of: {expected})", folder)
    return found


def read_raw(path: Path, most: int = MAX_BYTES) -> bytes:
    """The bytes of a file, and of one that is too large only so many as show it."""
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise KnowledgeError(f"cannot be read: {error.strerror or error}", path) from None


class StateDigest:
    """SHA-256 over the names and bytes of knowledge files, folder by folder, path by path."""

    def __init__(self) -> None:
        self._total = hashlib.sha256()

    def add(self, folder: Path, path: Path, raw: bytes) -> None:
        """Add one file of a folder."""
        name = os.fsencode(path.relative_to(folder).as_posix())
        self._total.update(b"%d:%s" % (len(name), name))
        self._total.update(hashlib.sha256(raw).digest())

    def hexdigest(self) -> str:
        """The digest of the files so far, in hexadecimal."""
        return self._total.hexdigest()


def digest(folders: Iterable[Path]) -> str:
    """The digest of all knowledge files of the folders; raises KnowledgeError."""
    state = StateDigest()
    for folder in folders:
        for path in sorted(path for paths in data_files(folder).values() for path in paths):
            state.add(folder, path, read_raw(path))
    return state.hexdigest()
