"""How much memory does each candidate need, and how much of the machine's may it fill?"""

from __future__ import annotations

from collections.abc import Iterator

from whyllm.engine import memory
from whyllm.engine.experta_shim import MATCH, NOT, TEST
from whyllm.engine.facts import (
    Asked,
    Bettered,
    CacheShape,
    FileSize,
    Fits,
    Larger,
    MemoryModel,
    Outgrown,
    Parameters,
    QuantisationLevel,
    Requires,
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
        QuantisationLevel(quantisation=MATCH.quantisation),
        FileSize(
            model=MATCH.model, quantisation=MATCH.quantisation, gigabytes=MATCH.gigabytes
        ),
    ],
    because="The published {quantisation} files of {model} take {gigabytes} GB.",
    concludes=[Weights],
)  # fmt: skip
def published_weights(
    quantisation: str, model: str, gigabytes: float
) -> Iterator[WorkingFact]:  # fmt: skip
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
    size = memory.weights_gb(total_b, bits, small)
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
    shape = memory.CacheShape(
        attention, layers, kv_heads, head_dim, window, global_layers, latent_dim
    )
    cache = memory.cache_gb(shape, context, value_bytes)
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
    cache = memory.assumed_cache_gb(total_b, context, fallback)
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
    "A quantisation fits where enough memory is usable",
    when=[
        Usable(memory=MATCH.memory, gigabytes=MATCH.usable),
        Requires(model=MATCH.model, quantisation=MATCH.quantisation, total_gb=MATCH.needed),
        TEST(lambda usable, needed: needed <= usable),
    ],
    because="{model} at {quantisation} needs {needed} GB, and {usable} GB of {memory} are usable.",
    concludes=[Fits],
)
def fits(
    memory: str, usable: float, model: str, quantisation: str, needed: float
) -> Iterator[WorkingFact]:
    """Each quantisation is judged against each stated memory.

    ## Example
    Mistral Small 3.2 at Q4_K_M fits into a GPU of 24 GB at 4,096 tokens.

    ## Does not say
    That layers could not be shared out between GPU and main memory; that runs, at a cost in speed.
    """
    yield Fits(model=model, quantisation=quantisation, memory=memory)


@stage.rule(
    "MEM-080",
    "A quantisation is bettered where a larger one fits as well",
    when=[
        Larger(larger=MATCH.larger, smaller=MATCH.quantisation),
        Fits(model=MATCH.model, quantisation=MATCH.larger, memory=MATCH.memory),
        Fits(model=MATCH.model, quantisation=MATCH.quantisation, memory=MATCH.memory),
    ],
    because="{model} at {larger} fits into {memory} too, so {quantisation} is not needed.",
    concludes=[Bettered],
)
def bettered(larger: str, quantisation: str, model: str, memory: str) -> Iterator[WorkingFact]:
    """Of the quantisations that fit, the most precise one is taken.

    ## Example
    Where Q5_K_M fits, Q4_K_M is bettered.

    ## Does not say
    That a published file of a smaller step is always the smaller file; some are not.
    """
    yield Bettered(model=model, quantisation=quantisation, memory=memory)


def _requires(
    model: str,
    quantisation: str,
    weights: float,
    cache: float,
    base: float,
    root: float,
    runtime: float,
) -> WorkingFact:
    overhead = memory.overhead_gb(weights, base, root, runtime)
    return Requires(
        model=model,
        quantisation=quantisation,
        total_gb=round(weights + cache + overhead, GB_DIGITS),
        weights_gb=weights,
        cache_gb=round(cache, GB_DIGITS),
        overhead_gb=round(overhead, GB_DIGITS),
    )
