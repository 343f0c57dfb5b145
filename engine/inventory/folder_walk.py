"""Goes through a folder in order of names, as git would: what .gitignore leaves out is not read."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from whyllm.engine.inventory.mention import Fault, Place

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_IGNORE = ".gitignore"
_LARGEST_IGNORE = 1_000_000
_LARGEST_PATH = 3_000
"""Characters; a folder nested deeper is told, not entered."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """Something in the folder: its path, as it is shown, beneath the folder, and rules above it."""

    path: Path
    shown: str
    beneath: str
    rules: tuple[tuple[str, GitIgnoreSpec], ...]


def files_of(folder: Path, shown: str) -> Iterator[tuple[Path, str] | Fault]:
    """The plain files of a folder, each with its name as shown, in order of their paths.

    Links to folders are not followed: what they lead to within the folder is read in its own
    place, so that no loop can arise. A link that leads out of it, or nowhere, is a Fault, and so
    is what is neither file nor folder. Raises nothing.
    """
    root = os.path.realpath(folder)
    waiting = [_Entry(folder, shown, "", ())]
    while waiting:
        entry = waiting.pop()
        place = Place(entry.shown)
        try:
            mode = (entry.path.lstat() if entry.beneath else entry.path.stat()).st_mode
            if stat.S_ISLNK(mode):
                within = _is_within(entry.path, root)
                mode = entry.path.stat().st_mode
                if not within:
                    yield Fault(place, "is a link that leads out of the folder: not followed")
                    continue
                if stat.S_ISDIR(mode):
                    continue
            if stat.S_ISDIR(mode):
                waiting += reversed(_inside(entry))
            elif stat.S_ISREG(mode):
                yield entry.path, entry.shown
            else:
                yield Fault(place, "is neither a file nor a folder: not read")
        except (OSError, ValueError) as error:
            yield Fault(place, said(error))


def said(error: OSError | ValueError) -> str:
    """What went wrong with a path, in words."""
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.ENOENT:
        return "no such file or folder"
    if number == errno.ELOOP:
        return "is a link that leads in a circle"
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return f"cannot be read: {reason or error}"


def _is_within(path: Path, root: str) -> bool:
    real = os.path.realpath(path)
    return real == root or real.startswith(root.rstrip(os.sep) + os.sep)


def _inside(entry: _Entry) -> list[_Entry]:
    """What a folder holds, by name, without what is left out; OSError if it cannot be listed."""
    if len(str(entry.path)) > _LARGEST_PATH:
        raise ValueError("folders are nested too deeply")
    rules = entry.rules
    ignore = entry.path / _IGNORE
    if ignore.is_file() and not ignore.is_symlink():
        from pathspec import GitIgnoreSpec  # only a folder that leaves something out needs it

        with ignore.open(encoding="utf-8", errors="replace") as file:
            lines = file.read(_LARGEST_IGNORE).splitlines()
        rules = (*rules, (entry.beneath, _spec(GitIgnoreSpec, lines)))
    found = []
    with os.scandir(entry.path) as listed:
        for item in sorted(listed, key=lambda item: item.name):
            beneath = entry.beneath + item.name
            folder = item.is_dir(follow_symlinks=False)
            beneath += "/" if folder else ""
            if item.name != ".git" and not _is_left_out(beneath, rules):
                shown = _joined(entry.shown, item.name)
                found.append(_Entry(Path(item.path), shown, beneath, rules))
    return found


def _spec(kind: type[GitIgnoreSpec], lines: list[str]) -> GitIgnoreSpec:
    """The rules of one file; a line that is no pattern counts for nothing, as for git."""
    try:
        return kind.from_lines(lines)
    except ValueError:
        good = []
        for line in lines:
            try:
                kind.from_lines([line])
            except ValueError:
                continue
            good.append(line)
        return kind.from_lines(good)


def _is_left_out(beneath: str, rules: tuple[tuple[str, GitIgnoreSpec], ...]) -> bool:
    """The rule nearest to a file decides."""
    for folder, spec in reversed(rules):
        ruled = spec.check_file(beneath[len(folder) :]).include
        if ruled is not None:
            return ruled
    return False


def _joined(folder: str, name: str) -> str:
    """A name beneath a folder as shown; bytes that are no UTF-8 are escaped."""
    name = os.fsencode(name).decode("utf-8", "backslashreplace")
    return name if folder == "." else f"{folder.rstrip('/')}/{name}"
