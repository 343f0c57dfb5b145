"""Draws a paper: item by item, each by a seed of its own, so that none hangs on the others."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Sequence

from whyllm.engine.catalogue import Catalogue
from whyllm.engine.quiz.cases import Cases, NoItemError
from whyllm.engine.quiz.item import Draft, Item, Paper
from whyllm.engine.quiz.kinds import KINDS

MOST_CASES = 400
"""Cases drawn for one item before its kind is given up as not to be had from the catalogue."""

ID_DIGITS = 10


def draw_paper(
    catalogue: Catalogue, seed: int = 0, count: int = 10, kinds: Sequence[str] = ()
) -> Paper:
    """A paper of `count` items of the kinds by turns, all of KINDS unless some are named.

    The same seed, count, kinds and catalogue give the same paper in any process. KeyError for an
    unknown kind; NoItemError where the catalogue has no case for a kind.
    """
    cases = Cases(catalogue)
    names = tuple(dict.fromkeys(kinds)) or tuple(KINDS)
    items: dict[str, Item] = {}
    for place in range(count):
        item = draw_item(cases, names[place % len(names)], f"{seed}/{place}", items)
        items[item.id] = item
    return Paper(seed, catalogue.version, catalogue.digest, tuple(items.values()))


def draw_item(cases: Cases, kind: str, seed: str, taken: dict[str, Item] | None = None) -> Item:
    """One item of a kind, by a seed; another one where its id is taken. See `draw_paper`."""
    for attempt in range(MOST_CASES):
        chance = random.Random(f"{kind}/{seed}/{attempt}")
        try:
            item = _item(kind, KINDS[kind](cases, chance), chance)
        except NoItemError:
            continue
        if item.id not in (taken or {}):
            return item
    raise NoItemError(f"{kind}: no case for another item in this knowledge")


def _item(kind: str, draft: Draft, chance: random.Random) -> Item:
    """The draft with shuffled options, and an id by what is asked, whatever the order."""
    options = list(draft.options)
    values = sorted(json.dumps(option.value, sort_keys=True) for option in options)
    asked = json.dumps([kind, draft.case, values], sort_keys=True)
    digest = hashlib.sha256(asked.encode()).hexdigest()[:ID_DIGITS]
    chance.shuffle(options)
    return Item(
        id=f"{kind}-{digest}",
        kind=kind,
        stem=draft.stem,
        options=tuple(options),
        several=draft.several,
        feedback=draft.feedback,
        case=draft.case,
    )
