"""Needs as people have them, drawn at random: what is asked of the work, the machine, the terms."""

from __future__ import annotations

import random
from typing import Any

from whyllm.engine.need import TASKS, Need

GPU_SIZES = (6, 8, 12, 16, 24, 48, 80)
MEMORY_SIZES = (4, 8, 12, 16, 24, 32, 64)
UNIFIED_SIZES = (8, 16, 24, 36, 64, 128)
CONTEXTS = (4096, 8192, 32_768)
QUANTISATIONS = ("Q4_K_M", "Q5_K_M", "Q8_0")
MODALITIES = ("text", "vision", "code", "speech")
USES = ("unrestricted", "commercial", "internal", "research")
LANGUAGES = ("fr", "de", "es", "zh", "ja", "ar")
REGIONS = ("FR", "DE", "US", "KR", "EU", "CH")


def work(chance: random.Random) -> dict[str, Any]:
    """A modality, and for text mostly a task."""
    modality = chance.choice(MODALITIES)
    axes: dict[str, Any] = {"modality": modality}
    if modality == "text" and chance.random() < 0.7:
        axes["task"] = chance.choice(TASKS)
    return axes


def machine(chance: random.Random) -> dict[str, Any]:
    """One kind of memory."""
    memory, sizes = chance.choice(
        (("vram", GPU_SIZES), ("ram", MEMORY_SIZES), ("unified", UNIFIED_SIZES))
    )
    return {memory: chance.choice(sizes)}


def terms(chance: random.Random) -> dict[str, Any]:
    """What licences ask about: the use, and at times deployment, numbers or a region."""
    axes: dict[str, Any] = {"use": chance.choice(USES)}
    if axes["use"] == "commercial":
        if chance.random() < 0.4:
            axes["deploy"] = [chance.choice(("product", "hosted", "redistribute"))]
        if chance.random() < 0.3:
            axes["monthly_active_users"] = chance.choice((10_000, 5_000_000, 800_000_000))
        if chance.random() < 0.3:
            axes["annual_revenue_usd"] = chance.choice((500_000, 5_000_000, 50_000_000))
    if chance.random() < 0.35:
        axes["region"] = chance.choice(REGIONS)
    if chance.random() < 0.2:
        axes["train_on_outputs"] = True
    return axes


def whole(chance: random.Random) -> Need:
    """Three to six constraints from all sides."""
    axes = {**work(chance), **machine(chance), **terms(chance)}
    extra: dict[str, Any] = {
        "tools": True,
        "min_context": chance.choice(CONTEXTS),
        "language": [chance.choice(LANGUAGES)],
        "fine_tune": True,
    }
    if chance.random() < 0.5:
        name = chance.choice(sorted(extra))
        axes[name] = extra[name]
    return Need.of(axes)
