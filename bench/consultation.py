"""How long a warm consultation takes: the catalogue's facts stay, the need's come and go.

Random needs of up to eight axes, as in the tests, over 250 variants of the built-in catalogue drawn
at random, and over all of it. `gc.freeze` keeps the loaded knowledge out of the collector's way, as
a long-lived server would have it; both ways are printed.
"""

from __future__ import annotations

import datetime as dt
import gc
import random
import statistics
import sys
import time
from pathlib import Path

from whyllm.engine.cataloguing import catalogue
from whyllm.engine.consulting import Consultant
from whyllm.engine.need import MEMORIES, Need
from whyllm.kb.loader import load

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.engine.needs import random_need

NEEDS = 200
VARIANTS = 250
DAY = dt.date(2026, 11, 23)


def measure(name: str, consultant: Consultant, needs: list[Need]) -> None:
    """Print how long the needs took, and how long a firing."""
    milliseconds, firings = [], 0
    for need in needs:
        start = time.perf_counter()
        answer = consultant.consult(need, DAY)
        milliseconds.append((time.perf_counter() - start) * 1000)
        firings += len(answer.trace.firings)
    cuts = statistics.quantiles(milliseconds, n=100)
    each = sum(milliseconds) * 1000 / firings
    print(
        f"{name:<44} {cuts[49]:6.1f} {cuts[94]:6.1f} {max(milliseconds):7.1f}"
        f" {firings / len(needs):8.0f} {each:8.1f}"
    )


def main() -> None:
    """Measure each catalogue with needs of every kind, and those without and with a machine."""
    needs = [Need.of(random_need(seed)) for seed in range(NEEDS)]
    with_machine = [need for need in needs if need.stated.keys() & set(MEMORIES)]
    without = [need for need in needs if not need.stated.keys() & set(MEMORIES)]
    built_in = catalogue(load())
    print(f"{'warm consultations, ms':<44} {'p50':>6} {'p95':>6} {'max':>7} {'firings':>8} us/each")
    for variants in (VARIANTS, len(built_in.models)):
        some = random.Random(0).sample(list(built_in.models), variants)
        consultant = Consultant(built_in, only=some)
        consultant.consult(needs[0], DAY)
        size = f"{variants} variants"
        measure(f"{size}, all needs", consultant, needs)
        gc.collect()
        gc.freeze()
        measure(f"{size}, all needs, knowledge frozen", consultant, needs)
        measure(f"{size}, no machine stated, frozen", consultant, without)
        measure(f"{size}, a machine stated, frozen", consultant, with_machine)
        gc.unfreeze()


if __name__ == "__main__":
    main()
