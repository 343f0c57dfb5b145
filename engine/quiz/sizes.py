"""Items on memory: what fits into a machine, and how much a model needs."""

from __future__ import annotations

import random

from whyllm.engine import facts as f
from whyllm.engine.consulting import Consultation
from whyllm.engine.memory import weights_gb
from whyllm.engine.need import Need
from whyllm.engine.quiz import needs
from whyllm.engine.quiz.cases import EXPERT, Cases, NoItemError, assembled
from whyllm.engine.quiz.item import Draft, Option, Premise
from whyllm.engine.trace import FactRecord
from whyllm.engine.words import number

APART = 1.08
"""Two figures are told apart when one is at least so many times the other."""

MOST_ALIKE = 2
"""Wrong options by one misconception that are looked for."""

PLAINLY_SMALL = 4
"""What takes less than this part of the usable memory is no question."""

HALF_PRECISION_BITS = 16.0


def fits_memory(cases: Cases, chance: random.Random) -> Draft:
    """Which of some models fits into a memory at a quantisation and context."""
    quantisation, context = chance.choice(needs.QUANTISATIONS), chance.choice(needs.CONTEXTS)
    machine = needs.machine(chance)
    need = Need.of({"quant": quantisation, "context": context, **machine})
    ((memory, stated),) = machine.items()
    usable = stated * _share(cases, memory)
    required = list(cases.required(quantisation, context).items())
    chance.shuffle(required)
    tempting = _tempting_ones(cases, need, required, usable, stated)
    fitting = next(
        (
            model
            for model, requires in required
            if usable / PLAINLY_SMALL < _gigabytes(requires, "total_gb")
            and _fits(judged := cases.judged(model, need), model, quantisation)
            and model in judged.kept
        ),
        None,
    )
    if fitting is None:
        raise NoItemError("nothing fits")
    premises = {
        model: _needs(cases, cases.judged(model, need), model, quantisation)
        for model in (fitting, *tempting)
    }
    right = Option(cases.name(fitting), fitting, True, None, premises[fitting].text)
    wrong = [
        cases.wrong(cases.name(model), model, misconception, premises[model].text)
        for model, misconception in tempting.items()
    ]
    options = assembled([right], wrong, chance)
    alone = cases.judged(fitting, need)
    share = next(firing for firing, _ in alone.trace.concluding("Usable"))
    return Draft(
        stem=f"The machine and the plan: {cases.told(need)}. Which of these models fits, at that "
        "quantisation and with its cache?",
        options=options,
        several=False,
        feedback=(cases.premise(alone, share), *(premises[o.value] for o in options)),
        case={
            "rulebook": EXPERT,
            "need": need.as_json(),
            "models": [option.value for option in options],
        },
    )


def _tempting_ones(
    cases: Cases,
    need: Need,
    required: list[tuple[str, FactRecord]],
    usable: float,
    stated: float,
) -> dict[str, str]:
    """Models that do not fit, and against which nothing else speaks -> why they seem to."""
    (quantisation,) = need.values("quant")
    found: dict[str, str] = {}
    for model, requires in required:
        misconception = _tempting(cases, model, requires, usable, stated)
        if misconception is None or [*found.values()].count(misconception) >= MOST_ALIKE:
            continue
        judged = cases.judged(model, need)
        if not _fits(judged, model, str(quantisation)) and not _stands_apart(cases, judged, model):
            found[model] = misconception
    return found


def memory_needed(cases: Cases, chance: random.Random) -> Draft:
    """How much memory a model needs; wrong figures come from wrong ways to reckon."""
    axes = {"quant": chance.choice(needs.QUANTISATIONS), "context": chance.choice(needs.CONTEXTS)}
    need = Need.of(axes)
    model = chance.choice(cases.popular)
    judged = cases.judged(model, need)
    found = [x for x, fact in judged.trace.concluding("Requires")
             if fact["quantisation"] == axes["quant"]]  # fmt: skip
    if not found or not cases.facts_of(model, f.Parameters):
        raise NoItemError("its size is not known")
    needed = found[0].conclusions[0]
    total, weights = _gigabytes(needed, "total_gb"), _gigabytes(needed, "weights_gb")
    beside = total - weights
    parameters = cases.facts_of(model, f.Parameters)[0]
    bare = weights_gb(parameters["total_b"], HALF_PRECISION_BITS, 0.0)
    reckoned = {
        "active-parameters-are-memory": _active_weights(cases, model, weights) + beside,
        "file-size-is-memory": weights,
        "quantisation-overlooked": bare + beside,
    }
    premise = cases.premise(judged, found[0])
    right = Option(_figure(total), round(total, 1), True, None, premise.text)
    wrong: list[Option] = []
    taken = [total]
    for misconception, figure in reckoned.items():
        if all(_apart(figure, other) for other in taken):
            taken.append(figure)
            wrong.append(
                cases.wrong(_figure(figure), round(figure, 1), misconception, premise.text)
            )
    return Draft(
        stem=f"How much memory does {cases.name(model)} need, for {cases.told(need)}?",
        options=assembled([right], wrong, chance),
        several=False,
        feedback=(premise,),
        case={"rulebook": EXPERT, "need": need.as_json(), "model": model},
    )


def _tempting(
    cases: Cases, model: str, requires: FactRecord, usable: float, stated: float
) -> str | None:
    """The misconception by which a model that does not fit seems to; None for no such."""
    total, weights = _gigabytes(requires, "total_gb"), _gigabytes(requires, "weights_gb")
    if total <= usable:
        return None
    if _active_weights(cases, model, weights) + total - weights <= usable:
        return "active-parameters-are-memory"
    if weights <= usable:
        return "file-size-is-memory"
    return "nominal-memory" if total <= stated else None


def _active_weights(cases: Cases, model: str, weights: float) -> float:
    """What the weights would take if the active parameters were all."""
    parameters = cases.facts_of(model, f.Parameters)
    if not parameters:
        return weights
    return float(weights * parameters[0]["active_b"] / parameters[0]["total_b"])


def _fits(judged: Consultation, model: str, quantisation: str) -> bool:
    return any(
        fact["quantisation"] == quantisation and fact["model"] == model
        for _, fact in judged.trace.concluding("Fits")
    )


def _stands_apart(cases: Cases, judged: Consultation, model: str) -> bool:
    """Whether something else than memory speaks against the model."""
    stages = {cases.expert.card(x.rule).stage for x in judged.excluded.get(model, ())}
    return not stages <= {"hardware"} or model in judged.undecided


def _needs(cases: Cases, judged: Consultation, model: str, quantisation: str) -> Premise:
    firing = next(
        x
        for x, fact in judged.trace.concluding("Requires")
        if fact["quantisation"] == quantisation and fact["model"] == model
    )
    return cases.premise(judged, firing)


def _share(cases: Cases, memory: str) -> float:
    return next(
        float(fact["share"])
        for fact in cases.catalogue.known.common
        if isinstance(fact, f.UsableShare) and fact["memory"] == memory
    )


def _gigabytes(requires: FactRecord, slot: str) -> float:
    return float(str(requires[slot]))


def _apart(one: float, other: float) -> bool:
    return max(one, other) >= APART * min(one, other)


def _figure(gigabytes: float) -> str:
    return f"{number(round(gigabytes, 1))} GB"
