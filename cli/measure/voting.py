"""Blind voting on a terminal: outputs under letters, one prompt after another."""

from __future__ import annotations

import sys

import click
from whyllm.cli.exits import WrongQuestionError, tell
from whyllm.cli.output import remarks_console
from whyllm.engine.measuring.votes import lettered, output_of, votable, vote_for
from whyllm.kb.errors import printable
from whyllm.kb.measurement_schema import TIE, Measurement, Vote

SAME = "="
SKIP = "s"
END = "q"


def refuse_without_terminal() -> None:
    """Raise WrongQuestionError where nobody could vote."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise WrongQuestionError(
            "--vote: standard input is no terminal; --format html gives a page to vote on"
        )


def votes_at_terminal(measurement: Measurement) -> list[Vote]:
    """The votes given at the terminal; what was given stands if the user ends it."""
    from rich.panel import Panel
    from rich.text import Text

    console, votes = remarks_console(), list[Vote]()
    prompts = votable(measurement)
    asked = {prompt.id: prompt for prompt in measurement.prompts.asked}
    if any(asked[name].text is None for name in prompts):
        raise WrongQuestionError(
            "--vote: this result was kept without texts, there is nothing to see"
        )
    for place, name in enumerate(prompts, 1):
        letters = lettered(measurement, name)
        console.print(Text(f"\nPrompt {place} of {len(prompts)}: {name}", style="bold"))
        console.print(Text(_shown(asked[name].text or "")))
        for letter, model in letters.items():
            output = output_of(measurement, model, name) or ""
            console.print(Panel(Text(_shown(output)), title=letter, title_align="left"))
        try:
            choice = _choice([*letters])
        except (click.Abort, EOFError, KeyboardInterrupt):
            choice = END
        if choice == END:
            tell(f"voting ended; {len(votes)} of {len(prompts)} prompts are voted on")
            break
        if choice != SKIP:
            votes.append(vote_for(measurement, name, TIE if choice == SAME else choice))
    return votes


def _choice(letters: list[str]) -> str:
    """A letter, SAME, SKIP or END, asked for until it is one of them."""
    while True:
        said = click.prompt(
            f"Which is best? {', '.join(letters)}, {SAME} none is better, {SKIP} skip, {END} end",
            err=True,
            prompt_suffix=": ",
        ).strip()
        if said.upper() in letters:
            return str(said.upper())
        if said.lower() in (SAME, SKIP, END):
            return str(said.lower())


def _shown(text: str) -> str:
    """A text of several lines without what could steer the terminal."""
    return "\n".join(printable(line) for line in text.expandtabs(4).splitlines())
