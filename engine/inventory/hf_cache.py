"""Reads which models a Hugging Face cache holds, and what their cards declare."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from whyllm.engine.inventory.declarations import (
    ill_typed,
    licences,
    models,
    names_a_licence,
)
from whyllm.engine.inventory.mention import Fault, Found, Mention, Place
from whyllm.kb.draft.model_card import front_matter
from whyllm.kb.draft.reading import one_line, read_text
from whyllm.kb.errors import KnowledgeError, printable
from whyllm.kb.extras import MissingLibraryError, from_extra

if TYPE_CHECKING:
    from huggingface_hub import CachedRepoInfo

CARD = "README.md"
LONGEST_REF = 1_000
"""Bytes of a file that holds a commit's hash."""
_MODELS = "models--"
_NOT_MODELS = ("datasets--", "spaces--", "kernels--", ".")
_TEXTS = ("license", "licence", "copying")


def cached(folder: Path | None) -> Iterator[Found]:
    """The models of a cache, sorted by name; without a folder, of the cache that the library uses.

    The newest snapshot that has a card speaks for a model. A model that is not whole is a fault,
    and a mention by its name.
    """
    try:
        with from_extra("machines"):
            from huggingface_hub import constants
    except MissingLibraryError as error:
        yield Fault(Place(str(folder or "the Hugging Face cache")), error.sentence)
        return
    given = folder or Path(constants.HF_HUB_CACHE)
    try:
        entries = sorted(entry for entry in given.iterdir() if entry.is_dir())
    except OSError as error:
        reason = error.strerror or error
        yield Fault(_place(given), f"expected the folder of a cache: {reason}")
        return
    repositories, reasons = _scanned(given, entries)
    for entry in entries:
        if entry.name.startswith(_NOT_MODELS):
            continue
        place = _place(entry)
        if not entry.name.startswith(_MODELS):
            yield Fault(place, "expected a folder of the cache, as in models--owner--name")
        elif entry.name in repositories:
            yield from _model(repositories[entry.name], entry)
        else:
            reason = reasons.get(entry.name, reasons[""])
            yield Fault(place, f"not a whole model of the cache: {reason}")
            name = entry.name.removeprefix(_MODELS).replace("--", "/")
            yield Mention(one_line(name) or "model", place)


def _scanned(given: Path, entries: list[Path]) -> tuple[dict[str, CachedRepoInfo], dict[str, str]]:
    """The repositories by their folders' names, and why folders are none; "": of all the others."""
    from huggingface_hub import scan_cache_dir

    root = f"{given.expanduser().resolve()}/"
    reasons = {"": "the scan of the cache left it out"}
    try:
        for entry in entries:
            _refuse_blocking(entry)
        report = scan_cache_dir(given)
    except KnowledgeError as error:
        return {}, {"": str(error)}
    except Exception as error:  # one broken repository ends the scan with whatever it leads to
        text = one_line(str(error).replace(root, "")) or type(error).__name__
        return {}, {"": f"the cache cannot be scanned: {text}"}
    in_root = re.compile(re.escape(root) + r"([^/\s`)]+)")
    for warning in report.warnings:
        if folder := in_root.search(str(warning)):  # the library names it only in its words
            reasons[folder[1]] = one_line(str(warning).replace(root, "")) or reasons[""]
    return {repo.repo_path.name: repo for repo in report.repos}, reasons


def _refuse_blocking(entry: Path) -> None:
    """Refuse what the scan would read without end: it reads every file of `refs` whole."""
    for path in (entry / "refs").rglob("*"):
        mode, size = path.stat().st_mode, path.stat().st_size
        if not stat.S_ISDIR(mode) and not (stat.S_ISREG(mode) and size <= LONGEST_REF):
            where = path.relative_to(entry.parent)
            raise KnowledgeError(f"the cache cannot be scanned: {where} holds no commit's hash")


def _model(repository: CachedRepoInfo, entry: Path) -> Iterator[Found]:
    newest_first = sorted(
        repository.revisions,
        key=lambda revision: (
            revision.last_modified,
            "main" in revision.refs,
            revision.commit_hash,
        ),
        reverse=True,
    )
    snapshots = [entry / "snapshots" / revision.commit_hash for revision in newest_first]
    snapshot = next((path for path in snapshots if (path / CARD).exists()), None)
    name = one_line(repository.repo_id) or "model"
    declared: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    place = _place(entry)
    if snapshot:
        place = _place(snapshot / CARD)
        try:
            data, _ = front_matter(snapshot / CARD)
        except KnowledgeError as error:
            yield Fault(Place(place.file, error.line), error.message)
            data = {}
        for key in ill_typed(data, ("license", "license_name", "base_model")):
            yield Fault(place, f"{key}: expected a text or a list of texts")
        declared = licences(data.get("license"), data.get("license_name"))
        bases = tuple(base for base in models(data.get("base_model")) if base != name)
    if not any(map(names_a_licence, declared)):
        read = list(_licence_texts(snapshot or next(iter(snapshots), None)))
        yield from (found for found in read if isinstance(found, Fault))
        declared = tuple(found for found in read if isinstance(found, str)) or declared
    yield Mention(name, place, declared, bases)


def _place(path: Path, line: int | None = None) -> Place:
    return Place(printable(str(path)), line)


def _licence_texts(snapshot: Path | None) -> Iterator[str | Fault]:
    """The texts of the files beside the card that are named for a licence."""
    if snapshot is None:
        return
    for path in sorted(snapshot.iterdir()):
        if not path.name.lower().startswith(_TEXTS) or path.is_dir():
            continue
        try:
            yield read_text(path).strip()
        except KnowledgeError as error:
            yield Fault(_place(path, error.line), error.message)
