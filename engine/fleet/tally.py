"""What a review of a fleet came to, added up over its parts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from whyllm.engine.catalogue import Catalogue
from whyllm.engine.fleet.outcome import Outcome
from whyllm.engine.need import Need
from whyllm.engine.reviewing.judge import UNKNOWN_NAME
from whyllm.engine.stages import rulebook


@dataclass(frozen=True)
class CountedCause:
    """A rule, the verdict that it led to or was part of, and on how many rows."""

    rule: str
    title: str
    verdict: str
    rows: int


@dataclass
class Tally:
    """The answer to one review of a fleet.

    `parts` is how many there are; `judged` and `stood` how many were judged now and before; what
    could not be judged is in `faults`, a line each. The counts are of rows.
    """

    need: Need
    on: dt.date
    catalogue: Catalogue
    policy_file: str | None
    input: str
    results: str
    parts: int
    judged: int = 0
    stood: int = 0
    total: Outcome = field(default_factory=lambda: Outcome(-1))
    faults: list[str] = field(default_factory=list)
    unused_exceptions: list[str] = field(default_factory=list)

    def add(self, outcome: Outcome | str) -> None:
        """Add a part, or why one could not be judged."""
        if isinstance(outcome, str):
            self.faults.append(outcome)
            return
        self.stood += outcome.stood
        self.judged += not outcome.stood
        self.total.add_part(outcome)

    @property
    def causes(self) -> list[CountedCause]:
        """The rules against rows, or by which rows stay open, the most rows first."""
        ranked = sorted(self.total.rules.items(), key=lambda entry: (-entry[1], entry[0]))
        return [CountedCause(rule, _title(rule), verdict, rows) for (verdict, rule), rows in ranked]

    @property
    def all_faults(self) -> list[str]:
        """What could not be judged: parts as a whole, and an example of rows."""
        total = self.total
        rows = "row" if total.faults == 1 else "rows"
        read = f"{total.faults:,} {rows} could not be read, as {total.first_fault}"
        return [*self.faults, read] if total.faults else self.faults


def _title(rule: str) -> str:
    if rule == UNKNOWN_NAME:
        return "A name that fits models of different terms"
    return rulebook("expert").card(rule).title
