"""GIFT read back holds the same items, whatever characters their labels hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whyllm.engine.quiz.cases import Cases
from whyllm.engine.quiz.item import Item, Option, Paper, Premise
from whyllm.engine.quiz.kinds import KINDS
from whyllm.engine.quiz.paper import draw_item
from whyllm.engine.render.quiz_gift import quiz_gift

from tests.engine.quiz.gift_reader import read_gift

HOSTILE = "~=#{}:\\%/ $\n\tx1<&é"
TEXTS = st.text(st.sampled_from(HOSTILE), min_size=1, max_size=12).map(lambda text: f"a{text}b")


def paper_of(*items: Item) -> Paper:
    return Paper(1, "1:{x}", "0", items)


def one_line(text: str) -> str:
    return " ".join(text.split())


def check(paper: Paper) -> None:
    read = read_gift(quiz_gift(paper))
    assert [question.title for question in read] == [one_line(item.id) for item in paper.items]
    for question, item in zip(read, paper.items, strict=True):
        assert question.stem == one_line(item.stem)
        assert [o.text for o in question.options] == [one_line(o.text) for o in item.options]
        for shown, option in zip(question.options, item.options, strict=True):
            assert one_line(option.feedback) in shown.feedback
            assert shown.feedback.startswith("right." if option.right else "wrong.")
            assert (shown.weight > 0) == option.right
            assert item.several or shown.weight in (0.0, 100.0)
        right = [o.weight for o in question.options if o.weight > 0]
        wrong = [o.weight for o in question.options if o.weight <= 0]
        assert sum(right) == pytest.approx(100, abs=0.001)
        assert sum(wrong) == pytest.approx(-100 if item.several else 0, abs=0.001)
        for premise in item.feedback:
            assert one_line(premise.text) in question.general
            assert all(one_line(source) in question.general for source in premise.sources)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_read_back(cases: Cases, kind: str) -> None:
    check(paper_of(*(draw_item(cases, kind, f"campaign/{place}") for place in range(3))))


@given(
    texts=st.lists(TEXTS, min_size=4, max_size=7), rights=st.integers(1, 3), several=st.booleans()
)
def test_hostile_labels_are_read_back(texts: list[str], rights: int, several: bool) -> None:
    marked = rights if several else 1
    options = tuple(Option(t, i, i < marked, None, t) for i, t in enumerate(texts))
    check(
        paper_of(
            Item(
                "a:b",
                "branch",
                texts[0],
                options,
                several,
                (Premise(texts[1], None, (texts[2],)),),
                {},
            )
        )
    )
