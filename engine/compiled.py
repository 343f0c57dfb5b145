"""The compiled catalogue: what a cold start reads in place of YAML, kept in the user's cache.

A file holds the catalogue of one state of the knowledge, named by the digest of every knowledge
file and of the code that makes catalogues; so a stale one is never read, only left aside. It is
JSON, since what lies in a cache must not be able to run anything.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, MutableMapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path
from whyllm.engine import facts as fact_types
from whyllm.engine.catalogue import (
    Catalogue,
    EdgeEntry,
    KnownFacts,
    MisconceptionEntry,
    ModelEntry,
    NodeEntry,
    OutsideEntry,
    QuestionEntry,
    Source,
)
from whyllm.engine.facts import WorkingFact
from whyllm.kb import files
from whyllm.kb.errors import KnowledgeError

KEPT = 4
"""How many compiled catalogues stay in the cache, and in hand: one for each of a few overlays."""

_MAKERS = ("kb/*.py", "engine/facts.py", "engine/assertions.py", "engine/cataloguing.py",
           "engine/catalogue.py",
           "engine/compiled.py", "engine/memory.py", "engine/measured.py",
           "engine/measuring/figures.py", "engine/measuring/comparison.py")  # fmt: skip
"""The modules that decide what a catalogue holds."""


def compiled_catalogue(
    overlays: Sequence[Path],
    build: Callable[[], Catalogue],
    in_hand: MutableMapping[str, Catalogue],
) -> Catalogue:
    """The catalogue of the built-in knowledge with overlays: from the cache, else built and kept.

    One that is `in_hand`, by its digest, is the answer, and what is found goes there. A cache that
    cannot be read or written is no error: the catalogue is built. Raises KnowledgeError as `build`
    does.
    """
    try:
        digest = files.digest([files.BUILT_IN, *overlays])
    except KnowledgeError:
        return build()  # which tells the fault with all that the loader knows of it
    found = in_hand.get(digest)
    if found is None:
        found = in_hand[digest] = _kept_or_built(digest, build)
        for old in list(in_hand)[:-KEPT]:
            in_hand.pop(old, None)
    return found


def _kept_or_built(digest: str, build: Callable[[], Catalogue]) -> Catalogue:
    path = user_cache_path("whyllm") / f"catalogue-{_key(digest)}.json"
    try:
        found = _from_json(json.loads(path.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        found = None
    if found is not None and found.digest == digest:
        return found
    built = build()
    _keep(path, json.dumps(_as_json(built), separators=(",", ":")))
    return built


def _key(digest: str) -> str:
    """The digest of the knowledge and of the code that makes catalogues of it."""
    package = Path(__file__).parents[1]
    total = hashlib.sha256(digest.encode())
    for pattern in _MAKERS:
        for path in sorted(package.glob(pattern)):
            total.update(path.read_bytes())
    return total.hexdigest()[:32]


def _keep(path: Path, text: str) -> None:
    """Write the file whole or not at all, and let the oldest of too many go."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".catalogue-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(name, path)
        kept = sorted(path.parent.glob("catalogue-*.json"), key=lambda p: p.stat().st_mtime)
        for old in kept[:-KEPT]:
            old.unlink()
    except OSError:
        return  # a cache is a convenience: a full disk or a read-only home changes no answer


def _as_json(catalogue: Catalogue) -> dict[str, Any]:
    known = catalogue.known
    return {
        "version": catalogue.version,
        "digest": catalogue.digest,
        "slots": {name: list(_slots(name)) for name in _fact_names(known)},
        "of_model": {key: [_row(f) for f in facts] for key, facts in known.of_model.items()},
        "of_licence": {key: [_row(f) for f in facts] for key, facts in known.of_licence.items()},
        "common": [_row(f) for f in known.common],
        "models": [list(vars(entry).values()) for entry in catalogue.models.values()],
        "labels": catalogue.labels,
        "sources": [list(vars(source).values()) for source in catalogue.sources.values()],
        "criteria": catalogue.criteria,
        "shortlist_length": catalogue.shortlist_length,
        "quantisations": catalogue.quantisations,
        "countries": sorted(catalogue.countries),
        "outside": {k: list(vars(entry).values()) for k, entry in catalogue.outside.items()},
        "nodes": {k: list(vars(entry).values()) for k, entry in catalogue.nodes.items()},
        "edges": [list(vars(entry).values()) for entry in catalogue.edges],
        "questions": [list(vars(entry).values()) for entry in catalogue.questions],
        "misconceptions": {
            k: list(vars(entry).values()) for k, entry in catalogue.misconceptions.items()
        },
    }


def _from_json(data: dict[str, Any]) -> Catalogue:
    def facts(rows: list[list[Any]]) -> tuple[WorkingFact, ...]:
        return tuple([_fact(row) for row in rows])

    if any(list(_slots(name)) != slots for name, slots in data["slots"].items()):
        raise ValueError("the facts have other slots")
    return Catalogue(
        version=data["version"],
        digest=data["digest"],
        known=KnownFacts(
            of_model={key: facts(rows) for key, rows in data["of_model"].items()},
            of_licence={key: facts(rows) for key, rows in data["of_licence"].items()},
            common=facts(data["common"]),
        ),
        models={e[0]: ModelEntry(*map(_frozen, e)) for e in data["models"]},
        labels=data["labels"],
        sources={e[0]: Source(*e) for e in data["sources"]},
        criteria=tuple(data["criteria"]),
        shortlist_length=data["shortlist_length"],
        quantisations=tuple(data["quantisations"]),
        countries=frozenset(data["countries"]),
        outside={k: OutsideEntry(*map(_frozen, e)) for k, e in data["outside"].items()},
        nodes={k: NodeEntry(*e) for k, e in data["nodes"].items()},
        edges=tuple(EdgeEntry(*map(_frozen, e)) for e in data["edges"]),
        questions=tuple(
            QuestionEntry(key, text, explains, typed, tuple((said, sets) for said, sets in replies))
            for key, text, explains, typed, replies in data["questions"]
        ),
        misconceptions={k: MisconceptionEntry(*e) for k, e in data["misconceptions"].items()},
    )


def _fact_names(known: KnownFacts) -> list[str]:
    groups = (*known.of_model.values(), *known.of_licence.values(), known.common)
    return sorted({type(fact).__name__ for group in groups for fact in group})


def _row(fact: WorkingFact) -> list[Any]:
    """A fact as its type's name and its values in the order of the slots."""
    return [type(fact).__name__, *[fact[slot] for slot in type(fact).slots()]]


def _fact(row: list[Any]) -> WorkingFact:
    name = row[0]
    fact: WorkingFact = _type(name)()
    dict.update(fact, zip(_slots(name), row[1:], strict=True))
    return fact


@cache
def _type(name: str) -> type[WorkingFact]:
    found: type[WorkingFact] = getattr(fact_types, name)
    if not issubclass(found, WorkingFact):
        raise TypeError(f"{name} is no type of fact")
    return found


@cache
def _slots(name: str) -> tuple[str, ...]:
    return tuple(_type(name).slots())


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
