"""A rule that is lost or turned round makes keys that are wrong, and the keys by hand say so."""

from __future__ import annotations

import pytest
from whyllm.engine import consulting
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.quiz import paper
from whyllm.engine.quiz.cases import Cases, NoItemError
from whyllm.engine.quiz.item import Item
from whyllm.engine.quiz.paper import draw_item
from whyllm.engine.stages import rulebook

from tests.engine.mutated_rules import (
    Mutation,
    all_of_it_usable,
    lost,
    mutated,
    without_a_negation,
    without_tests,
)
from tests.engine.quiz.by_hand import ByHand

MOST_ITEMS = 40

MOST_CASES = 30
"""Fewer than the generator's own: a rule that leaves no case at all is given up sooner."""


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
            patch.setattr(consulting, "rulebook_named", named)
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
