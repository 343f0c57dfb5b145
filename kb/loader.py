"""From folders of YAML to a KnowledgeBase; errors name file, line, key and what was expected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from whyllm.kb import schema as s
from whyllm.kb.errors import KnowledgeError
from whyllm.kb.files import BUILT_IN, GLOBS, digest
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.references import check_references
from whyllm.kb.yaml_file import Path_, YamlFile, read_yaml


@dataclass(frozen=True)
class _Kind:
    """One kind of entry, and whether a file holds one, or a list by id."""

    entry: type[s.Entry]
    shape: str  # "one": the file is the entry; "list": a list by id; "file": one entry a file by id


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
    "outside": _Kind(s.Outside, "list"),
    "preferences": _Kind(s.Preferences, "one"),
    "decisive": _Kind(s.Decisive, "list"),
    "places": _Kind(s.Place, "list"),
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
    state = digest(folders)
    raws: dict[str, dict[str, _Raw]] = {kind: {} for kind in _KINDS}
    for folder in folders:
        _read_folder(folder, raws)
    values = {kind: _validated(kind, entries) for kind, entries in raws.items()}
    knowledge = KnowledgeBase(digest=state, **values)
    place = {kind: {key: (r.file, r.location) for key, r in e.items()} for kind, e in raws.items()}
    for problem in check_references(knowledge):
        file, location = place[problem.kind][problem.key]
        raise KnowledgeError(problem.message, file.path, file.line_of((*location, *problem.within)))
    return knowledge


def kinds_of_file() -> dict[str, tuple[str, type[s.Entry], bool]]:
    """Each kind of file: its glob, what an entry is, and whether a file lists several."""
    return {name: (GLOBS[name], k.entry, k.shape == "list") for name, k in _KINDS.items()}


def _read_folder(folder: Path, raws: dict[str, dict[str, _Raw]]) -> None:
    for name, kind in _KINDS.items():
        for path in sorted(folder.glob(GLOBS[name])):
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
