"""Items on licences: which licence, and which variant of a family, allows what is planned."""

from __future__ import annotations

import random
from collections.abc import Iterable

from whyllm.engine import facts as f
from whyllm.engine.consulting import Consultation
from whyllm.engine.need import Need
from whyllm.engine.quiz import needs
from whyllm.engine.quiz.cases import EXPERT, MOST_OPTIONS, Cases, NoItemError, assembled
from whyllm.engine.quiz.item import Draft, Option, Premise

OVERLOOKED = {
    "LIC-180": "threshold-overlooked",
    "LIC-190": "threshold-overlooked",
    "LIC-200": "threshold-overlooked",
    "LIC-210": "threshold-overlooked",
    "LIC-050": "threshold-overlooked",
    "LIC-070": "territory-overlooked",
    "LIC-080": "territory-overlooked",
    "LIC-230": "territory-overlooked",
    "LIC-240": "territory-overlooked",
    "LIC-150": "outputs-are-yours",
    "LIC-170": "outputs-are-yours",
    "LIC-270": "outputs-are-yours",
}
"""Rule -> the misconception that overlooks it; the other rules fall to free use."""

FREE_USE = "open-weights-are-free"
SETTLED_BY = {"monthly_active_users", "annual_revenue_usd", "region", "use", "deploy"}
"""Axes on which a licence's answer hangs; while it hangs on one, it is not plainly allowed."""

MOST_LOOKED_AT = 24

ENOUGH_REFUSED = 4
"""More refusals than are shown, so that they can differ in the misconception."""


def which_licence(cases: Cases, chance: random.Random) -> Draft:
    """Which of some licences allows a use, each as it binds a variant."""
    need = Need.of(needs.terms(chance))
    bearers: dict[str, list[str]] = {}
    for key, entry in cases.catalogue.models.items():
        if len(entry.licences) == 1:
            bearers.setdefault(entry.licences[0], []).append(key)
    licences = list(bearers)
    chance.shuffle(licences)
    models = [chance.choice(bearers[licence]) for licence in licences[:MOST_LOOKED_AT]]
    allowed, refused = _sorted_out(cases, need, models)
    names = {m: cases.words.name("licence", cases.catalogue.models[m].licences[0]) for m in models}
    texts = {m: f"{names[m]}, as it binds {cases.name(m)}" for m in models}
    return _draft(
        cases, chance, need, texts, allowed, refused, {},
        f"The plan: {cases.told(need)}. Which of these licences allows it?",
    )  # fmt: skip


def which_variant(cases: Cases, chance: random.Random) -> Draft:
    """Which variant of one family may be used as planned, where their licences differ."""
    need = Need.of(needs.terms(chance))
    families: dict[str, list[str]] = {}
    for key, entry in cases.catalogue.models.items():
        families.setdefault(entry.family, []).append(key)
    several = [
        models
        for models in families.values()
        if len({cases.catalogue.models[m].licences for m in models}) > 1
    ]
    if not several:
        raise NoItemError("no family with several licences")
    models = list(chance.choice(several))
    chance.shuffle(models)
    family = cases.words.name("family", cases.catalogue.models[models[0]].family)
    allowed, refused = _sorted_out(cases, need, models)
    texts = {m: cases.name(m) for m in models}
    return _draft(
        cases, chance, need, texts, allowed, refused, dict.fromkeys(models, "family-licence"),
        f"The plan: {cases.told(need)}. Which of these variants of {family} does its licence "
        "allow for it?",
    )  # fmt: skip


def _sorted_out(
    cases: Cases, need: Need, models: Iterable[str]
) -> tuple[dict[str, Consultation], dict[str, Consultation]]:
    """Models that are kept whatever is not stated, and those that licence rules alone exclude."""
    allowed: dict[str, Consultation] = {}
    refused: dict[str, Consultation] = {}
    for model in models:
        judged = cases.judged(model, need)
        stages = {cases.expert.card(x.rule).stage for x in judged.excluded.get(model, ())}
        open_terms = {x["axis"] for _, x in judged.about(model, "Depends")} & SETTLED_BY
        if model in judged.kept and not open_terms:
            allowed.setdefault(model, judged)
        elif stages == {"licence"}:
            refused[model] = judged
        if allowed and len(refused) >= ENOUGH_REFUSED:
            break
    return allowed, refused


def _draft(
    cases: Cases,
    chance: random.Random,
    need: Need,
    texts: dict[str, str],
    allowed: dict[str, Consultation],
    refused: dict[str, Consultation],
    misconceptions: dict[str, str],
    stem: str,
) -> Draft:
    if not allowed or len(refused) < 2:
        raise NoItemError("all allowed, or none")
    model = chance.choice(list(allowed))
    granted = _grants(cases, model)
    right = Option(texts[model], model, True, None, " ".join(p.text for p in granted))
    wrong = []
    for other, judged in refused.items():
        cause = judged.excluded[other][0]
        misconception = misconceptions.get(other) or OVERLOOKED.get(cause.rule, FREE_USE)
        why = judged.sentence(cause)
        wrong.append(cases.wrong(texts[other], other, misconception, why))
    options = assembled([right], wrong, chance, MOST_OPTIONS)
    refusals = [
        cases.premise(refused[option.value], firing)
        for option in options
        if not option.right
        for firing in refused[option.value].excluded[option.value][:1]
    ]
    return Draft(
        stem=stem,
        options=options,
        several=False,
        feedback=(*granted, *refusals),
        case={"rulebook": EXPERT, "need": need.as_json(), "models": [o.value for o in options]},
    )


def _grants(cases: Cases, model: str) -> tuple[Premise, ...]:
    """The licences that bind the model; no rule of theirs stands against the plan."""
    return tuple(
        Premise(
            f"{cases.words.fill(f.Licensed.says, dict(fact))}, and no clause of it stands against "
            "this plan.",
            None,
            tuple(str(s) for s in [cases.catalogue.sources.get(fact["source"])] if s),
        )
        for fact in cases.facts_of(model, f.Licensed)
    )
