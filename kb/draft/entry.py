"""From what was read to an entry in the project's schema, set against what is already known."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import wrap
from typing import Any

import yaml
from pydantic import ValidationError
from whyllm.kb import schema as s
from whyllm.kb.draft.gguf_file import read_gguf
from whyllm.kb.draft.licence_tag import licence_of, licence_of_tag
from whyllm.kb.draft.model_card import read_card
from whyllm.kb.draft.modelfile import is_modelfile, read_modelfile
from whyllm.kb.draft.reading import Reading, read_text, refuse_unplain
from whyllm.kb.errors import KnowledgeError, UnknownNameError, printable
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.names import NameIndex
from whyllm.kb.overlay import amended

SOURCE = "local-file"
"""The source of all that is drafted; the note of the evidence names the file."""

WIDTH = 98
_ASSUMED = {
    "kind": "llm",
    "weights": "published",
    "architecture": "dense",
    "modalities": ["text"],
    "tuning": "instruct",
    "tool_calling": "unknown",
}
"""What an entry must say; where no source does, it is marked as from memory and decides nothing."""

_OF_ITS_BASE = ("kind", "modalities", "architecture")
"""Fields in which a derivative is like its base."""

_WISHED = ("params_b", "attention", "context", "languages", "released", "cutoff", "hf_repo",
           "licences")  # fmt: skip


@dataclass
class _Draft:
    entry: dict[str, Any]
    remarks: list[str] = field(default_factory=list)

    def put(self, name: str, value: Any, evidence: dict[str, Any]) -> None:
        self.entry[name] = value
        self.entry["evidence"][name] = evidence


def draft(kb: KnowledgeBase, names: NameIndex, path: Path, family: str | None = None) -> str:
    """The YAML of an entry drafted from a source, for review; raises KnowledgeError.

    A model that is known already is amended: only what the knowledge lacks is drafted.
    """
    reading = _read(path)
    if family is not None and family not in kb.families:
        raise KnowledgeError(_unknown_family(kb, family))
    known = _first_known(names, reading.names)
    base = _first_known(names, reading.bases)
    if known is not None:
        made = _amendment(kb, reading, kb.models[known])
    else:
        found = kb.models[base] if base else None
        chosen = family or (found.family if found else _family_by_name(kb, reading))
        if chosen is None:
            raise KnowledgeError(
                f"no known family bears the name {reading.title!r}; say --family ID, or add one "
                "to families.yaml in your folder",
                path,
            )
        made = _new_entry(kb, reading, found, chosen)
    _drop_implausible(kb, made, path)
    return _page(reading, made)


def _read(path: Path) -> Reading:
    if path.is_dir():
        path = path / "README.md"
    refuse_unplain(path)
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise KnowledgeError(f"cannot be read: {error.strerror or error}", path) from None
    if magic == b"GGUF" or path.suffix.lower() == ".gguf":
        return read_gguf(path)
    if path.suffix.lower() in (".md", ".markdown"):
        return read_card(path)
    if "modelfile" in path.name.lower() or is_modelfile(read_text(path)):
        return read_modelfile(path)
    raise KnowledgeError(
        "expected a GGUF file, a model card (README.md) or an Ollama Modelfile", path
    )


def _first_known(names: NameIndex, candidates: list[str]) -> str | None:
    for name in candidates:
        try:
            return names.resolve(name).model
        except UnknownNameError as error:
            if error.tuned:  # weights before tuning bear the terms of what was tuned from them
                return names.resolve(error.tuned[0]).model
    return None


def _unknown_family(kb: KnowledgeBase, family: str) -> str:
    from rapidfuzz import process

    close = [m for m, _, _ in process.extract(family, list(kb.families), limit=3, score_cutoff=60)]
    hint = f"; did you mean {' or '.join(close)}?" if close else ""
    return f"--family: no family {family!r}{hint}"


def _family_by_name(kb: KnowledgeBase, reading: Reading) -> str | None:
    """The family with whose name, the longest if several, one of the names begins."""
    begun = [
        (len(word), key)
        for name in reading.names
        for key, family in kb.families.items()
        for word in {key, family.name.casefold()}
        if re.match(rf"{re.escape(word)}(?![a-z])", name.rsplit("/", 1)[-1].casefold())
    ]
    return max(begun)[1] if begun else None


def _evidence(where: str, confidence: str = "data-file") -> dict[str, Any]:
    return {"source": SOURCE, "confidence": confidence, "note": where}


def _assumed(note: str) -> dict[str, Any]:
    return {"source": "memory", "confidence": "from-memory", "note": note}


def _copied(model: s.Model, name: str) -> dict[str, Any]:
    """The evidence of a field of a known model, said to be that model's."""
    evidence = model.evidence_for(name)
    return {
        "source": evidence.source,
        "confidence": evidence.confidence,
        "note": f"as its base, {model.name}",
    }


def _new_entry(kb: KnowledgeBase, reading: Reading, base: s.Model | None, family: str) -> _Draft:
    default = _evidence(reading.where)
    made = _Draft({"id": _id(kb, reading.title), "name": reading.title, "evidence": {}})
    made.remarks += reading.remarks
    made.put("family", family, _assumed(f"chosen for {reading.where}, to be checked"))
    for name, assumed in _ASSUMED.items():
        read = reading.fields.get(name)
        if read is not None:
            made.put(name, read.value, _evidence(read.where, read.confidence))
        elif base is not None and name in _OF_ITS_BASE:
            made.put(name, s.plain(base)[name], _copied(base, name))
        elif name == "weights":
            made.put(name, assumed, _evidence(f"{reading.where}: it describes them"))
        else:
            made.put(name, assumed, _assumed(f"not in {reading.where}: assumed, to be checked"))
    for name, read in reading.fields.items():
        if name not in made.entry:
            made.put(name, read.value, _evidence(read.where, read.confidence))
    sizes = {q: gb for q, gb in made.entry.get("file_gb", {}).items() if q in kb.quantisations}
    if "file_gb" in made.entry and not sizes:
        made.remarks.append(
            f"file_gb: not a quantisation we know: {', '.join(made.entry['file_gb'])}"
        )
        _drop(made, "file_gb")
    if base is not None:
        made.put("base", base.id, _evidence(f"{reading.where}: its base model"))
        made.remarks.append(f"base: {', '.join(reading.bases[:3])} is read as {base.name}")
    _put_licence(kb, reading, made, base)
    made.entry["evidence"] = {"default": default, **made.entry["evidence"]}
    return made


def _put_licence(kb: KnowledgeBase, reading: Reading, made: _Draft, base: s.Model | None) -> None:
    """The licence that a tag or text names; an ambiguous one is left out, and said to be."""
    terms = ""
    if base is not None:
        binding = ", ".join([*(base.licences or ("unknown terms",)), *kb.inherited_licences(base)])
        terms = f"; the terms of its base, {base.name} ({binding}), bind all the same"
    elif reading.bases:
        unknown = ", ".join(reading.bases[:3])
        made.remarks.append(
            f"base_licences: its base {unknown} is not in the catalogue; name the terms that bind"
        )
    found, said = _licence(kb, reading)
    if found is None and said is not None:
        made.remarks.append(f"licences: {said} names no single licence, and is not believed{terms}")
    elif found is not None and said is not None:
        read = reading.licence_tag or reading.licence_text
        assert read is not None
        made.put("licences", [found], _evidence(read.where, read.confidence))
        if base is not None and found not in (base.licences or ()):
            made.remarks.append(f"licences: {said} is not believed over its base{terms}")


def _licence(kb: KnowledgeBase, reading: Reading) -> tuple[str | None, str | None]:
    """The licence found, and how to speak of what named it."""
    if reading.licence_tag is not None:
        tag = reading.licence_tag.value
        return licence_of_tag(tag, kb.licences), f"the tag {tag!r}"
    if reading.licence_text is not None:
        return licence_of(reading.licence_text.value, kb.licences), "the licence text"
    return None, None


def _amendment(kb: KnowledgeBase, reading: Reading, known: s.Model) -> _Draft:
    """What the source says and the knowledge lacks; where they differ, a remark says so."""
    made = _Draft({"id": known.id, "evidence": {}})
    made.remarks.append(f"{reading.title} is known as {known.id}: this amends what is lacking")
    made.remarks += reading.remarks
    data = s.plain(known)
    for name, read in reading.fields.items():
        value, had = read.value, data[name]
        if name == "attention" and had:
            had = {key: number for key, number in had.items() if number is not None}
        if name == "file_gb":
            value = {q: gb for q, gb in value.items() if q in kb.quantisations and q not in had}
            had = None
        verified = known.evidence_for(name).confidence != "from-memory"
        if (
            had not in (None, [], {})
            and verified
            and not (name == "tool_calling" and had == "unknown")
        ):
            if had != value:
                made.remarks.append(
                    f"{name}: the knowledge keeps {had}, not {value} ({read.where})"
                )
        elif value:
            made.put(name, value, _evidence(read.where, read.confidence))
    found, said = _licence(kb, reading)
    terms = ", ".join([*(known.licences or ("unknown terms",)), *kb.inherited_licences(known)])
    if said is not None and found not in (known.licences or ()):
        made.remarks.append(
            f"licences: {said} is not believed over the known terms of {known.name} ({terms})"
        )
    return made


def _id(kb: KnowledgeBase, title: str) -> str:
    slug = re.sub(r"[^a-z0-9.]+", "-", title.rsplit("/", 1)[-1].casefold())
    slug = re.sub(r"(?:[.-]*-[.-]*|\.{2,})", "-", slug).strip("-.")[:70].strip("-.") or "model"
    return f"{slug}-draft" if slug in kb.models else slug


def _drop(made: _Draft, name: str) -> None:
    del made.entry[name]
    made.entry["evidence"].pop(name, None)


def _drop_implausible(kb: KnowledgeBase, made: _Draft, path: Path) -> None:
    """Leave out, with a remark, each value that the schema refuses."""
    known = kb.models.get(made.entry["id"])
    while True:
        whole = made.entry
        if known is not None:
            whole = amended(s.Model, known.model_dump(mode="json"), made.entry)
        try:
            s.Model.model_validate(whole)
            return
        except ValidationError as error:
            fault = error.errors(include_url=False)[0]
        name = str(fault["loc"][0]) if fault["loc"] else "active_params_b"
        if name not in made.entry or name in (*_ASSUMED, "id", "name", "family", "evidence"):
            raise KnowledgeError(f"gives no sound entry: {name}: {fault['msg']}", path)
        made.remarks.append(f"{name}: left out, since {fault['msg'].lower()}")
        _drop(made, name)


def _page(reading: Reading, made: _Draft) -> str:
    new = "name" in made.entry
    unread = [name for name in _WISHED if new and name not in made.entry]
    lines = [
        f"Drafted by `whyllm kb draft` from {reading.where}, for review: check every line, "
        "then put the entry into models/ of a folder of your own. Nothing was added to the "
        "knowledge.",
    ]
    if unread:
        lines.append(f"Not read, and left out: {', '.join(unread)}.")
    lines += [f"{printable(remark)}." for remark in made.remarks]
    comments = "".join(
        f"# {part}\n" for line in lines for part in wrap(line, WIDTH, break_on_hyphens=False)
    )
    evidence = made.entry.pop("evidence")
    entry = {**made.entry, "evidence": evidence} if evidence else made.entry
    body: str = yaml.safe_dump(
        [entry], sort_keys=False, allow_unicode=True, width=WIDTH, default_flow_style=None
    )
    return comments + body
