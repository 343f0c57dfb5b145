"""A reference from one entry to another, and the problem that it is when it leads nowhere."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """A reference that leads nowhere: the kind and key of the entry, and the key path within it."""

    kind: str
    key: str
    within: tuple[str | int, ...]
    message: str


def missing(
    kind: str,
    key: str,
    within: tuple[str | int, ...],
    found: object,
    known: Collection[str],
    what: str,
) -> Iterator[Problem]:
    """The problem of a reference to what is not known, with what it may have meant."""
    if found is None or found in known:
        return
    from rapidfuzz import process

    close = [
        match for match, _, _ in process.extract(str(found), list(known), limit=3, score_cutoff=60)
    ]
    hint = f"; did you mean {' or '.join(close)}?" if close else ""
    yield Problem(kind, key, within, f"{'.'.join(map(str, within))}: no {what} {found!r}{hint}")
