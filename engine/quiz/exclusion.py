"""Items on exclusions: which rule excludes a model, and which rules all do."""

from __future__ import annotations

import random

from whyllm.engine.conditions import constraints, is_literal, positive_patterns, variable_of
from whyllm.engine.consulting import Consultation
from whyllm.engine.facts import Asked, Excluded
from whyllm.engine.need import Need
from whyllm.engine.quiz import needs
from whyllm.engine.quiz.cases import EXPERT, MOST_OPTIONS, Cases, NoItemError, assembled
from whyllm.engine.quiz.item import Draft, Option, Premise
from whyllm.engine.rulebook import RuleCard

BLAMED = {
    "modality": "specialist-is-confined",
    "task": "unsung-is-missing",
    "hardware": "size-taken-for-misfit",
    "licence": "conditions-are-refusal",
}
"""Stage -> the misconception by which one of its rules is blamed though it did not fire."""


def why_excluded(cases: Cases, chance: random.Random) -> Draft:
    """Which one of some rules excludes a model."""
    model, need, judged = excluded_case(cases, chance)
    premises = _by_rule(cases, judged, model)
    rule = chance.choice(list(premises))
    options = assembled(
        [_right(cases, rule, premises[rule])], _blamed(cases, need, model, [*premises]), chance
    )
    return Draft(
        stem=f"The need: {cases.told(need)}. Which of these rules excludes {cases.name(model)}?",
        options=options,
        several=False,
        feedback=(premises[rule],),
        case={"rulebook": EXPERT, "need": need.as_json(), "model": model},
    )


def all_causes(cases: Cases, chance: random.Random) -> Draft:
    """All the rules that exclude a model, of which there are several."""
    model, need, judged = excluded_case(cases, chance)
    premises = _by_rule(cases, judged, model)
    if not 2 <= len(premises) <= MOST_OPTIONS:
        raise NoItemError("not several causes")
    right = [_right(cases, rule, premise) for rule, premise in premises.items()]
    wrong = _blamed(cases, need, model, [*premises])
    return Draft(
        stem=f"The need: {cases.told(need)}. Which of these rules exclude {cases.name(model)}? "
        "Mark all of them.",
        options=assembled(right, wrong, chance, most=MOST_OPTIONS + 1),
        several=True,
        feedback=tuple(premises.values()),
        case={"rulebook": EXPERT, "need": need.as_json(), "model": model},
    )


def excluded_case(cases: Cases, chance: random.Random) -> tuple[str, Need, Consultation]:
    """A model that people meet, and a need that excludes it; NoItemError where it does not."""
    model = chance.choice(cases.popular)
    need = needs.whole(chance)
    judged = cases.judged(model, need)
    if model not in judged.excluded:
        raise NoItemError("not excluded")
    return model, need, judged


def _by_rule(cases: Cases, judged: Consultation, model: str) -> dict[str, Premise]:
    """Rule -> the first of its firings against the model."""
    found: dict[str, Premise] = {}
    for firing in judged.excluded[model]:
        found.setdefault(firing.rule, cases.premise(judged, firing))
    return found


def _right(cases: Cases, rule: str, premise: Premise) -> Option:
    return Option(_named(cases.expert.card(rule)), rule, True, None, premise.text)


def _blamed(cases: Cases, need: Need, model: str, causes: list[str]) -> list[Option]:
    """Rules on what the need states that did not exclude the model."""
    return [
        cases.wrong(
            _named(card),
            card.id,
            BLAMED[card.stage],
            f"Here {card.id} does not exclude {cases.name(model)}.",
        )
        for card in cases.expert.cards
        if Excluded in card.concludes
        and card.id not in causes
        and card.stage in BLAMED
        and _asks_for_what_is_stated(card, need)
    ]


def _asks_for_what_is_stated(card: RuleCard, need: Need) -> bool:
    """Whether a rule reads replies, and no other ones than those of the need."""
    asked = [
        dict(constraints(pattern))
        for pattern in positive_patterns(card.when)
        if isinstance(pattern, Asked)
    ]
    return bool(asked) and all(
        not is_literal(slots["axis"])
        or (
            slots["axis"] in need.stated
            and (variable_of(slots["value"]) or slots["value"] in need.values(slots["axis"]))
        )
        for slots in asked
        if "value" in slots
    )


def _named(card: RuleCard) -> str:
    return f"{card.id}: {card.title}"
