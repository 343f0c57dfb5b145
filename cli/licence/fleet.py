"""`whyllm licence review --fleet`: a catalogue of any length, judged on a cluster's workers."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from whyllm.cli.exits import ANSWERED, NEGATIVE, WRONG_QUESTION, WrongQuestionError, tell
from whyllm.cli.licence.progress import parts_progress
from whyllm.cli.output import write_json, write_rich
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.fleet.tally import Tally
from whyllm.engine.knowledge import knowledge_base, recogniser
from whyllm.engine.need import Need
from whyllm.engine.reviewing.policy import Policy
from whyllm.engine.reviewing.review import NAMES_NONE
from whyllm.kb.extras import from_extra


@dataclass(frozen=True)
class Fleet:
    """A fleet to review: rows in a file or a folder, the workers, the folder of the results."""

    path: Path
    scheduler: str | None
    jobs: int | None
    column: str | None
    results: Path

    @classmethod
    def asked(
        cls,
        path: Path,
        scheduler: str | None,
        jobs: int | None,
        column: str | None,
        results: Path | None,
        others: bool,
        format_: str,
    ) -> Fleet:
        """The fleet of the options; WrongQuestionError where they do not go together."""
        if others:
            raise WrongQuestionError("--fleet: is reviewed alone, without INPUT or other sources")
        if results is None:
            raise WrongQuestionError("--fleet: needs -o DIR, a folder for the results")
        if scheduler is not None and jobs is not None:
            raise WrongQuestionError("--jobs: a scheduler has its own workers; leave one out")
        if format_ not in ("text", "json"):
            raise WrongQuestionError(
                f"--format: found {format_!r}; of a fleet expected text or json"
            )
        return cls(path, scheduler, jobs, column, results)


def review_fleet(
    fleet: Fleet,
    catalogue: Catalogue,
    folders: Sequence[Path],
    need: Need,
    on: dt.date | None,
    policy: Policy,
    *,
    allow_empty: bool,
) -> Tally:
    """Review the fleet; what was judged before an interruption stands, and is told."""
    with from_extra("cluster", "licence review --fleet"):
        from whyllm.engine.fleet import identity, run
        from whyllm.engine.fleet.parts import parts_of, tables_in
        from whyllm.engine.fleet.worker import Brief
    results = fleet.results.resolve()
    tables = tables_in(fleet.path, str(fleet.path), fleet.column)
    known = recogniser(knowledge_base(folders))
    day = on or identity.begun_on(results) or dt.date.today()
    brief = Brief(catalogue, known, need, day, policy, results)
    identity.begin(brief, tables, str(fleet.results))
    parts = parts_of(tables)
    file = str(policy.file) if policy.file else None
    tally = Tally(need, day, catalogue, file, str(fleet.path), str(fleet.results), len(parts))
    workers = fleet.jobs or os.cpu_count() or 1
    cluster = run.cluster_at(fleet.scheduler) if fleet.scheduler else run.local_cluster(workers)
    try:
        with parts_progress(len(parts)) as progress:
            for outcome in run.outcomes(parts, brief, cluster):
                tally.add(outcome)
                progress(tally.judged + tally.stood, tally.total.rows)
    except KeyboardInterrupt:
        done = tally.judged + tally.stood
        tell(f"{done:,} of {len(parts):,} parts are judged; the same command goes on with the rest")
        raise click.Abort from None
    if not tally.total.rows and not tally.faults and not allow_empty:
        tally.faults.append(f"{fleet.path}: {NAMES_NONE}")
    covered = tally.total.exceptions
    tally.unused_exceptions = [
        one.model for one in policy.exempt.values() if one.model not in covered
    ]
    return tally


def tell_fleet(tally: Tally, format_: str, color: str) -> int:
    """Write what the review came to; gives the exit code."""
    if format_ == "json":
        from whyllm.engine.render.fleet_json import fleet_json

        write_json(fleet_json(tally), None)
    else:
        from whyllm.engine.render.fleet_text import print_fleet

        write_rich(lambda console: print_fleet(console, tally), None, color)
    for fault in tally.all_faults:
        tell(fault)
    if tally.all_faults:
        return WRONG_QUESTION
    return NEGATIVE if tally.total.failed else ANSWERED
