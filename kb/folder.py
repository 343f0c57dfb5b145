"""Which knowledge files a folder holds: plain files inside it, and no more than can be meant."""

from __future__ import annotations

import os
import stat
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path

from whyllm.kb.errors import KnowledgeError

MAX_FILES = 1_000


def matching_files(folder: Path, pattern: str, trusted: bool) -> list[Path]:
    """The files of a pattern (`name.yaml` or `sub/*.yaml`), sorted; raises KnowledgeError.

    In a folder that is not `trusted` each must lie inside the folder, links followed. The built-in
    folder is trusted, since an installer may make its files links into a cache.
    """
    below, _, name = pattern.rpartition("/")
    paths = _named(folder / below, name)
    for path in paths:
        _refuse_unplain(path, folder, trusted)
    return paths


def _named(folder: Path, name: str) -> list[Path]:
    try:
        if "*" not in name:
            return [folder / name] if os.path.lexists(folder / name) else []
        with os.scandir(folder) as entries:
            found = (entry.name for entry in entries if fnmatchcase(entry.name, name))
            names = list(islice((name for name in found if name[0] != "."), MAX_FILES + 1))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise KnowledgeError(f"cannot be read: {error.strerror or error}", folder) from None
    if len(names) > MAX_FILES:
        raise KnowledgeError(f"holds more than {MAX_FILES:,} files", folder)
    return sorted(folder / name for name in names)


def _refuse_unplain(path: Path, folder: Path, trusted: bool) -> None:
    """Refuse what is no plain file (to open a pipe or a device may block) or lies elsewhere."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise KnowledgeError(f"cannot be read: {error.strerror or error}", path) from None
    if not stat.S_ISREG(mode):
        raise KnowledgeError("expected a plain file", path)
    if not trusted and not path.resolve().is_relative_to(folder.resolve()):
        raise KnowledgeError("a link that leads out of the folder", path)
