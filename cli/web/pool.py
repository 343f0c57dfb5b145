"""Has answers worked out beside the event loop, each once, and keeps the latest."""

from __future__ import annotations

import asyncio
import functools
import os
import signal
import threading
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from pathlib import Path

from cachetools import LRUCache
from whyllm.cli.web.answers import Answer, answer
from whyllm.cli.web.desk import Desk
from whyllm.cli.web.wanted import Wanted

KEPT_BYTES = 64_000_000
"""Of answers that are kept, the latest asked for."""

MOST_WAITING = 200
"""Different questions at once; beyond that a visitor is asked to come back."""

SECONDS = 60
"""The longest that a visitor waits for one answer."""

_desk: Desk | None = None


class BusyError(Exception):
    """Too many questions at once, or one that takes too long."""


class Pool:
    """Workers with a desk each. An answer depends on what is wanted alone, so it can be kept."""

    def __init__(self, folders: tuple[Path, ...], workers: int, warm: Wanted | None = None) -> None:
        """`workers` are processes; with none, one thread works. They warm up for a day."""
        self._executor: Executor = (
            ProcessPoolExecutor(
                workers, get_context("spawn"), initializer=_open_desk, initargs=(folders, warm)
            )
            if workers
            else ThreadPoolExecutor(1, initializer=_open_desk, initargs=(folders, warm))
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
            loop = asyncio.get_running_loop()
            future = asyncio.ensure_future(loop.run_in_executor(self._executor, _work, wanted))
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

    def close(self) -> None:
        """Let the workers go."""
        self._executor.shutdown(wait=False, cancel_futures=True)


def _weight(found: Answer) -> int:
    return found.weight


def _open_desk(folders: tuple[Path, ...], warm: Wanted | None) -> None:
    """In a worker: load the knowledge once; a process ends with its server and not before."""
    global _desk
    server = parent_process()
    if server is not None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        threading.Thread(target=_end_with, args=(server,), daemon=True).start()
    _desk = Desk(folders)
    if warm is not None:
        _desk.warm(warm.today)


def _end_with(server: BaseProcess) -> None:
    """Wait for the server's end, however it comes; a worker left alone would wait for ever."""
    server.join()
    os._exit(0)


def _work(wanted: Wanted) -> Answer:
    assert _desk is not None
    return answer(_desk, wanted)
