"""The answers of the API: the JSON of the commands, for a need in the address."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

from whyllm.cli.compare import check_two
from whyllm.cli.kb.show import entry_json
from whyllm.cli.rules import card_of
from whyllm.cli.web.desk import Desk
from whyllm.cli.web.wanted import Wanted
from whyllm.cli.what_if import changes_of
from whyllm.engine.explaining.comparison import compare
from whyllm.engine.explaining.explanation import explain
from whyllm.engine.explaining.what_if import what_if
from whyllm.engine.inventory.inputs import found_in_bytes
from whyllm.engine.knowledge import recogniser
from whyllm.engine.need import Need, NeedError
from whyllm.engine.render.change_json import comparison_json, what_if_json
from whyllm.engine.render.consultation_json import consultation_json, explanation_json
from whyllm.engine.render.review.items_json import review_json
from whyllm.engine.render.rule_words import rule_json, rules_json
from whyllm.engine.reviewing.finding import Review
from whyllm.engine.reviewing.review import AXES as TERMS
from whyllm.engine.reviewing.review import review
from whyllm.engine.stages import rulebook as rulebook_named

PASTED = "pasted"
"""How a review names the text that it was given."""

MOST_NAMES = 2_000
"""That a review judges; longer lists are for the command."""


def recommend(desk: Desk, wanted: Wanted) -> Mapping[str, Any]:
    """As `whyllm recommend`."""
    return consultation_json(desk.consultation(wanted.need, wanted.rulebook, wanted.on))


def why(desk: Desk, wanted: Wanted) -> Mapping[str, Any]:
    """As `whyllm why MODEL`."""
    model = desk.model(wanted.about)
    answered = desk.consultation(wanted.need, wanted.rulebook, wanted.on, (model,))
    return explanation_json(explain(answered, model))


def changed(desk: Desk, wanted: Wanted) -> Mapping[str, Any]:
    """As `whyllm what-if`."""
    changes = changes_of(wanted.every("set"))
    wanted.need.with_changes(changes)  # a wrong value is told before anything is judged
    before = desk.consultation(wanted.need, wanted.rulebook, wanted.on)
    return what_if_json(what_if(before, changes), changes)


def compared(desk: Desk, wanted: Wanted) -> Mapping[str, Any]:
    """As `whyllm compare A B`."""
    one, other = (desk.model(name) for name in wanted.about.split("\n"))
    check_two((one, other), desk.catalogue)
    answered = desk.consultation(wanted.need, wanted.rulebook, wanted.on, (one, other))
    return comparison_json(compare(answered, one, other))


def entry(desk: Desk, wanted: Wanted) -> Mapping[str, Any]:
    """As `whyllm kb show NAME`."""
    return entry_json(desk.kb, wanted.about)


def rules(desk: Desk, wanted: Wanted) -> Mapping[str, Any]:
    """As `whyllm rules list`."""
    return rules_json(rulebook_named(wanted.rulebook))


def rule(desk: Desk, wanted: Wanted) -> Mapping[str, Any]:
    """As `whyllm rules show RULE`."""
    return rule_json(*card_of(wanted.about))


def reviewed(desk: Desk, wanted: Wanted) -> Mapping[str, Any]:
    """As `whyllm licence review`, on the text that was posted."""
    answer: Mapping[str, Any] = json.loads("".join(review_json(judged(desk, wanted))))
    return answer


def judged(desk: Desk, wanted: Wanted) -> Review:
    """The review of the text; NeedError where no use is stated, or an axis that is no term."""
    for axis in wanted.need.stated:
        if axis not in TERMS:
            raise NeedError(f"{axis}: a licence review asks for {', '.join(TERMS)} alone")
    need = Need.of(dict(wanted.need.stated))
    found = list(islice(found_in_bytes(wanted.text.encode(), PASTED), MOST_NAMES + 1))
    if len(found) > MOST_NAMES:
        raise NeedError(
            f"text: names more than {MOST_NAMES:,} models; `whyllm licence review` takes any number"
        )
    inputs = [(PASTED, found)]
    return review(inputs, desk.catalogue, desk.names, lambda: recogniser(desk.kb), need, wanted.on)


JSON_ANSWERS: Mapping[str, Callable[[Desk, Wanted], Mapping[str, Any]]] = {
    "recommend": recommend,
    "why": why,
    "what-if": changed,
    "compare": compared,
    "entry": entry,
    "rules": rules,
    "rule": rule,
    "review": reviewed,
}
