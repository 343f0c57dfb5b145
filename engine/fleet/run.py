"""Runs a review on a cluster: sends the knowledge out once, then has every part judged.

dask places the parts, gives those of a lost worker to another, and gives a part up that has cost
several workers. What stands in the folder of the results is not judged again.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

from distributed import Client, Future, KilledWorker, LocalCluster, as_completed
from whyllm.engine.fleet.outcome import Outcome
from whyllm.engine.fleet.parts import Part
from whyllm.engine.fleet.results import standing
from whyllm.engine.fleet.worker import Brief, Reviewer, judge_part
from whyllm.kb.errors import KnowledgeError

SECONDS_TO_CONNECT = 10
"""The longest wait for a scheduler, and then for its first worker."""


def outcomes(
    parts: Sequence[Part], brief: Brief, cluster: AbstractContextManager[Client]
) -> Iterator[Outcome | str]:
    """The outcome of each part as it comes, first of those that stand; or why a part has none.

    The cluster is entered only where a part is left to be judged.
    """
    left = []
    for part in parts:
        done = standing(brief.folder, part.number)
        if done:
            yield done
        else:
            left.append(part)
    if not left:
        return
    name = f"whyllm-{secrets.token_hex(6)}"
    with cluster as client, _reviewers(client, Reviewer(name, brief)):
        keys = [f"{name}-{part.number}" for part in left]
        part_of = dict(zip(keys, left, strict=True))
        futures = client.map(judge_part, [name] * len(left), left, key=keys, pure=False)
        try:
            for future in as_completed(futures):
                yield _outcome(future, part_of[future.key])
                future.release()  # else the result would be worked out again if its worker is lost
        finally:
            client.cancel(futures)


def _outcome(future: Future[Outcome | str], part: Part) -> Outcome | str:
    try:
        return future.result()
    except KilledWorker:
        where = f"{part.table.shown}: from {part.start:,} to {part.stop:,}"
        return f"{where}: given up, for it cost several workers; have they memory enough?"


@contextmanager
def _reviewers(client: Client, reviewer: Reviewer) -> Iterator[None]:
    """A reviewer on every worker; KnowledgeError where they cannot have one."""
    try:
        client.register_plugin(reviewer)
    except Exception as error:  # whatever a worker raised: it lacks whyllm, or has another version
        said = f"{type(error).__name__}: {error}"
        raise KnowledgeError(f"the workers cannot take the knowledge: {said}") from error
    try:
        yield
    finally:
        client.unregister_worker_plugin(reviewer.name)


@contextmanager
def local_cluster(workers: int) -> Iterator[Client]:
    """That many worker processes on this machine, of one thread each."""
    cluster = LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",  # any free port: a taken one is warned of
        silence_logs=logging.CRITICAL,
    )
    with cluster, Client(cluster) as client:
        yield client


@contextmanager
def cluster_at(address: str) -> Iterator[Client]:
    """The cluster of a scheduler; KnowledgeError where it cannot be reached or has no workers."""
    try:
        client = Client(address, timeout=SECONDS_TO_CONNECT)
    except (OSError, ValueError, TypeError) as error:
        said = str(error) or "no answer"
        raise KnowledgeError(f"--scheduler {address}: cannot be reached: {said}") from None
    with client:
        try:
            client.wait_for_workers(1, SECONDS_TO_CONNECT)
        except TimeoutError:
            raise KnowledgeError(f"--scheduler {address}: has no workers") from None
        yield client
