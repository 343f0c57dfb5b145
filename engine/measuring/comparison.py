"""Who did better than whom in one measurement, and by which figure.

Two candidates are compared on the prompts and repeats that both answered, by the first figure on
which they differ: the share of checks passed, then the votes; speed only between two that did
equally well by one of these, since the faster answer is not the better one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

from whyllm.engine.measuring.figures import DIGITS, spread
from whyllm.kb.measurement_schema import Measurement, Run

CHECKS = "checks"
VOTES = "votes"
SPEED = "speed"

BEST, SOME, NONE = 2, 1, 0
"""How far a candidate came: it outdid all others that it met, some of them, or none."""

PER_CENT = 100


@dataclass(frozen=True)
class Better:
    """`model` outdid `rival` by a figure: checks in per cent, votes, or tokens a second."""

    model: str
    rival: str
    figure: str
    own: float
    other: float


@dataclass(frozen=True)
class Placed:
    """One who outdid another, and how far it came among all."""

    better: Better
    level: int


def answered(measurement: Measurement) -> list[str]:
    """The candidates of which some counted run is whole: between them there is a comparison."""
    whole = {run.model for run in measurement.runs if run.fault is None and not run.warm_up}
    return [c.model for c in measurement.candidates if c.model in whole]


def placed(measurement: Measurement) -> tuple[Placed, ...]:
    """Every pair of which one outdid the other, in the order of the candidates."""
    models = [candidate.model for candidate in measurement.candidates]
    pairs = [b for one, other in permutations(models, 2) for b in _better(measurement, one, other)]
    beaten = {pair.rival for pair in pairs}
    return tuple(Placed(pair, SOME if pair.model in beaten else BEST) for pair in pairs)


def _better(measurement: Measurement, one: str, other: str) -> Iterator[Better]:
    """The verdict for `one` against `other`, if it did better."""
    own, theirs = _paired(measurement, one, other)
    judged = False
    shares = _share(own), _share(theirs)
    if shares[0] is not None and shares[1] is not None:
        judged = True
        if shares[0] != shares[1]:
            if shares[0] > shares[1]:
                yield Better(one, other, CHECKS, shares[0], shares[1])
            return
    votes = [
        float(sum(vote.choice == model for vote in measurement.votes)) for model in (one, other)
    ]
    if measurement.votes:
        judged = True
        if votes[0] != votes[1]:
            if votes[0] > votes[1]:
                yield Better(one, other, VOTES, votes[0], votes[1])
            return
    if judged:
        yield from _faster(one, own, other, theirs)


def _faster(one: str, own: list[Run], other: str, theirs: list[Run]) -> Iterator[Better]:
    """Faster beyond chance: the middle halves of the runs do not overlap.

    By the servers' own clocks where both tell, since what lies between may hold pieces back; else
    both by this machine's.
    """
    for clock in ("server_tokens_per_s", "tokens_per_s"):
        rates = [[getattr(run, clock) for run in runs] for runs in (own, theirs)]
        if all(None not in told for told in rates):
            fast, slow = map(spread, rates)
            if fast is not None and slow is not None and fast.q1 > slow.q3:
                yield Better(one, other, SPEED, fast.median, slow.median)
            return


def _paired(measurement: Measurement, one: str, other: str) -> tuple[list[Run], list[Run]]:
    """The whole runs of each on the prompts and repeats on which both have one."""
    by_key = [
        {(r.prompt, r.repeat): r for r in measurement.counted(model) if r.fault is None}
        for model in (one, other)
    ]
    both = [key for key in by_key[0] if key in by_key[1]]
    return [by_key[0][key] for key in both], [by_key[1][key] for key in both]


def _share(runs: list[Run]) -> float | None:
    """The share of checks passed, in per cent; None where nothing was checked."""
    checks = [check.passed for run in runs for check in run.checks]
    return round(PER_CENT * sum(checks) / len(checks), DIGITS) if checks else None
