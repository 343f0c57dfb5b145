"""Unrestricted use: no grant may be missing, and no threshold, list or territory may stand."""

from __future__ import annotations

from collections.abc import Iterator

from whyllm.engine.experta_shim import MATCH, L
from whyllm.engine.facts import (
    Asked,
    Clause,
    Excluded,
    Exclusion,
    Licensed,
    Serves,
    Threshold,
    WorkingFact,
)
from whyllm.engine.rules.licence.licence_stage import stage


@stage.rule(
    "LIC-040",
    "Unrestricted use needs every grant: commerce, production, hosting, passing on",
    when=[
        Asked(axis="use", value="unrestricted"),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Clause(licence=MATCH.licence, tag=MATCH.tag & (L("commercial_use") | L("production_use")
               | L("redistribution") | L("derivatives") | L("hosting")),
               value="no", section=MATCH.section),
    ],
    because="{model} is under {licence}{through}, which answers no to {tag} ({section}).",
    concludes=[Excluded],
)  # fmt: skip
def unrestricted_not_granted(
    model: str, licence: str, through: str, tag: str, section: str
) -> Iterator[WorkingFact]:
    """Who wants to ship without limits needs the grants first of all.

    ## Example
    A Creative Commons licence with the NC element grants no commercial use.

    ## Does not say
    That attribution is a limit: permissive licences ask for it too.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-050",
    "Unrestricted use allows no threshold of users or revenue",
    when=[
        Asked(axis="use", value="unrestricted"),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Threshold(licence=MATCH.licence, measure=MATCH.measure, limit=MATCH.limit,
                  section=MATCH.section),
    ],
    because="{model} is under {licence}{through}, whose terms change above {limit} "
    "{measure} ({section}).",
    concludes=[Excluded],
)  # fmt: skip
def unrestricted_meets_threshold(
    model: str, licence: str, through: str, measure: str, limit: int, section: str
) -> Iterator[WorkingFact]:
    """A licence that ends or changes with success is not unrestricted.

    ## Example
    The Llama licences stop at 700 million monthly users.

    ## Does not say
    That the threshold is ever reached; state commercial use to have it judged by your numbers.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-060",
    "Unrestricted use allows no list of forbidden uses",
    when=[
        Asked(axis="use", value="unrestricted"),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Clause(licence=MATCH.licence, tag="acceptable_use", value="policy", section=MATCH.section),
    ],
    because="{model} is under {licence}{through}, which forbids fields of use ({section}).",
    concludes=[Excluded],
)
def unrestricted_meets_use_policy(
    model: str, licence: str, through: str, section: str
) -> Iterator[WorkingFact]:
    """A list of forbidden fields of use must be passed on to customers, and may change.

    ## Example
    The DeepSeek licence of 2023 and the OpenRAIL licences carry such a list in an attachment.

    ## Does not say
    That your use is on the list.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-070",
    "Unrestricted use allows no excluded territory",
    when=[
        Asked(axis="use", value="unrestricted"),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Exclusion(licence=MATCH.licence, place=MATCH.place, covers="all", section=MATCH.section),
    ],
    because="{model} is under {licence}{through}, which grants nothing in {place} ({section}).",
    concludes=[Excluded],
)
def unrestricted_meets_territory(
    model: str, licence: str, through: str, place: str, section: str
) -> Iterator[WorkingFact]:
    """A product that may not be used somewhere is not free of limits.

    ## Example
    The Hunyuan licence leaves out the European Union, the United Kingdom and South Korea.

    ## Does not say
    Anything of export law.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-080",
    "Unrestricted use of a multimodal model allows no excluded territory for such models",
    when=[
        Asked(axis="use", value="unrestricted"),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Exclusion(licence=MATCH.licence, place=MATCH.place, covers="multimodal",
                  section=MATCH.section),
        Serves(model=MATCH.model, modality="vision"),
    ],
    because="{model} reads images; {licence}{through} grants nothing for such models in "
    "{place} ({section}).",
    concludes=[Excluded],
)  # fmt: skip
def unrestricted_meets_multimodal_territory(
    model: str, licence: str, through: str, place: str, section: str
) -> Iterator[WorkingFact]:
    """Some licences exclude a territory for models that read images, and only for them.

    ## Example
    Llama 3.2 Vision, but not the text models of Llama 3.2.

    ## Does not say
    That users of a finished product are touched; the clause spares them.
    """
    yield Excluded(model=model)
