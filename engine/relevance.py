"""Which rules can fire for a need at all, which can bear on a conclusion, and what those read.

A rule that asks for a reply which was not given cannot fire, nor can one that reads what only such
rules conclude. Leaving them out changes no answer; a single question is answered sooner.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from whyllm.engine.conditions import constraints, is_literal, negated_patterns, positive_patterns
from whyllm.engine.facts import WorkingFact
from whyllm.engine.rulebook import Rulebook, RuleCard


def relevant(
    rulebook: Rulebook, given: Collection[WorkingFact], possible: Collection[type[WorkingFact]]
) -> Rulebook:
    """The rulebook without the rules that cannot fire.

    `given` are facts that will be asserted or concluded, and no others of their types; of the
    types in `possible` any fact may come.
    """
    cards = rulebook.cards
    settled = set(map(type, given))
    while True:
        open_types = set(possible).union(*(card.concludes for card in cards)) - settled
        left = [
            card
            for card in cards
            if all(
                type(pattern) in open_types or any(_admits(pattern, fact) for fact in given)
                for pattern in positive_patterns(card.when)
            )
        ]
        if len(left) == len(cards):
            break
        cards = left
    return _only(rulebook, cards)


def leading_to(rulebook: Rulebook, wanted: Collection[str]) -> Rulebook:
    """The rules named, by id, and those whose conclusions they read or negate, at any remove."""
    cards = [card for card in rulebook.cards if card.id in wanted]
    while True:
        read = {fact for card in cards for fact in (*card.reads, *card.negates)}
        more = [card for card in rulebook.cards if card in cards or read & set(card.concludes)]
        if len(more) == len(cards):
            return _only(rulebook, cards)
        cards = more


def read_types(rulebook: Rulebook) -> set[type[WorkingFact]]:
    """The fact types that the rules match or negate."""
    return {
        type(pattern)
        for card in rulebook.cards
        for pattern in (*positive_patterns(card.when), *negated_patterns(card.when))
    }


def _only(rulebook: Rulebook, cards: Collection[RuleCard]) -> Rulebook:
    kept = {card.id for card in cards}
    stages = tuple(
        replace(stage, cards=[card for card in stage.cards if card.id in kept])
        for stage in rulebook.stages
    )
    return replace(rulebook, stages=stages)


def _admits(pattern: WorkingFact, fact: WorkingFact) -> bool:
    """Whether the literals of a pattern are those of a fact; its other constraints may hold."""
    return type(fact) is type(pattern) and all(
        fact[slot] == wanted for slot, wanted in constraints(pattern) if is_literal(wanted)
    )
