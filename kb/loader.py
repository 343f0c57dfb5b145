"""From folders of YAML to a KnowledgeBase; errors name file, line, key and what was expected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from whyllm.kb import schema as s
from whyllm.kb.curriculum_schema import GlossaryTerm, Lesson, PredictionCase
from whyllm.kb.errors import KnowledgeError
from whyllm.kb.files import BUILT_IN, GLOBS, StateDigest, data_files
from whyllm.kb.interview_schema import InterviewQuestion
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.measurement_schema import Measurement
from whyllm.kb.overlay import amended, fields_said
from whyllm.kb.references import check_references
from whyllm.kb.validation import first_fault
from whyllm.kb.yaml_file import (
    MAX_JSON_VALUES,
    MAX_VALUES,
    TOO_MANY_JSON_VALUES,
    TOO_MANY_VALUES,
    Path_,
    YamlFile,
    read_json,
    read_yaml,
)


@dataclass(frozen=True)
class _Kind:
    """One kind of entry, and how its files hold it.

    `shape` is "one": the file is the only entry; "list": a list by id; "file": one entry a file,
    which is named by the id; "entry": one entry a file, whatever its name.
    """

    entry: type[s.Entry]
    shape: str


_KINDS: dict[str, _Kind] = {
    "edition": _Kind(s.Edition, "one"),
    "terms": _Kind(s.Vocabulary, "one"),
    "sources": _Kind(s.Source, "list"),
    "publishers": _Kind(s.Publisher, "list"),
    "families": _Kind(s.Family, "list"),
    "claims": _Kind(s.Claim, "list"),
    "models": _Kind(s.Model, "list"),
    "licences": _Kind(s.Licence, "file"),
    "axes": _Kind(s.Axis, "list"),
    "dimensions": _Kind(s.Dimension, "list"),
    "standings": _Kind(s.Standing, "list"),
    "tree": _Kind(s.Tree, "one"),
    "hardware": _Kind(s.Hardware, "one"),
    "quantisations": _Kind(s.Quantisation, "list"),
    "lessons": _Kind(s.Teaching, "one"),
    "misconceptions": _Kind(s.Misconception, "list"),
    "outside": _Kind(s.Outside, "list"),
    "preferences": _Kind(s.Preferences, "one"),
    "decisive": _Kind(s.Decisive, "list"),
    "places": _Kind(s.Place, "list"),
    "questions": _Kind(InterviewQuestion, "list"),
    "curriculum": _Kind(Lesson, "list"),
    "glossary": _Kind(GlossaryTerm, "list"),
    "cases": _Kind(PredictionCase, "list"),
    "measurements": _Kind(Measurement, "entry"),
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
    return _laid_over(tuple(overlays)) if overlays else _built_in()


@cache
def _built_in() -> KnowledgeBase:
    """That of the package, which no one changes while a process runs."""
    return _laid_over(())


def _laid_over(overlays: tuple[Path, ...]) -> KnowledgeBase:
    raws: _Raws = {kind: {} for kind in _KINDS}
    state = StateDigest()
    for folder in (BUILT_IN, *overlays):
        files = _built_in_files() if folder == BUILT_IN else _files(folder)
        _lay_folder(folder, files, raws)
        for file in sorted((file for _, file in files), key=lambda file: file.path):
            state.add(folder, file.path, file.raw)
    values = {kind: _validated(kind, entries) for kind, entries in raws.items()}
    overlaid = {
        (kind, key): {
            ".".join(map(str, within)): raw.said[within].folder for within in raw.leaves()
        }
        for kind, entries in raws.items()
        for key, raw in entries.items()
        if raw.said
    }
    knowledge = KnowledgeBase(digest=state.hexdigest(), overlaid=overlaid, **values)
    faults = [raws[p.kind][p.key].fault(p.message, p.within) for p in check_references(knowledge)]
    if faults:
        newest = [fault for fault in faults if overlays and _lies_in(fault, overlays[-1])]
        raise (newest or faults)[0]
    return knowledge


def _lies_in(fault: KnowledgeError, folder: Path) -> bool:
    return fault.file is not None and fault.file.is_relative_to(folder)


def kinds_of_file() -> dict[str, tuple[str, type[s.Entry], bool]]:
    """Each kind of file: its glob, what an entry is, and whether a file lists several."""
    return {name: (GLOBS[name], k.entry, k.shape == "list") for name, k in _KINDS.items()}


@cache
def _built_in_files() -> list[tuple[str, YamlFile]]:
    """Those of the package, read once in a process: a fault of an overlay loads them again."""
    return _files(BUILT_IN)


def _files(folder: Path) -> list[tuple[str, YamlFile]]:
    """The files of one folder, each with its kind; KnowledgeError for one that is no such text."""
    found: list[tuple[str, YamlFile]] = []
    values = {"yaml": 0, "json": 0}
    for name, paths in data_files(folder).items():
        for path in paths:
            kind = path.suffix.removeprefix(".")
            file = read_json(path) if kind == "json" else read_yaml(path)
            values[kind] += file.values
            if values["yaml"] > MAX_VALUES:
                raise KnowledgeError(TOO_MANY_VALUES, folder)
            if values["json"] > MAX_JSON_VALUES:
                raise KnowledgeError(TOO_MANY_JSON_VALUES, folder)
            found.append((name, file))
    return found


def _lay_folder(folder: Path, files: Iterable[tuple[str, YamlFile]], raws: _Raws) -> None:
    """Lay the entries of one folder over those of the folders before."""
    for name, file in files:
        kind = _KINDS[name]
        for key, data, location in _entries(kind, file):
            _lay(kind, key, data, _Place(folder, file, location), raws[name])


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
            within, told = first_fault(error)
            raise raw.fault(told, within) from None
    if kind.shape == "one":
        return valid[""]
    return tuple(valid.values()) if kind.entry is s.Decisive else valid
