"""How the model may be deployed: hosted, passed on, in a product."""

from __future__ import annotations

from collections.abc import Iterator

from whyllm.engine.experta_shim import MATCH, L
from whyllm.engine.facts import Asked, Clause, Excluded, Licensed, WorkingFact
from whyllm.engine.rules.licence.licence_stage import stage


@stage.rule(
    "LIC-110",
    "A licence that grants no hosting rules out a hosted model",
    when=[
        Asked(axis="deploy", value="hosted"),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Clause(licence=MATCH.licence, tag="hosting", value="no", section=MATCH.section),
    ],
    because="{model} is under {licence}{through}, which grants no hosting for third parties "
    "({section}).",
    concludes=[Excluded],
)
def hosting_not_granted(
    model: str, licence: str, through: str, section: str
) -> Iterator[WorkingFact]:
    """Serving a model to others over a network is a use that licences name apart.

    ## Example
    Falcon 180B needs a separate agreement before it is offered as a service.

    ## Does not say
    That a product which merely uses the model is hosting it.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-120",
    "A licence that grants no redistribution rules out passing weights on",
    when=[
        Asked(axis="deploy", value="redistribute"),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Clause(licence=MATCH.licence, tag=MATCH.tag & (L("redistribution") | L("derivatives")),
               value="no", section=MATCH.section),
    ],
    because="{model} is under {licence}{through}, which answers no to {tag} ({section}).",
    concludes=[Excluded],
)  # fmt: skip
def redistribution_not_granted(
    model: str, licence: str, through: str, tag: str, section: str
) -> Iterator[WorkingFact]:
    """Passing on copies needs a grant of its own.

    ## Example
    A licence whose weights may be used after registration, by the registered party only.

    ## Does not say
    Which duties come with redistribution where it is granted.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-130",
    "A licence for tests and evaluation only rules out use in a product",
    when=[
        Asked(axis="deploy", value="product"),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Clause(licence=MATCH.licence, tag="production_use", value="no", section=MATCH.section),
    ],
    because="{model} is under {licence}{through}, which grants no use in a product ({section}).",
    concludes=[Excluded],
)
def product_not_granted(
    model: str, licence: str, through: str, section: str
) -> Iterator[WorkingFact]:
    """A product that customers meet is production, whether it earns money or not.

    ## Example
    A free demonstration for the public, built on a model for research only.

    ## Does not say
    Anything of a demonstration inside the laboratory.
    """
    yield Excluded(model=model)
