"""Does the model work with what goes in and comes out, and is it a language model at all?"""

from __future__ import annotations

from collections.abc import Iterator

from whyllm.engine.experta_shim import MATCH, NOT
from whyllm.engine.facts import (
    Asked,
    Availability,
    Excluded,
    Model,
    OutOfScope,
    OutsideScope,
    Serves,
    Undecided,
    Unverified,
    WorkingFact,
)
from whyllm.engine.rulebook import Stage

stage = Stage("modality", "MOD", "Does it work with what goes in and comes out?")


@stage.rule(
    "MOD-010",
    "A modality that the model does not serve rules it out",
    when=[
        Asked(axis="modality", value=MATCH.modality),
        Model(model=MATCH.model),
        NOT(Serves(model=MATCH.model, modality=MATCH.modality)),
        NOT(Unverified(model=MATCH.model, field="modalities")),
    ],
    because="You asked for {modality}, which {model} does not serve.",
    concludes=[Excluded],
)
def modality_not_served(modality: str, model: str) -> Iterator[WorkingFact]:
    """A model serves the modalities that its publisher trained it for, and no other.

    ## Example
    Qwen2.5 7B reads text only, so it is out when images must be read.

    ## Does not say
    That a model for code cannot converse: the course's tree keeps code models apart because they
    are tuned for it.
    """
    yield Excluded(model=model)


@stage.rule(
    "MOD-020",
    "A modality known from memory only leaves the model undecided",
    when=[
        Asked(axis="modality", value=MATCH.modality),
        Unverified(model=MATCH.model, field="modalities"),
    ],
    because="Whether {model} serves {modality} was not verified.",
    concludes=[Undecided],
)
def modality_not_verified(modality: str, model: str) -> Iterator[WorkingFact]:
    """What nobody has read in a source decides nothing, in either direction.

    ## Example
    A small variant whose card was not seen is left open, with the missing fact named.

    ## Does not say
    That the model is unsuitable. A source for the fact would settle it.
    """
    yield Undecided(model=model, waiting_for="modalities")


@stage.rule(
    "MOD-030",
    "A model that is no language model is out of scope",
    when=[
        OutsideScope(kind=MATCH.kind),
        Model(model=MATCH.model, kind=MATCH.kind),
    ],
    because="{model} is a {kind}, not a language model.",
    concludes=[Excluded],
)
def not_a_language_model(kind: str, model: str) -> Iterator[WorkingFact]:
    """Image generators and speech synthesisers are generative too, but other machines.

    They have other architectures and other libraries. Comparing them with language models on
    memory, context or tool calling would mean nothing.

    ## Example
    Stable Diffusion and FLUX are diffusion models, so they are never shortlisted.

    ## Does not say
    That they are not worth using: the answer names what to use them with.
    """
    yield Excluded(model=model)


@stage.rule(
    "MOD-040",
    "A need that no language model serves is out of scope",
    when=[
        Asked(axis="modality", value=MATCH.modality),
        OutsideScope(modality=MATCH.modality, kind=MATCH.kind),
    ],
    because="No language model serves {modality}; that takes a {kind}.",
    concludes=[OutOfScope],
)
def need_out_of_scope(modality: str, kind: str) -> Iterator[WorkingFact]:
    """The honest answer to such a need is another kind of model.

    ## Example
    A wish for generated images is answered with diffusion models and the libraries that run them.

    ## Does not say
    That language models cannot read images: reading is the vision modality.
    """
    yield OutOfScope(modality=modality)


@stage.rule(
    "MOD-050",
    "A model without published weights is out",
    when=[Availability(model=MATCH.model, weights="unpublished")],
    because="The weights of {model} are not published, so it cannot be run on your own machine.",
    concludes=[Excluded],
)
def weights_not_published(model: str) -> Iterator[WorkingFact]:
    """An open-weight model is one whose weights anyone can download.

    ## Example
    Ministral 3B of October 2024 is offered through an interface only, unlike Ministral 8B.

    ## Does not say
    Anything of the licence: published weights may still forbid most uses.
    """
    yield Excluded(model=model)
