"""How much memory does each candidate need, and how much of the machine's may it fill?"""

from __future__ import annotations

from collections.abc import Iterator

from whyllm.engine import memory as memory_formula
from whyllm.engine.experta_shim import MATCH, NOT, TEST
from whyllm.engine.facts import (
    Asked,
    CacheShape,
    FileSize,
    Fits,
    LadderEnd,
    MemoryModel,
    NextSmaller,
    Outgrown,
    Parameters,
    QuantisationLevel,
    Requires,
    Smallest,
    TooLarge,
    Usable,
    UsableShare,
    Weights,
    WorkingFact,
)
from whyllm.engine.rulebook import Stage

stage = Stage("memory", "MEM", "How much memory does it need, and how much is usable?")

GB_DIGITS = 3


@stage.rule(
    "MEM-010",
    "A published file gives the size of the weights",
    when=[
        Asked(axis="quant", value=MATCH.quantisation),
        FileSize(model=MATCH.model, quantisation=MATCH.quantisation, gigabytes=MATCH.gigabytes),
    ],
    because="The published {quantisation} files of {model} take {gigabytes} GB.",
    concludes=[Weights],
)
def published_weights(quantisation: str, model: str, gigabytes: float) -> Iterator[WorkingFact]:
    """A file that exists is measured, not estimated.

    ## Example
    The Q4_K_M file of Llama 3.1 8B has 4.921 GB, with all its parameters.

    ## Does not say
    That the file size is the memory needed: cache and buffers come on top.
    """
    yield Weights(model=model, quantisation=quantisation, gigabytes=gigabytes)


@stage.rule(
    "MEM-020",
    "Without a published file the weights are estimated from the parameters",
    when=[
        Asked(axis="quant", value=MATCH.quantisation),
        QuantisationLevel(
            quantisation=MATCH.quantisation, bits=MATCH.bits, small_model_term=MATCH.small
        ),
        Parameters(model=MATCH.model, total_b=MATCH.total_b),
        NOT(FileSize(model=MATCH.model, quantisation=MATCH.quantisation)),
    ],
    because="{model} has {total_b} billion parameters; at {quantisation} they take {gigabytes} GB.",
    concludes=[Weights],
)
def estimated_weights(
    quantisation: str, bits: float, small: float, model: str, total_b: float
) -> Iterator[WorkingFact]:
    """All parameters count, those of idle experts too: they must lie in memory.

    ## Example
    Mixtral 8x7B works with 13 billion parameters a token, and holds 46.7 billion in memory.

    ## Does not say
    How fast the model is; that follows the active parameters.
    """
    size = memory_formula.weights_gb(total_b, bits, small)
    yield Weights(model=model, quantisation=quantisation, gigabytes=round(size, GB_DIGITS))


@stage.rule(
    "MEM-030",
    "Weights, cache and overhead add up to the memory needed",
    when=[
        Asked(axis="context", value=MATCH.context),
        MemoryModel(
            value_bytes=MATCH.value_bytes,
            compute_base_gb=MATCH.base,
            compute_root_factor=MATCH.root,
            runtime_gb=MATCH.runtime,
        ),
        Weights(model=MATCH.model, quantisation=MATCH.quantisation, gigabytes=MATCH.weights),
        CacheShape(
            model=MATCH.model,
            attention=MATCH.attention,
            layers=MATCH.layers,
            kv_heads=MATCH.kv_heads,
            head_dim=MATCH.head_dim,
            window=MATCH.window,
            global_layers=MATCH.global_layers,
            latent_dim=MATCH.latent_dim,
        ),
    ],
    because="{model} at {quantisation} needs {total_gb} GB: {weights} for weights, {cache_gb} for "
    "{context} tokens, {overhead_gb} besides.",
    concludes=[Requires],
)
def memory_needed(
    context: int,
    value_bytes: float,
    base: float,
    root: float,
    runtime: float,
    model: str,
    quantisation: str,
    weights: float,
    attention: str,
    layers: int,
    kv_heads: int,
    head_dim: int,
    window: int,
    global_layers: int,
    latent_dim: int,
) -> Iterator[WorkingFact]:
    """The key-value cache grows with the context, in a way that the attention decides.

    ## Example
    Llama 3.1 8B at Q4_K_M: 4.9 GB of weights, 0.5 GB for 4,096 tokens, 0.9 GB besides.

    ## Does not say
    What several users at once need: each has a cache of its own.
    """
    shape = memory_formula.CacheShape(
        attention, layers, kv_heads, head_dim, window, global_layers, latent_dim
    )
    cache = memory_formula.cache_gb(shape, context, value_bytes)
    yield _requires(model, quantisation, weights, cache, base, root, runtime)


@stage.rule(
    "MEM-040",
    "Without a verified shape the cache is estimated from the size",
    when=[
        Asked(axis="context", value=MATCH.context),
        MemoryModel(
            fallback_gb_per_1k_per_b=MATCH.fallback,
            compute_base_gb=MATCH.base,
            compute_root_factor=MATCH.root,
            runtime_gb=MATCH.runtime,
        ),
        Weights(model=MATCH.model, quantisation=MATCH.quantisation, gigabytes=MATCH.weights),
        Parameters(model=MATCH.model, total_b=MATCH.total_b),
        NOT(CacheShape(model=MATCH.model)),
    ],
    because="{model} at {quantisation} needs {total_gb} GB, of which {cache_gb} GB are estimated "
    "for {context} tokens.",
    concludes=[Requires],
)
def memory_estimated(
    context: int,
    fallback: float,
    base: float,
    root: float,
    runtime: float,
    model: str,
    quantisation: str,
    weights: float,
    total_b: float,
) -> Iterator[WorkingFact]:
    """A shape known from memory only is not used; the size gives a rougher figure.

    ## Example
    A model whose configuration was not seen is given the cache of a usual one of its size.

    ## Does not say
    That the figure is exact: models with many key-value heads need several times more.
    """
    cache = memory_formula.assumed_cache_gb(total_b, context, fallback)
    yield _requires(model, quantisation, weights, cache, base, root, runtime)


@stage.rule(
    "MEM-050",
    "Only a share of a memory is usable",
    when=[
        Asked(axis=MATCH.memory, value=MATCH.stated),
        UsableShare(memory=MATCH.memory, share=MATCH.share),
    ],
    because="Of {stated} GB of {memory}, {gigabytes} GB are usable.",
    concludes=[Usable],
)
def usable_memory(memory: str, stated: float, share: float) -> Iterator[WorkingFact]:
    """The display, the system and other programs keep a part of every memory.

    ## Example
    Of 24 GB on a GPU, 21.6 GB are counted on.

    ## Does not say
    That the share is a law: it is a judgement, said as such in the knowledge base.
    """
    yield Usable(memory=memory, gigabytes=round(stated * share, GB_DIGITS))


@stage.rule(
    "MEM-060",
    "A smaller memory is outgrown by a roomier one",
    when=[
        Usable(memory=MATCH.memory, gigabytes=MATCH.less),
        Usable(memory=MATCH.other, gigabytes=MATCH.more),
        TEST(lambda less, more: less < more),
    ],
    because="{memory} has {less} usable GB, {other} has {more}.",
    concludes=[Outgrown],
)
def outgrown_memory(memory: str, less: float, other: str, more: float) -> Iterator[WorkingFact]:
    """What does not fit into the roomiest memory fits into none.

    ## Example
    With 8 GB on the GPU and 64 GB of main memory, the main memory decides whether it runs at all.

    ## Does not say
    Where the model runs best: a GPU is preferred wherever it has room.
    """
    yield Outgrown(memory=memory)


@stage.rule(
    "MEM-070",
    "The quantisation asked for fits where enough memory is usable",
    when=[
        Asked(axis="quant", value=MATCH.quantisation),
        Usable(memory=MATCH.memory, gigabytes=MATCH.usable),
        Requires(model=MATCH.model, quantisation=MATCH.quantisation, total_gb=MATCH.needed),
        TEST(lambda usable, needed: needed <= usable),
    ],
    because="{model} at {quantisation} needs {needed} GB, and {usable} GB of {memory} are usable.",
    concludes=[Fits],
)
def fits_as_asked(
    quantisation: str, memory: str, usable: float, model: str, needed: float
) -> Iterator[WorkingFact]:
    """The quantisation asked for is judged against each stated memory.

    ## Example
    Mistral Small 3.2 at Q4_K_M fits into a GPU of 24 GB at 4,096 tokens.

    ## Does not say
    That layers could not be shared out between GPU and main memory; that runs, at a cost in speed.
    """
    yield Fits(model=model, quantisation=quantisation, memory=memory)


@stage.rule(
    "MEM-090",
    "The quantisation asked for is too large where less memory is usable",
    when=[
        Asked(axis="quant", value=MATCH.quantisation),
        Usable(memory=MATCH.memory, gigabytes=MATCH.usable),
        Requires(model=MATCH.model, quantisation=MATCH.quantisation, total_gb=MATCH.needed),
        TEST(lambda usable, needed: needed > usable),
    ],
    because="{model} at {quantisation} needs {needed} GB; of {memory}, {usable} GB are usable.",
    concludes=[TooLarge],
)
def too_large_as_asked(
    quantisation: str, memory: str, usable: float, model: str, needed: float
) -> Iterator[WorkingFact]:
    """What does not fit as it was asked for may fit a step or more down the ladder.

    ## Example
    Llama 3.3 70B at Q4_K_M is too large for a GPU of 24 GB.

    ## Does not say
    That the model cannot run there: a smaller quantisation is considered next.
    """
    yield TooLarge(model=model, quantisation=quantisation, memory=memory)


@stage.rule(
    "MEM-100",
    "A smaller quantisation fits where the larger ones did not",
    when=[
        NextSmaller(quantisation=MATCH.larger, smaller=MATCH.quantisation),
        TooLarge(model=MATCH.model, quantisation=MATCH.larger, memory=MATCH.memory),
        Usable(memory=MATCH.memory, gigabytes=MATCH.usable),
        Requires(model=MATCH.model, quantisation=MATCH.quantisation, total_gb=MATCH.needed),
        TEST(lambda usable, needed: needed <= usable),
    ],
    because="{model} at {larger} is too large for {memory}; at {quantisation} it needs {needed} "
    "GB, and {usable} GB are usable.",
    concludes=[Fits],
)
def smaller_fits(
    larger: str, quantisation: str, model: str, memory: str, usable: float, needed: float
) -> Iterator[WorkingFact]:
    """The first step of the ladder that fits is taken, so none below it is looked at.

    ## Example
    Llama 3.3 70B in 48 GB fits at Q4_0, where Q4_K_M would need a little more.

    ## Does not say
    That the loss is small: at Q2_K it is plain to see.
    """
    yield Fits(model=model, quantisation=quantisation, memory=memory)


@stage.rule(
    "MEM-110",
    "A smaller quantisation may be too large as well",
    when=[
        NextSmaller(quantisation=MATCH.larger, smaller=MATCH.quantisation),
        TooLarge(model=MATCH.model, quantisation=MATCH.larger, memory=MATCH.memory),
        Usable(memory=MATCH.memory, gigabytes=MATCH.usable),
        Requires(model=MATCH.model, quantisation=MATCH.quantisation, total_gb=MATCH.needed),
        TEST(lambda usable, needed: needed > usable),
    ],
    because="{model} is too large for {memory} at {larger}, and at {quantisation} too: it needs "
    "{needed} GB, and {usable} GB are usable.",
    concludes=[TooLarge],
)
def smaller_is_too_large(
    larger: str, quantisation: str, model: str, memory: str, usable: float, needed: float
) -> Iterator[WorkingFact]:
    """The ladder is gone down step by step, to its end if need be.

    ## Example
    DeepSeek-V3 is too large for 24 GB at every step.

    ## Does not say
    That a published file of a smaller step is always the smaller file; some are not.
    """
    yield TooLarge(model=model, quantisation=quantisation, memory=memory)


@stage.rule(
    "MEM-120",
    "Where a quantisation is too large, the published file of the next smaller one is weighed",
    when=[
        NextSmaller(quantisation=MATCH.larger, smaller=MATCH.quantisation),
        TooLarge(model=MATCH.model, quantisation=MATCH.larger, memory=MATCH.memory),
        FileSize(model=MATCH.model, quantisation=MATCH.quantisation, gigabytes=MATCH.gigabytes),
    ],
    because="{model} is too large for {memory} at {larger}; its published {quantisation} files "
    "take {gigabytes} GB.",
    concludes=[Weights],
)
def published_smaller_weights(
    larger: str, quantisation: str, model: str, memory: str, gigabytes: float
) -> Iterator[WorkingFact]:
    """A step down the ladder of quantisations saves memory and costs some quality.

    ## Example
    Below Q4_K_M come Q4_0, Q3_K_M and Q2_K.

    ## Does not say
    That anything is lost where the quantisation asked for fits: then no step is taken.
    """
    yield Weights(model=model, quantisation=quantisation, gigabytes=gigabytes)


@stage.rule(
    "MEM-130",
    "Where a quantisation is too large, the next smaller one is estimated if no file is known",
    when=[
        NextSmaller(quantisation=MATCH.larger, smaller=MATCH.quantisation),
        TooLarge(model=MATCH.model, quantisation=MATCH.larger, memory=MATCH.memory),
        QuantisationLevel(
            quantisation=MATCH.quantisation, bits=MATCH.bits, small_model_term=MATCH.small
        ),
        Parameters(model=MATCH.model, total_b=MATCH.total_b),
        NOT(FileSize(model=MATCH.model, quantisation=MATCH.quantisation)),
    ],
    because="{model} is too large for {memory} at {larger}; at {quantisation} its {total_b} "
    "billion parameters take {gigabytes} GB.",
    concludes=[Weights],
)
def estimated_smaller_weights(
    larger: str,
    quantisation: str,
    model: str,
    memory: str,
    bits: float,
    small: float,
    total_b: float,
) -> Iterator[WorkingFact]:
    """The estimate is that of MEM-020, with the bits of the smaller quantisation.

    ## Example
    Llama 3.3 70B is weighed at Q3_K_M only where Q4_0 is too large.

    ## Does not say
    That somebody publishes the model in this quantisation; anyone can make the file.
    """
    size = memory_formula.weights_gb(total_b, bits, small)
    yield Weights(model=model, quantisation=quantisation, gigabytes=round(size, GB_DIGITS))


@stage.rule(
    "MEM-140",
    "The ladder of quantisations ends with the smallest that any model can be had in",
    when=[
        Asked(axis="quant", value=MATCH.asked),
        LadderEnd(quantisation=MATCH.asked, smallest=MATCH.smallest),
    ],
    because="From {asked} the steps go down to {smallest}.",
    concludes=[Smallest],
)
def ladder_ends(asked: str, smallest: str) -> Iterator[WorkingFact]:
    """Whether a model can run at all is decided at the last step.

    ## Example
    From Q4_K_M by way of Q4_0 and Q3_K_M down to Q2_K.

    ## Does not say
    That the last step is worth taking.
    """
    yield Smallest(quantisation=smallest)


def _requires(
    model: str,
    quantisation: str,
    weights: float,
    cache: float,
    base: float,
    root: float,
    runtime: float,
) -> WorkingFact:
    overhead = memory_formula.overhead_gb(weights, base, root, runtime)
    return Requires(
        model=model,
        quantisation=quantisation,
        total_gb=round(weights + cache + overhead, GB_DIGITS),
        weights_gb=weights,
        cache_gb=round(cache, GB_DIGITS),
        overhead_gb=round(overhead, GB_DIGITS),
    )
