"""What tests share: the built-in knowledge, loaded once, and a consultation by keyword."""

from __future__ import annotations

import asyncio
import datetime as dt
import gc
import os
import signal
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import settings
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.cataloguing import catalogue
from whyllm.engine.consulting import Consultant, Consultation
from whyllm.engine.need import Need
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.loader import BUILT_IN, load
from whyllm.kb.yaml_file import read_yaml

pytest_plugins = ["tests.browsing", "tests.measuring"]

DAY = dt.date(2026, 11, 23)


CAMPAIGNS = {
    "cases": (700, 20_000, "random cases for the matcher"),
    "mutations": (600, 8_000, "mutated certificates"),
    "needs": (250, 2_000, "random needs for proofs"),
    "answers": (60, 600, "random needs for what every answer holds"),
    "graphs": (500, 2_000, "random graphs for each text format"),
    "fixes": (18, 180, "random needs for the smallest changes"),
    "fuzz": (3, 60, "requests for each operation of the API"),
    "walks": (6, 200, "random walks of the interview"),
    "quiz-items": (30, 600, "quiz items with keys by hand"),
    "examples": (40, 1_000, "examples of each property that sets no number itself"),
}
"""Random campaigns: how long each is in the ordinary run, and how long with `--long`."""


def pytest_addoption(parser: pytest.Parser) -> None:
    for name, (ordinary, long, what) in CAMPAIGNS.items():
        parser.addoption(f"--{name}", type=int, help=f"{what} ({ordinary}, or {long} with --long)")
    parser.addoption("--long", action="store_true", help="run the random campaigns at length")
    parser.addoption(
        "--fresh", action="store_true", help="try the extras in fresh virtual environments"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Give each campaign that no option states its length, and Hypothesis that of its own.

    Ctrl-C is heard by what is tested, even where the tests themselves run in the background.
    """
    for name, (ordinary, long, _) in CAMPAIGNS.items():
        option = name.replace("-", "_")
        if getattr(config.option, option) is None:
            setattr(config.option, option, long if config.option.long else ordinary)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell leaves it in the background
        signal.signal(signal.SIGINT, signal.default_int_handler)
    settings.register_profile("campaign", max_examples=config.option.examples)
    settings.load_profile("campaign")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is marked `long` is left to the long run."""
    if not config.option.long:
        left = [item for item in items if item.get_closest_marker("long")]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if not item.get_closest_marker("long")]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`@pytest.mark.seeds(campaign, step)`: a test for every step-th seed of a campaign."""
    mark = metafunc.definition.get_closest_marker("seeds")
    if mark is not None:
        name, step = mark.args
        metafunc.parametrize("seed", range(0, metafunc.config.getoption(f"--{name}"), step))


@pytest.fixture(autouse=True)
def _no_loop_left_running(request: pytest.FixtureRequest) -> Iterator[None]:
    """Playwright leaves its event loop running in this thread, where no other could then run."""
    running = None if "browser" in request.fixturenames else asyncio._get_running_loop()
    if running is None:
        yield
        return
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(running)


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
