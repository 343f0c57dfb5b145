"""What a worker does: it is given the knowledge once, and then judges part after part."""

from __future__ import annotations

import datetime as dt
import gc
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock

from distributed import Worker, WorkerPlugin, get_worker
from pyarrow import ArrowInvalid
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.fleet.outcome import Outcome
from whyllm.engine.fleet.parts import Part
from whyllm.engine.fleet.results import standing, write
from whyllm.engine.fleet.rows import rows_of
from whyllm.engine.inventory.mention import Fault
from whyllm.engine.need import Need
from whyllm.engine.reviewing.declared import Recogniser
from whyllm.engine.reviewing.judge import Judge
from whyllm.engine.reviewing.policy import Policy

TOGETHER = 5_000
"""Rows that are judged together: more than a review of a list takes, for fewer consultations."""


@dataclass(frozen=True)
class Brief:
    """All that a worker must know: what to judge by, and the folder that the results go to."""

    catalogue: Catalogue
    recogniser: Recogniser
    need: Need
    on: dt.date
    policy: Policy
    folder: Path

    def judge(self) -> Judge:
        """A judge by this brief."""
        names = self.catalogue.names.without_suggestions()
        return Judge(
            self.catalogue, names, lambda: self.recogniser, self.need, self.on, self.policy
        )


class Reviewer(WorkerPlugin):
    """Stays on a worker for a run; every worker is sent it once, those that come later too."""

    def __init__(self, name: str, brief: Brief) -> None:
        self.name = name
        self._brief = brief

    def setup(self, worker: Worker) -> None:
        """Begin on a worker; one of several threads takes a part at a time."""
        self._turn = Lock()

    @cached_property
    def _judge(self) -> Judge:
        judge = self._brief.judge()
        gc.collect()
        gc.freeze()  # the knowledge stays: the collector need not go through it again and again
        return judge

    def outcome(self, part: Part) -> Outcome:
        """The part's outcome; it is judged and written unless that was done before."""
        with self._turn:
            folder = self._brief.folder
            if done := standing(folder, part.number):
                return done
            fail_on, outcome = self._brief.policy.fail_on, Outcome(part.number)
            items = self._judge.items(rows_of(part), TOGETHER)
            judged = (
                (one, not isinstance(one, Fault) and one.finding.fails(fail_on)) for one in items
            )
            write(folder, outcome, judged)
            return outcome


def judge_part(name: str, part: Part) -> Outcome | str:
    """The outcome of a part on the worker that runs this, or why its file cannot be read.

    `name` is that of the Reviewer.
    """
    reviewer = get_worker().plugins[name]
    assert isinstance(reviewer, Reviewer)
    try:
        return reviewer.outcome(part)
    except (OSError, ArrowInvalid) as error:
        reason = getattr(error, "strerror", None) or error
        return f"{part.table.shown}: cannot be read or judged: {reason}"
