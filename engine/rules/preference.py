"""Which of the survivors come first?

Each rule gives a merit on one criterion. The ranking reads the criteria in the order that the
knowledge base gives them: the first on which two models differ decides.
"""

from __future__ import annotations

from collections.abc import Iterator

from whyllm.engine.experta_shim import MATCH, NOT, TEST
from whyllm.engine.facts import (
    Asked,
    Excluded,
    Kept,
    Leads,
    LicenceClass,
    Licensed,
    MachineClass,
    Matters,
    Merit,
    Model,
    OpenRecipe,
    Outdid,
    Parameters,
    Reduced,
    Released,
    ReplacedBy,
    Requires,
    Runs,
    Session,
    ShelfLife,
    SizeClass,
    ThisMachine,
    Today,
    Tops,
    Tuned,
    Undecided,
    Usable,
    UsableShare,
    WorkingFact,
)
from whyllm.engine.rulebook import Stage
from whyllm.kb.dates import month_count, months_between

stage = Stage("preference", "PREF", "Which of the survivors come first?")

ANY_SIZE = 0.0


@stage.rule(
    "PREF-010",
    "A model that nothing excludes and nothing leaves open is kept",
    when=[
        Model(model=MATCH.model),
        NOT(Excluded(model=MATCH.model)),
        NOT(Undecided(model=MATCH.model)),
    ],
    because="Nothing excludes {model}, and nothing leaves it undecided.",
    concludes=[Kept],
)
def kept(model: str) -> Iterator[WorkingFact]:
    """Only what has passed every stage is compared.

    ## Example
    With no constraint at all, every language model with published weights is kept.

    ## Does not say
    That it is a good choice; the merits say how it compares.
    """
    yield Kept(model=model)


@stage.rule(
    "PREF-160",
    "A variant that did better on the user's own prompts comes first",
    when=[
        Asked(axis=MATCH.axis, value=MATCH.value),
        Session(
            session=MATCH.session,
            machine=MATCH.machine,
            made=MATCH.made,
            axis=MATCH.axis,
            value=MATCH.value,
        ),
        ThisMachine(machine=MATCH.machine),
        ShelfLife(kind="measurement", months=MATCH.months),
        Today(date=MATCH.date),
        TEST(lambda made, date: made <= date),
        TEST(lambda made, months, date: months_between(made, date) < months),
        Asked(axis="quant", value=MATCH.quantisation),
        Outdid(
            session=MATCH.session,
            model=MATCH.model,
            rival=MATCH.rival,
            quantisation=MATCH.quantisation,
            figure=MATCH.figure,
            own=MATCH.own,
            other=MATCH.worse,
            level=MATCH.level,
        ),
        Kept(model=MATCH.model),
        Kept(model=MATCH.rival),
        NOT(Reduced(model=MATCH.model)),
        NOT(Reduced(model=MATCH.rival)),
    ],
    because="{model} outdid {rival} on your own prompts ({figure}: {own} to {worse}), measured on "
    "this machine on {made} at {quantisation}.",
    concludes=[Merit],
)
def did_better_on_own_prompts(
    axis: str,
    value: str,
    session: str,
    machine: str,
    made: str,
    months: int,
    date: str,
    quantisation: str,
    model: str,
    rival: str,
    figure: str,
    own: float,
    worse: float,
    level: int,
) -> Iterator[WorkingFact]:
    """The only benchmark that really matters: your own prompts, on your own machine, on your task.

    ## Example
    Of three candidates for code, the one that passed most of the checks of `whyllm measure`.

    ## Does not say
    Anything of models that were not in the same session, on another machine, for other work, or at
    a quantisation other than that which is asked for and fits. Speed decides only between those who
    did equally well.
    """
    yield Merit(model=model, criterion="measured", level=level)


@stage.rule(
    "PREF-020",
    "A family that leads the dimension asked about comes first",
    when=[
        Asked(axis=MATCH.axis, value=MATCH.value),
        Matters(dimension=MATCH.dimension, axis=MATCH.axis, value=MATCH.value),
        Leads(
            dimension=MATCH.dimension, family=MATCH.family, max_params_b=ANY_SIZE, made=MATCH.made
        ),
        ShelfLife(kind="dominance", months=MATCH.months),
        Today(date=MATCH.date),
        TEST(lambda made, months, date: months_between(made, date) < months),
        Model(model=MATCH.model, family=MATCH.family),
        Kept(model=MATCH.model),
    ],
    because="{family} leads {dimension} by the word of the course ({made}).",
    concludes=[Merit],
)
def leads_the_dimension(
    axis: str,
    value: str,
    dimension: str,
    family: str,
    made: str,
    months: int,
    date: str,
    model: str,
) -> Iterator[WorkingFact]:
    """Nobody wins everywhere; somebody leads each dimension, at a date.

    ## Example
    For code, Qwen2.5-Coder; for reasoning, DeepSeek-R1 and its distillations.

    ## Does not say
    That it wins on your prompts. Such claims age within months; a stale one counts no more.
    """
    yield Merit(model=model, criterion="dominance", level=1)


@stage.rule(
    "PREF-120",
    "A family that leads up to a size comes first up to that size",
    when=[
        Asked(axis=MATCH.axis, value=MATCH.value),
        Matters(dimension=MATCH.dimension, axis=MATCH.axis, value=MATCH.value),
        Leads(
            dimension=MATCH.dimension,
            family=MATCH.family,
            max_params_b=MATCH.most,
            made=MATCH.made,
        ),
        ShelfLife(kind="dominance", months=MATCH.months),
        Today(date=MATCH.date),
        TEST(lambda made, months, date: months_between(made, date) < months),
        Model(model=MATCH.model, family=MATCH.family),
        Kept(model=MATCH.model),
        Parameters(model=MATCH.model, total_b=MATCH.total_b),
        TEST(lambda most, total_b: total_b <= most),
    ],
    because="{family} leads {dimension} by the word of the course ({made}).",
    concludes=[Merit],
)
def leads_up_to_a_size(
    axis: str,
    value: str,
    dimension: str,
    family: str,
    most: float,
    made: str,
    months: int,
    date: str,
    model: str,
    total_b: float,
) -> Iterator[WorkingFact]:
    """Some claims are about small models only.

    ## Example
    On a modest laptop Phi-4-mini and Gemma 3 4B come first.

    ## Does not say
    Anything of the family's larger models.
    """
    yield Merit(model=model, criterion="dominance", level=1)


@stage.rule(
    "PREF-150",
    "A variant that stands first by fresh evidence comes first",
    when=[
        Asked(axis=MATCH.axis, value=MATCH.value),
        Matters(dimension=MATCH.dimension, axis=MATCH.axis, value=MATCH.value),
        Tops(dimension=MATCH.dimension, model=MATCH.model, made=MATCH.made),
        ShelfLife(kind="dominance", months=MATCH.months),
        Today(date=MATCH.date),
        TEST(lambda made, months, date: months_between(made, date) < months),
        Kept(model=MATCH.model),
    ],
    because="{model} stands first in {dimension} by evidence of {made}.",
    concludes=[Merit],
)
def stands_first(
    axis: str, value: str, dimension: str, model: str, made: str, months: int, date: str
) -> Iterator[WorkingFact]:
    """Evidence about an exact variant, younger than the shelf life of such claims.

    ## Example
    For tool calling in autumn 2026, GLM-5.3 and Kimi K3; on one GPU, Muse Glimmer 30B.

    ## Does not say
    That the evidence is independent: publishers report their own figures.
    """
    yield Merit(model=model, criterion="dominance", level=1)


@stage.rule(
    "PREF-030",
    "For conversation, models that think first stand back",
    when=[
        Asked(axis="task", value="chat"),
        Kept(model=MATCH.model),
        Tuned(model=MATCH.model, tuning="thinking"),
    ],
    because="{model} thinks aloud before it answers, which conversation seldom needs.",
    concludes=[Merit],
)
def thinks_in_conversation(model: str) -> Iterator[WorkingFact]:
    """A visible chain of thought multiplies the tokens of every answer.

    ## Example
    A distillation of R1 comes after a usual model of its size.

    ## Does not say
    That it converses badly.
    """
    yield Merit(model=model, criterion="suitability", level=-1)


@stage.rule(
    "PREF-040",
    "Base models stand back",
    when=[Kept(model=MATCH.model), Tuned(model=MATCH.model, tuning="base")],
    because="{model} is a base model, which continues text rather than following instructions.",
    concludes=[Merit],
)
def base_stands_back(model: str) -> Iterator[WorkingFact]:
    """A base model is right for completion and for fine-tuning, less so for requests.

    ## Example
    StarCoder2 completes code; an instructed model also explains it.

    ## Does not say
    That completion is worth less.
    """
    yield Merit(model=model, criterion="suitability", level=-1)


@stage.rule(
    "PREF-050",
    "For a stated use, lighter licences come first",
    when=[
        Asked(axis="use", value=MATCH.use),
        Kept(model=MATCH.model),
        Licensed(model=MATCH.model, licence=MATCH.licence),
        LicenceClass(licence=MATCH.licence, category=MATCH.category, rank=MATCH.rank),
    ],
    because="{licence}, which binds {model}, is {category}.",
    concludes=[Merit],
)
def lighter_licence(
    use: str, model: str, licence: str, category: str, rank: int
) -> Iterator[WorkingFact]:
    """Where several licences bind a model, the heaviest one counts.

    ## Example
    Under Apache 2.0 or MIT little can go wrong; a list of forbidden uses must be passed on.

    ## Does not say
    That a heavier licence forbids your use: that was judged before.
    """
    yield Merit(model=model, criterion="licence", level=-rank)


@stage.rule(
    "PREF-060",
    "A model whose successor also survived stands back",
    when=[
        ReplacedBy(model=MATCH.model, newer=MATCH.newer),
        Kept(model=MATCH.model),
        Kept(model=MATCH.newer),
        NOT(Reduced(model=MATCH.newer)),
    ],
    because="{newer} replaces {model}, and survived too.",
    concludes=[Merit],
)
def replaced(model: str, newer: str) -> Iterator[WorkingFact]:
    """Of two generations that both serve, the newer one is the better bet.

    ## Example
    Llama 3.3 70B replaces Llama 3.1 70B.

    ## Does not say
    That the older one is worse at everything.
    """
    yield Merit(model=model, criterion="generation", level=-1)


@stage.rule(
    "PREF-070",
    "Larger size classes come first",
    when=[
        Kept(model=MATCH.model),
        Parameters(model=MATCH.model, total_b=MATCH.total_b),
        SizeClass(level=MATCH.level, at_least_b=MATCH.least, below_b=MATCH.below),
        TEST(lambda total_b, least, below: least <= total_b < below),
    ],
    because="{model} has {total_b} billion parameters.",
    concludes=[Merit],
)
def larger_size(
    model: str, total_b: float, level: int, least: float, below: float
) -> Iterator[WorkingFact]:
    """Bigger reasons better, says the course; what does not fit is gone by now.

    ## Example
    On a GPU of 24 GB a model of 32 billion parameters comes before one of 7 billion.

    ## Does not say
    That size beats training: newer small models often beat older large ones.
    """
    yield Merit(model=model, criterion="size", level=level)


@stage.rule(
    "PREF-080",
    "A model that must be quantised further stands back",
    when=[
        Kept(model=MATCH.model),
        Reduced(model=MATCH.model, asked=MATCH.asked, quantisation=MATCH.quantisation),
    ],
    because="{model} runs at {quantisation} only, below {asked}.",
    concludes=[Merit],
)
def quantised_further(model: str, asked: str, quantisation: str) -> Iterator[WorkingFact]:
    """A smaller model at the quantisation asked for is the safer choice.

    ## Example
    A model of 32 billion parameters at Q4_K_M comes before one of 70 billion at Q2_K.

    ## Does not say
    That the larger one is worse on your task; it may be worth a try.
    """
    yield Merit(model=model, criterion="fit", level=-1)


@stage.rule(
    "PREF-090",
    "With no machine stated, a model beyond the largest usual machine stands back",
    when=[
        NOT(Asked(axis="vram")),
        NOT(Asked(axis="unified")),
        NOT(Asked(axis="ram")),
        Asked(axis="quant", value=MATCH.asked),
        MachineClass(memory="vram", at_least_gb=MATCH.usual),
        UsableShare(memory="vram", share=MATCH.share),
        Kept(model=MATCH.model),
        Requires(model=MATCH.model, quantisation=MATCH.asked, total_gb=MATCH.needed),
        TEST(lambda usual, share, needed: needed > usual * share),
    ],
    because="{model} needs {needed} GB, more than a GPU of {usual} GB, the course's largest usual "
    "machine, can spare.",
    concludes=[Merit],
)
def beyond_usual_machines(
    asked: str, usual: float, share: float, model: str, needed: float
) -> Iterator[WorkingFact]:
    """Few users have the hardware for the largest open models, as the course says.

    ## Example
    Without a stated machine, a model of 30 billion parameters comes before one of 480 billion.

    ## Does not say
    That it is excluded: state the memory of your machine, and the size counts as it should.
    """
    yield Merit(model=model, criterion="fit", level=-1)


@stage.rule(
    "PREF-130",
    "Where a GPU is stated, models that do not fit into it stand back",
    when=[
        UsableShare(memory=MATCH.fast, pace="fast"),
        Usable(memory=MATCH.fast),
        Kept(model=MATCH.model),
        Runs(model=MATCH.model, memory="ram"),
    ],
    because="{model} does not fit into your {fast} and would run on the processor.",
    concludes=[Merit],
)
def left_to_the_processor(fast: str, model: str) -> Iterator[WorkingFact]:
    """Who owns a GPU wants to use it.

    ## Example
    With 24 GB on the GPU and 64 GB of main memory, a model for the GPU comes first.

    ## Does not say
    That the larger model does not run: it does, slowly.
    """
    yield Merit(model=model, criterion="fit", level=-1)


@stage.rule(
    "PREF-100",
    "Newer models come first",
    when=[Kept(model=MATCH.model), Released(model=MATCH.model, date=MATCH.date)],
    because="{model} dates from {date}.",
    concludes=[Merit],
)
def newer(model: str, date: str) -> Iterator[WorkingFact]:
    """Between equals the newer model has learnt from the older ones.

    ## Example
    Mistral Small 3.2 comes before Mistral Small 3.

    ## Does not say
    Anything of a model whose release date was not verified: it comes last among equals.
    """
    yield Merit(model=model, criterion="recency", level=month_count(date))


@stage.rule(
    "PREF-110",
    "Published data and recipe break ties",
    when=[
        Model(model=MATCH.model, family=MATCH.family),
        Kept(model=MATCH.model),
        OpenRecipe(family=MATCH.family),
    ],
    because="{family} publishes its data and recipe beside the weights.",
    concludes=[Merit],
)
def open_recipe(model: str, family: str) -> Iterator[WorkingFact]:
    """Weights alone can be run; data and recipe can be examined.

    ## Example
    OLMo 2 publishes everything.

    ## Does not say
    Anything of quality.
    """
    yield Merit(model=model, criterion="openness", level=1)
