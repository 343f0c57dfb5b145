"""What tests share: the built-in knowledge, loaded once, and a consultation by keyword."""

from __future__ import annotations

import datetime as dt
import gc
import os
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pytest
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.cataloguing import catalogue
from whyllm.engine.consulting import Consultant, Consultation
from whyllm.engine.need import Need
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.loader import BUILT_IN, load
from whyllm.kb.yaml_file import read_yaml

pytest_plugins = ["tests.browsing", "tests.measuring"]

DAY = dt.date(2026, 11, 23)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--cases", type=int, default=2500, help="random cases for the matcher (default: 2500)"
    )
    parser.addoption(
        "--mutations", type=int, default=2000, help="mutated certificates (default: 2000)"
    )
    parser.addoption(
        "--needs", type=int, default=1000, help="random needs for proofs (default: 1000)"
    )
    parser.addoption(
        "--fuzz", type=int, default=6, help="requests for each operation of the API (default: 6)"
    )
    parser.addoption(
        "--walks", type=int, default=12, help="random walks of the interview (default: 12)"
    )
    parser.addoption(
        "--quiz-items", type=int, default=80, help="quiz items with keys by hand (default: 80)"
    )


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Compiled catalogues go into a cache of the tests; kept measurements are not the user's."""
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.getbasetemp().parent / "cache")
    os.environ["XDG_DATA_HOME"] = str(tmp_path_factory.getbasetemp() / "data")


@pytest.fixture(scope="session")
def kb() -> KnowledgeBase:
    return load()


@pytest.fixture(scope="session")
def reading_effort() -> float:
    """CPU seconds that reading the built-in YAML takes: what the cost of other input is held to."""
    began = time.process_time()
    for path in BUILT_IN.rglob("*.yaml"):
        read_yaml(path)
    return time.process_time() - began


@pytest.fixture(scope="session")
def models(kb: KnowledgeBase) -> Catalogue:
    found = catalogue(kb)
    gc.freeze()  # what all tests read stays out of the collector's way
    gc.set_threshold(100_000, 50, 50)
    return found


@pytest.fixture(scope="session")
def ask(models: Catalogue) -> Callable[..., Consultation]:
    """Ask by keyword; one consultant a rulebook answers, and answers as a fresh one would.

    Tests put the same question many times over; the latest answers, which are frozen, are kept.
    """
    consultants = {rulebook: Consultant(models, rulebook) for rulebook in ("expert", "course")}

    @lru_cache(maxsize=32)
    def answer(rulebook: str, stated: Any, examine: tuple[str, ...]) -> Consultation:
        return consultants[rulebook].consult(Need(dict(stated)), DAY, examine=examine)

    def asked(rulebook: str = "expert", examine: tuple[str, ...] = (), **axes: Any) -> Consultation:
        return answer(rulebook, tuple(Need.of(axes).stated.items()), examine)

    return asked
