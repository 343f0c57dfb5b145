"""Items on questions: which question would change nothing, whatever the reply."""

from __future__ import annotations

import random
from collections.abc import Mapping

from whyllm.engine.need import AXES, DEPLOYMENTS, MODALITIES, TASKS, USES, Need, Value
from whyllm.engine.quiz import needs
from whyllm.engine.quiz.cases import EXPERT, Cases, NoItemError, assembled
from whyllm.engine.quiz.item import Draft, Option, Premise

REPLIES: Mapping[str, tuple[Value, ...]] = {
    "modality": MODALITIES,
    "task": TASKS,
    "use": USES,
    "deploy": DEPLOYMENTS,
    "fine_tune": (True,),
    "train_on_outputs": (True,),
    "tools": (True,),
}
"""Axes of which every reply can be tried; a flag that is not set constrains nothing."""

THOUGHT_IDLE = {
    "modality": "any-model-any-task",
    "task": "any-model-any-task",
    "use": "open-weights-are-free",
    "deploy": "open-weights-are-free",
    "fine_tune": "open-weights-are-free",
    "train_on_outputs": "outputs-are-yours",
    "tools": "tools-everywhere",
}
"""Axis -> the misconception by which its question seems idle though it is not."""

CANDIDATES = 3
MOST_LOOKED_AT = 30


def irrelevant_question(cases: Cases, chance: random.Random) -> Draft:
    """Which question leaves the same candidates by each of its replies."""
    parts = [needs.work(chance), needs.machine(chance), needs.terms(chance)]
    need = Need.of({k: v for part in chance.sample(parts, 2) for k, v in part.items()})
    looked_at = chance.sample(cases.popular, min(MOST_LOOKED_AT, len(cases.popular)))
    kept = (m for m in looked_at if m in cases.judged(m, need).kept)
    candidates = [m for m, _ in zip(kept, range(CANDIDATES), strict=False)]
    if len(candidates) < CANDIDATES:
        raise NoItemError("too few candidates")
    idle: list[Option] = []
    telling: list[Option] = []
    premises: dict[str, Premise] = {}
    for axis, replies in REPLIES.items():
        if axis in need.stated:
            continue
        found = _first_to_fall(cases, need, axis, replies, candidates)
        text = f"A question on {cases.words.name('axis', axis)}"
        if found is None:
            told = "Each of its replies keeps all the candidates."
            idle.append(Option(text, axis, True, None, told))
        else:
            reply, premises[axis] = found
            why = f"{_reply_told(cases, axis, reply)} {premises[axis].text}"
            telling.append(cases.wrong(text, axis, THOUGHT_IDLE[axis], why))
    if not idle:
        raise NoItemError("every question tells")
    right = chance.choice(idle)
    options = assembled([right], telling, chance)
    names = ", ".join(map(cases.name, candidates))
    tried = ", ".join(cases.words.name(right.value, reply) for reply in REPLIES[right.value])
    return Draft(
        stem=f"The need so far: {cases.told(need)}. The candidates: {names}. Which further "
        "question would change nothing, since each of its replies keeps all of them?",
        options=options,
        several=False,
        feedback=(
            Premise(f"{right.text}: the engine tried every reply ({tried}).", None, ()),
            *(premises[option.value] for option in options if not option.right),
        ),
        case={
            "rulebook": EXPERT,
            "need": need.as_json(),
            "candidates": candidates,
            "replies": {option.value: list(REPLIES[option.value]) for option in options},
        },
    )


def _first_to_fall(
    cases: Cases, need: Need, axis: str, replies: tuple[Value, ...], candidates: list[str]
) -> tuple[Value, Premise] | None:
    """The first reply by which a candidate is no longer kept, and why; None where all keep all."""
    for reply in replies:
        for model in candidates:
            value = (reply,) if AXES[axis].repeatable else reply
            judged = cases.judged(model, need.with_changes({axis: value}))
            if model not in judged.kept:
                against = (*judged.excluded.get(model, ()), *judged.undecided.get(model, ()))
                return reply, cases.premise(judged, against[0])
    return None


def _reply_told(cases: Cases, axis: str, reply: Value) -> str:
    return f"One reply is {cases.words.name(axis, reply)}."
