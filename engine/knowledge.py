"""Loads the knowledge: the catalogue that answers, the names people type, what tags mean.

What `whyllm measure` kept is a folder of knowledge too, and lies below all others.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
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
    from whyllm.engine.reviewing.policy import Policy
    from whyllm.kb.knowledge import KnowledgeBase

FOLDERS_VARIABLE = "WHYLLM_KB"
"""Names folders of knowledge, parted as in PATH, that lie below those of the options."""


_IN_HAND: dict[str, Catalogue] = {}
"""The catalogues that this process has answered from last, by the digest of their knowledge."""


class Knowledge:
    """The built-in knowledge, with the folders of WHYLLM_KB and then those of options over it.

    Each part is loaded when it is first wanted, and raises KnowledgeError if a file is wrong; so
    does the constructor where a folder is missing.
    """

    def __init__(self, folders: Sequence[Path] = ()) -> None:
        self.folders = tuple(_all_folders(folders))

    @cached_property
    def base(self) -> KnowledgeBase:
        """The knowledge itself, as its files have it."""
        from whyllm.kb.loader import load

        return load(self.folders)

    @cached_property
    def catalogue(self) -> Catalogue:
        """What the engine answers from, read without YAML where that is possible."""

        def build() -> Catalogue:
            from whyllm.engine.cataloguing import catalogue

            return catalogue(self.base)

        return on_this_machine(compiled_catalogue(self.folders, build, _IN_HAND))

    @property
    def names(self) -> NameIndex:
        """What people call the models."""
        return self.catalogue.names

    @cached_property
    def recogniser(self) -> Recogniser:
        """What finds known licences in what is declared."""
        return recogniser(self.base)

    def policy(self, path: Path) -> Policy:
        """The policy of a file, its names resolved; KnowledgeError where it cannot be meant."""
        from whyllm.engine.reviewing.policy import read_policy

        return read_policy(path, self.catalogue, lambda name: self.names.resolve(name).model)


_loaded: dict[tuple[Path, ...], Knowledge] = {}


def loaded(folders: Sequence[Path] = ()) -> Knowledge:
    """The knowledge of some folders, each part of it loaded once in the life of the process."""
    knowledge = Knowledge(folders)
    return _loaded.setdefault(knowledge.folders, knowledge)


def knowledge_base(folders: Sequence[Path]) -> KnowledgeBase:
    """The knowledge itself, with the folders of WHYLLM_KB and then those of options over it."""
    return Knowledge(folders).base


def answering_catalogue(folders: Sequence[Path]) -> Catalogue:
    """The catalogue that the engine answers from; see `Knowledge.catalogue`."""
    return Knowledge(folders).catalogue


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


def on_this_machine(found: Catalogue) -> Catalogue:
    """The catalogue with the machine that it answers on, where a measurement makes that matter."""
    if not any(isinstance(fact, Session) for fact in found.known.common):
        return found
    from whyllm.engine.this_machine import identity

    common = (*found.known.common, ThisMachine(machine=identity()))
    return replace(found, known=replace(found.known, common=common))


def recogniser(kb: KnowledgeBase) -> Recogniser:
    """What finds the licences of the knowledge base in what is declared."""
    from whyllm.engine.reviewing.declared import Recogniser

    return Recogniser(kb.licences, kb.preferences.licence_order)
