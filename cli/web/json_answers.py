"""The answers of the API: the JSON of the commands, for a need in the address."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from whyllm.cli.desk import Desk
from whyllm.cli.kb.show import entry_json
from whyllm.cli.rules import card_of
from whyllm.cli.web.wanted import Wanted
from whyllm.cli.what_if import changes_of
from whyllm.engine.render.change_json import comparison_json, what_if_json
from whyllm.engine.render.consultation_json import consultation_json, explanation_json
from whyllm.engine.render.review.items_json import review_json
from whyllm.engine.render.rule_words import rule_json, rules_json
from whyllm.engine.stages import rulebook as rulebook_named


def recommend(desk: Desk, wanted: Wanted) -> Mapping[str, Any]:
    """As `whyllm recommend`."""
    return consultation_json(desk.consultation(wanted.need, wanted.rulebook, wanted.on))


def why(desk: Desk, wanted: Wanted) -> Mapping[str, Any]:
    """As `whyllm why MODEL`."""
    return explanation_json(desk.explanation(wanted.need, wanted.rulebook, wanted.on, wanted.about))


def changed(desk: Desk, wanted: Wanted) -> Mapping[str, Any]:
    """As `whyllm what-if`."""
    changes = changes_of(wanted.every("set"))
    found = desk.what_if(wanted.need, wanted.rulebook, wanted.on, changes)
    return what_if_json(found, changes)


def compared(desk: Desk, wanted: Wanted) -> Mapping[str, Any]:
    """As `whyllm compare A B`."""
    one, other = wanted.about.split("\n")
    return comparison_json(desk.comparison(wanted.need, wanted.rulebook, wanted.on, one, other))


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
    judged = desk.review(wanted.need, wanted.on, wanted.text)
    answer: Mapping[str, Any] = json.loads("".join(review_json(judged)))
    return answer


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
