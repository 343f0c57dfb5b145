"""Reads the policy file that an option names."""

from __future__ import annotations

from pathlib import Path

from whyllm.engine.catalogue import Catalogue
from whyllm.engine.knowledge import name_index
from whyllm.engine.reviewing.policy import Policy, read_policy


def policy_of(path: Path, catalogue: Catalogue) -> Policy:
    """The policy of a file, its names resolved by the catalogue."""
    names = name_index(catalogue)
    return read_policy(path, catalogue, lambda name: names.resolve(name).model)
