"""Judges mentions by the rules and reads the verdicts off the trace.

What is judged are subjects, of which there are far fewer than mentions: each is judged once. The
catalogue as it stands is judged in one consultation; any other subject in one of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache

from whyllm.engine.catalogue import Catalogue
from whyllm.engine.consulting import Consultant, Consultation
from whyllm.engine.explaining.duties import duties_of
from whyllm.engine.explaining.explanation import Cause, cause_of
from whyllm.engine.inventory.mention import Mention
from whyllm.engine.need import Need
from whyllm.engine.reviewing.declared import Declaration, Recogniser
from whyllm.engine.reviewing.finding import Condition, DutyDue, Finding, Item, Verdict
from whyllm.engine.reviewing.identified import REMEMBERED, Identifier
from whyllm.engine.reviewing.policy import Policy
from whyllm.engine.reviewing.reading import Reading
from whyllm.engine.reviewing.replacement import Replacements
from whyllm.engine.reviewing.subject import Subject, named, with_subject
from whyllm.engine.trace import FactRecord, Firing
from whyllm.kb.names import NameIndex

TERMS = "licence"
"""The stage whose rules speak of terms; what other stages conclude is no matter of a review."""

TERMS_AXES = frozenset({"use", "deploy", "monthly_active_users", "annual_revenue_usd", "region"})
"""The axes that a verdict on terms can hang on."""

BY_POLICY = "policy"
"""In place of an axis, where a verdict waits for an approval."""

NOT_KNOWN = ("Unverified", "Unread")
"""Facts which say that something is not known; what waits for them no statement can settle."""

UNKNOWN_NAME = "REVIEW-NAME"
"""In place of a rule's id, where a name has no one meaning for rules to judge."""

REMEMBERED_SUBJECTS = 500
"""Subjects whose consultation is kept."""


class Judge:
    """Judges mentions against one need on one day, under a policy."""

    def __init__(
        self,
        catalogue: Catalogue,
        names: NameIndex,
        recogniser: Callable[[], Recogniser],
        need: Need,
        on: dt.date,
        policy: Policy,
    ) -> None:
        self._catalogue = policy.laid_over(catalogue)
        self._identifier = Identifier(catalogue, names, recogniser)
        self._need, self._on, self._policy = need, on, policy
        self._finding = lru_cache(REMEMBERED)(self._found)
        self._consultation = lru_cache(REMEMBERED_SUBJECTS)(self._consulted)

    def item(self, mention: Mention) -> Item | None:
        """The mention judged; none where nobody says, and nothing shows, that it is a model."""
        if not mention.stated and not self._identifier.is_one(mention.name):
            return None
        key = (mention.name, mention.declared, mention.bases, mention.to_ollama)
        return Item(mention, self._finding(*key))

    def _found(
        self, name: str, declared: tuple[str, ...], bases: tuple[str, ...], to_ollama: bool
    ) -> Finding:
        reading = self._identifier.reading(name, to_ollama)
        declaration = self._identifier.declaration(declared)
        subjects = self._identifier.subjects(reading, declaration, bases)
        if len(subjects) > 1:
            found = self._one_of(name, reading, subjects)
        else:
            found = replace(self._judged(name, subjects[0]), made_from=subjects[0].bases)
            if reading.untuned:
                found = replace(found, name=name, model=None)
        return self._finished(found, reading, declaration)

    def _one_of(self, name: str, reading: Reading, subjects: Sequence[Subject]) -> Finding:
        """A name of several models: their verdict where they share it, else unknown."""
        found = [self._judged(name, subject) for subject in subjects]
        if len({(one.verdict, one.licences) for one in found}) == 1:
            return replace(found[0], name=name, model=None, made_from=subjects[0].bases)
        cause = Cause(UNKNOWN_NAME, TERMS, _sentence(reading.remark), ())
        licences = dict.fromkeys(key for one in found for key in one.licences)
        return Finding(name, None, Verdict.UNKNOWN, tuple(licences), causes=(cause,))

    def _judged(self, name: str, subject: Subject) -> Finding:
        """What the rules say of a subject, called by a name where the catalogue has none."""
        consultation = self._consultation(subject)
        if subject.model is None:
            renamed = named(consultation.catalogue, subject, name)
            consultation = replace(consultation, catalogue=renamed)
        entry = consultation.catalogue.models[subject.id]
        verdict, against, conditions = _verdict(consultation, subject.id)
        due = [
            DutyDue(d.id, d.text, d.licence, d.section, d.trigger, d.id in self._policy.fulfilled)
            for d in duties_of(consultation, subject.id)
        ]
        contradictions = _causes(consultation, _about(consultation, subject.id, "Contradicted"))
        return Finding(
            name=entry.name if subject.model else name,
            model=subject.model,
            verdict=verdict,
            licences=entry.licences,
            causes=against,
            depends_on=conditions,
            duties=tuple(due),
            contradictions=contradictions,
        )

    def _finished(self, found: Finding, reading: Reading, declaration: Declaration) -> Finding:
        names = [self._catalogue.models[model].name for model in found.made_from]
        remarks = [f"made from {' and '.join(names)}, as declared"] if names else []
        if reading.remark and not (names and not reading.models):
            remarks.insert(0, reading.remark)
        told = [text for text in map(_sentence, remarks) if text not in _texts(found.causes)]
        like = (*reading.models, *found.made_from, *reading.alike)
        instead = () if found.verdict is Verdict.ALLOWED else self._replacements.for_any(like)
        return replace(
            found,
            instead=instead,
            unrecognised=declaration.unrecognised,
            remarks=tuple(told),
            exemption=self._policy.exemption(found.model, found.name, self._on),
        )

    def _consulted(self, subject: Subject) -> Consultation:
        if subject.as_catalogued:
            return self._of_catalogue
        catalogue = with_subject(self._catalogue, subject)
        consultant = Consultant(catalogue, only=[subject.id])
        return consultant.consult(self._need, self._on, examine=[subject.id])

    @cached_property
    def _of_catalogue(self) -> Consultation:
        """The judgement on every model of the catalogue as it stands."""
        consultant = Consultant(self._catalogue)
        return consultant.consult(self._need, self._on, examine=list(self._catalogue.models))

    @cached_property
    def _replacements(self) -> Replacements:
        consultation = self._of_catalogue
        allowed = [
            model
            for model in consultation.catalogue.models
            if _verdict(consultation, model)[0] is Verdict.ALLOWED
        ]
        return Replacements(consultation.catalogue, allowed)


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


def _texts(causes: Sequence[Cause]) -> set[str]:
    return {cause.text for cause in causes}


def _sentence(remark: str) -> str:
    return f"{remark[:1].upper()}{remark[1:]}" + ("" if remark.endswith((".", "?")) else ".")
