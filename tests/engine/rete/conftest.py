"""How many random cases the matcher is held against brute force on."""

from __future__ import annotations

import pytest


@pytest.fixture
def case_count(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--cases"))
