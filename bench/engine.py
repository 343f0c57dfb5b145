"""The same four rules on stock experta, on our matcher and on CLIPS: seconds, ratios, memory.

A join on three fact types, a negated value, a numeric TEST and a NOT over what the others conclude.
Every engine and size runs in a process of its own, in turns of one run; the derived sets must be
equal. `python bench/engine.py ENGINE SIZE` is one such process.
"""

from __future__ import annotations

import gc
import json
import math
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

SIZES = {
    "clips": (100, 1_000, 10_000, 100_000),
    "whyllm": (100, 1_000, 10_000, 100_000),
    "no gc": (1_000, 10_000, 100_000),
    "stock": (100, 300, 1_000, 3_000),
}
TURNS = {100: 5, 300: 5, 1_000: 5, 3_000: 1, 10_000: 3, 100_000: 1}
LICENCES = 50
AVAILABLE_GB = 24

Row = tuple[str, str, str, int]
"""A model: its id, its licence, its tuning, the gigabytes it needs."""


def rows(models: int) -> Iterator[Row]:
    """Models of which each rule excludes some, and of which some are left."""
    for number in range(models):
        tuning = "base" if number % 7 == 0 else "instruct"
        yield f"m{number}", f"l{number * 31 % LICENCES}", tuning, number * 17 % 40


def forbidden(licence: int) -> str:
    """Whether a licence grants commercial use."""
    return "no" if licence % 3 == 0 else "yes"


def in_experta(models: int, *, ours: bool) -> tuple[float, set[str]]:
    """Seconds to assert and run, and what was derived; on the stock engine or on ours."""
    from whyllm.engine.experta_shim import MATCH, NOT, TEST, Fact, KnowledgeEngine, L, Rule
    from whyllm.engine.rete import AgendaStrategy, IndexedMatcher

    class Model(Fact):  # type: ignore[misc]
        pass

    class Licensed(Fact):  # type: ignore[misc]
        pass

    class Clause(Fact):  # type: ignore[misc]
        pass

    class Memory(Fact):  # type: ignore[misc]
        pass

    class Excluded(Fact):  # type: ignore[misc]
        pass

    class Kept(Fact):  # type: ignore[misc]
        pass

    class Engine(KnowledgeEngine):  # type: ignore[misc]
        if ours:
            __matcher__ = IndexedMatcher
            __strategy__ = AgendaStrategy

        @Rule(
            Model(id=MATCH.model),
            Licensed(model=MATCH.model, licence=MATCH.licence),
            Clause(licence=MATCH.licence, commercial="no"),
            salience=1,
        )
        def licence(self, model: str) -> None:
            self.declare(Excluded(model=model, by="licence"))

        @Rule(Model(id=MATCH.model, tuning=~L("instruct")), salience=1)
        def tuning(self, model: str) -> None:
            self.declare(Excluded(model=model, by="tuning"))

        @Rule(
            Memory(gb=MATCH.available),
            Model(id=MATCH.model, gb=MATCH.needed),
            TEST(lambda needed, available: needed > available),
            salience=1,
        )
        def memory(self, model: str) -> None:
            self.declare(Excluded(model=model, by="memory"))

        @Rule(Model(id=MATCH.model), NOT(Excluded(model=MATCH.model)))
        def kept(self, model: str) -> None:
            self.declare(Kept(model=model))

    engine = Engine()
    engine.reset()
    start = time.perf_counter()
    facts: list[Any] = [Memory(gb=AVAILABLE_GB)]
    facts += [Clause(licence=f"l{n}", commercial=forbidden(n)) for n in range(LICENCES)]
    for model, licence, tuning, gigabytes in rows(models):
        facts.append(Model(id=model, tuning=tuning, gb=gigabytes))
        facts.append(Licensed(model=model, licence=licence))
    engine.declare(*facts)
    engine.run()
    seconds = time.perf_counter() - start
    found = {f"{f['model']} {f['by']}" for f in engine.facts.values() if type(f) is Excluded}
    return seconds, found | {f["model"] for f in engine.facts.values() if type(f) is Kept}


CLIPS_PROGRAM = [
    "(deftemplate model (slot id) (slot tuning) (slot gb))",
    "(deftemplate licensed (slot model) (slot licence))",
    "(deftemplate clause (slot licence) (slot commercial))",
    "(deftemplate memory (slot gb))",
    "(deftemplate excluded (slot model) (slot by))",
    "(deftemplate kept (slot model))",
    """(defrule licence (declare (salience 1))
         (model (id ?m)) (licensed (model ?m) (licence ?l)) (clause (licence ?l) (commercial no))
         => (assert (excluded (model ?m) (by licence))))""",
    """(defrule tuning (declare (salience 1))
         (model (id ?m) (tuning ~instruct)) => (assert (excluded (model ?m) (by tuning))))""",
    """(defrule memory (declare (salience 1))
         (memory (gb ?available)) (model (id ?m) (gb ?needed)) (test (> ?needed ?available))
         => (assert (excluded (model ?m) (by memory))))""",
    """(defrule kept
         (model (id ?m)) (not (excluded (model ?m))) => (assert (kept (model ?m))))""",
]


def in_clips(models: int) -> tuple[float, set[str]]:
    """Seconds to assert and run in CLIPS, and what was derived."""
    import clips

    environment = clips.Environment()
    for construct in CLIPS_PROGRAM:
        environment.build(construct)
    environment.reset()
    template = {found.name: found for found in environment.templates()}
    symbol = clips.Symbol
    start = time.perf_counter()
    template["memory"].assert_fact(gb=AVAILABLE_GB)
    for n in range(LICENCES):
        template["clause"].assert_fact(licence=symbol(f"l{n}"), commercial=symbol(forbidden(n)))
    for model, licence, tuning, gigabytes in rows(models):
        template["model"].assert_fact(id=symbol(model), tuning=symbol(tuning), gb=gigabytes)
        template["licensed"].assert_fact(model=symbol(model), licence=symbol(licence))
    environment.run()
    seconds = time.perf_counter() - start
    found = set()
    for fact in environment.facts():
        if fact.template.name == "excluded":
            found.add(f"{fact['model']} {fact['by']}")
        elif fact.template.name == "kept":
            found.add(str(fact["model"]))
    return seconds, found


def without_collector(models: int) -> tuple[float, set[str]]:
    """Ours with Python's cyclic garbage collector off, to tell its share of the time."""
    gc.disable()
    return in_experta(models, ours=True)


ENGINES: dict[str, Callable[[int], tuple[float, set[str]]]] = {
    "clips": in_clips,
    "whyllm": lambda models: in_experta(models, ours=True),
    "no gc": without_collector,
    "stock": lambda models: in_experta(models, ours=False),
}


def one(engine: str, models: int) -> None:
    """Run one engine once and print what it took and found, as JSON."""
    seconds, derived = ENGINES[engine](models)
    print(
        json.dumps(
            {
                "seconds": seconds,
                "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "facts": len(derived),
                "derived": sha256("\n".join(sorted(derived)).encode()).hexdigest(),
            }
        )
    )


def measured(engine: str, models: int) -> dict[str, Any]:
    """The fastest of some turns, each in a process of its own."""
    found = []
    for _ in range(TURNS[models]):
        words = [sys.executable, __file__, engine, str(models)]
        found.append(json.loads(subprocess.run(words, capture_output=True, check=True).stdout))
    return min(found, key=lambda one: float(one["seconds"]))


def exponent(times: dict[int, float], first: int, last: int) -> float:
    """The slope of log seconds over log models between two sizes."""
    return math.log(times[last] / times[first]) / math.log(last / first)


def main() -> None:
    """Measure every engine at every size and print the table, the ratios and the exponents."""
    results = {(e, n): measured(e, n) for e, sizes in SIZES.items() for n in sizes}
    seconds = {e: {n: results[e, n]["seconds"] for n in sizes} for e, sizes in SIZES.items()}
    print(
        f"{'models':>8} {'engine':<8} {'seconds':>9} {'x CLIPS':>9} {'MB peak':>8} {'derived':>8}"
    )
    for models in sorted({n for _, n in results}):
        rows_here = {e: results[e, models] for e in SIZES if (e, models) in results}
        if len({row["derived"] for row in rows_here.values()}) != 1:
            raise SystemExit(f"the engines derive different sets at {models} models")
        for engine, row in rows_here.items():
            ratio = row["seconds"] / seconds["clips"].get(models, math.nan)
            print(
                f"{models:>8} {engine:<8} {row['seconds']:9.4f} {ratio:9.1f} "
                f"{row['megabytes']:8.0f} {row['facts']:>8}"
            )
    stock_slope = exponent(seconds["stock"], 1_000, 3_000)
    stock_at_10_000 = seconds["stock"][3_000] * (10_000 / 3_000) ** stock_slope
    print(f"exponent of stock experta, 1,000 to 3,000 models:  {stock_slope:.2f}")
    print(f"exponent of ours, 1,000 to 100,000 models:         "
          f"{exponent(seconds['whyllm'], 1_000, 100_000):.2f}")  # fmt: skip
    print(f"the same without Python's garbage collector:       "
          f"{exponent(seconds['no gc'], 1_000, 100_000):.2f}")  # fmt: skip
    print(f"ours to CLIPS at 10,000 models:                    "
          f"{seconds['whyllm'][10_000] / seconds['clips'][10_000]:.1f} times its time")  # fmt: skip
    print(f"stock (extrapolated) to ours at 10,000 models:     "
          f"{stock_at_10_000 / seconds['whyllm'][10_000]:.0f} times our time")  # fmt: skip


if __name__ == "__main__":
    if len(sys.argv) == 3:
        one(sys.argv[1], int(sys.argv[2]))
    else:
        main()
