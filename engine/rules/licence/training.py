"""Whether the model may be adapted, and other models trained on what it writes."""

from __future__ import annotations

from collections.abc import Iterator

from whyllm.engine.experta_shim import MATCH, L
from whyllm.engine.facts import Asked, Clause, Excluded, Licensed, Undecided, WorkingFact
from whyllm.engine.rules.licence.licence_stage import stage


@stage.rule(
    "LIC-140",
    "A licence that grants no fine-tuning rules it out",
    when=[
        Asked(axis="fine_tune", value=True),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Clause(licence=MATCH.licence, tag="fine_tuning", value="no", section=MATCH.section),
    ],
    because="{model} is under {licence}{through}, which grants no fine-tuning ({section}).",
    concludes=[Excluded],
)
def fine_tuning_not_granted(
    model: str, licence: str, through: str, section: str
) -> Iterator[WorkingFact]:
    """Adapting the weights makes a derivative work.

    ## Example
    A licence that grants use of the weights as they are.

    ## Does not say
    What the fine-tuned model may be called or how it may be released.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-150",
    "A ban on training other models with outputs rules that out",
    when=[
        Asked(axis="train_on_outputs", value=True),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Clause(licence=MATCH.licence, tag="training_on_outputs", value="no-other-models",
               section=MATCH.section),
    ],
    because="{model} is under {licence}{through}, which forbids improving other models with "
    "its outputs ({section}).",
    concludes=[Excluded],
)  # fmt: skip
def training_on_outputs_banned(
    model: str, licence: str, through: str, section: str
) -> Iterator[WorkingFact]:
    """Distillation uses the outputs of one model to teach another.

    ## Example
    Llama 2 and 3 forbid it; from Llama 3.1 on a naming duty takes its place.

    ## Does not say
    That a fine-tune of the same model is touched: derivatives of it are spared.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-160",
    "A ban on training competing models leaves training on outputs undecided",
    when=[
        Asked(axis="train_on_outputs", value=True),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Clause(licence=MATCH.licence, tag="training_on_outputs", value="no-competing",
               section=MATCH.section),
    ],
    because="{model} is under {licence}{through}, which forbids training competing models "
    "({section}); whether yours competes is open.",
    concludes=[Undecided],
)  # fmt: skip
def training_may_compete(
    model: str, licence: str, through: str, section: str
) -> Iterator[WorkingFact]:
    """Whether a model competes hangs on what it is for, which no option states.

    ## Example
    A small classifier trained on outputs may be no competitor; a chat model is.

    ## Does not say
    How a court would draw the line.
    """
    yield Undecided(model=model, waiting_for="whether the trained model competes")


@stage.rule(
    "LIC-170",
    "A ban on commercial training with outputs rules it out for gain",
    when=[
        Asked(axis="train_on_outputs", value=True),
        Asked(axis="use", value=L("commercial") | L("unrestricted")),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Clause(
            licence=MATCH.licence,
            tag="training_on_outputs",
            value="no-commercial",
            section=MATCH.section,
        ),
    ],
    because="{model} is under {licence}{through}, which forbids commercial training on outputs "
    "({section}).",
    concludes=[Excluded],
)
def commercial_training_banned(
    model: str, licence: str, through: str, section: str
) -> Iterator[WorkingFact]:
    """Some licences let everybody distil but those who do it for gain.

    ## Example
    Synthetic data made for sale with a model of Cohere.

    ## Does not say
    Anything of outputs that train nothing.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-260",
    "A ban on commercial training leaves training inside a company undecided",
    when=[
        Asked(axis="train_on_outputs", value=True),
        Asked(axis="use", value="internal"),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Clause(
            licence=MATCH.licence,
            tag="training_on_outputs",
            value="no-commercial",
            section=MATCH.section,
        ),
    ],
    because="{model} is under {licence}{through}, which forbids commercial training on outputs "
    "({section}); whether internal training is commercial is open.",
    concludes=[Undecided],
)
def internal_training_may_be_commercial(
    model: str, licence: str, through: str, section: str
) -> Iterator[WorkingFact]:
    """A company trains for its own ends, and whether that is for gain the licence must say.

    ## Example
    A classifier for a company's own letters, trained on outputs.

    ## Does not say
    How a court would draw the line.
    """
    yield Undecided(model=model, waiting_for="whether internal training is commercial")


@stage.rule(
    "LIC-270",
    "Training on outputs for research only rules out every other use",
    when=[
        Asked(axis="train_on_outputs", value=True),
        Asked(axis="use", value=MATCH.use & ~L("research")),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Clause(
            licence=MATCH.licence,
            tag="training_on_outputs",
            value="research-only",
            section=MATCH.section,
        ),
    ],
    because="{model} is under {licence}{through}, which allows training on outputs for research "
    "only ({section}), not for {use}.",
    concludes=[Excluded],
)
def training_for_research_only(
    use: str, model: str, licence: str, through: str, section: str
) -> Iterator[WorkingFact]:
    """Some licences let researchers distil and nobody else.

    ## Example
    Outputs of a model under a research licence that would train a product.

    ## Does not say
    Anything of outputs that train nothing.
    """
    yield Excluded(model=model)
