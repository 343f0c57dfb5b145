"""What formats say of the tool that made them."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed

NAME = "whyllm"


def version() -> str:
    """The installed version; 0 for a tree that is not installed."""
    try:
        return installed(NAME)
    except PackageNotFoundError:
        return "0"
