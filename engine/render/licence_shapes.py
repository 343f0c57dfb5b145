"""The JSON of answers about licences: the shelf, one licence, several side by side."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict  # pydantic asks for it below Python 3.12
from whyllm.engine.render.shapes import EntryJson


class ReadJson(TypedDict):
    """Where a licence was read: `known` is the confidence in words, `date` the day of reading."""

    title: str
    url: str | None
    date: str
    confidence: str
    known: str
    note: str | None
    source_note: str | None


class LicenceJson(EntryJson):
    """`whyllm.licence/1`: an entry as its file has it, where it was read and what it binds.

    `models` are the ids of the variants that it binds, through what they were made from too.
    """

    url: str | None
    read: ReadJson
    models: list[str]


class LicenceSetJson(TypedDict):
    """`whyllm.licence-set/1`: every licence that binds a model.

    `inherited` has those that bind it through what it was made from, each with the base's name.
    """

    schema: str
    asked: str
    model: str
    inherited: dict[str, str]
    licences: list[LicenceJson]


class ShelvedJson(TypedDict):
    """A licence in a line; `unread` are parts of it that were not verified."""

    id: str
    short: str
    category: str
    osi_approved: bool
    commercial_use: str
    production_use: str
    thresholds: list[str]
    excludes: list[str]
    unread: list[str]
    models: int


class LicencesJson(TypedDict):
    """`whyllm.licences/1`: the licences that pass the filters, in the order of the knowledge."""

    schema: str
    category: str | None
    use: str | None
    search: str | None
    licences: list[ShelvedJson]


class LicenceComparedJson(TypedDict):
    """A licence of a comparison; `asked` is what the user wrote, `model` the variant it names."""

    id: str
    short: str
    asked: str
    model: str | None


class SaidJson(TypedDict):
    """What a licence says on a clause; `section` is `-` where its text is silent."""

    licence: str
    value: str
    section: str
    note: str | None
    confidence: str


class ClauseComparedJson(TypedDict):
    """A clause in each licence; it is `open` where a value is unknown or known from memory only.

    `strictest` is empty where the clause is open, and where the values are equal or unordered.
    """

    clause: str
    label: str
    differs: bool
    open: bool
    strictest: list[str]
    said: list[SaidJson]


class PartJson(TypedDict):
    """A threshold, territory, duty or restriction: its licence, and its words as people read it."""

    licence: str
    id: str | None
    text: str
    section: str
    shared: bool
    data: dict[str, Any]


class LicenceComparisonJson(TypedDict):
    """`whyllm.licence-comparison/1`: clauses that differ first, then open ones, then others.

    A duty or restriction is `shared` if every licence has one of its kind.
    """

    schema: str
    licences: list[LicenceComparedJson]
    clauses: list[ClauseComparedJson]
    thresholds: list[PartJson]
    territory: list[PartJson]
    duties: list[PartJson]
    restrictions: list[PartJson]
    unread: dict[str, list[str]]


class LicenceTextJson(TypedDict):
    """`whyllm.licence-text/1`: where the text of a licence is to be read, and how it was read."""

    schema: str
    id: str
    name: str
    version: str | None
    url: str | None
    read: ReadJson
