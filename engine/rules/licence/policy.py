"""What the user's own policy says of licences and publishers, whatever the licences grant."""

from __future__ import annotations

from collections.abc import Iterator

from whyllm.engine.experta_shim import MATCH
from whyllm.engine.facts import (
    Excluded,
    LicenceRuling,
    Licensed,
    PublisherRuling,
    Undecided,
    WorkingFact,
)
from whyllm.engine.rules.licence.licence_stage import stage


@stage.rule(
    "LIC-400",
    "A licence that your policy denies rules the model out",
    when=[
        LicenceRuling(licence=MATCH.licence, ruling="denied"),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
    ],
    because="{model} is under {licence}{through}, which your policy denies.",
    concludes=[Excluded],
)
def licence_denied(licence: str, model: str, through: str) -> Iterator[WorkingFact]:
    """An organisation may refuse terms that would permit its use.

    ## Example
    A policy that wants no licence with a list of forbidden uses.

    ## Does not say
    That the licence forbids the use.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-410",
    "A licence that your policy does not list rules the model out",
    when=[
        LicenceRuling(licence=MATCH.licence, ruling="not-listed"),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
    ],
    because="{model} is under {licence}{through}, which your policy does not list as allowed.",
    concludes=[Excluded],
)
def licence_not_listed(licence: str, model: str, through: str) -> Iterator[WorkingFact]:
    """A list of allowed licences leaves out every other one.

    ## Example
    A policy that allows Apache 2.0 and MIT, and a model under the Gemma terms.

    ## Does not say
    That the licence was looked at and refused.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-420",
    "A licence that needs approval leaves the model undecided",
    when=[
        LicenceRuling(licence=MATCH.licence, ruling="needs-approval"),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
    ],
    because="{model} is under {licence}{through}, which your policy approves case by case.",
    concludes=[Undecided],
)
def licence_needs_approval(licence: str, model: str, through: str) -> Iterator[WorkingFact]:
    """Some terms are fine after a look at the case.

    ## Example
    The Llama licences, which the legal department wants to see first.

    ## Does not say
    Who approves; an exception in the policy file names the approver.
    """
    yield Undecided(model=model, waiting_for="approval by your policy")


@stage.rule(
    "LIC-430",
    "A publisher that your policy denies rules its models out",
    when=[PublisherRuling(model=MATCH.model, publisher=MATCH.publisher, ruling="denied")],
    because="{model} comes from {publisher}, which your policy denies.",
    concludes=[Excluded],
)
def publisher_denied(model: str, publisher: str) -> Iterator[WorkingFact]:
    """Where weights come from can matter to an organisation beside their licence.

    ## Example
    A public body that may not buy from, or depend on, certain suppliers.

    ## Does not say
    Anything of models that others made from theirs.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-440",
    "A publisher that your policy does not list rules its models out",
    when=[PublisherRuling(model=MATCH.model, publisher=MATCH.publisher, ruling="not-listed")],
    because="{model} comes from {publisher}, which your policy does not list as allowed.",
    concludes=[Excluded],
)
def publisher_not_listed(model: str, publisher: str) -> Iterator[WorkingFact]:
    """A list of allowed publishers leaves out every other one.

    ## Example
    A policy that allows models of three suppliers.

    ## Does not say
    That the publisher was looked at and refused.
    """
    yield Excluded(model=model)
