"""The shape of a measurement: models put head to head on a user's own prompts, run by run.

`whyllm measure` writes it, and a folder of knowledge may hold it under `measurements/`. What is
told of a candidate is worked out from its runs; `figures` repeats it for other readers.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AwareDatetime, ConfigDict, Field, model_validator
from whyllm.kb.schema import Entry, Label, PartialDate, Slug

MOST_CANDIDATES = 3
"""As many as the chapter pits head to head."""

SCHEMA = "whyllm.measurement/1"

TIE = "tie"
"""The vote that no output was better."""

Count = Annotated[int, Field(strict=True, ge=0, le=10**12)]
Amount = Annotated[float, Field(ge=0, le=1e12)]
Line = Annotated[str, Field(max_length=600)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
PromptId = Annotated[str, Field(min_length=1, max_length=80)]
Quantisation = Annotated[str, Field(pattern=r"^[A-Z0-9_]+$", max_length=20)]


class MeasuredPart(Entry):
    """A part of a measurement, which says every key; an unknown value is null. Texts stay whole."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False)


class Gpu(MeasuredPart):
    """A GPU, as nvidia-smi tells of it."""

    name: Label
    memory_gb: Amount = Field(description="1e9 bytes")


class Computer(MeasuredPart):
    """The machine that measured; `id` tells it from others."""

    id: str = Field(pattern=r"^[0-9a-f]{12}$", description="digest of the other keys")
    system: Label
    architecture: Label
    processor: Line
    cores: Count
    ram_gb: Amount = Field(description="main memory, 1e9 bytes, to the whole number")
    gpus: tuple[Gpu, ...]


class Work(MeasuredPart):
    """What the prompts are work for: the task, else the modality, of the need."""

    axis: Literal["task", "modality"]
    value: str = Field(min_length=1, max_length=60)


class Settings(MeasuredPart):
    """How it was measured. `order`: the candidates in blocks, rotated with each repeat."""

    repeats: Count
    timeout_s: Amount
    temperature: Amount
    seed: Count
    order: Literal["blocks-rotated"]


class PromptAsked(MeasuredPart):
    """A prompt; its text is null in a measurement that was kept without texts."""

    id: PromptId
    text: str | None
    system: str | None
    max_tokens: Count
    checks: tuple[Line, ...] = Field(description="each check in a line")


class Prompts(MeasuredPart):
    """The prompts, and the SHA-256 of their file."""

    digest: Digest
    asked: tuple[PromptAsked, ...] = Field(min_length=1)


class MemoryTold(MeasuredPart):
    """What the server says that a loaded model takes, 1e9 bytes; `gpu_gb` of it on the GPU."""

    total_gb: Amount
    gpu_gb: Amount


class Candidate(MeasuredPart):
    """A model of the catalogue, and what a server serves for it."""

    model: Slug
    served: str = Field(min_length=1, max_length=500, description="the name that the server uses")
    endpoint: str = Field(max_length=500)
    local: bool = Field(description="whether the server is this machine by its address")
    api: Literal["ollama", "openai"]
    server: Line | None = Field(description="what the server calls itself")
    version: Line | None
    quantisation: Quantisation | None
    quantisation_told_by: Literal["server", "name", "user"] | None
    digest: Line | None = Field(description="of the weights, as the server tells it")
    memory: MemoryTold | None
    fault: Line | None = Field(description="why it could not be measured at all")


class Checked(MeasuredPart):
    """One check of one output; `why` says what was found where it did not pass."""

    check: Line
    passed: bool
    why: Line | None


class Run(MeasuredPart):
    """One prompt put to one candidate once. A run without `fault` is whole.

    Seconds count from the moment at which the request is sent, by this machine's clock. A figure
    with `server_` is by the server's own clock.
    """

    model: Slug
    prompt: PromptId
    repeat: Count = Field(description="from 1")
    warm_up: bool = Field(description="not counted")
    began: AwareDatetime
    first_token_s: Amount | None = Field(description="until any text, thinking included")
    first_answer_s: Amount | None = Field(description="until text of the answer")
    seconds: Amount = Field(description="until the end, or until the fault")
    tokens: Count | None = Field(description="generated, thinking included, as the server counts")
    pieces: Count = Field(description="in which the text came")
    prompt_tokens: Count | None
    tokens_per_s: Amount | None = Field(description="generated after the first piece")
    server_tokens_per_s: Amount | None
    server_prompt_tokens_per_s: Amount | None
    server_load_s: Amount | None
    finish: Line | None = Field(description="why it ended, in the server's word")
    output: str | None = Field(description="null where it was kept without texts")
    output_digest: Digest
    thinking_characters: Count
    checks: tuple[Checked, ...]
    fault: Line | None


class Vote(MeasuredPart):
    """The candidate whose output to a prompt was liked best, or `tie`, by one who saw no names."""

    prompt: PromptId
    choice: Slug


class Spread(MeasuredPart):
    """Median, quartiles (inclusive) and extremes of some runs."""

    count: Count
    median: Amount
    q1: Amount
    q3: Amount
    least: Amount
    most: Amount


class Figures(MeasuredPart):
    """The counted runs of a candidate in figures."""

    model: Slug
    runs: Count
    faults: Count
    first_token_s: Spread | None
    seconds: Spread | None
    tokens: Spread | None
    tokens_per_s: Spread | None
    server_tokens_per_s: Spread | None
    server_prompt_tokens_per_s: Spread | None
    checks_passed: Count
    checks_failed: Count
    votes: Count


class Measurement(MeasuredPart):
    """`whyllm.measurement/1`: a session in which candidates were put head to head."""

    schema_: Literal["whyllm.measurement/1"] = Field(alias="schema")
    id: Slug
    made: PartialDate = Field(description="the day, by this machine's clock")
    began: AwareDatetime
    seconds: Amount
    interrupted: bool = Field(description="whether runs are missing because the user ended it")
    machine: Computer
    work: Work | None
    settings: Settings
    prompts: Prompts
    candidates: tuple[Candidate, ...] = Field(min_length=1, max_length=MOST_CANDIDATES)
    runs: tuple[Run, ...]
    votes: tuple[Vote, ...]
    figures: tuple[Figures, ...] = Field(description="as worked out from `runs` when written")

    @model_validator(mode="after")
    def _names_hold(self) -> Measurement:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", self.made):
            raise ValueError("made: expected a day as YYYY-MM-DD")
        models = [candidate.model for candidate in self.candidates]
        prompts = [prompt.id for prompt in self.prompts.asked]
        for what, names in (("candidate", models), ("prompt", prompts)):
            twice = next((name for name in names if names.count(name) > 1), None)
            if twice is not None:
                raise ValueError(f"the {what} {twice!r} stands twice")
        for place, run in enumerate(self.runs):
            if run.model not in models or (not run.warm_up and run.prompt not in prompts):
                raise ValueError(f"runs.{place}: names no candidate or prompt of this measurement")
        voted: set[str] = set()
        for place, vote in enumerate(self.votes):
            if vote.choice not in (*models, TIE) or vote.prompt not in prompts:
                raise ValueError(f"votes.{place}: names no candidate or prompt of this measurement")
            if vote.prompt in voted:
                raise ValueError(f"votes.{place}: a second vote on {vote.prompt!r}")
            voted.add(vote.prompt)
        return self

    def counted(self, model: str) -> list[Run]:
        """The runs of a candidate that count, in the order in which they were made."""
        return [run for run in self.runs if run.model == model and not run.warm_up]
