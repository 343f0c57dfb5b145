"""What tests share: the built-in knowledge, loaded once, and a consultation by keyword."""

from __future__ import annotations

import datetime as dt
import gc
import os
from collections.abc import Callable
from typing import Any

import pytest
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.cataloguing import catalogue
from whyllm.engine.consult import Consultant, Consultation
from whyllm.engine.need import Need
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.loader import load

DAY = dt.date(2026, 11, 23)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--cases", type=int, default=2000, help="random cases for the matcher (default: 2000)"
    )
    parser.addoption(
        "--mutations", type=int, default=1000, help="mutated certificates (default: 1000)"
    )
    parser.addoption(
        "--needs", type=int, default=1000, help="random needs for proofs (default: 1000)"
    )


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Compiled catalogues go into a cache of the tests, not into the user's."""
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.getbasetemp().parent / "cache")


@pytest.fixture(scope="session")
def kb() -> KnowledgeBase:
    return load()


@pytest.fixture(scope="session")
def models(kb: KnowledgeBase) -> Catalogue:
    found = catalogue(kb)
    gc.freeze()  # what all tests read stays out of the collector's way
    gc.set_threshold(100_000, 50, 50)
    return found


@pytest.fixture(scope="session")
def ask(models: Catalogue) -> Callable[..., Consultation]:
    """Ask by keyword; one consultant a rulebook answers, and answers as a fresh one would."""
    consultants = {rulebook: Consultant(models, rulebook) for rulebook in ("expert", "course")}

    def asked(rulebook: str = "expert", examine: tuple[str, ...] = (), **axes: Any) -> Consultation:
        return consultants[rulebook].consult(Need.of(axes), DAY, examine=examine)

    return asked
