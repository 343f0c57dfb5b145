"""Items on scope: which of some models is, or is not, a language model."""

from __future__ import annotations

import random

from whyllm.engine import facts as f
from whyllm.engine.need import Need
from whyllm.engine.quiz.cases import EXPERT, Cases, NoItemError, assembled
from whyllm.engine.quiz.item import Draft, Option, Premise

LANGUAGE_MODEL = "llm"
OUT_OF_SCOPE_RULE = "MOD-030"

MOST_ALIKE = 3
"""Wrong options by one misconception that are looked for."""

MISTAKEN_FOR = {
    "vision": "seeing-is-drawing",
    "speech": "hearing-is-synthesis",
    "code": "code-is-no-language",
}
"""What a language model serves -> why it is taken for something else."""

TAKEN_FOR_ONE = {"diffusion": "image-generator-is-llm", "text-to-speech": "speech-synthesis-is-llm"}
"""Kind of model -> why it is taken for a language model."""


def llm_or_not(cases: Cases, chance: random.Random) -> Draft:
    """Which of some models is no language model, or which one is; judged by the rule on scope."""
    wanted_outside = chance.random() < 0.5
    inside = _language_models(cases)
    outside = {
        model: kind
        for model in cases.catalogue.models
        for fact in cases.facts_of(model, f.Model)
        if (kind := str(fact["kind"])) in TAKEN_FOR_ONE
    }
    if not inside or not outside:
        raise NoItemError("nothing to tell apart")
    key_from, rest = (outside, inside) if wanted_outside else (inside, outside)
    key = chance.choice(list(key_from))
    table = TAKEN_FOR_ONE if rest is outside else MISTAKEN_FOR
    others = [
        model
        for mistake in table
        if (alike := [model for model, what in rest.items() if what == mistake])
        for model in chance.sample(alike, min(MOST_ALIKE, len(alike)))
    ]
    premises = {model: _premise(cases, model) for model in (key, *others)}
    for model in premises:
        if _is_outside(cases, model) != (model in outside):
            raise NoItemError("the rules judge otherwise")
    right = Option(cases.name(key), key, True, None, premises[key].text)
    wrong = [
        cases.wrong(cases.name(model), model, table[rest[model]], premises[model].text)
        for model in others
    ]
    options = assembled([right], wrong, chance)
    question = "is no language model" if wanted_outside else "is a language model"
    return Draft(
        stem=f"Which of these {question}?",
        options=options,
        several=False,
        feedback=tuple(premises[option.value] for option in options),
        case={
            "rulebook": EXPERT,
            "need": {},
            "asked": "outside" if wanted_outside else "inside",
            "models": [option.value for option in options],
        },
    )


def _language_models(cases: Cases) -> dict[str, str]:
    """Language models that are mistaken for others -> for what they serve."""
    found: dict[str, str] = {}
    for model in cases.catalogue.models:
        if any(fact["kind"] == LANGUAGE_MODEL for fact in cases.facts_of(model, f.Model)):
            served = [modality for modality in MISTAKEN_FOR if cases.serves(model, modality)]
            if served:
                found[model] = served[0]
    return found


def _is_outside(cases: Cases, model: str) -> bool:
    firings = cases.judged(model, Need.of({})).excluded.get(model, ())
    return any(firing.rule == OUT_OF_SCOPE_RULE for firing in firings)


def _premise(cases: Cases, model: str) -> Premise:
    """The rule that puts it out of scope, or what is known of its kind."""
    judged = cases.judged(model, Need.of({}))
    for firing in judged.excluded.get(model, ()):
        if firing.rule == OUT_OF_SCOPE_RULE:
            return cases.premise(judged, firing)
    fact = cases.facts_of(model, f.Model)[0]
    source = cases.catalogue.sources.get(fact["source"])
    text = cases.words.fill(f.Model.says, dict(fact)) + "."
    return Premise(text, None, (str(source),) if source else ())
