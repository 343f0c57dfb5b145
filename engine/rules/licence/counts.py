"""Which thresholds count under a use and a deployment."""

from __future__ import annotations

from collections.abc import Iterator

from whyllm.engine.experta_shim import NOT
from whyllm.engine.facts import Asked, Counts, ThresholdKind, WorkingFact
from whyllm.engine.rules.licence.licence_stage import stage


@stage.rule(
    "LIC-300",
    "Some thresholds count in any use",
    when=[ThresholdKind(counts_in="any-use")],
    because="Some thresholds count whatever the use.",
    concludes=[Counts],
)
def counts_in_any_use() -> Iterator[WorkingFact]:
    """A licence that names no kind of use means all of them.

    ## Example
    The Llama licences count the users of whoever uses the materials.

    ## Does not say
    Which licences count so; each threshold says it.
    """
    yield Counts(counts_in="any-use")


@stage.rule(
    "LIC-310",
    "Thresholds for commercial use count unless the use is research or personal",
    when=[
        ThresholdKind(counts_in="commercial-use"),
        NOT(Asked(axis="use", value="research")),
        NOT(Asked(axis="use", value="personal")),
    ],
    because="Nothing says that the use is research or personal, so it may be commercial.",
    concludes=[Counts],
)
def counts_in_commercial_use() -> Iterator[WorkingFact]:
    """A use that is left open may be for gain; inside a company it mostly is.

    ## Example
    Users stated, and no word of the use: the Qwen licence's threshold counts.

    ## Does not say
    That internal use is commercial in every licence's eyes.
    """
    yield Counts(counts_in="commercial-use")


@stage.rule(
    "LIC-320",
    "Thresholds for model services count while the deployment is open",
    when=[
        ThresholdKind(counts_in="model-service"),
        NOT(Asked(axis="use", value="research")),
        NOT(Asked(axis="use", value="personal")),
        NOT(Asked(axis="use", value="internal")),
        NOT(Asked(axis="deploy")),
    ],
    because="No deployment is stated, so the model may be offered as a service.",
    concludes=[Counts],
)
def counts_for_a_possible_service() -> Iterator[WorkingFact]:
    """What is not stated is not ruled out: the model may be hosted for others.

    ## Example
    Yearly revenue stated, and no word of how the model is offered.

    ## Does not say
    That you host it: state the deployment, and the threshold counts only if it is hosting.
    """
    yield Counts(counts_in="model-service")


@stage.rule(
    "LIC-330",
    "Thresholds for model services count where the model is hosted",
    when=[
        ThresholdKind(counts_in="model-service"),
        Asked(axis="deploy", value="hosted"),
        NOT(Asked(axis="use", value="research")),
        NOT(Asked(axis="use", value="personal")),
        NOT(Asked(axis="use", value="internal")),
    ],
    because="The model is hosted for others, so thresholds for model services count.",
    concludes=[Counts],
)
def counts_for_a_service() -> Iterator[WorkingFact]:
    """Some licences ask more of those who sell the model itself as a service.

    ## Example
    An interface to the model, offered by a firm with a large revenue.

    ## Does not say
    Anything of a product that merely contains the model.
    """
    yield Counts(counts_in="model-service")
