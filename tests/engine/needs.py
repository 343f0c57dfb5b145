"""Random needs, for properties that must hold whatever is asked."""

from __future__ import annotations

import random
from typing import Any

from whyllm.engine.need import DEPLOYMENTS, MODALITIES, TASKS, USES


def random_need(seed: int) -> dict[str, Any]:
    """A need of up to eight axes, the same for the same seed."""
    chance = random.Random(seed)
    axes: dict[str, Any] = {
        "modality": chance.choice(MODALITIES),
        "task": chance.choice(TASKS),
        "language": chance.sample(["fr", "de", "en", "zh-Hans", "sw"], chance.randint(1, 2)),
        "ram": chance.choice([4, 8, 12, 16, 31.9, 64, 512]),
        "vram": chance.choice([4, 8, 12, 16, 24, 48, 80, 640]),
        "unified": chance.choice([8, 36, 128]),
        "context": chance.choice([1, 2048, 8192, 131_072]),
        "quant": chance.choice(["F16", "Q8_0", "Q5_K_M", "Q4_K_M", "Q2_K"]),
        "use": chance.choice(USES),
        "deploy": chance.sample(DEPLOYMENTS, chance.randint(1, 2)),
        "fine_tune": True,
        "train_on_outputs": True,
        "monthly_active_users": chance.choice([0, 10**6, 10**8, 7 * 10**8 + 1]),
        "annual_revenue_usd": chance.choice([0, 10**6 + 1, 3 * 10**7, 10**10]),
        "region": chance.choice(["FR", "US", "KR", "EU", "CH"]),
        "tools": True,
        "min_context": chance.choice([4096, 32_768, 131_073]),
        "knows_until": chance.choice(["2023", "2023-12", "2024-06-30"]),
    }
    return {axis: axes[axis] for axis in chance.sample(list(axes), chance.randint(0, 8))}
