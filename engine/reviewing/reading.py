"""What a name means to a review: known weights, a choice of them, made from them, or nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from whyllm.engine.catalogue import Catalogue
from whyllm.kb.errors import UnknownNameError
from whyllm.kb.names import NameIndex

_FILE = re.compile(
    r"\.(?:c|cfg|conf|csv|gz|h|html?|ini|ipynb|js|jsonl?|log|md|parquet|pdf|png|py|rs|rst|sh|sql"
    r"|svg|tar|toml|ts|tsv|txt|xml|ya?ml|zip)$",
    re.IGNORECASE,
)
"""Ends of file names, by which a string that resembles a repository is none."""


@dataclass(frozen=True)
class Reading:
    """What a name means.

    `models`: the variants whose weights it can be, one if it is clear; `alike`: those that it
    seems to be made from, by nothing but its name. `untuned`: the weights before the tuning of the
    model, under the same licences. `remark` says how it was read.
    """

    models: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()
    remark: str = ""
    untuned: bool = False


class Reader:
    """Reads names by the catalogue; weights before tuning count as their variant's licence does."""

    def __init__(self, catalogue: Catalogue, names: NameIndex) -> None:
        self._names = names
        self._untuned = _untuned_names(catalogue)
        self._shown = catalogue.models
        self._by_name = {entry.name: key for key, entry in catalogue.models.items()}

    def read(self, name: str) -> Reading:
        """What a name means; nothing for one that resembles none."""
        try:
            found = self._names.resolve(name)
        except UnknownNameError as error:
            return self._refused(name, error)
        remark = f"read as a repackaging of {self._name(found.model)}" if found.repackaged else ""
        return Reading((found.model,), remark=remark)

    def is_one(self, name: str) -> bool:
        """Whether a string that nobody states to be a model's name is one."""
        if _FILE.search(name):
            return False
        reading = self.read(name)
        return len(reading.models) == 1 or bool("/" in name and (reading.alike or reading.models))

    def _refused(self, name: str, error: UnknownNameError) -> Reading:
        if error.tuned:
            return self._before_tuning(name, error)
        if error.readings and not error.family:
            models = self._ids(error.readings)
            return Reading(models, remark=str(error))
        return Reading((), self._ids(error.bases), str(error))

    def _before_tuning(self, name: str, error: UnknownNameError) -> Reading:
        try:
            model = self._untuned.resolve(name).model
        except UnknownNameError:
            return Reading((), self._ids(error.tuned), str(error))
        remark = f"the weights before tuning of {self._name(model)}, under the same licences"
        return Reading((model,), remark=remark, untuned=True)

    def _name(self, model: str) -> str:
        return self._shown[model].name

    def _ids(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self._by_name[name] for name in names)


def _untuned_names(catalogue: Catalogue) -> NameIndex:
    """The names of weights before tuning, each with the variant whose licences they share."""
    of_base = {key: entry.base_repo for key, entry in catalogue.models.items() if entry.base_repo}
    return NameIndex({key: (repo,) for key, repo in of_base.items()}, untuned=of_base)
