"""Inside an interval the shortlist is the same; one unit outside it is the one that is told."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.consulting import Consultant, Consultation
from whyllm.engine.explaining.loosening import NUMBERS
from whyllm.engine.explaining.stability import Interval, stability
from whyllm.engine.need import MEMORIES, Need
from whyllm.engine.render.stability_words import beyond_told, interval_told

from tests.conftest import DAY
from tests.engine.needs import random_need

Ask = Callable[..., Consultation]


def case(seed: int) -> tuple[dict[str, Any], str]:
    """A need with at least one number, and a rulebook; the same for the same seed."""
    axes = random_need(7000 + seed)
    while not axes.keys() & set(NUMBERS):
        seed += 1000
        axes = random_need(7000 + seed)
    return axes, "course" if seed % 5 == 4 else "expert"


def inside(interval: Interval, chance: random.Random) -> list[float]:
    """The ends and a value between them, as far as a need of this world could say."""
    assert isinstance(interval.least, int | float)
    assert isinstance(interval.most, int | float)
    between = chance.uniform(interval.least, min(interval.most, 3 * interval.least + 100))
    between = round(between, 1) if interval.axis in MEMORIES else int(between)
    return [interval.least, min(max(between, interval.least), interval.most), interval.most]


@pytest.mark.parametrize("seed", [0, 1])
def test_inside_nothing_changes_and_one_unit_outside_it_does(ask: Ask, seed: int) -> None:
    axes, rulebook = case(seed)
    answer = ask(rulebook, **axes)
    found = stability(answer)
    assert [i.axis for i in found.intervals] == [a for a in answer.need.stated if a in NUMBERS]
    for interval in found.intervals:
        for value in inside(interval, random.Random(seed)):
            assert ask(rulebook, **{**axes, interval.axis: value}).shortlist == answer.shortlist
        unit = 0.1 if interval.axis in MEMORIES else 1
        for beyond, end, step in (
            (interval.below, interval.least, -unit),
            (interval.above, interval.most, unit),
        ):
            if beyond is None:
                continue
            assert 0 < abs(float(beyond.value) - float(end)) <= unit + 1e-9
            assert (float(beyond.value) - float(end)) * step > 0
            after = ask(rulebook, **{**axes, interval.axis: beyond.value}).shortlist
            assert after == beyond.shortlist != answer.shortlist
            assert set(beyond.comes) == set(after) - set(answer.shortlist)
            assert set(beyond.goes) == set(answer.shortlist) - set(after)


def test_leaving_out_models_that_cannot_matter_leaves_the_shortlist(
    models: Catalogue, ask: Ask
) -> None:
    """What the search builds on: fewer models, the same ranking of those that are left."""
    answer = ask(task="chat", vram=24, use="commercial")
    fewer = Consultant(models, only=answer.kept)
    assert fewer.consult(answer.need, DAY).shortlist == answer.shortlist


def test_a_number_between_two_tenths_is_its_own_end(ask: Ask) -> None:
    """A need of 7.95 GB lies between the steps; it belongs to its interval all the same."""
    (interval,) = stability(ask(modality="code", ram=7.95)).intervals
    assert float(interval.least) <= 7.95 <= float(interval.most)


def test_what_no_licence_counts_has_no_ends(ask: Ask) -> None:
    """Nothing that survives for research in code is bound by revenue at any amount."""
    answer = ask(modality="code", use="research", annual_revenue_usd=5)
    revenue = stability(answer).intervals[-1]
    assert (revenue.axis, revenue.below, revenue.above) == ("annual_revenue_usd", None, None)
    assert revenue.least == 0
    assert interval_told(stability(answer), revenue) == (
        "Still the same shortlist at any number of US dollars of annual revenue."
    )


def test_the_words_name_both_ends_and_what_lies_beyond(ask: Ask) -> None:
    found = stability(ask(modality="code", use="commercial", vram=24))
    (memory,) = found.intervals
    assert memory.below is not None
    assert memory.above is not None
    assert interval_told(found, memory) == (
        f"Still the same shortlist between {memory.least} and {memory.most} GB of GPU memory."
    )
    assert beyond_told(found, memory.above) == (
        "At 24.5: North Mini Code 1.0 30B-A3B comes; Codestral Mamba 7B v0.1 goes."
    )


def test_an_open_end_is_told_as_one(ask: Ask) -> None:
    """A shorter context than stated rules nobody out who is not there already."""
    found = stability(ask(modality="code", use="commercial", min_context=4096))
    (context,) = found.intervals
    assert context.below is None
    assert context.above is not None
    assert interval_told(found, context) == (
        f"Still the same shortlist up to {context.most:,} tokens of required context."
    )


def test_out_of_scope_no_number_matters(ask: Ask) -> None:
    (memory,) = stability(ask(modality="image-generation", vram=24)).intervals
    assert (memory.below, memory.above) == (None, None)


def test_a_need_without_numbers_has_no_intervals(ask: Ask) -> None:
    assert stability(ask(modality="code")).intervals == ()
    assert Need.of({"modality": "code"}).stated.keys().isdisjoint(NUMBERS)
