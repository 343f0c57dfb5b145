"""Does it run on the machine, in which memory and at which quantisation?"""

from __future__ import annotations

from collections.abc import Iterator

from whyllm.engine.experta_shim import MATCH, NOT, TEST, L
from whyllm.engine.facts import (
    Asked,
    Availability,
    Excluded,
    Fits,
    Outgrown,
    Reduced,
    Requires,
    Runs,
    Smallest,
    Undecided,
    Unverified,
    Usable,
    UsableShare,
    WorkingFact,
)
from whyllm.engine.rulebook import Stage

stage = Stage("hardware", "HW", "Does it run on the machine, where and at which quantisation?")


@stage.rule(
    "HW-010",
    "A model that does not fit at any quantisation is out",
    when=[
        Asked(axis=MATCH.memory & (L("vram") | L("unified") | L("ram")), value=MATCH.stated),
        Usable(memory=MATCH.memory, gigabytes=MATCH.usable),
        NOT(Outgrown(memory=MATCH.memory)),
        Smallest(quantisation=MATCH.quantisation),
        Requires(model=MATCH.model, quantisation=MATCH.quantisation, total_gb=MATCH.needed),
        TEST(lambda usable, needed: needed > usable),
        NOT(Fits(model=MATCH.model)),
    ],
    because="{model} needs {needed} GB even at {quantisation}; of your {stated} GB of {memory}, "
    "{usable} GB are usable.",
    concludes=[Excluded],
)
def does_not_fit(
    memory: str, stated: float, usable: float, quantisation: str, model: str, needed: float
) -> Iterator[WorkingFact]:
    """The smallest quantisation decides whether a model can run at all.

    ## Example
    DeepSeek-V3 has 671 billion parameters; no quantisation brings them into 24 GB.

    ## Does not say
    That a model which fits is fast or still good at a low quantisation.
    """
    yield Excluded(model=model)


@stage.rule(
    "HW-020",
    "A model of unknown size is undecided on a stated machine",
    when=[
        Asked(axis=MATCH.memory, value=MATCH.stated),
        UsableShare(memory=MATCH.memory),
        NOT(Outgrown(memory=MATCH.memory)),
        Smallest(quantisation=MATCH.quantisation),
        Unverified(model=MATCH.model, field="params_b"),
        NOT(Availability(model=MATCH.model, weights="unpublished")),
        NOT(Requires(model=MATCH.model, quantisation=MATCH.quantisation)),
        NOT(Fits(model=MATCH.model)),
    ],
    because="The size of {model} was not verified, so whether it fits into {stated} GB of "
    "{memory} is open.",
    concludes=[Undecided],
)
def size_unknown(
    memory: str, stated: float, quantisation: str, model: str
) -> Iterator[WorkingFact]:
    """Without a verified number of parameters there is no figure to compare.

    ## Example
    A model whose size is only remembered stays open on every machine.

    ## Does not say
    That it is too large.
    """
    yield Undecided(model=model, waiting_for="params_b")


@stage.rule(
    "HW-030",
    "The quantisation asked for runs on the accelerator where it fits",
    when=[
        Asked(axis="quant", value=MATCH.quantisation),
        UsableShare(memory=MATCH.memory, pace="fast"),
        Fits(model=MATCH.model, quantisation=MATCH.quantisation, memory=MATCH.memory),
    ],
    because="{model} runs at {quantisation} in {memory}.",
    concludes=[Runs],
)
def runs_as_asked(quantisation: str, memory: str, model: str) -> Iterator[WorkingFact]:
    """The best case: the accelerator holds the model as it was asked for.

    ## Example
    Llama 3.1 8B at Q4_K_M in 12 GB of GPU memory.

    ## Does not say
    How many tokens a second to expect.
    """
    yield Runs(model=model, quantisation=quantisation, memory=memory)


@stage.rule(
    "HW-040",
    "Where the quantisation asked for does not fit, the largest that does is taken",
    when=[
        Asked(axis="quant", value=MATCH.asked),
        UsableShare(memory=MATCH.memory, pace="fast"),
        Fits(model=MATCH.model, quantisation=MATCH.quantisation, memory=MATCH.memory),
        TEST(lambda asked, quantisation: quantisation != asked),
        NOT(Fits(model=MATCH.model, quantisation=MATCH.asked, memory="vram")),
        NOT(Fits(model=MATCH.model, quantisation=MATCH.asked, memory="unified")),
    ],
    because="{model} does not fit into {memory} at {asked}; it runs at {quantisation}.",
    concludes=[Runs],
)
def runs_smaller(asked: str, memory: str, model: str, quantisation: str) -> Iterator[WorkingFact]:
    """A step down the ladder of quantisations saves memory and costs some quality.

    ## Example
    Llama 3.3 70B in 48 GB runs at Q4_0 where Q4_K_M would need a little more.

    ## Does not say
    That the loss is small: at Q2_K it is plain to see.
    """
    yield Runs(model=model, quantisation=quantisation, memory=memory)


@stage.rule(
    "HW-050",
    "Without room on an accelerator the model runs on the processor",
    when=[
        Asked(axis="quant", value=MATCH.quantisation),
        UsableShare(memory=MATCH.memory, pace="slow"),
        Fits(model=MATCH.model, quantisation=MATCH.quantisation, memory=MATCH.memory),
        NOT(Fits(model=MATCH.model, memory="vram")),
        NOT(Fits(model=MATCH.model, memory="unified")),
    ],
    because="{model} runs at {quantisation} in {memory}, on the processor.",
    concludes=[Runs],
)
def runs_on_processor(quantisation: str, memory: str, model: str) -> Iterator[WorkingFact]:
    """Main memory is roomy and slow.

    ## Example
    On a laptop with 16 GB and no GPU, Mistral 7B runs on the processor.

    ## Does not say
    How slow: that hangs on the memory's bandwidth and on the active parameters.
    """
    yield Runs(model=model, quantisation=quantisation, memory=memory)


@stage.rule(
    "HW-060",
    "On the processor too, the largest quantisation that fits is taken",
    when=[
        Asked(axis="quant", value=MATCH.asked),
        UsableShare(memory=MATCH.memory, pace="slow"),
        Fits(model=MATCH.model, quantisation=MATCH.quantisation, memory=MATCH.memory),
        TEST(lambda asked, quantisation: quantisation != asked),
        NOT(Fits(model=MATCH.model, memory="vram")),
        NOT(Fits(model=MATCH.model, memory="unified")),
    ],
    because="{model} does not fit into {memory} at {asked}; it runs at {quantisation}, on the "
    "processor.",
    concludes=[Runs],
)
def runs_smaller_on_processor(
    asked: str, memory: str, model: str, quantisation: str
) -> Iterator[WorkingFact]:
    """The last resort: less memory a weight, on the slow side of the machine.

    ## Example
    A model of 14 billion parameters in 12 GB of main memory at Q3_K_M.

    ## Does not say
    That this is comfortable.
    """
    yield Runs(model=model, quantisation=quantisation, memory=memory)


@stage.rule(
    "HW-070",
    "A model that runs below the quantisation asked for is reduced",
    when=[
        Asked(axis="quant", value=MATCH.asked),
        Runs(model=MATCH.model, quantisation=MATCH.quantisation),
        TEST(lambda asked, quantisation: asked != quantisation),
    ],
    because="{model} runs at {quantisation}, below {asked}.",
    concludes=[Reduced],
)
def reduced(asked: str, model: str, quantisation: str) -> Iterator[WorkingFact]:
    """What is lost to quantisation counts when models are compared.

    ## Example
    A successor that fits at Q2_K only is no better bet than what it replaces.

    ## Does not say
    How much is lost.
    """
    yield Reduced(model=model, asked=asked, quantisation=quantisation)
