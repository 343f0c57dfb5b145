"""Reads which model a GGUF file holds, by its header; of a folder, all of its GGUF files."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whyllm.engine.inventory.declarations import header_bases, licences, repository
from whyllm.engine.inventory.mention import Fault, Found, Mention, Place
from whyllm.kb.draft.reading import one_line, refuse_unplain
from whyllm.kb.errors import KnowledgeError, printable
from whyllm.kb.extras import MissingLibraryError, from_extra
from whyllm.kb.spelling import Words, written

MOST_ENTRIES = 200_000
"""Files and folders that are looked at beneath one folder."""
_SUFFIX = ".gguf"
_PIECE = re.compile(r"(.+)-\d{5}-of-\d{5}\.gguf", re.IGNORECASE)
_HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class _Header:
    """What a file's header says: `piece` counts from 0; a projector, or the like, is `beside`."""

    file: str
    mention: Mention
    piece: int
    beside: bool

    @property
    def whole(self) -> str | None:
        """The name that the pieces of one model share."""
        found = _PIECE.fullmatch(self.file)
        return found[1] if found else None


def read_file(path: Path, shown: str) -> Iterator[Found]:
    """The model of one file, or why it cannot be read; `shown` is the path to tell.

    A projector or a later piece is the model of its file, since nothing else was asked for.
    """
    header = _header(path, shown)
    yield header if isinstance(header, Fault) else header.mention


def in_folder(folder: Path, shown: str) -> Iterator[Found]:
    """The models of all files *.gguf in a folder and beneath, sorted by path.

    The pieces of a model are one mention. Projectors and importance matrices are no models and
    left out, except where they stand alone. Folders are entered through links too, each once.
    """
    for files in _folders(folder, shown):
        if isinstance(files, Fault):
            yield files
        else:
            yield from _models(files)


def _models(files: list[tuple[Path, str]]) -> Iterator[Found]:
    """The models of the files of one folder."""
    read = [_header(path, shown) for path, shown in files]
    headers = [header for header in read if isinstance(header, _Header)]
    begun = {header.whole for header in headers if header.piece == 0} - {None}
    alone = all(header.beside for header in headers)
    for header in read:
        if isinstance(header, Fault):
            yield header
        elif header.piece == 0:
            if alone or not header.beside:
                yield header.mention
        elif header.whole not in begun:
            begun.add(header.whole)
            yield Fault(header.mention.place, "the first piece of it, which names it, is missing")
            yield header.mention


def _folders(folder: Path, shown: str) -> Iterator[list[tuple[Path, str]] | Fault]:
    """The GGUF files of each folder, as paths to open and to tell."""
    faults: list[OSError] = []
    entered: set[tuple[int, int]] = set()
    entries = 0
    if not folder.is_dir():
        yield Fault(Place(shown), "expected a folder")
        return

    def told(path: str) -> str:
        beneath = os.path.relpath(path, folder)
        return shown if beneath == "." else printable(os.path.join(shown, beneath))

    _enter(folder, entered, faults)
    for here, below, names in os.walk(folder, onerror=faults.append, followlinks=True):
        below[:] = [name for name in sorted(below) if _enter(Path(here, name), entered, faults)]
        entries += len(below) + len(names)
        if entries > MOST_ENTRIES:
            text = f"holds more than {MOST_ENTRIES:,} files and folders; the rest was not read"
            yield Fault(Place(shown), text)
            return
        files = sorted(name for name in names if name.lower().endswith(_SUFFIX))
        yield [(Path(here, name), told(os.path.join(here, name))) for name in files]
        for error in faults:
            place = Place(told(str(error.filename)) if error.filename else shown)
            yield Fault(place, f"cannot be read: {error.strerror or error}")
        faults.clear()
    for error in faults:  # that of the folder itself ends the walk before it begins
        yield Fault(Place(shown), f"cannot be read: {error.strerror or error}")


def _enter(path: Path, entered: set[tuple[int, int]], faults: list[OSError]) -> bool:
    """Whether a folder is to be entered: once, by whichever link comes first."""
    try:
        status = path.stat()
    except OSError as error:
        faults.append(error)
        return False
    key = (status.st_dev, status.st_ino)
    new = key not in entered
    entered.add(key)
    return new


def _header(path: Path, shown: str) -> _Header | Fault:
    place = Place(shown)
    try:
        with from_extra("machines"):
            from whyllm.kb.draft.gguf_header import read_header
    except MissingLibraryError as error:
        return Fault(place, error.sentence)
    try:
        refuse_unplain(path)
        values, _ = read_header(path)
    except KnowledgeError as error:
        return Fault(place, error.message)
    except OSError as error:
        return Fault(place, f"cannot be read: {error.strerror or error}")
    except Exception as error:  # the library raises whatever a damaged header leads it to
        reason = one_line(str(error)) or type(error).__name__
        return Fault(place, f"not a whole GGUF file: {reason}")
    piece = values.get("split.no", 0)
    beside = (
        one_line(values.get("general.architecture")) in ("clip", "imatrix")
        or one_line(values.get("general.type")) in ("mmproj", "imatrix")
        or path.name.lower().startswith("mmproj")
    )
    return _Header(
        path.name,
        _mention(values, path, place),
        piece if isinstance(piece, int) else 0,
        beside,
    )


def _mention(values: Mapping[str, Any], path: Path, place: Place) -> Mention:
    """The mention of a header.

    Its own name says what the weights are; where it spells a repository that the header tells as
    source or base, that is the same model, and its repository names it best. A source of another
    name is one more base: whatever was made of it, its terms bind.
    """
    source = repository(values.get("general.source.repo_url")) or repository(
        values.get("general.source.url")
    )
    own = repository(values.get("general.repo_url"))
    bases = header_bases(values)
    told = _own_name(values)
    repositories = [repo for repo in (source, *bases, own) if repo and "/" in repo]
    if told is None:
        name = source or own or path.name
    else:
        same = (repo for repo in repositories if _words(repo) & _words(told))
        name = next(same, None) or _as_file(told, values)
    made_from = (*bases, source) if source else bases
    return Mention(
        name,
        place,
        declared=licences(values.get("general.license"), values.get("general.license.name")),
        bases=tuple(dict.fromkeys(base for base in made_from if base != name)),
    )


def _words(name: str) -> set[Words]:
    """The ways to cut a name into words; marks of packaging are none."""
    return {reading for reading in written(name).readings if reading}


def _own_name(values: Mapping[str, Any]) -> str | None:
    """The name that the header gives the model, whole or in parts; a commit's hash is none."""
    from gguf.utility import naming_convention

    name = one_line(values.get("general.name"))
    if name and not _HASH.fullmatch(name):
        return name
    parts = {
        key: one_line(values.get(f"general.{key}"))
        for key in ("basename", "size_label", "finetune", "version")
    }
    if parts["basename"] is None:
        return None
    return naming_convention(
        None, parts["basename"], parts["finetune"], parts["version"], parts["size_label"], None
    )


def _as_file(name: str, values: Mapping[str, Any]) -> str:
    """The file name that GGUF's convention gives a model of that name, with its quantisation.

    A name of a file is read more strictly than what people say: weights before tuning are not
    taken for those after it.
    """
    from gguf import LlamaFileType
    from gguf.utility import naming_convention

    if name.count("/") == 1 and " " not in name:
        return name  # owner/name
    file_type = values.get("general.file_type")
    known = (kind.name for kind in LlamaFileType if kind == file_type)
    label = next(known, "")
    quantisation = re.sub(r"^(?:MOSTLY|ALL)_|^GUESSED$", "", label) or None
    already = quantisation is not None and quantisation.lower() in name.lower()
    bare = name[: -len(_SUFFIX)] if name.lower().endswith(_SUFFIX) else name
    encoding = None if already else quantisation
    return naming_convention(bare, None, None, None, None, encoding) + _SUFFIX
