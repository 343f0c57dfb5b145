"""Where a licence grants nothing."""

from __future__ import annotations

from collections.abc import Iterator

from whyllm.engine.experta_shim import MATCH
from whyllm.engine.facts import Asked, Excluded, Exclusion, Licensed, Serves, Within, WorkingFact
from whyllm.engine.rules.licence.licence_stage import stage


@stage.rule(
    "LIC-230",
    "A licence that leaves out your region rules the model out",
    when=[
        Asked(axis="region", value=MATCH.region),
        Within(place=MATCH.region, group=MATCH.place),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Exclusion(licence=MATCH.licence, place=MATCH.place, covers="all", section=MATCH.section),
    ],
    because="{model} is under {licence}{through}, which grants nothing in {place} "
    "({section}); you state {region}.",
    concludes=[Excluded],
)
def region_excluded(
    region: str, place: str, model: str, licence: str, through: str, section: str
) -> Iterator[WorkingFact]:
    """Residence, place of business or place of use counts, as the clause says.

    ## Example
    A firm in Lyon and a licence that leaves out the European Union.

    ## Does not say
    That a branch elsewhere is free: where use itself is what counts, it is not.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-240",
    "A licence that leaves out your region for multimodal models rules such a model out",
    when=[
        Asked(axis="region", value=MATCH.region),
        Within(place=MATCH.region, group=MATCH.place),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Exclusion(licence=MATCH.licence, place=MATCH.place, covers="multimodal",
                  section=MATCH.section),
        Serves(model=MATCH.model, modality="vision"),
    ],
    because="{model} reads images; {licence}{through} grants nothing for such models in "
    "{place} ({section}).",
    concludes=[Excluded],
)  # fmt: skip
def region_excluded_for_multimodal(
    region: str, place: str, model: str, licence: str, through: str, section: str
) -> Iterator[WorkingFact]:
    """The exclusion follows the model: text models of the same generation are free of it.

    ## Example
    Llama 3.2 11B Vision in France, where Llama 3.2 3B may be used.

    ## Does not say
    That users of a product which contains the model are touched.
    """
    yield Excluded(model=model)
