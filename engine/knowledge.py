"""Loads the knowledge: the catalogue that answers, the names people type, what tags mean."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from whyllm.engine.catalogue import Catalogue
from whyllm.engine.compiled import compiled_catalogue
from whyllm.kb.errors import KnowledgeError
from whyllm.kb.names import NameIndex

if TYPE_CHECKING:
    from whyllm.engine.reviewing.declared import Recogniser
    from whyllm.kb.knowledge import KnowledgeBase

FOLDERS_VARIABLE = "WHYLLM_KB"
"""Names folders of knowledge, parted as in PATH, that lie below those of the options."""


def knowledge_base(folders: Sequence[Path]) -> KnowledgeBase:
    """The built-in knowledge, with the folders of WHYLLM_KB and then those of options over it."""
    from whyllm.kb.loader import load

    return load(_all_folders(folders))


def _all_folders(folders: Sequence[Path]) -> list[Path]:
    """The folders of WHYLLM_KB, then those of options, each once."""
    stated = [_resolved(folder, "") for folder in folders]
    names = os.environ.get(FOLDERS_VARIABLE, "").split(os.pathsep)
    standing = [_resolved(Path(name), f"{FOLDERS_VARIABLE}: ") for name in names if name]
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


_IN_HAND: dict[str, Catalogue] = {}
"""The catalogues that this process has answered from last, by the digest of their knowledge."""


def answering_catalogue(folders: Sequence[Path]) -> Catalogue:
    """The catalogue that the engine answers from, read without YAML where that is possible.

    While the knowledge stays as it is, a process is given the same one each time.
    """

    def build() -> Catalogue:
        from whyllm.engine.cataloguing import catalogue

        return catalogue(knowledge_base(folders))

    return compiled_catalogue(_all_folders(folders), build, _IN_HAND)


def name_index(models: Catalogue) -> NameIndex:
    """The names of the catalogue's models and families."""
    return models.names


def recogniser(kb: KnowledgeBase) -> Recogniser:
    """What finds the licences of the knowledge base in what is declared."""
    from whyllm.engine.reviewing.declared import Recogniser

    return Recogniser(kb.licences, kb.preferences.licence_order)
