"""Has answers worked out beside the event loop, each once, and keeps the latest."""

from __future__ import annotations

import asyncio
import functools
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import (
    BrokenExecutor,
    Executor,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from pathlib import Path

from cachetools import LRUCache
from whyllm.cli.desk import Desk
from whyllm.cli.web.answers import Answer, answer
from whyllm.cli.web.wanted import Wanted

KEPT_BYTES = 64_000_000
"""Of answers that are kept, the latest asked for."""

MOST_WAITING = 200
"""Different questions at once; beyond that a visitor is asked to come back."""

SECONDS = 60
"""The longest that a visitor waits for one answer."""

LONG = frozenset({"page:quiz", "page:paper", "page:review", "review"})
"""Answers that can take seconds; they wait for each other, and no other answer for them."""

YIELDING = 5
"""By how much workers yield the processor to the server, which hands out what is kept."""

_desk: Desk | None = None


class BusyError(Exception):
    """Too many questions at once, or one that takes too long."""


class _Lane:
    """Workers with a desk each; when one is lost, all are replaced."""

    def __init__(self, start: Callable[[], Executor]) -> None:
        self._start = start
        self._executor = start()

    async def work_out(self, wanted: Wanted) -> Answer:
        """The answer; one whose worker was lost is tried once more, then it is BusyError."""
        for _ in range(2):
            executor = self._executor
            try:
                return await asyncio.get_running_loop().run_in_executor(executor, _work, wanted)
            except BrokenExecutor:
                if self._executor is executor:  # the first that sees it replaces them for all
                    self._executor = self._start()
                    executor.shutdown(wait=False)
        raise BusyError

    def ready(self, workers: int) -> None:
        """Let the workers begin to read before the first question comes."""
        for _ in range(workers):
            self._executor.submit(_be_ready)

    def close(self) -> None:
        """Let the workers go."""
        self._executor.shutdown(wait=False, cancel_futures=True)


class Pool:
    """Workers with a desk each. An answer depends on what is wanted alone, so it can be kept."""

    def __init__(self, folders: tuple[Path, ...], workers: int, warm: Wanted | None = None) -> None:
        """`workers` are processes, beside one for what takes long; with none, one thread works.

        They warm up for a day.
        """
        self._workers = workers
        self._usual = _Lane(functools.partial(_started, folders, workers, warm))
        self._long = (
            _Lane(functools.partial(_started, folders, 1, None)) if workers else self._usual
        )
        self._kept: LRUCache[Wanted, Answer] = LRUCache(KEPT_BYTES, getsizeof=_weight)
        self._under_way: dict[Wanted, asyncio.Future[Answer]] = {}

    async def answer(self, wanted: Wanted) -> Answer:
        """The answer, kept or worked out; BusyError when it would take too long."""
        kept = self._kept.get(wanted)
        if kept is not None:
            return kept
        future = self._under_way.get(wanted)
        if future is None:
            if len(self._under_way) >= MOST_WAITING:
                raise BusyError
            lane = self._long if _may_take_long(wanted) else self._usual
            future = asyncio.ensure_future(lane.work_out(wanted))
            self._under_way[wanted] = future
            future.add_done_callback(functools.partial(self._keep, wanted))
        try:
            return await asyncio.wait_for(asyncio.shield(future), SECONDS)
        except TimeoutError:
            raise BusyError from None

    def _keep(self, wanted: Wanted, future: asyncio.Future[Answer]) -> None:
        self._under_way.pop(wanted, None)
        if future.cancelled() or future.exception() is not None:
            return
        found = future.result()
        if found.weight < KEPT_BYTES // 20:
            self._kept[wanted] = found

    def ready(self) -> None:
        """Let the processes begin to read before the first question comes."""
        if self._workers:
            self._usual.ready(self._workers)
            self._long.ready(1)

    def close(self) -> None:
        """Let the workers go."""
        self._usual.close()
        self._long.close()


def _may_take_long(wanted: Wanted) -> bool:
    """An empty form is shown at once."""
    return wanted.answer in LONG and bool(wanted.pairs or wanted.text)


def _started(folders: tuple[Path, ...], workers: int, warm: Wanted | None) -> Executor:
    if not workers:
        return ThreadPoolExecutor(1, initializer=_open_desk, initargs=(folders, warm))
    return ProcessPoolExecutor(
        workers, get_context("spawn"), initializer=_open_desk, initargs=(folders, warm)
    )


def _weight(found: Answer) -> int:
    return found.weight


def _open_desk(folders: tuple[Path, ...], warm: Wanted | None) -> None:
    """In a worker: load the knowledge once; a process ends with its server and not before."""
    global _desk
    server = parent_process()
    if server is not None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if hasattr(os, "nice"):
            os.nice(YIELDING)
        threading.Thread(target=_end_with, args=(server,), daemon=True).start()
    _desk = Desk(folders)
    if warm is not None:
        _desk.warm(warm.today)


def _end_with(server: BaseProcess) -> None:
    """Wait for the server's end, however it comes; a worker left alone would wait for ever."""
    server.join()
    os._exit(0)


def _be_ready() -> None:
    """Nothing: the worker that does it has its desk open."""


def _work(wanted: Wanted) -> Answer:
    assert _desk is not None
    return answer(_desk, wanted)
