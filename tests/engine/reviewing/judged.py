"""Reviews of mentions for the tests: by the built-in knowledge, on one day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache
from typing import Any

from whyllm.engine.catalogue import Catalogue
from whyllm.engine.inventory.mention import Fault, Mention, Place
from whyllm.engine.knowledge import answering_catalogue, knowledge_base, recogniser
from whyllm.engine.need import Need
from whyllm.engine.reviewing.declared import Recogniser
from whyllm.engine.reviewing.finding import Finding, Review
from whyllm.engine.reviewing.policy import Policy
from whyllm.engine.reviewing.review import review

DAY = dt.date(2026, 11, 23)


@cache
def _recogniser() -> Recogniser:
    return recogniser(knowledge_base(()))


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
    names = catalogue.names
    return review(inputs, catalogue, names, _recogniser, need, DAY, policy, allow_empty=True)


def finding(mention: Mention, policy: Policy | None = None, **axes: Any) -> Finding:
    """What a review says of one mention."""
    (item,) = reviewed([mention], policy, **axes).items()
    return item.finding
