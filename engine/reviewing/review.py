"""Puts a review together: what was found goes to the judge as it comes, and nothing is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator

from whyllm.engine.catalogue import Catalogue
from whyllm.engine.inventory.mention import Fault, Found, Place
from whyllm.engine.need import Need, NeedError
from whyllm.engine.reviewing.declared import Recogniser
from whyllm.engine.reviewing.finding import Item, Review
from whyllm.engine.reviewing.judge import Judge
from whyllm.engine.reviewing.policy import Policy
from whyllm.kb.names import NameIndex

AXES = ("use", "deploy", "monthly_active_users", "annual_revenue_usd", "region", "fine_tune",
        "train_on_outputs")  # fmt: skip
"""The axes of the need that bear on terms."""


NAMES_NONE = "names no model (--allow-empty lets that pass)"
"""The fault of an input without models: silence would look like a clean bill."""


def review(
    inputs: Iterable[tuple[str, Iterable[Found]]],
    catalogue: Catalogue,
    names: NameIndex,
    recogniser: Callable[[], Recogniser],
    need: Need,
    on: dt.date,
    policy: Policy | None = None,
    *,
    allow_empty: bool = False,
) -> Review:
    """Judge what was found by a need on a day, under a policy.

    `inputs` holds each input as the user named it, with what it holds; one that names no model is
    a fault unless `allow_empty`, since silence would look like a clean bill. `recogniser` is called
    when the first licence is declared. Raises NeedError where no use is stated: without one nothing
    is asked of a licence, and silence would look like permission.
    """
    check_stated(need)
    policy = policy or Policy(Need.of({}))
    judge = Judge(catalogue, names, recogniser, need, on, policy)
    unused: list[str] = []
    return Review(
        need=need,
        on=on,
        catalogue=catalogue,
        judged=_judged(inputs, judge, policy, unused, allow_empty),
        policy_file=str(policy.file) if policy.file else None,
        unused_exceptions=unused,
        fail_on=policy.fail_on,
    )


def check_stated(need: Need) -> None:
    """NeedError where no use is stated: nothing would be asked of a licence."""
    if "use" not in need.stated:
        raise NeedError("use: found nothing, expected --use, or `need: {use: …}` in the policy")


def _judged(
    inputs: Iterable[tuple[str, Iterable[Found]]],
    judge: Judge,
    policy: Policy,
    unused: list[str],
    allow_empty: bool,
) -> Iterator[Item | Fault]:
    for shown, found in inputs:
        empty = not allow_empty
        for item in judge.items(found):
            empty = False
            yield item
        if empty:
            yield Fault(Place(shown), NAMES_NONE)
    unused.extend(policy.unused_exceptions)
