"""From folders of YAML to a KnowledgeBase; errors name file, line, key and what was expected."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from whyllm.kb import schema as s
from whyllm.kb.errors import KnowledgeError
from whyllm.kb.folder import matching_files
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.overlay import amended, fields_said
from whyllm.kb.references import check_references
from whyllm.kb.yaml_file import MAX_VALUES, TOO_MANY_VALUES, Path_, YamlFile, read_yaml

BUILT_IN = Path(__file__).parent / "data"


@dataclass(frozen=True)
class _Kind:
    """One kind of entry: where its files lie, and whether a file holds one, or a list by id."""

    glob: str
    entry: type[s.Entry]
    shape: str  # "one": the file is the entry; "list": a list by id; "file": one entry a file by id


_KINDS: dict[str, _Kind] = {
    "edition": _Kind("edition.yaml", s.Edition, "one"),
    "terms": _Kind("terms.yaml", s.Vocabulary, "one"),
    "sources": _Kind("sources/*.yaml", s.Source, "list"),
    "publishers": _Kind("publishers.yaml", s.Publisher, "list"),
    "families": _Kind("families.yaml", s.Family, "list"),
    "claims": _Kind("claims.yaml", s.Claim, "list"),
    "models": _Kind("models/*.yaml", s.Model, "list"),
    "licences": _Kind("licences/*.yaml", s.Licence, "file"),
    "axes": _Kind("axes.yaml", s.Axis, "list"),
    "dimensions": _Kind("dimensions.yaml", s.Dimension, "list"),
    "tree": _Kind("tree.yaml", s.Tree, "one"),
    "hardware": _Kind("hardware.yaml", s.Hardware, "one"),
    "quantisations": _Kind("quantisation.yaml", s.Quantisation, "list"),
    "lessons": _Kind("lessons.yaml", s.Teaching, "one"),
    "outside": _Kind("outside.yaml", s.Outside, "list"),
    "preferences": _Kind("preferences.yaml", s.Preferences, "one"),
    "decisive": _Kind("decisive.yaml", s.Decisive, "list"),
    "places": _Kind("places.yaml", s.Place, "list"),
}


@dataclass
class _Place:
    """Where an entry stands, and in which of the folders."""

    folder: Path
    file: YamlFile
    location: Path_

    def fault(self, message: str, within: Path_ = ()) -> KnowledgeError:
        return KnowledgeError(message, self.file.path, self.file.line_of((*self.location, *within)))


@dataclass
class _Raw:
    """An entry before validation: who said it first and last, and what overlays said of it."""

    data: dict[str, Any]
    first: _Place
    last: _Place
    said: dict[Path_, _Place]

    def fault(self, message: str, within: Path_ = ()) -> KnowledgeError:
        """The fault, placed in the file that said the faulty key."""
        if not within:
            return self.last.fault(message)
        place = self.said.get(within[:2]) or self.said.get(within[:1]) or self.first
        return place.fault(message, within)

    def leaves(self) -> list[Path_]:
        """The key paths that overlays said, without those of which they said parts."""
        whole = {within[:1] for within in self.said if len(within) > 1}
        return [within for within in self.said if within not in whole and within != ("id",)]


_Raws = dict[str, dict[str, _Raw]]


def load(overlays: Sequence[Path] = ()) -> KnowledgeBase:
    """Read the built-in knowledge and lay each folder of `overlays` over it, in order.

    An overlay has the layout of kb/data and may leave out any file. An entry with a new id is
    added; one with a known id replaces the keys that it names (see overlay.py). Raises
    KnowledgeError, which names the overlay where the fault is not in the built-in knowledge.
    """
    try:
        return _loaded(overlays)
    except KnowledgeError as error:
        if not overlays:
            raise
        fault = error
    load(overlays[:-1])  # raises, if an earlier folder is to blame
    if not _lies_in(fault, overlays[-1]):
        fault = KnowledgeError(f"breaks what lies below it: {fault}", overlays[-1])
    raise fault.in_overlay()


def _loaded(overlays: Sequence[Path]) -> KnowledgeBase:
    raws: _Raws = {kind: {} for kind in _KINDS}
    total = hashlib.sha256()
    for folder in (BUILT_IN, *overlays):
        for file in sorted(_read_folder(folder, raws), key=lambda file: file.path):
            name = os.fsencode(file.path.relative_to(folder).as_posix())
            total.update(b"%d:%s" % (len(name), name))
            total.update(hashlib.sha256(file.raw).digest())
    values = {kind: _validated(kind, entries) for kind, entries in raws.items()}
    overlaid = {
        (kind, key): {
            ".".join(map(str, within)): raw.said[within].folder for within in raw.leaves()
        }
        for kind, entries in raws.items()
        for key, raw in entries.items()
        if raw.said
    }
    knowledge = KnowledgeBase(digest=total.hexdigest(), overlaid=overlaid, **values)
    faults = [raws[p.kind][p.key].fault(p.message, p.within) for p in check_references(knowledge)]
    if faults:
        newest = [fault for fault in faults if overlays and _lies_in(fault, overlays[-1])]
        raise (newest or faults)[0]
    return knowledge


def _lies_in(fault: KnowledgeError, folder: Path) -> bool:
    return fault.file is not None and fault.file.is_relative_to(folder)


def data_files(folder: Path) -> dict[str, list[Path]]:
    """The knowledge files of one folder by kind; KnowledgeError when it holds none."""
    try:
        if not folder.is_dir():
            raise KnowledgeError("no such folder of knowledge", folder)
    except OSError as error:
        raise KnowledgeError(f"cannot be read: {error.strerror or error}", folder) from None
    trusted = folder == BUILT_IN
    found = {name: matching_files(folder, kind.glob, trusted) for name, kind in _KINDS.items()}
    if not any(found.values()):
        expected = ", ".join(kind.glob for kind in _KINDS.values())
        raise KnowledgeError(f"holds no knowledge files (expected some of: {expected})", folder)
    return found


def _read_folder(folder: Path, raws: _Raws) -> Iterator[YamlFile]:
    """Lay the entries of one folder over those of the folders before; gives each file read."""
    values = 0
    for name, paths in data_files(folder).items():
        kind = _KINDS[name]
        for path in paths:
            file = read_yaml(path)
            values += len(file.lines)
            if values > MAX_VALUES:
                raise KnowledgeError(TOO_MANY_VALUES, folder)
            for key, data, location in _entries(kind, file):
                _lay(kind, key, data, _Place(folder, file, location), raws[name])
            yield file


def _lay(
    kind: _Kind, key: str, data: dict[str, Any], place: _Place, entries: dict[str, _Raw]
) -> None:
    """Add one entry, or amend the one of that id by an earlier folder."""
    said: dict[Path_, _Place] = {}
    if place.folder != BUILT_IN:
        said = dict.fromkeys(fields_said(data), place)
    known = entries.get(key)
    if known is None:
        entries[key] = _Raw(data, place, place, said)
        return
    if known.last.file is place.file:
        raise place.fault(f"the id {key!r} stands twice")
    if known.last.folder == place.folder:
        raise place.fault(f"the id {key!r} also stands in {known.last.file.path.name}")
    merged = amended(kind.entry, known.data, data)
    entries[key] = _Raw(merged, known.first, place, {**known.said, **said})


def _entries(kind: _Kind, file: YamlFile) -> Iterable[tuple[str, dict[str, Any], Path_]]:
    if kind.shape == "list":
        if not isinstance(file.data, list):
            raise KnowledgeError("expected a list of entries", file.path, 1)
        items: list[tuple[Any, Path_]] = [(item, (i,)) for i, item in enumerate(file.data)]
    else:
        items = [(file.data, ())]
    for item, location in items:
        if not isinstance(item, dict):
            raise KnowledgeError(
                "expected a mapping of keys to values", file.path, file.line_of(location)
            )
        yield _key(kind, item, file, location), item, location


def _key(kind: _Kind, item: Mapping[str, Any], file: YamlFile, location: Path_) -> str:
    if kind.shape == "one":
        return ""
    if kind.entry is s.Decisive:
        return f"{item.get('axis')}={item.get('value')}"
    key = item.get("id")
    if not isinstance(key, str) or not key:
        raise KnowledgeError("the entry has no id", file.path, file.line_of(location))
    if kind.shape == "file" and file.path.stem != key:
        raise KnowledgeError(
            f"the id {key!r} must be the file's name", file.path, file.line_of((*location, "id"))
        )
    return key


def _validated(name: str, entries: dict[str, _Raw]) -> Any:
    kind = _KINDS[name]
    valid: dict[str, s.Entry] = {}
    for key, raw in entries.items():
        try:
            valid[key] = kind.entry.model_validate(raw.data)
        except ValidationError as error:
            raise _explained(error, raw) from None
    if kind.shape == "one":
        return valid[""]
    return tuple(valid.values()) if kind.entry is s.Decisive else valid


def _explained(error: ValidationError, raw: _Raw) -> KnowledgeError:
    """The first fault of an entry in one line: key, what was found, what was expected."""
    fault = error.errors(include_url=False)[0]
    within = tuple(fault["loc"])
    key = ".".join(str(part) for part in within) or "the entry"
    found = fault.get("input")
    shown = "" if isinstance(found, dict) or found is None else f" (found {str(found)[:60]!r})"
    message = fault["msg"].removeprefix("Value error, ")
    return raw.fault(f"{key}: {message[0].lower()}{message[1:]}{shown}", within)
