"""What a review says: the nouns that the judge makes and every renderer reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from whyllm.engine.catalogue import Catalogue
from whyllm.engine.explaining.explanation import Cause
from whyllm.engine.inventory.mention import Fault, Mention
from whyllm.engine.need import Need


class Verdict(StrEnum):
    """The answer on one item, the gravest last.

    allowed: the stated use is permitted; duties apply. conditional: it hangs on facts that were
    not stated. unknown: the model, its licence or a clause that decides is not known well enough.
    forbidden: a licence that binds it, or the policy, rules the stated use out.
    """

    ALLOWED = "allowed"
    CONDITIONAL = "conditional"
    UNKNOWN = "unknown"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True)
class Condition:
    """What a conditional verdict hangs on: an axis of the need, and the value that decides."""

    axis: str
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class DutyDue:
    """What a licence asks in return; `id` is `<licence>/<duty>`.

    `trigger` says in words when it falls due; `fulfilled`: the policy file says that it is met.
    """

    id: str
    text: str
    licence: str
    section: str
    trigger: str
    fulfilled: bool = False


@dataclass(frozen=True, slots=True)
class Exemption:
    """An exception of the policy file that covers an item."""

    model: str
    reason: str
    approver: str
    expires: dt.date
    expired: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """What is said of a model as declared; shared by all of its mentions.

    `model` is the id of the catalogue's variant whose weights these are, none for an unknown name
    or a fine-tune; `made_from` the ids of the variants that a fine-tune was made from. `licences`
    are the ids of all that bind, declared ones included; `unrecognised` are declared licences of
    which the knowledge base knows nothing. Against an item that is forbidden or unknown speak its
    `causes`; `contradictions` tell where a declaration and the known terms disagree. `instead`
    holds ids of variants that the stated use allows, the nearest first.
    """

    name: str
    model: str | None
    verdict: Verdict
    licences: tuple[str, ...] = ()
    unrecognised: tuple[str, ...] = ()
    made_from: tuple[str, ...] = ()
    causes: tuple[Cause, ...] = ()
    depends_on: tuple[Condition, ...] = ()
    duties: tuple[DutyDue, ...] = ()
    contradictions: tuple[Cause, ...] = ()
    instead: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    exemption: Exemption | None = None

    def fails(self, fail_on: Collection[Verdict]) -> bool:
        """Whether it makes a review fail that these verdicts fail.

        An exception lets any verdict pass; an expired one fails the review whatever the verdict.
        """
        return self.verdict in fail_on if self.exemption is None else self.exemption.expired


@dataclass(frozen=True, slots=True)
class Item:
    """One mention, judged."""

    mention: Mention
    finding: Finding


@dataclass
class Review:
    """The answer to one review, read once: items stream in input order, and faults gather.

    `faults`, `summary`, `unused_exceptions` and `failed` are complete when `items` has been
    exhausted. An item fails by a verdict of `fail_on` without an exception, or by an expired one.
    """

    need: Need
    on: dt.date
    catalogue: Catalogue
    judged: Iterable[Item | Fault]
    policy_file: str | None = None
    faults: list[Fault] = field(default_factory=list)
    summary: dict[Verdict, int] = field(default_factory=lambda: dict.fromkeys(Verdict, 0))
    unused_exceptions: list[str] = field(default_factory=list)
    fail_on: frozenset[Verdict] = frozenset({Verdict.FORBIDDEN, Verdict.UNKNOWN})
    failed: int = 0

    def items(self) -> Iterator[Item]:
        """The items in input order; what could not be read goes to `faults`."""
        for item in self.judged:
            if isinstance(item, Fault):
                self.faults.append(item)
            else:
                self.summary[item.finding.verdict] += 1
                self.failed += self.fails(item)
                yield item

    def fails(self, item: Item) -> bool:
        """Whether an item makes the review fail."""
        return item.finding.fails(self.fail_on)
