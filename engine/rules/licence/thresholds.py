"""Thresholds: more users or revenue than a licence allows."""

from __future__ import annotations

from collections.abc import Iterator

from whyllm.engine.experta_shim import MATCH, TEST, L
from whyllm.engine.facts import Asked, Counts, Excluded, Licensed, Threshold, Undecided, WorkingFact
from whyllm.engine.rules.licence.licence_stage import stage
from whyllm.kb.dates import MONTHS_A_YEAR


@stage.rule(
    "LIC-180",
    "More monthly users than a licence allows rule the model out",
    when=[
        Asked(axis="monthly_active_users", value=MATCH.users),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Threshold(
            licence=MATCH.licence,
            measure="monthly-active-users",
            limit=MATCH.limit,
            basis="rolling",
            effect=MATCH.effect & ~L("display-duty"),
            counts_in=MATCH.counts_in,
            section=MATCH.section,
        ),
        Counts(counts_in=MATCH.counts_in),
        TEST(lambda users, limit: users > limit),
    ],
    because="{model} is under {licence}{through}, which ends at {limit} monthly users "
    "({section}); you have {users}.",
    concludes=[Excluded],
)
def too_many_users(
    users: int,
    model: str,
    licence: str,
    through: str,
    limit: int,
    effect: str,
    counts_in: str,
    section: str,
) -> Iterator[WorkingFact]:
    """A rolling threshold is counted at any time: growth can end the licence.

    ## Example
    The Qwen licence asks for a new agreement above 100 million monthly users.

    ## Does not say
    That the publisher would refuse one.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-190",
    "More monthly users than allowed on the licence's day rule the model out",
    when=[
        Asked(axis="monthly_active_users", value=MATCH.users),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Threshold(
            licence=MATCH.licence,
            measure="monthly-active-users",
            limit=MATCH.limit,
            basis="frozen",
            date=MATCH.date,
            effect=MATCH.effect & ~L("display-duty"),
            counts_in=MATCH.counts_in,
            section=MATCH.section,
        ),
        Counts(counts_in=MATCH.counts_in),
        TEST(lambda users, limit: users > limit),
    ],
    because="{model} is under {licence}{through}, which grants nothing above {limit} "
    "monthly users on {date} ({section}); you state {users}.",
    concludes=[Excluded],
)
def too_many_users_on_the_day(
    users: int,
    model: str,
    licence: str,
    through: str,
    limit: int,
    date: str,
    effect: str,
    counts_in: str,
    section: str,
) -> Iterator[WorkingFact]:
    """A frozen threshold is counted once. The number you state is taken as that of the day.

    ## Example
    Llama 3.1 counts the users of the month before 23 July 2024.

    ## Does not say
    That later growth counts: whoever was below on the day stays licensed.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-200",
    "More yearly revenue than a licence allows rules the model out",
    when=[
        Asked(axis="annual_revenue_usd", value=MATCH.revenue),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Threshold(
            licence=MATCH.licence,
            measure="annual-revenue-usd",
            limit=MATCH.limit,
            effect=MATCH.effect & ~L("display-duty"),
            counts_in=MATCH.counts_in,
            section=MATCH.section,
        ),
        Counts(counts_in=MATCH.counts_in),
        TEST(lambda revenue, limit: revenue > limit),
    ],
    because="{model} is under {licence}{through}, which ends at {limit} US dollars a year "
    "({section}); you have {revenue}.",
    concludes=[Excluded],
)
def too_much_revenue(
    revenue: int,
    model: str,
    licence: str,
    through: str,
    limit: int,
    effect: str,
    counts_in: str,
    section: str,
) -> Iterator[WorkingFact]:
    """Revenue counts with affiliates, whatever it was earned with.

    ## Example
    The Stability AI Community Licence ends at one million US dollars a year.

    ## Does not say
    What the paid licence costs.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-210",
    "Yearly revenue that must break a monthly limit rules the model out",
    when=[
        Asked(axis="annual_revenue_usd", value=MATCH.revenue),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Threshold(
            licence=MATCH.licence,
            measure="monthly-revenue-usd",
            limit=MATCH.limit,
            effect=MATCH.effect & ~L("display-duty"),
            counts_in=MATCH.counts_in,
            section=MATCH.section,
        ),
        Counts(counts_in=MATCH.counts_in),
        TEST(lambda revenue, limit: revenue > limit * MONTHS_A_YEAR),
    ],
    because="{model} is under {licence}{through}, which ends at {limit} US dollars a month "
    "({section}); {revenue} a year must pass that.",
    concludes=[Excluded],
)
def too_much_monthly_revenue(
    revenue: int,
    model: str,
    licence: str,
    through: str,
    limit: int,
    effect: str,
    counts_in: str,
    section: str,
) -> Iterator[WorkingFact]:
    """Above twelve times the limit, at least one month lies above it.

    ## Example
    The modified MIT licence of Mistral AI ends at 20 million US dollars a month.

    ## Does not say
    Anything of a year between the limit and twelve times the limit: that stays open.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-220",
    "Yearly revenue that may break a monthly limit leaves the model undecided",
    when=[
        Asked(axis="annual_revenue_usd", value=MATCH.revenue),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Threshold(
            licence=MATCH.licence,
            measure="monthly-revenue-usd",
            limit=MATCH.limit,
            effect=MATCH.effect & ~L("display-duty"),
            counts_in=MATCH.counts_in,
            section=MATCH.section,
        ),
        Counts(counts_in=MATCH.counts_in),
        TEST(lambda revenue, limit: limit < revenue <= limit * MONTHS_A_YEAR),
    ],
    because="{model} is under {licence}{through}, which ends at {limit} US dollars a month "
    "({section}); {revenue} a year may pass that.",
    concludes=[Undecided],
)
def monthly_revenue_unknown(
    revenue: int,
    model: str,
    licence: str,
    through: str,
    limit: int,
    effect: str,
    counts_in: str,
    section: str,
) -> Iterator[WorkingFact]:
    """A yearly figure does not tell the best month.

    ## Example
    Thirty million a year, earned in one season, pass a limit of twenty million a month.

    ## Does not say
    That the limit is passed.
    """
    yield Undecided(model=model, waiting_for="revenue of the preceding month")


@stage.rule(
    "LIC-280",
    "Monthly users that may break a daily limit leave the model undecided",
    when=[
        Asked(axis="monthly_active_users", value=MATCH.users),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Threshold(
            licence=MATCH.licence,
            measure="daily-active-users",
            limit=MATCH.limit,
            effect=MATCH.effect & ~L("display-duty"),
            counts_in=MATCH.counts_in,
            section=MATCH.section,
        ),
        Counts(counts_in=MATCH.counts_in),
        TEST(lambda users, limit: users > limit),
    ],
    because="{model} is under {licence}{through}, which ends at {limit} daily users ({section}); "
    "{users} a month may pass that.",
    concludes=[Undecided],
)
def daily_users_unknown(
    users: int,
    model: str,
    licence: str,
    through: str,
    limit: int,
    effect: str,
    counts_in: str,
    section: str,
) -> Iterator[WorkingFact]:
    """A month counts each user once, however many come on its busiest day.

    ## Example
    The MiniCPM licence counts the users of a day.

    ## Does not say
    That the limit is passed: fewer monthly users than the limit can never pass it.
    """
    yield Undecided(model=model, waiting_for="daily active users")
