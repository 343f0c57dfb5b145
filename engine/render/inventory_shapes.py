"""The JSON of answers about the knowledge as a whole: lists, hits, conflicts, what has aged."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict  # pydantic asks for it below Python 3.12


class ListedModelJson(TypedDict):
    """A variant in a line; `licences` has those that bind it through its base too."""

    id: str
    name: str
    family: str
    publisher: str
    params_b: float | None
    modalities: list[str]
    licences: list[str]


class ListedLicenceJson(TypedDict):
    """A licence in a line."""

    id: str
    name: str
    category: str
    osi_approved: bool


class ListedFamilyJson(TypedDict):
    """A family in a line, with the number of its variants."""

    id: str
    name: str
    publisher: str
    models: int
    specialty: str | None


class ListedPublisherJson(TypedDict):
    """A publisher in a line, with the numbers of its families and variants."""

    id: str
    name: str
    country: str | None
    role: str
    families: int
    models: int


class ListedSourceJson(TypedDict):
    """A source in a line; `facts` rest on it, and it is `cited` also where it says nothing."""

    id: str
    name: str
    url: str | None
    read: str
    facts: int
    cited: bool


class ListedQuantisationJson(TypedDict):
    """A quantisation in a line."""

    id: str
    name: str
    bits_per_weight: float
    general: bool


class ListJson(TypedDict):
    """`whyllm.list/1`: the entries of one kind, one line each."""

    schema: str
    kind: str
    entries: (
        list[ListedModelJson]
        | list[ListedLicenceJson]
        | list[ListedFamilyJson]
        | list[ListedPublisherJson]
        | list[ListedSourceJson]
        | list[ListedQuantisationJson]
    )


class SourcesJson(TypedDict):
    """`whyllm.sources/1`: each source with what rests on it."""

    schema: str
    sources: list[ListedSourceJson]


class HitJson(TypedDict):
    """An entry that was found: the field that matched best, its text, and a score up to 100."""

    kind: str
    id: str
    name: str
    score: float
    field: str
    text: str


class SearchJson(TypedDict):
    """`whyllm.search/1`: the best hits of `found`."""

    schema: str
    asked: str
    found: int
    hits: list[HitJson]


class SideJson(TypedDict):
    """One side of a conflict; `made` is when it was said or, for an entry, read."""

    value: Any
    says: str | None
    made: str
    source: str
    read: str
    confidence: str


class ConflictJson(TypedDict):
    """A claim, what contradicts it, and which of `claim` and `counter` prevails, with why."""

    claim_id: str | None
    about: str
    model: str
    field: str
    claim: SideJson
    counter: SideJson
    prevails: str
    reason: str
    why: str


class ConflictsJson(TypedDict):
    """`whyllm.conflicts/1`: every contradiction, and counts by the reason that decides."""

    schema: str
    summary: dict[str, int]
    conflicts: list[ConflictJson]


class ShelfJson(TypedDict):
    """A kind of fact: how long it keeps, how many there are, how many are stale."""

    id: str
    months: int
    facts: int
    stale: int


class StaleFactJson(TypedDict):
    """A fact past its shelf life."""

    shelf: str
    kind: str
    id: str
    field: str
    since: str
    age_months: int
    source: str


class StaleJson(TypedDict):
    """`whyllm.stale/1`: what is past its shelf life on a day."""

    schema: str
    on: str
    shelves: list[ShelfJson]
    stale: list[StaleFactJson]


class ExportJson(TypedDict):
    """`whyllm.export/1`: all entries by kind, as the files have them."""

    schema: str
    version: str
    digest: str
    entries: dict[str, Any]
