"""What use a licence grants: commercial, internal, research, and what stays open of it."""

from __future__ import annotations

from collections.abc import Iterator

from whyllm.engine.experta_shim import MATCH, L
from whyllm.engine.facts import Asked, Clause, Excluded, Licensed, Undecided, WorkingFact
from whyllm.engine.rules.licence.licence_stage import stage


@stage.rule(
    "LIC-020",
    "A licence without commercial use rules out commercial use",
    when=[
        Asked(axis="use", value="commercial"),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Clause(licence=MATCH.licence, tag="commercial_use", value="no", section=MATCH.section),
    ],
    because="{model} is under {licence}{through}, which grants no commercial use ({section}).",
    concludes=[Excluded],
)
def commercial_use_not_granted(
    model: str, licence: str, through: str, section: str
) -> Iterator[WorkingFact]:
    """Non-commercial terms bind the use, not the user.

    ## Example
    Codestral 22B may be tested by a company, and not be supplied in the course of its business.

    ## Does not say
    That no agreement can be had: many publishers sell another licence.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-030",
    "A licence for tests and evaluation only rules out commercial use",
    when=[
        Asked(axis="use", value="commercial"),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Clause(licence=MATCH.licence, tag="production_use", value="no", section=MATCH.section),
    ],
    because="{model} is under {licence}{through}, which grants no use in production ({section}).",
    concludes=[Excluded],
)
def commercial_production_not_granted(
    model: str, licence: str, through: str, section: str
) -> Iterator[WorkingFact]:
    """Production and commerce are two questions; some licences answer both with no.

    ## Example
    The Mistral Non-Production Licence confines the model to environments that are not production.

    ## Does not say
    Where evaluation ends and production begins; the licence's own definition does.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-090",
    "A licence for tests and evaluation only rules out internal use",
    when=[
        Asked(axis="use", value="internal"),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Clause(licence=MATCH.licence, tag="production_use", value="no", section=MATCH.section),
    ],
    because="{model} is under {licence}{through}, which grants no production use, inside a "
    "company or out ({section}).",
    concludes=[Excluded],
)
def internal_production_not_granted(
    model: str, licence: str, through: str, section: str
) -> Iterator[WorkingFact]:
    """Working with a model every day inside a company is production, even if nothing is sold.

    ## Example
    The Mistral licences for research and non-production name such use and exclude it.

    ## Does not say
    That a company may not evaluate the model.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-100",
    "A licence without research use rules out research and personal use",
    when=[
        Asked(axis="use", value=MATCH.use & (L("research") | L("personal"))),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Clause(licence=MATCH.licence, tag="research_use", value="no", section=MATCH.section),
    ],
    because="{model} is under {licence}{through}, which does not grant {use} ({section}).",
    concludes=[Excluded],
)
def research_not_granted(
    use: str, model: str, licence: str, through: str, section: str
) -> Iterator[WorkingFact]:
    """Hardly any open-weight licence denies research; the rule is there for one that does.

    ## Example
    A licence for paying customers only.

    ## Does not say
    Anything of what may be published about the model.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-290",
    "Non-commercial terms leave use inside a company undecided",
    when=[
        Asked(axis="use", value="internal"),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Clause(licence=MATCH.licence, tag="commercial_use", value="no", section=MATCH.section),
        Clause(licence=MATCH.licence, tag="production_use", value=MATCH.production & ~L("no")),
    ],
    because="{model} is under {licence}{through}, which grants no commercial use ({section}); "
    "whether internal use is commercial is open.",
    concludes=[Undecided],
)
def internal_use_may_be_commercial(
    model: str, licence: str, through: str, section: str, production: str
) -> Iterator[WorkingFact]:
    """Use inside a firm earns nothing directly, and may still serve its gain.

    ## Example
    Command R under a non-commercial licence, used by the staff of a company.

    ## Does not say
    That a charity or a school is touched.
    """
    yield Undecided(model=model, waiting_for="whether internal use is commercial")
