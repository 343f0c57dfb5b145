"""Loads the knowledge: the catalogue that answers, the names people type, what tags mean.

What `whyllm measure` kept is a folder of knowledge too, and lies below all others.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_data_path
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.compiled import compiled_catalogue
from whyllm.engine.facts import Session, ThisMachine
from whyllm.kb.errors import KnowledgeError
from whyllm.kb.files import GLOBS
from whyllm.kb.folder import matching_files
from whyllm.kb.names import NameIndex

if TYPE_CHECKING:
    from whyllm.engine.reviewing.declared import Recogniser
    from whyllm.kb.knowledge import KnowledgeBase

FOLDERS_VARIABLE = "WHYLLM_KB"
"""Names folders of knowledge, parted as in PATH, that lie below those of the options."""


def knowledge_base(folders: Sequence[Path]) -> KnowledgeBase:
    """The built-in knowledge; over it kept measurements, then WHYLLM_KB, then those of options."""
    from whyllm.kb.loader import load

    return load(_all_folders(folders))


def kept_folder() -> Path:
    """The folder of knowledge in which this user's measurements are kept; it need not exist."""
    return user_data_path("whyllm") / "measured"


def _all_folders(folders: Sequence[Path]) -> list[Path]:
    """The folder of kept measurements, those of WHYLLM_KB, then those of options, each once."""
    stated = [_resolved(folder, "") for folder in folders]
    names = os.environ.get(FOLDERS_VARIABLE, "").split(os.pathsep)
    standing = [_resolved(Path(name), f"{FOLDERS_VARIABLE}: ") for name in names if name]
    if matching_files(kept_folder(), GLOBS["measurements"], trusted=False):
        standing.insert(0, _resolved(kept_folder(), ""))
    return [*dict.fromkeys(f for f in standing if f not in stated), *dict.fromkeys(stated)]


def _resolved(folder: Path, where: str) -> Path:
    """The folder without links; a path that leads to no folder is a wrong question."""
    try:
        found = folder.resolve(strict=True)
        if found.is_dir():
            return found
        reason = "no such folder of knowledge (this is a file)"
    except FileNotFoundError:
        reason = "no such folder of knowledge"
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links, before Python 3.13
        reason = f"cannot be read: {getattr(error, 'strerror', None) or 'a loop of links'}"
    raise KnowledgeError(f"{where}{folder}: {reason}")


def answering_catalogue(folders: Sequence[Path]) -> Catalogue:
    """The catalogue that the engine answers from, read without YAML where that is possible."""

    def build() -> Catalogue:
        from whyllm.engine.cataloguing import catalogue

        return catalogue(knowledge_base(folders))

    return on_this_machine(compiled_catalogue(_all_folders(folders), build))


def on_this_machine(found: Catalogue) -> Catalogue:
    """The catalogue with the machine that it answers on, where a measurement makes that matter."""
    if not any(isinstance(fact, Session) for fact in found.known.common):
        return found
    from whyllm.engine.this_machine import identity

    common = (*found.known.common, ThisMachine(machine=identity()))
    return replace(found, known=replace(found.known, common=common))


def name_index(models: Catalogue) -> NameIndex:
    """The names of the catalogue's models and families."""
    families: dict[str, list[str]] = {}
    for key, entry in models.models.items():
        families.setdefault(models.labels["family"][entry.family], []).append(key)
    return NameIndex(
        {key: entry.spellings for key, entry in models.models.items()},
        families,
        untuned=[key for key, entry in models.models.items() if entry.tuning == "base"],
        base_repos={e.base_repo: key for key, e in models.models.items() if e.base_repo},
    )


def recogniser(kb: KnowledgeBase) -> Recogniser:
    """What finds the licences of the knowledge base in what is declared."""
    from whyllm.engine.reviewing.declared import Recogniser

    return Recogniser(kb.licences, kb.preferences.licence_order)
