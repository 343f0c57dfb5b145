"""Medians, spreads, and who did better: worked out by hand, and against properties."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whyllm.engine.measuring.comparison import BEST, SOME, placed
from whyllm.engine.measuring.figures import figures, spread

from tests.engine.measuring.made import measured

GOOD: dict[str, Any] = {"passed": [True]}
BAD: dict[str, Any] = {"passed": [False]}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([7.0], (1, 7.0, 7.0, 7.0, 7.0, 7.0)),
        ([2.0, 1.0], (2, 1.5, 1.25, 1.75, 1.0, 2.0)),
        ([3.0, None, 1.0, 2.0], (3, 2.0, 1.5, 2.5, 1.0, 3.0)),
        ([1.0, 2.0, 3.0, 4.0], (4, 2.5, 1.75, 3.25, 1.0, 4.0)),
        ([10.0, 20.0, 30.0, 40.0, 50.0], (5, 30.0, 20.0, 40.0, 10.0, 50.0)),
    ],
)  # fmt: skip
def test_a_spread_by_hand(values: list[float | None], expected: tuple[float, ...]) -> None:
    found = spread(values)
    assert found is not None
    assert tuple(found.model_dump().values()) == expected


@given(st.lists(st.floats(0, 1e9, allow_subnormal=False), min_size=1, max_size=40))
def test_a_spread_is_in_order_and_among_the_values(values: list[float]) -> None:
    found = spread(values)
    assert found is not None
    assert found.least <= found.q1 <= found.median <= found.q3 <= found.most
    assert (found.least, found.most) == (round(min(values), 4), round(max(values), 4))
    below = sum(round(value, 4) <= found.median + 1e-4 for value in values)
    above = sum(round(value, 4) >= found.median - 1e-4 for value in values)
    assert 2 * below >= len(values) <= 2 * above


def test_nothing_known_is_no_spread() -> None:
    assert spread([]) is None
    assert spread([None, None]) is None


def test_a_faulty_run_counts_as_a_fault_and_as_nothing_else() -> None:
    told = measured(
        {"a": [{**GOOD, "tokens_per_s": 30.0}, {"fault": "no whole answer", "tokens_per_s": 1.0}]}
    )
    found = figures("a", told.runs, told.votes)
    assert (found.runs, found.faults, found.checks_passed, found.checks_failed) == (2, 1, 1, 0)
    assert found.tokens_per_s is not None
    assert (found.tokens_per_s.count, found.tokens_per_s.median) == (1, 30.0)


def test_a_warm_up_counts_nowhere() -> None:
    told = measured({"a": [{"warm_up": True, "prompt": "warm-up"}, GOOD]})
    assert figures("a", told.runs, told.votes).runs == 1


def verdicts(**said: Any) -> list[tuple[str, str, str, float, float, int]]:
    found = measured(**said)
    return [
        (p.better.model, p.better.rival, p.better.figure, p.better.own, p.better.other, p.level)
        for p in placed(found)
    ]


def test_more_checks_passed_is_better() -> None:
    assert verdicts(outcomes={"a": [GOOD, BAD, BAD], "b": [GOOD, GOOD, BAD]}) == [
        ("b", "a", "checks", 66.6667, 33.3333, BEST)
    ]


def test_checks_are_weighed_before_votes_and_votes_before_speed() -> None:
    fast, slow = {"tokens_per_s": 90.0}, {"tokens_per_s": 10.0}
    against = [("one", "b")]
    assert verdicts(outcomes={"a": [{**GOOD, **slow}], "b": [{**BAD, **fast}]}, votes=against) == [
        ("a", "b", "checks", 100.0, 0.0, BEST)
    ]
    assert verdicts(outcomes={"a": [{**GOOD, **fast}], "b": [{**GOOD, **slow}]}, votes=against) == [
        ("b", "a", "votes", 1.0, 0.0, BEST)
    ]
    assert verdicts(
        outcomes={"a": [{**GOOD, **fast}], "b": [{**GOOD, **slow}]}, votes=[("one", "tie")]
    ) == [("a", "b", "speed", 90.0, 10.0, BEST)]


def test_speed_alone_says_nothing_of_answers() -> None:
    assert verdicts(outcomes={"a": [{"tokens_per_s": 90.0}], "b": [{"tokens_per_s": 10.0}]}) == []


def test_speed_within_chance_is_no_difference() -> None:
    def runs(*rates: float) -> list[dict[str, Any]]:
        return [{**GOOD, "tokens_per_s": rate} for rate in rates]

    assert verdicts(outcomes={"a": runs(10, 20, 30), "b": runs(14, 24, 34)}) == []
    assert verdicts(outcomes={"a": runs(10, 11, 12), "b": runs(14, 24, 34)}) == [
        ("b", "a", "speed", 24.0, 11.0, BEST)
    ]


def test_the_servers_clocks_count_where_both_tell() -> None:
    both = {
        "a": [{**GOOD, "tokens_per_s": 9000.0, "server_tokens_per_s": 20.0}],
        "b": [{**GOOD, "tokens_per_s": 30.0, "server_tokens_per_s": 31.0}],
    }
    assert verdicts(outcomes=both) == [("b", "a", "speed", 31.0, 20.0, BEST)]
    one = {**both, "b": [{**GOOD, "tokens_per_s": 30.0}]}
    assert verdicts(outcomes=one) == [("a", "b", "speed", 9000.0, 30.0, BEST)]
    none = {"a": [{**GOOD, "tokens_per_s": None}], "b": [GOOD]}
    assert verdicts(outcomes=none) == []


def test_only_what_both_answered_is_compared() -> None:
    fault = {"fault": "no whole answer within 1 s"}
    outcomes = {"a": [GOOD, BAD, BAD], "b": [GOOD, fault, fault]}
    assert verdicts(outcomes=outcomes) == []
    assert verdicts(outcomes={"a": [GOOD], "b": [fault]}) == []


def test_of_three_the_best_the_middle_and_the_last() -> None:
    outcomes = {"a": [GOOD, BAD, BAD], "b": [GOOD, GOOD, GOOD], "c": [GOOD, GOOD, BAD]}
    assert {(m, r): level for m, r, *_, level in verdicts(outcomes=outcomes)} == {
        ("b", "a"): BEST,
        ("b", "c"): BEST,
        ("c", "a"): SOME,
    }


def test_two_that_share_the_first_place() -> None:
    outcomes = {"a": [GOOD], "b": [GOOD], "c": [BAD]}
    same = {model: [{**runs[0], "tokens_per_s": 5.0}] for model, runs in outcomes.items()}
    assert {(m, r): level for m, r, *_, level in verdicts(outcomes=same)} == {
        ("a", "c"): BEST,
        ("b", "c"): BEST,
    }


@given(
    st.lists(
        st.lists(st.tuples(st.booleans(), st.floats(1, 100)), min_size=2, max_size=2),
        min_size=2,
        max_size=3,
    )
)
def test_nobody_outdoes_the_one_who_outdoes_him(told: list[list[tuple[bool, float]]]) -> None:
    outcomes = {
        name: [{"passed": [ok], "tokens_per_s": rate} for ok, rate in runs]
        for name, runs in zip("abc", told, strict=False)
    }
    pairs = {(model, rival) for model, rival, *_ in verdicts(outcomes=outcomes)}
    assert not pairs & {(rival, model) for model, rival in pairs}
    best = {model for model, *_, level in verdicts(outcomes=outcomes) if level == BEST}
    assert not best & {rival for _, rival in pairs}
