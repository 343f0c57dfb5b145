"""What is not known of a licence: an unverified one, a clause or part that was not read."""

from __future__ import annotations

from collections.abc import Iterator

from whyllm.engine.experta_shim import MATCH, TEST, L
from whyllm.engine.facts import Asked, Decides, Licensed, Undecided, Unread, Unverified, WorkingFact
from whyllm.engine.rules.licence.licence_stage import stage


@stage.rule(
    "LIC-010",
    "An unverified licence leaves the model undecided for any stated use",
    when=[
        Asked(
            axis=MATCH.axis & (L("use") | L("deploy") | L("fine_tune") | L("train_on_outputs")),
            value=MATCH.value,
        ),
        Unverified(
            model=MATCH.model,
            field=MATCH.field & (L("licences") | L("base_licences") | L("declared_licence")),
        ),
    ],
    because="The {field} of {model} was not verified, so {axis} = {value} is open.",
    concludes=[Undecided],
)
def licence_unknown(axis: str, value: str, model: str, field: str) -> Iterator[WorkingFact]:
    """Without the licence there is no permission to rely on.

    ## Example
    A model whose licence tag is only remembered stays open for commercial use.

    ## Does not say
    That the use is forbidden; reading the licence file settles it.
    """
    yield Undecided(model=model, waiting_for=field)


@stage.rule(
    "LIC-250",
    "An unread clause that decides a reply leaves the model undecided",
    when=[
        Asked(axis=MATCH.axis, value=MATCH.value),
        Decides(axis=MATCH.axis, value=MATCH.value, tag=MATCH.tag),
        Unread(licence=MATCH.licence, tag=MATCH.tag),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
    ],
    because="{model} is under {licence}{through}; what it says on {tag} was not verified.",
    concludes=[Undecided],
)
def deciding_clause_unread(
    axis: str, value: str, tag: str, licence: str, model: str, through: str
) -> Iterator[WorkingFact]:
    """A clause that nobody has read is not a permission.

    ## Example
    A licence whose text could not be had, and whose summary is silent on hosting.

    ## Does not say
    That the use is forbidden. The text settles it.
    """
    yield Undecided(model=model, waiting_for=f"{licence}: {tag}")


@stage.rule(
    "LIC-340",
    "A licence whose territory was not read leaves the model undecided in a stated region",
    when=[
        Asked(axis="region", value=MATCH.region),
        Unread(licence=MATCH.licence, tag="territory"),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
    ],
    because="{model} is under {licence}{through}; whether it leaves out {region} was not verified.",
    concludes=[Undecided],
)
def territory_unread(region: str, licence: str, model: str, through: str) -> Iterator[WorkingFact]:
    """Some licences leave out a country or a union, so a text that nobody read may do so too.

    ## Example
    A firm in France and a licence of which only the grant of use is known.

    ## Does not say
    That the region is left out. The text settles it.
    """
    yield Undecided(model=model, waiting_for=f"{licence}: territory")


@stage.rule(
    "LIC-350",
    "A licence whose thresholds were not read leaves the model undecided for stated numbers",
    when=[
        Asked(
            axis=MATCH.axis & (L("monthly_active_users") | L("annual_revenue_usd")),
            value=MATCH.number,
        ),
        Unread(licence=MATCH.licence, tag="thresholds"),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        TEST(lambda number: number > 0),
    ],
    because="{model} is under {licence}{through}; whether it has a threshold below {number} "
    "({axis}) was not verified.",
    concludes=[Undecided],
)
def thresholds_unread(
    axis: str, number: int, licence: str, model: str, through: str
) -> Iterator[WorkingFact]:
    """Some licences end at a number of users or a revenue, so one that nobody read may do so too.

    ## Example
    A firm with a revenue of 60 million dollars and a licence whose limit is only remembered.

    ## Does not say
    That there is a limit. The text settles it; no users or no revenue pass none.
    """
    yield Undecided(model=model, waiting_for=f"{licence}: thresholds")
