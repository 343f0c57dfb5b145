"""What another need would change: who enters, who leaves, who moves, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from whyllm.engine.consulting import Consultant, Consultation
from whyllm.engine.explaining.explanation import Cause, cause_of
from whyllm.engine.ranking import merits
from whyllm.engine.trace import Firing


@dataclass(frozen=True)
class Turn:
    """A model whose verdict changes: the verdicts, and the causes that fell or came up."""

    model: str
    before: str
    after: str
    because: tuple[Cause, ...]


@dataclass(frozen=True)
class Move:
    """A model whose place on the shortlist changes; None is no place on it.

    `gone` stood before it and no longer do; `come` stand before it now. `because` are merits that
    it has now and had not, `no_longer` those it had.
    """

    model: str
    before: int | None
    after: int | None
    gone: tuple[str, ...]
    come: tuple[str, ...]
    because: tuple[Cause, ...]
    no_longer: tuple[Cause, ...]


@dataclass(frozen=True)
class WhatIf:
    """Two consultations and what differs.

    `enters` become kept, `leaves` are kept no longer, `opens` turn from excluded to undecided or
    the reverse; `moves` are changes of the shortlist.
    """

    before: Consultation
    after: Consultation
    enters: tuple[Turn, ...]
    leaves: tuple[Turn, ...]
    opens: tuple[Turn, ...]
    moves: tuple[Move, ...]


def what_if(before: Consultation, changes: Mapping[str, object]) -> WhatIf:
    """Ask again with some axes set anew; None states an axis no longer.

    Raises NeedError for a value that cannot be meant.
    """
    need = before.need.with_changes(changes)
    consultant = Consultant(before.catalogue, before.rulebook.id, for_need=need)
    after = consultant.consult(need, before.on)
    turns = [
        turn
        for model in before.catalogue.models
        if (turn := _turn(model, before, after)) is not None
    ]
    return WhatIf(
        before,
        after,
        enters=tuple(t for t in turns if t.model in after.kept),
        leaves=tuple(t for t in turns if t.model in before.kept),
        opens=tuple(t for t in turns if t.model not in (*before.kept, *after.kept)),
        moves=tuple(_moves(before, after)),
    )


def _turn(model: str, before: Consultation, after: Consultation) -> Turn | None:
    then, now = before.verdict(model), after.verdict(model)
    if then == now or (model in before.kept and model in after.kept):
        return None
    if model in after.kept or then == "excluded":  # what stood against it has fallen
        gone = set(_against(model, after))
        firings = [f for f in _against(model, before) if f not in gone]
        return Turn(model, then, now, tuple(cause_of(f, before) for f in firings))
    stood = set(_against(model, before))
    firings = [f for f in _against(model, after) if f not in stood]
    return Turn(model, then, now, tuple(cause_of(f, after) for f in firings))


def _against(model: str, consultation: Consultation) -> tuple[Firing, ...]:
    return consultation.excluded.get(model) or consultation.undecided.get(model) or ()


def _moves(before: Consultation, after: Consultation) -> list[Move]:
    found = []
    for model in dict.fromkeys((*after.shortlist, *before.shortlist)):
        then, now = _place(model, before), _place(model, after)
        if then == now:
            continue
        ahead_then = set(before.shortlist[: then - 1] if then else before.shortlist)
        ahead_now = set(after.shortlist[: now - 1] if now else after.shortlist)
        found.append(
            Move(
                model,
                then,
                now,
                gone=tuple(m for m in before.shortlist if m in ahead_then - ahead_now - {model}),
                come=tuple(m for m in after.shortlist if m in ahead_now - ahead_then - {model}),
                because=_further_merits(model, after, before),
                no_longer=_further_merits(model, before, after),
            )
        )
    return found


def _place(model: str, consultation: Consultation) -> int | None:
    listed = consultation.shortlist
    return listed.index(model) + 1 if model in listed else None


def _further_merits(model: str, one: Consultation, other: Consultation) -> tuple[Cause, ...]:
    """The merits that a model kept in both has in the one and not in the other."""
    if model not in one.kept or model not in other.kept:
        return ()
    own, rest = (merits(x.trace).get(model, {}) for x in (one, other))
    found: dict[str, Cause] = {}
    for firing, merit in one.about(model, "Merit"):
        criterion, level = str(merit["criterion"]), merit["level"]
        if own[criterion] == level != rest.get(criterion):
            found.setdefault(criterion, cause_of(firing, one))
    return tuple(found.values())
