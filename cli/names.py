"""Reads the model that a command names."""

from __future__ import annotations

from whyllm.cli.exits import tell
from whyllm.engine.catalogue import Catalogue


def resolved(name: str, models: Catalogue) -> str:
    """The variant that a name means; a remark says where a repackaging leads to its base."""
    found = models.names.resolve(name)
    if found.repackaged:
        tell(f"{name} is read as a repackaging of {models.models[found.model].name}")
    return found.model
