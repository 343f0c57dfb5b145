"""Reviews of mentions for the tests: by the built-in knowledge, on one day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache
from typing import Any

from whyllm.cli.knowledge import answering_catalogue, knowledge_base, name_index
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.inventory.mention import Fault, Mention, Place
from whyllm.engine.need import Need
from whyllm.engine.review.declared import Recogniser
from whyllm.engine.review.finding import Finding, Review
from whyllm.engine.review.policy import Policy
from whyllm.engine.review.review import review

DAY = dt.date(2026, 11, 23)


@cache
def recogniser() -> Recogniser:
    kb = knowledge_base(())
    return Recogniser(kb.licences, kb.preferences.licence_order)


@cache
def _catalogue() -> Catalogue:
    return answering_catalogue(())


def said(name: str, **slots: Any) -> Mention:
    """A mention that states a model on the first line of a list."""
    return Mention(name, Place("models.txt", 1, 1), **slots)


def reviewed(
    mentions: Iterable[Mention | Fault], policy: Policy | None = None, **axes: Any
) -> Review:
    catalogue = _catalogue()
    inputs = [("models.txt", list(mentions))]
    need = Need.of(axes)
    names = name_index(catalogue)
    return review(inputs, catalogue, names, recogniser, need, DAY, policy, allow_empty=True)


def finding(mention: Mention, policy: Policy | None = None, **axes: Any) -> Finding:
    """What a review says of one mention."""
    (item,) = reviewed([mention], policy, **axes).items()
    return item.finding
