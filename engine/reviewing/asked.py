"""A review as users ask for it: a use stated over their policy's, of files that may hold one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from whyllm.engine.inventory.mention import Found
from whyllm.engine.knowledge import Knowledge
from whyllm.engine.need import Need
from whyllm.engine.reviewing.finding import Review
from whyllm.engine.reviewing.policy import NAME, Policy
from whyllm.engine.reviewing.review import AXES, review


def asked_need(need: Need, policy: Policy) -> Need:
    """What is asked of terms: the need over the policy's, on the axes that bear on them."""
    stated = policy.need.with_changes(need.stated).stated
    return Need({axis: value for axis, value in stated.items() if axis in AXES})


def asked_review(
    inputs: Iterable[tuple[str, Iterable[Found]]],
    knowledge: Knowledge,
    need: Need,
    on: dt.date,
    policy: Policy,
    *,
    allow_empty: bool = False,
) -> Review:
    """Judge what the inputs hold by an asked need on a day, under a policy; see `review`.

    A policy speaks of models without using any: found in a folder, it is passed over.
    """
    return review(
        (
            (shown, (x for x in found if Path(x.place.file).name != NAME or shown == NAME))
            for shown, found in inputs
        ),
        knowledge.catalogue,
        knowledge.names,
        lambda: knowledge.recogniser,
        need,
        on,
        policy,
        allow_empty=allow_empty,
    )
