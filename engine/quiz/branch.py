"""Items on the course's tree: which branch is taken for a need."""

from __future__ import annotations

import random

from whyllm.engine import facts as f
from whyllm.engine.need import TASKS, Need
from whyllm.engine.quiz import needs
from whyllm.engine.quiz.cases import COURSE, LEAST_OPTIONS, Cases, NoItemError, assembled
from whyllm.engine.quiz.item import Draft, Option

MODALITIES = ("text", "text", "vision", "speech", "code", "image-generation")
DRAWING = "image-generation"


def branch(cases: Cases, chance: random.Random) -> Draft:
    """Which branch of a question is taken; wrong options are the branches beside it."""
    axes = {"modality": chance.choice(MODALITIES)}
    if axes["modality"] == "text":
        axes["task"] = chance.choice((*TASKS, "chat", "chat"))
        axes.update(needs.machine(chance))
    axes["use"] = chance.choice(needs.USES)
    need = Need.of(axes)
    judged = cases.judged(None, need, COURSE)
    beside = _branches(cases)
    taken = {node: [t for t in targets if t in judged.path] for node, targets in beside.items()}
    asked = [
        node
        for node in judged.path
        if len(taken.get(node, ())) == 1 and len(beside[node]) >= LEAST_OPTIONS
    ]
    if not asked:
        raise NoItemError("no question with several branches is passed")
    node = chance.choice(asked)
    (target,) = taken[node]
    firing = next(x for x, fact in judged.trace.concluding("At") if fact["node"] == target)
    premise = cases.premise(judged, firing)
    right = Option(_label(cases, target), target, True, None, premise.text)
    drawn = [other for other, value in beside[node].items() if value == DRAWING]
    wrong = [
        cases.wrong(
            _label(cases, other),
            other,
            "image-generator-is-llm" if other in drawn else "neighbour-branch",
            f"Here the tree goes on to: {_label(cases, target)}.",
        )
        for other in beside[node]
        if other != target
    ]
    return Draft(
        stem=f"The need: {cases.told(need)}. At the question “{_label(cases, node)}” of the "
        "course's tree, which branch is taken?",
        options=assembled([right], wrong, chance, most=5),
        several=False,
        feedback=(premise,),
        case={"rulebook": COURSE, "need": need.as_json(), "node": node},
    )


def _branches(cases: Cases) -> dict[str, dict[str, str]]:
    """Question -> the nodes that its branches lead to, each with a reply that leads there."""
    found: dict[str, dict[str, str]] = {}
    for fact in cases.catalogue.known.common:
        if isinstance(fact, f.Branch):
            found.setdefault(fact["node"], {}).setdefault(fact["target"], str(fact["value"]))
    return found


def _label(cases: Cases, node: str) -> str:
    return ", ".join(line.rstrip(",") for line in cases.catalogue.nodes[node].label.split("<br/>"))
