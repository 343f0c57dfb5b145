"""Which files of a folder are knowledge, and the digest that tells one state of them from another.

Apart from the loader, since a cold start needs the digest and nothing that reads YAML.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from whyllm.kb.errors import KnowledgeError

BUILT_IN = Path(__file__).parent / "data"

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
    "outside": "outside.yaml",
    "preferences": "preferences.yaml",
    "decisive": "decisive.yaml",
    "places": "places.yaml",
}
"""Kind of entry -> where its files lie in a folder of knowledge."""


def data_files(folder: Path) -> list[Path]:
    """The knowledge files of one folder, sorted; KnowledgeError when it holds none."""
    if not folder.is_dir():
        raise KnowledgeError("no such folder of knowledge", folder)
    found = sorted(path for pattern in GLOBS.values() for path in folder.glob(pattern))
    if not found:
        expected = ", ".join(GLOBS.values())
        raise KnowledgeError(f"holds no knowledge files (expected some of: {expected})", folder)
    return found


def digest(folders: Iterable[Path]) -> str:
    """SHA-256 over the names and bytes of all knowledge files, in hexadecimal."""
    total = hashlib.sha256()
    for folder in folders:
        for path in data_files(folder):
            name = path.relative_to(folder).as_posix().encode()
            total.update(b"%d:%s" % (len(name), name))
            try:
                total.update(hashlib.sha256(path.read_bytes()).digest())
            except OSError as error:
                raise KnowledgeError(f"cannot be read: {error.strerror}", path) from None
    return total.hexdigest()
