"""What a model's name looks like in text, and which keys and options are followed by one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from functools import lru_cache

from whyllm.engine.inventory.vocabulary import word_list

LONGEST_NAME = 200

_OWNER, _NAME = r"[A-Za-z0-9][\w.-]{0,95}+", r"[A-Za-z0-9][\w.-]{0,95}+"
_REPOSITORY = re.compile(
    rf"(?<![\w./@\\~$%+-])({_OWNER})/({_NAME})(:[\w.-]{{1,60}}+)?(?![\w/{{$\\<*+])", re.ASCII
)
_TAG = re.compile(
    r"(?<![\w./@:$-])[a-z][a-z0-9._-]{1,60}+:"
    r"(?:latest(?![\w/])|(?:[a-z]*[\d.x]+[bm]|e\d+b)(?![A-Za-z0-9/])[\w.-]{0,60}+)",
    re.ASCII,
)
_ADDRESS = re.compile(
    r"(?:https?://)?(?:www\.)?(?P<site>huggingface\.co|hf\.co|ollama\.com)/(?:api/)?"
    r"(?P<shelf>models/|library/)?(?P<path>[\w.-]+(?:/[\w.-]+)?(?::[\w.-]+)?)|"
    r"hf://(?:models/)?(?P<hub>[\w.-]+/[\w.-]+)",
    re.ASCII,
)
_SITES = ("hf.co/", "huggingface.co/", "ollama.com/", "hf://")
_PAGES = frozenset(word_list("pages_of_hubs"))
"""What stands first in the address of a page that is no model's."""

_FOLDERS = frozenset(word_list("folders"))
_MEDIA = frozenset(word_list("media_types"))
_WEIGHTS = re.compile(r"\.(?:gguf|ggml|safetensors|llamafile)$", re.IGNORECASE)
_FILE = re.compile(
    r"\.(?:c|cc|cfg|conf|cpp|css|csv|d|go|gz|h|html?|ini|ipynb|jar|java|jpe?g|jsx?|json[l5]?|lock"
    r"|log|md|mjs|mp[34]|parquet|pdf|php|png|py[ci]?|rb|rs|rst|sh|so|sql|svg|tar|toml|tsx?|tsv|txt"
    r"|vue|wav|whl|xml|ya?ml|zip)$",
    re.IGNORECASE,
)
_LOCAL = re.compile(r"(?:\.{1,2}|~|[A-Za-z]:)?[/\\]|~$|\.{1,2}$")
_NO_NAME = frozenset(word_list("no_names"))
_PLACEHOLDER = re.compile(
    r"(?:(?:your|my|some)[-_]?(?:org|owner|user|username|name|namespace|organi[sz]ation)|username)/.*"
    r"|(?:org|owner|user|name|namespace|organi[sz]ation)/.*(?:model|name|repo).*",
    re.IGNORECASE,
)


class Sense(IntEnum):
    """How surely a key names a model: by any value, by one that tells, by a repository alone."""

    FAINT = 1
    LIKELY = 2
    SURE = 3


_SURE = frozenset(word_list("sure_keys"))
_LIKELY = frozenset(word_list("likely_keys"))
_PREFIXES = frozenset(word_list("prefixes_of_keys"))
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_MODEL_KEY = re.compile(r"(?:(\w+)_)?models?(?:_(?:id|name|repo|repo_id|tag|path))?")


@lru_cache(maxsize=4096)
def sense_of(key: str) -> Sense | None:
    """How surely a key, an option without its dashes or a variable names a model, none if not.

    `modelId`, `model-id` and `MODEL_ID` are one.
    """
    if len(key) > 60:
        return None
    plain = re.sub(r"[^A-Za-z0-9]+", "_", _CAMEL.sub("_", key)).strip("_").lower()
    if plain in _SURE:
        return Sense.SURE
    if plain in _LIKELY:
        return Sense.LIKELY
    matched = _MODEL_KEY.fullmatch(plain)
    if matched is None or plain.startswith(("served_", "hub_model")):
        return None
    prefix = matched[1]
    if prefix is None or prefix.rpartition("_")[2] in _PREFIXES or prefix in _PREFIXES:
        return Sense.SURE
    return Sense.FAINT


def name_in(value: str, *, spaced: bool = False) -> str | None:
    """The name of a model that a value is, none for a placeholder, a variable or a folder.

    An address of a hub is shortened to the repository. With `spaced`, a few words with a number
    (`Llama 3.1 8B`) are a name as well.
    """
    text = value.strip()
    if not text or len(text) > LONGEST_NAME or text.lower() in _NO_NAME:
        return None
    if address := _ADDRESS.match(text):
        return _named_by(address)
    words = text.split()
    if len(words) > 1 and not (spaced and len(words) <= 8 and re.search(r"\d", text)):
        return None
    if re.search(r"""[<>{}$*%"'`()\[\],;=|\\!?&^]|://|\.\.\.|\.$""", text):
        return None
    if not re.search(r"[A-Za-z]", text) or _PLACEHOLDER.fullmatch(text):
        return None
    if _WEIGHTS.search(text):
        return text
    if _LOCAL.match(text) or text.startswith(("-", ".", "@", "#", "s3:", "file:")):
        return None
    first, slash, _ = text.partition("/")
    if slash and (first.lower() in _FOLDERS or first in _MEDIA or text.endswith("/")):
        return None
    return None if _FILE.search(text) else text


def is_stated(sense: Sense, name: str) -> bool:
    """Whether a key of that sense states this name: a lone word may be a mere setting."""
    if sense is Sense.SURE:
        return True
    if sense is Sense.LIKELY and re.search(r"[\d/:-]", name):
        return True
    return is_repository(name) or _TAG.fullmatch(name) is not None or bool(_WEIGHTS.search(name))


def is_repository(text: str) -> bool:
    """Whether the whole text looks like OWNER/NAME of a hub."""
    matched = _REPOSITORY.fullmatch(text)
    return matched is not None and _is_told(matched)


def addresses(text: str) -> Iterator[tuple[int, str]]:
    """Offset and name of each model whose page on a hub a text gives."""
    if not any(site in text for site in _SITES):
        return
    for address in _ADDRESS.finditer(text):
        before = text[max(0, address.start() - 1) : address.start()]
        if not re.match(r"[\w.@-]", before) and (name := _named_by(address)):
            group = "hub" if address["hub"] else "path"
            yield address.start(group), name


def candidates(text: str) -> Iterator[tuple[int, str]]:
    """Offset and name of all that looks like a repository or a tag of Ollama."""
    for matched in _REPOSITORY.finditer(text):
        if _is_told(matched):
            yield matched.start(), _without_stop(matched[0])
    for matched in _TAG.finditer(text):
        yield matched.start(), _without_stop(matched[0])


def _without_stop(name: str) -> str:
    return name.rstrip(".-_")


def _is_told(matched: re.Match[str]) -> bool:
    """Whether owner and name are not parts of a path, a media type, a date or two plain words."""
    owner, name = matched[1], _without_stop(matched[2])
    if not re.search(r"[A-Za-z]", owner) or owner.lower() in _FOLDERS or owner in _MEDIA:
        return False
    telling = re.search(r"[A-Z\d_-]", name) and re.search(r"[A-Za-z]", name)
    return bool(telling) and not _FILE.search(name)


def _named_by(address: re.Match[str]) -> str | None:
    path = _without_stop(address["hub"] or address["path"]).removesuffix(".git")
    owner, slash, name = path.partition("/")
    if _PLACEHOLDER.fullmatch(path) or (slash and _FILE.search(name)):
        return None
    if address["site"] == "ollama.com":
        if address["shelf"] == "library/":
            return owner or None
        return path if slash and name and owner not in _PAGES else None
    if not slash or not name or owner in _PAGES:
        return None
    if name in ("resolve", "tree", "blob"):
        return owner  # the oldest models have no owner
    return path
