"""Every key of a quiz is what other ways find: exactly the marked options are right."""

from __future__ import annotations

import json

import pytest
from whyllm.engine.quiz.cases import LEAST_OPTIONS, Cases
from whyllm.engine.quiz.item import Item
from whyllm.engine.quiz.kinds import KINDS
from whyllm.engine.quiz.paper import draw_item

from tests.engine.quiz.by_hand import WAYS, ByHand

BATCH = 3


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if {"kind", "first"} <= set(metafunc.fixturenames):
        each = -(-metafunc.config.getoption("--quiz-items") // len(KINDS))
        places = [(kind, first) for kind in KINDS for first in range(0, each, BATCH)]
        metafunc.parametrize(("kind", "first"), places)


def test_every_kind_is_checked() -> None:
    assert set(WAYS) == set(KINDS)
    assert len(KINDS) >= 8


def test_exactly_the_marked_options_are_right(
    cases: Cases, by_hand: ByHand, kind: str, first: int
) -> None:
    for place in range(first, first + BATCH):
        item = draw_item(cases, kind, f"campaign/{place}")
        marked = [option.value for option in item.options if option.right]
        assert by_hand.right(item) == marked, item
        assert item.several or len(marked) == 1, item
        assert len(item.options) >= LEAST_OPTIONS, item
        assert len(marked) < len(item.options), item
        meanings = [json.dumps(option.value, sort_keys=True) for option in item.options]
        assert len(set(meanings)) == len(meanings), item
        assert len({option.text for option in item.options}) == len(meanings), item
        if kind == "smallest-change":
            assert by_hand.no_smaller(item), item
        if kind == "all-causes":
            assert len(marked) > 1, item
        check_reasons(cases, item)


def check_reasons(cases: Cases, item: Item) -> None:
    """Each wrong option names a known misconception; the key rests on a rule or a source."""
    for option in item.options:
        assert option.right == (option.misconception is None), item
        if not option.right:
            told = cases.catalogue.misconceptions[option.misconception]
            assert option.feedback.startswith(f"{told.label}. {told.text} "), item
            assert len(option.feedback) > len(told.label) + len(told.text) + 15, item
    assert item.feedback, item
    assert any(p.rule for p in item.feedback) or any(p.sources for p in item.feedback)
