"""A rule's card in words: its condition pattern by pattern, for `rules show` and the docs."""

from __future__ import annotations

import inspect
from typing import Any

from whyllm.engine.conditions import constraints
from whyllm.engine.experta_shim import NOT, TEST, AllOf, AnyOf, Fact, L, Not, W
from whyllm.engine.render.shapes import RuleJson, RulesJson
from whyllm.engine.rulebook import Rulebook, RuleCard


def rule_json(card: RuleCard, rulebook: Rulebook) -> RuleJson:
    """`whyllm.rule/1`."""
    teaching = card.teaching
    return {
        "schema": "whyllm.rule/1",
        "id": card.id,
        "title": card.title,
        "stage": card.stage,
        "rulebook": rulebook.id,
        "because": card.because,
        "condition": condition_lines(card),
        "concludes": [fact.__name__ for fact in card.concludes],
        "text": teaching[""],
        "example": teaching["Example"],
        "does_not_say": teaching["Does not say"],
    }


def rules_json(rulebook: Rulebook) -> RulesJson:
    """`whyllm.rules/1`: all rules of a rulebook in the order in which they fire."""
    return {
        "schema": "whyllm.rules/1",
        "rulebook": rulebook.id,
        "rules": [rule_json(card, rulebook) for card in rulebook.cards],
    }


def condition_lines(card: RuleCard) -> list[str]:
    """The condition, one element a line, variables with a question mark as CLIPS writes them."""
    return [_element(element) for element in card.when]


def _element(element: Any) -> str:
    if isinstance(element, NOT):
        return f"not {_element(element[0])}"
    if isinstance(element, TEST):
        return f"test {_source(element[0])}"
    assert isinstance(element, Fact)
    slots = ", ".join(f"{slot} {_constraint(c)}" for slot, c in constraints(element))
    return f"{type(element).__name__}({slots})"


def _constraint(constraint: Any) -> str:
    if isinstance(constraint, W):
        return f"?{constraint.__bind__}" if constraint.__bind__ else "?"
    if isinstance(constraint, L):
        return repr(constraint.value)
    if isinstance(constraint, AllOf):
        return " and ".join(_constraint(part) for part in constraint)
    if isinstance(constraint, AnyOf):
        return " or ".join(_constraint(part) for part in constraint)
    if isinstance(constraint, Not):
        return f"not {_constraint(constraint[0])}"
    return repr(constraint)


def _source(function: Any) -> str:
    """The expression of a TEST, as the rule writes it."""
    text = " ".join(inspect.getsource(function).split())
    text = text.split("lambda", 1)[1].split(":", 1)[1].strip().rstrip(",")
    while text.endswith(")") and text.count(")") > text.count("("):
        text = text[:-1]
    return text
