"""Rulebooks with one rule lost or turned round."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from whyllm.engine.experta_shim import NOT, TEST
from whyllm.engine.facts import Usable, WorkingFact
from whyllm.engine.rulebook import Rulebook, RuleCard

Mutation = Callable[[RuleCard], RuleCard | None]


def lost(_: RuleCard) -> None:
    return None


def without_a_negation(card: RuleCard) -> RuleCard:
    negated = next(element for element in card.when if isinstance(element, NOT))
    return replace(card, when=tuple(element for element in card.when if element is not negated))


def without_tests(card: RuleCard) -> RuleCard:
    return replace(card, when=tuple(e for e in card.when if not isinstance(e, TEST)))


def all_of_it_usable(card: RuleCard) -> RuleCard:
    def body(memory: str, stated: float, share: float) -> Iterator[WorkingFact]:
        yield Usable(memory=memory, gigabytes=float(stated))

    return replace(card, body=body)


def mutated(book: Rulebook, rule: str, mutation: Mutation) -> Rulebook:
    stages = []
    for stage in book.stages:
        cards = [mutation(card) if card.id == rule else card for card in stage.cards]
        stages.append(replace(stage, cards=[card for card in cards if card is not None]))
    return replace(book, stages=tuple(stages))
