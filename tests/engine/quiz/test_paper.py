"""A paper is the same for the same seed in any process, and none of its items hangs on another."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from whyllm.engine import quiz
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.quiz.cases import Cases, NoItemError, assembled
from whyllm.engine.quiz.item import Option
from whyllm.engine.quiz.kinds import KINDS
from whyllm.engine.quiz.paper import draw_item, draw_paper

CAMPAIGN = 60
"""Items of a kind from which on each misconception must have been met."""

SCRIPT = """
from whyllm.cli.program import main
main(["learn", "quiz", "--seed", "5", "--count", "10", "--format", "json"])
"""


def test_the_same_seed_gives_the_same_bytes_in_any_process() -> None:
    outputs = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "4242")
    ]
    assert len(outputs[0]) > 5000
    assert hashlib.sha256(outputs[0]).digest() == hashlib.sha256(outputs[1]).digest()


def test_an_item_does_not_hang_on_those_before_it(models: Catalogue, cases: Cases) -> None:
    paper = draw_paper(models, seed=9, count=len(KINDS))
    assert [item.kind for item in paper.items] == list(KINDS)
    backwards = [
        draw_item(cases, kind, f"9/{place}") for place, kind in reversed(list(enumerate(KINDS)))
    ]
    assert list(reversed(backwards)) == list(paper.items)


def test_another_seed_gives_another_paper_and_more_items_keep_the_first(models: Catalogue) -> None:
    kinds = ["branch", "memory-needed"]
    short, long = draw_paper(models, 1, 4, kinds), draw_paper(models, 1, 8, kinds)
    assert long.items[:4] == short.items
    assert draw_paper(models, 2, 4, kinds).items != short.items
    assert len({item.id for item in long.items}) == 8


def test_a_kind_that_has_no_case_says_so(models: Catalogue) -> None:
    bare = replace(models, models={}, nodes={})
    with pytest.raises(NoItemError, match="llm-or-not: no case"):
        draw_paper(bare, 0, 1, ["llm-or-not"])


def test_an_unknown_kind_is_a_key_error(models: Catalogue) -> None:
    with pytest.raises(KeyError, match="riddle"):
        draw_paper(models, 0, 1, ["riddle"])


def test_every_misconception_is_named_by_a_kind(models: Catalogue) -> None:
    """What leads to no option need not be taught; that what is named exists, each item shows."""
    code = "".join(path.read_text() for path in sorted(Path(quiz.__file__).parent.glob("*.py")))
    assert [known for known in models.misconceptions if f'"{known}"' not in code] == []


@pytest.mark.long
def test_every_misconception_leads_to_an_option_in_a_campaign(
    models: Catalogue, cases: Cases
) -> None:
    drawn = [
        draw_item(cases, kind, f"campaign/{place}") for kind in KINDS for place in range(CAMPAIGN)
    ]
    found = {o.misconception for item in drawn for o in item.options if not o.right}
    assert found == set(models.misconceptions)


def option(text: str, value: object, right: bool = False) -> Option:
    return Option(text, value, right, None if right else "neighbour-branch", "")


@pytest.mark.parametrize(
    ("wrong", "left"),
    [
        ([option("B", 2), option("C", 3)], {"A", "B", "C"}),
        ([option("B", 2), option("C", 3), option("also one", 1)], {"A", "B", "C"}),
        ([option("B", 2), option("C", 3), option("a", 4)], {"A", "B", "C"}),
        ([option("B", 2), option("C", 3), option("b", 5), option("twice", 3)], None),
    ],
)
def test_options_that_mean_or_say_the_same_stand_once(
    wrong: list[Option], left: set[str] | None
) -> None:
    for seed in range(8):
        chosen = assembled([option("A", 1, right=True)], wrong, random.Random(seed))
        assert len({o.value for o in chosen}) == len({o.text.casefold() for o in chosen})
        assert len({o.text.casefold() for o in chosen}) == len(chosen)
        assert left is None or {o.text for o in chosen} == left


@pytest.mark.parametrize("wrong", [[], [option("B", 2)], [option("B", 1), option("a", 3)]])
def test_too_few_options_make_no_item(wrong: list[Option]) -> None:
    with pytest.raises(NoItemError):
        assembled([option("A", 1, right=True)], wrong, random.Random(0))
