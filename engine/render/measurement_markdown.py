"""A measurement as Markdown, in which outputs start, link and mention nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from whyllm.engine.catalogue import Catalogue
from whyllm.engine.render.measurement_words import (
    answers,
    faults,
    findings,
    headline,
    machine,
    names,
    rows,
    voted,
)
from whyllm.engine.render.review.markdown_escapes import code, prose
from whyllm.kb.errors import printable
from whyllm.kb.measurement_schema import Measurement

_FENCES = re.compile(r"`{3,}")


def markdown(measurement: Measurement, catalogue: Catalogue) -> str:
    """The whole measurement: figures in a table, then the answers prompt by prompt."""
    return "\n".join(_lines(measurement, catalogue)).rstrip() + "\n"


def _lines(measurement: Measurement, catalogue: Catalogue) -> Iterator[str]:
    yield f"# {prose(headline(measurement))}"
    yield ""
    yield f"{prose(machine(measurement))}. Median (first to third quartile)."
    yield ""
    called = names(measurement, catalogue)
    yield f"| | {' | '.join(prose(name) for name in called.values())} |"
    yield f"|---{'|---' * len(called)}|"
    for row in rows(measurement):
        yield f"| {row.label} | {' | '.join(prose(cell) for cell in row.cells)} |"
    yield ""
    for line in findings(measurement, catalogue):
        yield f"- {prose(line)}"
    yield ""
    for prompt in measurement.prompts.asked:
        yield f"## {prose(prompt.id)}"
        yield ""
        if prompt.text is not None:
            yield from _fenced(prompt.text)
        vote = voted(measurement, prompt.id, catalogue)
        if vote:
            yield f"Voted best: {prose(vote)}."
            yield ""
        for answer in answers(measurement, prompt.id, catalogue):
            yield f"### {prose(answer.name)}"
            yield ""
            if answer.fault is not None:
                yield f"No answer: {prose(answer.fault)}"
                yield ""
            elif answer.output is None:
                yield "(kept without texts)"
                yield ""
            else:
                yield from _fenced(answer.output)
            for line in answer.checks:
                yield f"- {line[0]} {code(line[2:])}"
            if answer.checks:
                yield ""
    told = faults(measurement, catalogue)
    if told:
        yield "## Faults"
        yield ""
        yield from (f"- {prose(line)}" for line in told)


def _fenced(text: str) -> Iterator[str]:
    """A text as a block of code, whose fence is longer than any in it."""
    longest = max((len(fence) for fence in _FENCES.findall(text)), default=2)
    fence = "`" * max(3, longest + 1)
    yield f"{fence}text"
    yield from (printable(line) for line in text.expandtabs(4).splitlines())
    yield fence
    yield ""
