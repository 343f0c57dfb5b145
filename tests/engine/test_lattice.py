"""Minimal sets and minimal hitting sets against brute force; each is the other's dual."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whyllm.engine.explaining.lattice import MOST, minimal_hitting_sets, minimal_sets

MEMBERS = "abcdef"
families = st.lists(st.frozensets(st.sampled_from(MEMBERS)), max_size=6)


def every_set() -> list[frozenset[str]]:
    return [frozenset(c) for size in range(7) for c in combinations(MEMBERS, size)]


def smallest(sets: list[frozenset[str]]) -> set[frozenset[str]]:
    return {one for one in sets if not any(other < one for other in sets)}


@given(families)
def test_minimal_sets_contain_no_other(family: list[frozenset[str]]) -> None:
    assert set(minimal_sets(family, MEMBERS)) == smallest(family)


@given(families)
def test_hitting_sets_meet_every_set_and_are_minimal(family: list[frozenset[str]]) -> None:
    hitting = [one for one in every_set() if all(one & other for other in family)]
    assert set(minimal_hitting_sets(family, MEMBERS)) == smallest(hitting)


@given(families)
def test_the_hitting_sets_of_the_hitting_sets_are_the_minimal_sets(
    family: list[frozenset[str]],
) -> None:
    there = minimal_hitting_sets(family, MEMBERS)
    assert minimal_hitting_sets(there, MEMBERS) == minimal_sets(family, MEMBERS)


def test_no_set_leaves_nothing_to_hit_and_the_empty_set_cannot_be_hit() -> None:
    assert minimal_hitting_sets([], MEMBERS) == [frozenset()]
    assert minimal_hitting_sets([frozenset()], MEMBERS) == []


def test_smaller_sets_come_first_then_the_order_of_the_members() -> None:
    family = [frozenset("cd"), frozenset("f"), frozenset("ab")]
    assert minimal_sets(family, MEMBERS) == [frozenset("f"), frozenset("ab"), frozenset("cd")]


def test_too_many_members_are_refused() -> None:
    with pytest.raises(ValueError, match=f"25 members, at most {MOST}"):
        minimal_sets([], range(25))
