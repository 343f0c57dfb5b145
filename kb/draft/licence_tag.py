"""Which licence of the knowledge a declaration names: a tag, a name or a text, if it is just one.

To take one licence for another is worse than to recognise none. So a name must be the whole
declaration, and a text must begin with a licence's name as its title.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from whyllm.kb.schema import Licence

LONGEST_NAME = 200
"""Characters up to which a declaration of one line may be a name; a longer one is a text."""

LONGEST_TEXT = 200_000
"""Characters up to which a text may be a licence; none known here has a quarter of it."""

_NO_NAME = "other"
"""The hub's tag for what has a name of its own beside it."""

_MARKUP = re.compile(r"^[\s#*_=>`\"'“”-]+")
_VERSION = re.compile(r"\b(?:version\s+|v)(\d+(?:\.\d+)*)", re.IGNORECASE)
_RELEASED = re.compile(r"\b(?i:release date):?\s+([A-Z][a-z]+ \d{1,2}, \d{4})")
_AFTER_TITLE = re.compile(
    r"""\s*(?:agreement)?[\s.,:;#*_()"'“”-]*
        (?:$ | \(?mit\)?[\s)]*$ | (?:v|version)?\s*[\d.]+ | v(?:ersion)?\b | copyright | © | \(c\)
          | last\s(?:modified|updated) | release\sdate | effective | dated?\b
          | (?:january|february|march|april|may|june|july|august|september|october|november
              |december)\b )""",
    re.VERBOSE | re.IGNORECASE,
)
"""What may stand on the line of a title after it; anything else makes it another title."""

_TITLE_LINES = 3
"""Lines over which a title may run, as `Apache License` and `Version 2.0` do."""

_HEAD_LINES = 6
"""Lines at the beginning in which a version or a date belongs to the title."""

_HEAD = 400
"""Characters of these lines that are read."""


def licence_of(declared: str, licences: Mapping[str, Licence]) -> str | None:
    """The id of the licence that a declaration names, whether it is a tag, a name or a text."""
    stripped = declared.strip()
    if "\n" not in stripped and len(stripped) <= LONGEST_NAME:
        found = licence_of_tag(stripped, licences)
        if found is not None:
            return found
    return licence_of_text(declared, licences)


def licence_of_tag(tag: str, licences: Mapping[str, Licence]) -> str | None:
    """The id of the licence of that id, hub's tag or name, none if it is ambiguous.

    A tag may be followed by the name that a model card gives beside it: both must name one
    licence, unless the tag is `other`.
    """
    found = _named(tag, licences)
    if found is not None:
        return found
    first, _, rest = tag.strip().partition(" ")
    if not rest:
        return None
    named = _named(rest, licences)
    return named if first.casefold() == _NO_NAME or named == _named(first, licences) else None


def _named(name: str, licences: Mapping[str, Licence]) -> str | None:
    names = _names(_spellings(licences))
    found = names.get(name.strip().casefold()) or names.get(_squashed(name))
    return found or None


Spellings = tuple[tuple[str, str, tuple[str, ...]], ...]


def _spellings(licences: Mapping[str, Licence]) -> Spellings:
    """The id of each licence, its title, and the names that mean no other licence as well."""
    return tuple(
        (key, x.name, (key, *(tag.name for tag in x.tags), *(() if x.dated else (x.name, x.short))))
        for key, x in licences.items()
    )


@lru_cache(maxsize=4)
def _names(spellings: Spellings) -> Mapping[str, str]:
    """The licences by each of their names; a name that several bear leads to an empty one."""
    found: dict[str, str] = {}
    for key, _, names in spellings:
        spelt = {_squashed(form) for name in names for form in (name, f"{name} license")}
        for name in {*map(str.casefold, names), *spelt}:
            found[name] = key if found.get(name, key) == key else ""
    return found


def licence_of_text(text: str, licences: Mapping[str, Licence]) -> str | None:
    """The id of the licence that a text is, none where it is unknown, altered or one of several.

    The text begins with the licence's name as its title. A later line that begins with the title
    of another licence makes it two texts, and so does an addition after the last words of a text
    that is known to be added to.
    """
    if len(text) > LONGEST_TEXT:
        return None
    raw = text.lstrip("\ufeff").splitlines()
    lines = [line for item in raw if (line := _MARKUP.sub("", item).rstrip())]
    found = _titled(lines[:_HEAD_LINES], licences)
    if found is None or _added_to(text, licences[found]):
        return None
    titles = tuple(title for _, title in _titles(_spellings(licences)))
    starts = [_squashed(line[:LONGEST_NAME]) for line in lines]
    for at in range(1, len(lines)):
        if "".join(starts[at : at + _TITLE_LINES]).startswith(titles):
            other = _titled(lines[at : at + _HEAD_LINES], licences)
            if other not in (None, found):
                return None
    return found


def _titled(lines: list[str], licences: Mapping[str, Licence]) -> str | None:
    """The licence whose name is the title that the lines begin with."""
    named = [
        (len(title), key)
        for key, title in _titles(_spellings(licences))
        if any(_is_title(title, head, rest) for head, rest in _heads(lines, title))
    ]
    if not named:
        return None
    licence = licences[max(named)[1]]
    return licence.id if _agrees(licence, "\n".join(lines)[:_HEAD]) else None


@lru_cache(maxsize=4)
def _titles(spellings: Spellings) -> tuple[tuple[str, str], ...]:
    """The id of each licence with its title, squashed."""
    return tuple((key, _squashed(title)) for key, title, _ in spellings)


def _heads(lines: list[str], title: str) -> Iterator[tuple[str, str]]:
    """The first words of the lines that may be the title, each time with the rest of their line."""
    before = ""
    for line in lines[:_TITLE_LINES]:
        words = line[: 2 * len(title) + 80].split(" ")
        for count in range(1, len(words) + 1):
            head = f"{before} {' '.join(words[:count])}"
            if len(_squashed(head)) >= len(title):
                yield head, line[len(" ".join(words[:count])) :]
                break
        before = f"{before} {line}"
        if not title.startswith(_squashed(before)):
            return


def _is_title(title: str, head: str, rest: str) -> bool:
    return _squashed(head) == title and _AFTER_TITLE.match(rest) is not None


def _agrees(licence: Licence, head: str) -> bool:
    """Whether a version or a release date at the head of a text is that of the licence."""
    known = licence.version or ""
    if said := _VERSION.search(head):
        return _bare(said[1]) == _bare(known)
    if (said := _RELEASED.search(head)) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", known):
        try:
            return dt.datetime.strptime(said[1], "%B %d, %Y").date().isoformat() == known
        except ValueError:
            return False
    return not licence.dated


def _bare(version: str) -> str:
    return version.removesuffix(".0")


def _added_to(text: str, licence: Licence) -> bool:
    """Whether anything stands after the last words of the licence's text."""
    if licence.ends is None:
        return False
    _, ends, rest = _letters(text).partition(_letters(licence.ends))
    return bool(ends and rest)


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", text.casefold())


def _squashed(text: str) -> str:
    """Letters and digits alone, licence spelt one way, without `version`, `the` and `agreement`."""
    folded = text.casefold().replace("licence", "license")
    bare = re.sub(r"\b(?:version|the|agreement)\b|\bv(?=\d)", "", folded)
    return re.sub(r"[^a-z0-9.+]+", "", bare).rstrip(".")
