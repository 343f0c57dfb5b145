"""What to say when a library that reads a machine is not installed."""

from __future__ import annotations

from whyllm.engine.inventory.mention import Fault, Place


def missing_library(name: str, file: str) -> Fault:
    """The fault of a place that only the library of that name can read."""
    return Fault(Place(file), f"needs the library {name}: pip install 'whyllm[machines]'")
