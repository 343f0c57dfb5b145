"""Blind votes: which output to a prompt is liked best by one who sees letters and no names."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from whyllm.engine.measuring.figures import figures
from whyllm.kb.errors import KnowledgeError
from whyllm.kb.files import read_raw
from whyllm.kb.json_file import parse_json
from whyllm.kb.measurement_schema import TIE, Measurement, Vote
from whyllm.kb.schema import Entry, Slug
from whyllm.kb.validation import first_fault

SCHEMA = "whyllm.votes/1"
LETTERS = "ABC"


class LetterVote(Entry):
    """A vote as it was given: for a letter, or for none."""

    prompt: str
    choice: Literal["A", "B", "C", "tie"]


class VotesFile(Entry):
    """`whyllm.votes/1`: what the page on a measurement saves."""

    schema_: Literal["whyllm.votes/1"] = Field(alias="schema")
    session: Slug = Field(description="the id of the measurement voted on")
    votes: tuple[LetterVote, ...] = Field(max_length=1_000)


def lettered(measurement: Measurement, prompt: str) -> dict[str, str]:
    """The letters under which outputs to a prompt are shown blind, each with its candidate.

    Their order hangs on the seed, the session and the prompt. Only candidates with a whole run
    have one.
    """
    models = [
        candidate.model
        for candidate in measurement.candidates
        if output_of(measurement, candidate.model, prompt) is not None
    ]
    chance = random.Random(f"{measurement.settings.seed} {measurement.id} {prompt}")
    chance.shuffle(models)
    return dict(zip(LETTERS, models, strict=False))


def output_of(measurement: Measurement, model: str, prompt: str) -> str | None:
    """The first whole output of a candidate to a prompt; '' if it was kept without texts."""
    for run in measurement.counted(model):
        if run.prompt == prompt and run.fault is None:
            return run.output or ""
    return None


def votable(measurement: Measurement) -> list[str]:
    """The prompts to which there are two outputs or more, in their order."""
    asked = measurement.prompts.asked
    return [prompt.id for prompt in asked if len(lettered(measurement, prompt.id)) > 1]


def vote_for(measurement: Measurement, prompt: str, choice: str) -> Vote:
    """A vote for a letter, or TIE; KeyError for a letter that no output bore."""
    named = choice if choice == TIE else lettered(measurement, prompt)[choice]
    return Vote(prompt=prompt, choice=named)


def with_votes(measurement: Measurement, votes: Sequence[Vote]) -> Measurement:
    """The measurement with these votes in place of those it had."""
    runs, models = measurement.runs, [c.model for c in measurement.candidates]
    changed = {"votes": tuple(votes), "figures": tuple(figures(m, runs, votes) for m in models)}
    return measurement.model_copy(update=changed)


def read_votes(path: Path) -> VotesFile:
    """A file of votes; KnowledgeError says file, key and fault."""
    data = parse_json(read_raw(path), path)
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise KnowledgeError(f"expected votes that the page has saved: JSON of {SCHEMA}", path)
    try:
        return VotesFile.model_validate(data)
    except ValidationError as error:
        raise KnowledgeError(first_fault(error, "the votes")[1], path) from None


def votes_of(said: VotesFile, measurement: Measurement, path: Path) -> list[Vote]:
    """The votes of a file, by candidate; KnowledgeError where they are not on the measurement."""
    if said.session != measurement.id:
        raise KnowledgeError(
            f"session: found {said.session!r}, expected votes on {measurement.id!r}", path
        )
    found: dict[str, Vote] = {}
    known = votable(measurement)
    for place, vote in enumerate(said.votes):
        if vote.prompt not in known:
            text = f"votes.{place}.prompt: no prompt {vote.prompt!r} to vote on"
            raise KnowledgeError(text, path)
        if vote.prompt in found:
            raise KnowledgeError(f"votes.{place}.prompt: a second vote on {vote.prompt!r}", path)
        try:
            found[vote.prompt] = vote_for(measurement, vote.prompt, vote.choice)
        except KeyError:
            text = f"votes.{place}.choice: no output {vote.choice} to {vote.prompt!r}"
            raise KnowledgeError(text, path) from None
    return list(found.values())
