"""From folders of YAML to a KnowledgeBase; errors name file, line, key and what was expected."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from whyllm.kb import schema as s
from whyllm.kb.errors import KnowledgeError
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.references import check_references
from whyllm.kb.yaml_file import Path_, YamlFile, read_yaml

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
class _Raw:
    """An entry before validation, with the file and place that wrote it last."""

    data: Any
    folder: Path
    file: YamlFile
    location: Path_


def load(overlays: Sequence[Path] = ()) -> KnowledgeBase:
    """Read the built-in knowledge and lay each folder of `overlays` over it, in order.

    An overlay has the layout of kb/data and may leave out any file. An entry with a new id is
    added; one with a known id replaces the keys that it names. Raises KnowledgeError.
    """
    folders = [BUILT_IN, *overlays]
    raws: dict[str, dict[str, _Raw]] = {kind: {} for kind in _KINDS}
    for folder in folders:
        _read_folder(folder, raws)
    values = {kind: _validated(kind, entries) for kind, entries in raws.items()}
    knowledge = KnowledgeBase(digest=digest(folders), **values)
    place = {kind: {key: (r.file, r.location) for key, r in e.items()} for kind, e in raws.items()}
    for problem in check_references(knowledge):
        file, location = place[problem.kind][problem.key]
        raise KnowledgeError(problem.message, file.path, file.line_of((*location, *problem.within)))
    return knowledge


def data_files(folder: Path) -> list[Path]:
    """The knowledge files of one folder, sorted; KnowledgeError when it is not a folder."""
    if not folder.is_dir():
        raise KnowledgeError("no such folder of knowledge", folder)
    return sorted(path for kind in _KINDS.values() for path in folder.glob(kind.glob))


def kinds_of_file() -> dict[str, tuple[str, type[s.Entry], bool]]:
    """Each kind of file: its glob, what an entry is, and whether a file lists several."""
    return {name: (kind.glob, kind.entry, kind.shape == "list") for name, kind in _KINDS.items()}


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


def _read_folder(folder: Path, raws: dict[str, dict[str, _Raw]]) -> None:
    if not data_files(folder):
        expected = ", ".join(kind.glob for kind in _KINDS.values())
        raise KnowledgeError(f"holds no knowledge files (expected some of: {expected})", folder)
    for name, kind in _KINDS.items():
        for path in sorted(folder.glob(kind.glob)):
            file = read_yaml(path)
            seen: set[str] = set()
            for key, data, location in _entries(kind, file):
                if key in seen:
                    raise KnowledgeError(
                        f"the id {key!r} stands twice", path, file.line_of(location)
                    )
                seen.add(key)
                known = raws[name].get(key)
                if known is not None and known.folder == folder:
                    raise KnowledgeError(
                        f"the id {key!r} also stands in {known.file.path.name}",
                        path,
                        file.line_of(location),
                    )
                merged = {**known.data, **data} if known else data
                raws[name][key] = _Raw(merged, folder, file, location)


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
    line = raw.file.line_of((*raw.location, *within))
    return KnowledgeError(f"{key}: {message[0].lower()}{message[1:]}{shown}", raw.file.path, line)
