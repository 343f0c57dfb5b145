"""What explanations cost beside the consultation they explain, and relaxations of many candidates.

Prints medians and ratios of one run; ratios are what to compare between machines.
"""

from __future__ import annotations

import datetime as dt
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

from whyllm.engine.cataloguing import catalogue
from whyllm.engine.consulting import consult
from whyllm.engine.explaining.explanation import explain
from whyllm.engine.explaining.lattice import minimal_hitting_sets, minimal_sets
from whyllm.engine.explaining.what_if import what_if
from whyllm.engine.need import Need
from whyllm.kb.loader import load

DAY = dt.date(2026, 11, 23)
NEEDS: dict[str, dict[str, Any]] = {
    "code, commercial": {"modality": "code", "use": "commercial"},
    "chat on 24 GB": {"task": "chat", "vram": 24, "use": "commercial"},
    "six constraints": {"modality": "text", "task": "tools", "vram": 8, "use": "commercial",
                        "deploy": ["hosted"], "min_context": 32768},
}  # fmt: skip
MODELS = ("codestral-22b-v0.1", "deepseek-v3", "llama-3.1-8b-instruct", "gemma-2-9b-it")
CANDIDATES, CONDITIONS = 20_000, 20
RUNS = 5


def milliseconds(ask: Callable[[], object]) -> float:
    """The median time of an answer."""
    taken = []
    for _ in range(RUNS):
        start = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - start)
    return 1000 * statistics.median(taken)


def main() -> None:
    """Print the figures."""
    models = catalogue(load())
    print(f"{'need':18} {'model':22} {'consult':>8} {'explain':>8} {'ratio':>6}")
    for name, axes in NEEDS.items():
        need = Need.of(axes)
        asked = milliseconds(lambda need=need: consult(need, models, on=DAY))
        answer = consult(need, models, on=DAY)
        for model in MODELS:
            told = milliseconds(lambda answer=answer, model=model: explain(answer, model).proofs)
            print(f"{name:18} {model:22} {asked:7.0f}  {told:7.0f}  {told / asked:6.2f}")
        changed = milliseconds(lambda answer=answer: what_if(answer, {"use": "research"}))
        print(f"{name:18} {'what if':22} {asked:7.0f}  {changed:7.0f}  {changed / asked:6.2f}")
    chance = random.Random(1)
    members = range(CONDITIONS)
    points = [frozenset(chance.sample(members, chance.randint(3, 10))) for _ in range(CANDIDATES)]
    relaxed = milliseconds(lambda: minimal_sets(points, members))
    smallest = minimal_sets(points, members)
    conflicting = milliseconds(lambda: minimal_hitting_sets(smallest, members))
    print(
        f"{CANDIDATES} candidates, {CONDITIONS} conditions: {len(smallest)} relaxations in "
        f"{relaxed:.0f} ms, {len(minimal_hitting_sets(smallest, members))} conflicts in "
        f"{conflicting:.0f} ms"
    )


if __name__ == "__main__":
    main()
