"""A measurement in words and rows, which text, Markdown and HTML share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from whyllm.engine.catalogue import Catalogue
from whyllm.engine.measuring.comparison import placed
from whyllm.engine.words import number
from whyllm.kb.measurement_schema import (
    TIE,
    Candidate,
    Checked,
    Figures,
    Measurement,
    Run,
    Spread,
)

NOT_TOLD = "not told"
QUANTISATION = "quantisation"
"""The row that stands even where no server tells it, since then nothing can be decided."""
_TOLD_BY = {"server": "", "name": " (by its name)", "user": " (by your word)"}


@dataclass(frozen=True)
class Row:
    """A line of the table: what it says, and a cell for each candidate."""

    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """What a candidate answered to a prompt first, or why it did not, and its checks over all."""

    name: str
    output: str | None
    fault: str | None
    checks: tuple[str, ...]


def names(measurement: Measurement, catalogue: Catalogue) -> dict[str, str]:
    """Each candidate's name; of one that the catalogue does not know, its id."""
    entries = catalogue.models
    models = (candidate.model for candidate in measurement.candidates)
    return {model: entries[model].name if model in entries else model for model in models}


def headline(measurement: Measurement) -> str:
    """When, how much and for what was measured."""
    prompts, repeats = len(measurement.prompts.asked), measurement.settings.repeats
    work = measurement.work
    parts = [
        f"Measured on {measurement.made}",
        f"{prompts} prompt{'' if prompts == 1 else 's'}, {_times(repeats)}",
        f"for {work.axis} {work.value}" if work else "for no stated work",
    ]
    if measurement.interrupted:
        parts.append("ended by you before it was done")
    return " · ".join(parts)


def machine(measurement: Measurement) -> str:
    """The machine that measured, in a line."""
    told = measurement.machine
    gpus = [f"{gpu.name} {number(gpu.memory_gb)} GB" for gpu in told.gpus]
    memory = f"{number(told.ram_gb)} GB"
    processor = told.processor or told.architecture
    return ", ".join([processor, f"{told.cores} cores", memory, *gpus, told.system])


def rows(measurement: Measurement) -> list[Row]:
    """What is known of the candidates, and their figures."""
    figures = {told.model: told for told in measurement.figures}
    pairs = [(c, figures[c.model]) for c in measurement.candidates if c.model in figures]

    def row(label: str, cell: object) -> Row:
        return Row(label, tuple(cell(*pair) for pair in pairs))  # type: ignore[operator]

    told = [
        row("served as", lambda c, _: c.served),
        row("server", _server),
        row(QUANTISATION, _quantisation),
        row("digest", lambda c, _: c.digest[:19] if c.digest else NOT_TOLD),
        row("memory", _memory),
        row("runs", _runs),
        row("first token, s", lambda _, f: _spread(f.first_token_s)),
        row("tokens a second", lambda _, f: _spread(f.tokens_per_s)),
        row("by the server's clock", lambda _, f: _spread(f.server_tokens_per_s)),
        row("prompt tokens a second", lambda _, f: _spread(f.server_prompt_tokens_per_s)),
        row("whole answer, s", lambda _, f: _spread(f.seconds)),
        row("tokens an answer", lambda _, f: _spread(f.tokens)),
        row("checks passed", _checks),
    ]
    if measurement.votes:
        told.append(row("votes", lambda _, f: f"{f.votes} of {len(measurement.votes)}"))
    return [row for row in told if row.label == QUANTISATION or set(row.cells) != {NOT_TOLD}]


def findings(measurement: Measurement, catalogue: Catalogue) -> list[str]:
    """Who did better than whom, by what; or that nothing says so."""
    called, labels = names(measurement, catalogue), catalogue.labels["figure"]
    found = [
        f"{called[p.better.model]} outdid {called[p.better.rival]}: {labels[p.better.figure]} "
        f"{number(p.better.own)} to {number(p.better.other)}."
        for p in placed(measurement)
    ]
    if found:
        return found
    checked = any(run.checks for run in measurement.runs)
    if not checked and not measurement.votes:
        return ["Nothing was checked or voted on, so nothing says which answers are better."]
    return ["They did equally well, and neither is faster beyond chance."]


def faults(measurement: Measurement, catalogue: Catalogue) -> list[str]:
    """Each fault in a line: of candidates, then of runs."""
    called = names(measurement, catalogue)
    of_candidates = [f"{called[c.model]}: {c.fault}" for c in measurement.candidates if c.fault]
    of_runs = [
        f"{called[run.model]}, {run.prompt}, repeat {run.repeat}: {run.fault}"
        for run in measurement.runs
        if run.fault
    ]
    return [*of_candidates, *of_runs]


def answers(measurement: Measurement, prompt: str, catalogue: Catalogue) -> Iterator[Answer]:
    """What each candidate answered to a prompt, side by side."""
    called = names(measurement, catalogue)
    for candidate in measurement.candidates:
        runs = [run for run in measurement.counted(candidate.model) if run.prompt == prompt]
        whole = next((run for run in runs if run.fault is None), None)
        fault = candidate.fault or "not asked"
        if runs and whole is None:
            fault = runs[0].fault or fault
        yield Answer(
            called[candidate.model],
            None if whole is None else whole.output,
            None if whole is not None else fault,
            tuple(_told_checks(runs)),
        )


def voted(measurement: Measurement, prompt: str, catalogue: Catalogue) -> str | None:
    """The vote on a prompt, in words."""
    called = names(measurement, catalogue)
    for vote in measurement.votes:
        if vote.prompt == prompt:
            return "none is better" if vote.choice == TIE else called[vote.choice]
    return None


def _told_checks(runs: list[Run]) -> Iterator[str]:
    """Each check with how often it passed, and why it did not the first time."""
    by_check: dict[int, list[Checked]] = {}
    for run in runs:
        for place, check in enumerate(run.checks):
            by_check.setdefault(place, []).append(check)
    for checks in by_check.values():
        passed = sum(check.passed for check in checks)
        mark = "✓" if passed == len(checks) else "✗"
        often = "" if len(checks) == 1 else f" ({passed} of {len(checks)})"
        why = next((f": {check.why}" for check in checks if check.why), "")
        yield f"{mark} {checks[0].check}{often}{why}"


def _times(count: int) -> str:
    return {1: "once each", 2: "twice each"}.get(count, f"{count} times each")


def _server(candidate: Candidate, _: Figures) -> str:
    told = " ".join(filter(None, (candidate.server, candidate.version)))
    return f"{told or candidate.api} at {candidate.endpoint}"


def _quantisation(candidate: Candidate, _: Figures) -> str:
    if candidate.quantisation is None:
        return NOT_TOLD
    return f"{candidate.quantisation}{_TOLD_BY[candidate.quantisation_told_by or 'server']}"


def _memory(candidate: Candidate, _: Figures) -> str:
    told = candidate.memory
    if told is None:
        return NOT_TOLD
    return f"{number(told.total_gb)} GB, {number(told.gpu_gb)} on the GPU"


def _runs(_: Candidate, figures: Figures) -> str:
    return f"{figures.runs}, {figures.faults} faulty" if figures.faults else str(figures.runs)


def _checks(_: Candidate, figures: Figures) -> str:
    total = figures.checks_passed + figures.checks_failed
    return f"{figures.checks_passed} of {total}" if total else "none"


def _spread(told: Spread | None) -> str:
    """The median, with the quartiles where they differ."""
    if told is None:
        return NOT_TOLD
    median, low, high = (number(value) for value in (told.median, told.q1, told.q3))
    return median if low == high else f"{median} ({low} to {high})"
