"""A rule that is lost or turned round makes keys that are wrong, and the keys by hand say so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from whyllm.engine import consult
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.experta_shim import NOT, TEST
from whyllm.engine.facts import Usable, WorkingFact
from whyllm.engine.quiz import paper
from whyllm.engine.quiz.cases import Cases, NoItemError
from whyllm.engine.quiz.item import Item
from whyllm.engine.quiz.paper import draw_item
from whyllm.engine.rulebook import Rulebook, RuleCard
from whyllm.engine.stages import rulebook

from tests.engine.quiz.by_hand import ByHand

MOST_ITEMS = 40

MOST_CASES = 30
"""Fewer than the generator's own: a rule that leaves no case at all is given up sooner."""

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


@pytest.mark.parametrize(
    ("book", "rule", "mutation", "kind"),
    [
        ("expert", "MOD-010", lost, "all-causes"),
        ("expert", "MOD-010", without_a_negation, "why-excluded"),
        ("expert", "MOD-030", lost, "llm-or-not"),
        ("expert", "LIC-020", lost, "which-licence"),
        ("expert", "HW-010", lost, "smallest-change"),
        ("expert", "MEM-050", all_of_it_usable, "fits-memory"),
        ("expert", "MOD-010", lost, "irrelevant-question"),
        ("course", "CRS-010", without_tests, "branch"),
    ],
)
def test_a_mutated_rule_is_noticed(
    models: Catalogue,
    by_hand: ByHand,
    monkeypatch: pytest.MonkeyPatch,
    book: str,
    rule: str,
    mutation: Mutation,
    kind: str,
) -> None:
    changed = mutated(rulebook(book), rule, mutation)
    assert changed != rulebook(book)

    def drawn(place: int) -> Item | None:
        """An item by the mutated rules; none where they leave no case."""
        with monkeypatch.context() as patch:
            named = lambda name: changed if name == book else rulebook(name)  # noqa: E731
            patch.setattr(consult, "rulebook_named", named)
            patch.setattr(paper, "MOST_CASES", MOST_CASES)
            try:
                return draw_item(cases, kind, f"campaign/{place}")
            except NoItemError:
                return None

    cases = Cases(models)
    for place in range(MOST_ITEMS):
        item = drawn(place)
        if item is None or by_hand.right(item) != [o.value for o in item.options if o.right]:
            return
    pytest.fail(f"{MOST_ITEMS} items of {kind} hold without {rule}")
