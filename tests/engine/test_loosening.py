"""The nearest number that is enough is found, and in few steps, however far it lies."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from whyllm.engine.explaining.loosening import boundary

FAR = 10**12


@given(st.integers(0, FAR), st.integers(0, FAR), st.integers(1, FAR))
def test_the_boundary_is_found_in_steps_of_its_logarithm(least: int, gap: int, room: int) -> None:
    first, most = least + 1 + gap, least + 1 + gap + room
    tried: list[int] = []

    def enough(step: int) -> bool:
        tried.append(step)
        return step >= first

    assert boundary(enough, least, most) == first
    assert len(tried) <= 2 * (gap + 1).bit_length() + 4
    assert all(least < step <= most for step in tried)


def test_there_is_none_where_the_farthest_is_not_enough() -> None:
    assert boundary(lambda _: False, 0, 10) is None
    assert boundary(lambda _: True, 10, 10) is None


def test_a_right_hint_spares_the_search_and_a_wrong_one_costs_no_answer() -> None:
    tried: list[int] = []

    def enough(step: int) -> bool:
        tried.append(step)
        return step >= 700

    assert boundary(enough, 0, FAR, [5, 700]) == 700
    assert tried == [5, 700, 699]
    assert boundary(enough, 0, FAR, [5, 900]) == 700
