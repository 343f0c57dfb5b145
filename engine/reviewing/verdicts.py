"""What the rules say of subjects, read off the trace: many are judged in one consultation.

Rules judge each model alone, so the verdict on a subject is the same whatever is judged with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from cachetools import LRUCache
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.consulting import Consultant, Consultation
from whyllm.engine.explaining.duties import duties_of
from whyllm.engine.explaining.explanation import Cause, cause_of
from whyllm.engine.need import Need
from whyllm.engine.reviewing.finding import Condition, DutyDue, Finding, Verdict
from whyllm.engine.reviewing.replacement import Replacements
from whyllm.engine.reviewing.subject import Subject, called, with_subjects
from whyllm.engine.trace import FactRecord, Firing

TERMS = "licence"
"""The stage whose rules speak of terms; what other stages conclude is no matter of a review."""

TERMS_AXES = frozenset({"use", "deploy", "monthly_active_users", "annual_revenue_usd", "region"})
"""The axes that a verdict on terms can hang on."""

BY_POLICY = "policy"
"""In place of an axis, where a verdict waits for an approval."""

NOT_KNOWN = ("Unverified", "Unread")
"""Facts which say that something is not known; what waits for them no statement can settle."""

REMEMBERED = 5_000
"""Subjects whose verdict is kept."""

AT_ONCE = 500
"""Subjects that one consultation judges: enough to spread its cost, few enough for its memory."""

NAMELESS = "\0"
"""In place of a name in what is said of weights that the catalogue does not hold; see `named`."""


class Verdicts:
    """The findings on subjects, by a need on a day; `fulfilled` are duties that are met."""

    def __init__(
        self, catalogue: Catalogue, need: Need, on: dt.date, fulfilled: Collection[str]
    ) -> None:
        self._catalogue, self._need, self._on = catalogue, need, on
        self._fulfilled = frozenset(fulfilled)
        self._known: LRUCache[Subject, Finding] = LRUCache(REMEMBERED)

    def on(self, subjects: Iterable[Subject]) -> Mapping[Subject, Finding]:
        """What the rules say of each; weights that the catalogue does not hold are NAMELESS."""
        wanted = dict.fromkeys(subjects)
        found = {subject: self._known[subject] for subject in wanted if subject in self._known}
        left = [subject for subject in wanted if subject not in found]
        found |= {s: self._finding(self._of_catalogue, s.id, s) for s in left if s.as_catalogued}
        left = [subject for subject in left if not subject.as_catalogued]
        for start in range(0, len(left), AT_ONCE):
            found |= self._judged(left[start : start + AT_ONCE])
        self._known.update(found)
        return found

    def _judged(self, subjects: Sequence[Subject]) -> dict[Subject, Finding]:
        """The findings of one consultation on all of the subjects."""
        of_key = {f"{s.id}#{number}": s for number, s in enumerate(subjects)}
        catalogue = called(with_subjects(self._catalogue, of_key), {
            key: NAMELESS for key, s in of_key.items() if s.model is None
        })  # fmt: skip
        consultant = Consultant(catalogue, only=of_key, for_need=self._need)
        consultation = consultant.consult(self._need, self._on, examine=of_key)
        return {s: self._finding(consultation, key, s) for key, s in of_key.items()}

    def _finding(self, consultation: Consultation, key: str, subject: Subject) -> Finding:
        """What a consultation says of the subject that bears the id `key` in it."""
        entry = consultation.catalogue.models[key]
        verdict, against, conditions = _verdict(consultation, key)
        due = [
            DutyDue(d.id, d.text, d.licence, d.section, d.trigger, d.id in self._fulfilled)
            for d in duties_of(consultation, key)
        ]
        return Finding(
            name=entry.name,
            model=subject.model,
            verdict=verdict,
            licences=entry.licences,
            made_from=subject.bases,
            causes=against,
            depends_on=conditions,
            duties=tuple(due),
            contradictions=_causes(consultation, _about(consultation, key, "Contradicted")),
        )

    @cached_property
    def replacements(self) -> Replacements:
        """The models that the use allows."""
        consultation = self._of_catalogue
        allowed = [
            model
            for model in consultation.catalogue.models
            if _verdict(consultation, model)[0] is Verdict.ALLOWED
        ]
        return Replacements(consultation.catalogue, allowed)

    @cached_property
    def _of_catalogue(self) -> Consultation:
        """The judgement on every model of the catalogue as it stands."""
        consultant = Consultant(self._catalogue)
        return consultant.consult(self._need, self._on, examine=list(self._catalogue.models))


def named(found: Finding, name: str) -> Finding:
    """A finding on weights that the catalogue does not hold, their name in all that it says."""
    if found.model is not None:
        return found

    def told(causes: tuple[Cause, ...]) -> tuple[Cause, ...]:
        return tuple(replace(cause, text=cause.text.replace(NAMELESS, name)) for cause in causes)

    return replace(
        found,
        name=name,
        causes=told(found.causes),
        depends_on=tuple(
            replace(one, text=one.text.replace(NAMELESS, name)) for one in found.depends_on
        ),
        contradictions=told(found.contradictions),
    )


def _verdict(
    consultation: Consultation, model: str
) -> tuple[Verdict, tuple[Cause, ...], tuple[Condition, ...]]:
    """The verdict on the terms of a model, what speaks against it, and what it hangs on."""
    excluded = _about(consultation, model, "Excluded")
    undecided = _about(consultation, model, "Undecided")
    forbidding = [firing for firing in excluded if _stage(consultation, firing) == TERMS]
    waiting = [firing for firing in undecided if _stage(consultation, firing) == TERMS]
    not_known = [f for f in waiting if any(p.type in NOT_KNOWN for p in f.premises)]
    not_known += [f for f in excluded if any(p.type == "Availability" for p in f.premises)]
    against = _causes(consultation, [*forbidding, *not_known])
    if forbidding:
        return Verdict.FORBIDDEN, against, ()
    conditions = _conditions(consultation, model, [f for f in waiting if f not in not_known])
    if not_known:
        return Verdict.UNKNOWN, against, conditions
    return (Verdict.CONDITIONAL if conditions else Verdict.ALLOWED), (), conditions


def _conditions(
    consultation: Consultation, model: str, waiting: Sequence[Firing]
) -> tuple[Condition, ...]:
    """What the verdict hangs on: facts of the user that the rules wait for, and unstated axes."""
    found = [(firing, _axis(firing)) for firing in waiting]
    found += [
        (firing, str(fact["axis"]))
        for firing, fact in consultation.about(model, "Depends")
        if fact["axis"] in TERMS_AXES
    ]
    told = [Condition(axis, consultation.sentence(firing), firing.rule) for firing, axis in found]
    return tuple({(one.axis, one.text): one for one in told}.values())


def _axis(firing: Firing) -> str:
    """The axis whose reply left the firing's question open."""
    asked: list[FactRecord] = [p for p in firing.premises if p.type == "Asked"]
    return str(asked[-1]["axis"]) if asked else BY_POLICY


def _about(consultation: Consultation, model: str, type_name: str) -> list[Firing]:
    place = {card.id: number for number, card in enumerate(consultation.rulebook.cards)}
    firings = dict.fromkeys(firing for firing, _ in consultation.about(model, type_name))
    return sorted(firings, key=lambda firing: place[firing.rule])


def _stage(consultation: Consultation, firing: Firing) -> str:
    return consultation.rulebook.card(firing.rule).stage


def _causes(consultation: Consultation, firings: Sequence[Firing]) -> tuple[Cause, ...]:
    causes = [cause_of(firing, consultation) for firing in firings]
    return tuple({cause.text: cause for cause in causes}.values())
