"""Rows as catalogues of models hold them: names, licence tags and bases, synthetic but lifelike.

Hubs hold millions of repositories, nearly every name once: fine-tunes, adapters, quantised files
and merges of a few hundred known weights, under tags that are right, wrong, missing or home-made.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from whyllm.engine.catalogue import Catalogue, ModelEntry

Row = tuple[str, str | None, str | None]
"""Name, declared licence, base model."""

PACKERS = [
    "bartowski",
    "unsloth",
    "TheBloke",
    "lmstudio-community",
    "mradermacher",
    "MaziyarPanahi",
    "mlx-community",
    "QuantFactory",
    "second-state",
    "RichardErkhov",
]
PACKAGES = [
    "GGUF",
    "AWQ",
    "GPTQ",
    "i1-GGUF",
    "4bit",
    "8bit",
    "bnb-4bit",
    "Q4_K_M-GGUF",
    "FP8",
    "exl2-4.0bpw",
    "MLX-6bit",
    "onnx",
]
OWNERS = [
    "acme",
    "nlp-lab",
    "jsmith",
    "deepfin",
    "medai",
    "lawtech",
    "studio-k",
    "uni-graz",
    "zhwang",
    "datacrew",
    "hobbyist",
    "robotics42",
    "tokyo-nlp",
    "openhands",
    "mlteam",
]
SUBJECTS = [
    "medical",
    "legal",
    "finance",
    "roleplay",
    "sql",
    "fr",
    "de",
    "ja",
    "math",
    "support",
    "uncensored",
    "summarise",
    "agent",
    "json",
    "hermes",
    "orca",
    "alpaca",
    "dpo",
    "rp",
    "code-review",
    "ner",
    "translate",
    "storyteller",
    "reward",
]
METHODS = [
    "lora",
    "qlora",
    "sft",
    "dpo",
    "orpo",
    "merge",
    "slerp",
    "adapter",
    "ft",
    "v2",
    "v3",
    "final",
    "checkpoint-500",
    "epoch3",
    "test",
]
TAGS = (
    "apache-2.0", "mit", "llama3.1", "llama3", "llama2", "gemma", "cc-by-nc-4.0", "openrail",
    "bsd-3-clause", "cc-by-4.0", "cc-by-sa-4.0", "cc-by-nc-sa-4.0", "agpl-3.0", "unknown",
    "gpl-3.0", "bigscience-bloom-rail-1.0", "creativeml-openrail-m", "MIT License", "Apache 2.0",
    "apache-2.0 AND llama3.1", "qwen-research", "proprietary", "license:other",
)  # fmt: skip


def rows(catalogue: Catalogue, number: int, seed: int = 2026) -> Iterator[Row]:
    """That many rows; the same seed gives the same.

    Few weights have most of the derivatives, as on any hub: the k-th most popular has 1/k of those
    of the first. Of the rows that declare a licence most repeat that of the base.
    """
    rng = random.Random(seed)
    known = [entry for entry in catalogue.models.values() if entry.hf_repo]
    rng.shuffle(known)
    popularity = [1 / rank for rank in range(1, len(known) + 1)]
    names = [name for entry in known for name in entry.spellings]
    for index, base in enumerate(rng.choices(known, popularity, k=number)):
        yield _row(rng, index, base, names)


def _row(rng: random.Random, index: int, base: ModelEntry, names: Sequence[str]) -> Row:
    repo, draw, declared = str(base.hf_repo), rng.random(), _tag(rng, base)
    bare, owner = repo.split("/")[1], f"{rng.choice(OWNERS)}{index % 997}"
    title = f"{rng.choice(SUBJECTS)}-{rng.choice(METHODS)}-{index}"
    if draw < 0.35:  # quantised or converted files
        name = f"{rng.choice(PACKERS)}/{bare}-{rng.choice(PACKAGES)}"
        return name, declared, repo if rng.random() < 0.7 else None
    if draw < 0.65:  # a fine-tune that says what it was made from, often in its name
        stem = bare if rng.random() < 0.6 else bare.split("-")[0]
        return f"{owner}/{stem}-{title}", declared, repo if rng.random() < 0.85 else None
    if draw < 0.75:  # made from another fine-tune, which nobody knows
        return f"{owner}/{title}", declared, f"{owner}/{rng.choice(SUBJECTS)}-base"
    if draw < 0.90:  # a name that says nothing, with nothing declared but a tag
        return f"{owner}/{title}", declared, None
    return rng.choice(names), declared if rng.random() < 0.3 else None, None


def _tag(rng: random.Random, base: ModelEntry) -> str | None:
    """What the row declares: in half of them what binds the base, else any tag, or none."""
    draw = rng.random()
    if draw < 0.5:
        return base.licences[0] if base.licences else None
    return rng.choice(TAGS) if draw < 0.7 else None
