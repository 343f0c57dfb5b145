"""Runs in figures: medians and spreads of a candidate, its checks and its votes."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence

from whyllm.kb.measurement_schema import Figures, Run, Spread, Vote

DIGITS = 4
"""Of seconds and tokens a second: a clock tells no more."""


def figures(model: str, runs: Iterable[Run], votes: Iterable[Vote]) -> Figures:
    """The figures of a candidate over its counted runs; of a faulty run only the fault counts."""
    counted = [run for run in runs if run.model == model and not run.warm_up]
    whole = [run for run in counted if run.fault is None]
    checks = [check for run in whole for check in run.checks]
    return Figures(
        model=model,
        runs=len(counted),
        faults=len(counted) - len(whole),
        first_token_s=spread(run.first_token_s for run in whole),
        seconds=spread(run.seconds for run in whole),
        tokens=spread(run.tokens for run in whole),
        tokens_per_s=spread(run.tokens_per_s for run in whole),
        server_tokens_per_s=spread(run.server_tokens_per_s for run in whole),
        server_prompt_tokens_per_s=spread(run.server_prompt_tokens_per_s for run in whole),
        checks_passed=sum(check.passed for check in checks),
        checks_failed=sum(not check.passed for check in checks),
        votes=sum(vote.choice == model for vote in votes),
    )


def spread(values: Iterable[float | None]) -> Spread | None:
    """Median, inclusive quartiles and extremes of the values that are known; None for none."""
    known = sorted(float(value) for value in values if value is not None)
    if not known:
        return None
    q1, median, q3 = _quartiles(known)
    return Spread(
        count=len(known),
        median=round(median, DIGITS),
        q1=round(q1, DIGITS),
        q3=round(q3, DIGITS),
        least=round(known[0], DIGITS),
        most=round(known[-1], DIGITS),
    )


def _quartiles(known: Sequence[float]) -> list[float]:
    if len(known) == 1:
        return [known[0]] * 3
    return statistics.quantiles(known, n=4, method="inclusive")
