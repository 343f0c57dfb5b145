"""Addresses of models on hubs: package addresses (purl), and the hub's own pages."""

from __future__ import annotations

import re

HUBS = ("huggingface", "ollama")
"""Types of package addresses that are addresses of models."""

_PAGE = re.compile(
    r"(?:git\+)?https?://(?:www\.)?"
    r"(?:huggingface\.co|hf\.co)/(?!datasets/|spaces/|api/|docs/|collections/)"
    r"([\w.-]+/[\w.-]+)(?:[/@?#]|\.git\b|$)"
)


def is_on_hub(address: str) -> bool:
    """Whether a package address means to be one of a hub, well formed or not."""
    scheme, _, rest = address.strip().lower().partition(":")
    return scheme == "pkg" and rest.lstrip("/").startswith(tuple(f"{hub}/" for hub in HUBS))


def hub_name(address: str) -> str | None:
    """The name of the model at a hub's package address, none for another address.

    The version is a revision and left out; ollama's tag is part of the name.
    """
    from packageurl import PackageURL

    try:
        purl = PackageURL.from_string(address)
    except ValueError:
        return None
    if purl.type not in HUBS:
        return None
    name = f"{purl.namespace}/{purl.name}" if purl.namespace else purl.name
    tagged = purl.type == "ollama" and purl.version and ":" not in name
    return f"{name}:{purl.version}" if tagged else name


def page_name(address: str) -> str | None:
    """The name of the model at the address of a page or a file on the hub, none for another."""
    found = _PAGE.match(address)
    return found[1].removesuffix(".git") if found else None
