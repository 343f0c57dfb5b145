"""What a part of a catalogue came to, in counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from whyllm.engine.inventory.mention import Fault
from whyllm.engine.reviewing.finding import Finding, Item


@dataclass
class Outcome:
    """What a part came to: rows by verdict, and how many rest on which rule or wait for what.

    `rules` counts by verdict and rule, `axes` by axis. `failed` are rows that the policy lets not
    pass; `exceptions` the models of its exceptions that covered a row. `stood`: the part had been
    judged before.
    """

    number: int
    rows: int = 0
    faults: int = 0
    failed: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    rules: Counter[tuple[str, str]] = field(default_factory=Counter)
    axes: Counter[str] = field(default_factory=Counter)
    contradicted: int = 0
    exceptions: set[str] = field(default_factory=set)
    first_fault: str | None = None
    stood: bool = False

    def add(self, found: Item | Fault, fails: bool) -> None:
        """Count one row."""
        self.rows += 1
        if isinstance(found, Fault):
            self.faults += 1
            self.first_fault = self.first_fault or str(found)
            return
        finding = found.finding
        self.failed += fails
        self.verdicts[finding.verdict] += 1
        self.rules.update((str(finding.verdict), rule) for rule in rules_of(finding))
        self.axes.update(axes_of(finding))
        self.contradicted += bool(finding.contradictions)
        if finding.exemption:
            self.exceptions.add(finding.exemption.model)

    def add_part(self, other: Outcome) -> None:
        """Count the rows of a part."""
        self.rows += other.rows
        self.faults += other.faults
        self.failed += other.failed
        self.verdicts += other.verdicts
        self.rules += other.rules
        self.axes += other.axes
        self.contradicted += other.contradicted
        self.exceptions |= other.exceptions
        self.first_fault = self.first_fault or other.first_fault

    def as_json(self) -> dict[str, Any]:
        """As it is kept in a file's metadata."""
        return {
            "rows": self.rows,
            "faults": self.faults,
            "failed": self.failed,
            "verdicts": self.verdicts,
            "rules": [[*key, count] for key, count in self.rules.items()],
            "axes": self.axes,
            "contradicted": self.contradicted,
            "exceptions": sorted(self.exceptions),
            "first_fault": self.first_fault,
        }

    @classmethod
    def from_json(cls, number: int, data: Mapping[str, Any]) -> Outcome:
        """The outcome of a part that had been judged before."""
        counted = {
            "verdicts": Counter(data["verdicts"]),
            "rules": Counter({(verdict, rule): n for verdict, rule, n in data["rules"]}),
            "axes": Counter(data["axes"]),
            "exceptions": set(data["exceptions"]),
        }
        return cls(number, **{**data, **counted}, stood=True)


def rules_of(finding: Finding) -> tuple[str, ...]:
    """The rules that speak against a model, or by which its verdict hangs on something."""
    against = (cause.rule for cause in finding.causes)
    return tuple(dict.fromkeys((*against, *(one.rule for one in finding.depends_on))))


def axes_of(finding: Finding) -> tuple[str, ...]:
    """The axes that its verdict hangs on."""
    return tuple(dict.fromkeys(one.axis for one in finding.depends_on))
