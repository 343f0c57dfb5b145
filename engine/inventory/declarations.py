"""What cards and headers declare, in the words of a mention: licences and base models."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from whyllm.kb.draft.reading import words

_HUBS = ("huggingface.co", "www.huggingface.co", "hf.co")
_NAMES_NONE = ("other", "unknown")
"""The hub's tags that name no licence: with them goes a `license_name`."""
_BASE = re.compile(r"general\.base_model\.(\d+)\.(?:repo_url|url|name)")


def licences(tag: object, name: object) -> tuple[str, ...]:
    """The licences of the keys `license` (one tag, or several) and `license_name`, as written.

    A name that is given beside tags stands for those that name no licence; whatever else a key
    holds is left out.
    """
    tags, names = _texts(tag), _texts(name)
    named = filter(names_a_licence, tags)
    return tuple(dict.fromkeys((*named, *names) if names else tags))


def names_a_licence(declared: str) -> bool:
    """Whether a declaration says which licence it is."""
    return declared.casefold() not in _NAMES_NONE


def ill_typed(values: Mapping[str, object], keys: Iterable[str]) -> list[str]:
    """Those of the keys whose values are neither texts nor lists of texts, nor left empty."""
    return [
        key
        for key in keys
        if not all(isinstance(item, str | None) for item in _items(values.get(key)))
    ]


def models(value: object) -> tuple[str, ...]:
    """The names of models that a key holds, one or a list; a hub's address as owner/name."""
    return tuple(dict.fromkeys(repository(name) or name for name in words(value)))


def header_bases(values: Mapping[str, object]) -> tuple[str, ...]:
    """The models that the keys `general.base_model.N.…` of a GGUF header name, in their order."""
    numbers = {int(found[1]) for key in values if (found := _BASE.fullmatch(key))}
    return tuple(
        dict.fromkeys(base for number in sorted(numbers) for base in _base(values, number))
    )


def repository(address: object) -> str | None:
    """The owner/name in the address of a repository of the hub, none for any other text."""
    if not isinstance(address, str):
        return None
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    steps = [step for step in parts.path.split("/") if step]
    if parts.scheme not in ("http", "https") or parts.netloc.lower() not in _HUBS:
        return None
    return "/".join(steps[:2]) if len(steps) >= 2 else None


def _base(values: Mapping[str, object], number: int) -> tuple[str, ...]:
    """What says most of a base model: its repository, else its name, else any address."""
    repo_url, url, name = (
        values.get(f"general.base_model.{number}.{key}") for key in ("repo_url", "url", "name")
    )
    found = repository(repo_url) or repository(url)
    return (found,) if found else models(name) or models(repo_url) or models(url)


def _texts(value: object) -> list[str]:
    """Texts that can be written: half of a surrogate pair, which JSON may hold, cannot."""
    texts = (item.strip() for item in _items(value) if isinstance(item, str))
    return [text.encode("utf-8", "replace").decode() for text in texts if text]


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
