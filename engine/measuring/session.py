"""A session: each candidate answers each prompt, several times, and every run is kept.

The candidates take turns in blocks, so that a server loads each model once a block; with each
repeat another one begins, so that a machine that grows warm or slow troubles all alike. A block
begins with a warm-up, which does not count. One request is under way at a time.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field

from whyllm.engine.measuring.api import LARGEST_FIGURE, Api, Piece, Served, quantisation_in
from whyllm.engine.measuring.checks import failure
from whyllm.engine.measuring.ollama_api import OllamaApi
from whyllm.engine.measuring.openai_api import OpenAiApi
from whyllm.engine.measuring.prompts import Task, Tasks
from whyllm.engine.measuring.server import Api as ApiName
from whyllm.engine.measuring.server import Endpoint, FaultError, Server, without_key
from whyllm.kb.measurement_schema import Candidate, Checked, MemoryTold, Run

ENDED_BY_USER = "ended by the user"

MOST_FAULTS = 3
"""Faults in a row after which a candidate is given up."""

WARM_UP = Task("warm-up", "Reply with the word: ready", None, 8, ())
"""What loads a model before its runs count; no prompt of the user, which a server could cache."""

DIGITS = 6
"""Of seconds: microseconds."""


@dataclass(frozen=True)
class Contender:
    """A model of the catalogue, the names by which a server may serve it, and where.

    The first of the names that the server has is taken.
    """

    model: str
    names: tuple[str, ...]
    endpoint: Endpoint
    api: ApiName | None


@dataclass(frozen=True)
class Plan:
    """Who is measured on what, and how: `seconds` limit each answer."""

    contenders: tuple[Contender, ...]
    tasks: Tasks
    repeats: int
    seed: int
    seconds: float
    quantisation: str | None = None
    key: str | None = None

    @property
    def requests(self) -> int:
        """How many answers are asked for, warm-ups included."""
        return len(self.contenders) * self.repeats * (len(self.tasks.tasks) + 1)


@dataclass
class Measured:
    """What was measured so far; it stands whatever happens next."""

    began: dt.datetime
    candidates: list[Candidate] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    seconds: float = 0.0
    interrupted: bool = False


Told = Callable[[str, str], None]
"""Is told of each request as it begins: the model, and the prompt's id."""


def measure(plan: Plan, told: Told) -> Measured:
    """Measure by the plan. Faults are told run by run; Ctrl-C ends it with what there is."""
    measured = Measured(dt.datetime.now(dt.UTC).replace(microsecond=0))
    began = time.monotonic()
    session = _Session(plan, measured, told)
    try:
        asyncio.run(session.all())
    except KeyboardInterrupt:
        measured.interrupted = True
    measured.seconds = round(time.monotonic() - began, 3)
    measured.candidates = session.candidates()
    return measured


@dataclass
class _Turn:
    """A contender under way: how it is reached, what was told of it, and how it fares."""

    contender: Contender
    api: Api | None = None
    name: str = ""
    told: Served = field(default_factory=Served)
    memory: MemoryTold | None = None
    fault: str | None = None
    faults_in_a_row: int = 0


class _Session:
    def __init__(self, plan: Plan, measured: Measured, told: Told) -> None:
        self._plan = plan
        self._runs = measured.runs
        self._told = told
        self._turns = [_Turn(contender) for contender in plan.contenders]
        self._servers: dict[Endpoint, Server] = {}

    async def all(self) -> None:
        """Every block of every repeat."""
        try:
            for turn in self._turns:
                await self._reach(turn)
            for repeat in range(1, self._plan.repeats + 1):
                for turn in self._order(repeat):
                    await self._block(turn, repeat)
        finally:
            for server in self._servers.values():
                await server.close()

    def candidates(self) -> list[Candidate]:
        """The contenders as the result tells them."""
        return [self._candidate(turn) for turn in self._turns]

    def _order(self, repeat: int) -> Iterator[_Turn]:
        first = (repeat - 1) % len(self._turns)
        yield from (*self._turns[first:], *self._turns[:first])

    async def _reach(self, turn: _Turn) -> None:
        """Find out how the server talks, and by which name it serves the model."""
        where = turn.contender.endpoint
        server = self._servers.setdefault(where, Server(where, self._plan.key))
        try:
            turn.api = await _api(server, turn.contender.api)
            turn.name, turn.told = await _served(turn.api, turn.contender.names)
        except FaultError as fault:
            turn.fault = str(fault)

    async def _block(self, turn: _Turn, repeat: int) -> None:
        for task in (WARM_UP, *self._plan.tasks.tasks):
            if turn.fault is not None:
                return
            self._told(turn.contender.model, task.id)
            await self._run(turn, task, repeat)
            if turn.faults_in_a_row == MOST_FAULTS:
                turn.fault = f"given up after {MOST_FAULTS} faults in a row"
        if turn.api is not None and turn.memory is None:
            turn.memory = await turn.api.memory(turn.name)

    async def _run(self, turn: _Turn, task: Task, repeat: int) -> None:
        """One request; its run is kept, however it ends."""
        assert turn.api is not None
        taken = _Taken()
        try:
            pieces = turn.api.answer(turn.name, task, self._plan.seed, self._plan.seconds)
            async with aclosing(pieces) as answer:
                async for piece in answer:
                    taken.add(piece)
            if not taken.pieces:
                raise FaultError("its answer holds no text")
            turn.faults_in_a_row = 0
        except FaultError as fault:
            taken.fault = str(fault)
            turn.faults_in_a_row += 1
        except asyncio.CancelledError:
            taken.fault = ENDED_BY_USER
            raise
        finally:
            taken.end()
            key = self._plan.key
            self._runs.append(taken.run(turn.contender.model, task, repeat, key))

    def _candidate(self, turn: _Turn) -> Candidate:
        contender, stated = turn.contender, self._plan.quantisation
        name = turn.name or contender.names[0]
        options = (
            ("server", turn.told.quantisation),
            ("name", quantisation_in(name)),
            ("user", stated),
        )
        by, quantisation = next(((by, q) for by, q in options if q), (None, None))
        return Candidate.model_validate(
            {
                "model": contender.model,
                "served": name,
                "endpoint": contender.endpoint.url,
                "local": contender.endpoint.local,
                "api": turn.api.name if turn.api else contender.api or "ollama",
                "server": turn.told.server,
                "version": turn.told.version,
                "quantisation": quantisation,
                "quantisation_told_by": by,
                "digest": turn.told.digest,
                "memory": turn.memory,
                "fault": turn.fault,
            }
        )


async def _api(server: Server, stated: ApiName | None) -> Api:
    """The way to talk to a server: as stated, by its address, or by what it answers to."""
    if stated == "ollama":
        return OllamaApi(server)
    if stated == "openai" or server.where.versioned:
        return OpenAiApi(server)
    try:
        told = await server.question("/api/version")
    except FaultError as fault:
        try:
            await server.question("/v1/models")
        except FaultError:
            raise fault from None
        return OpenAiApi(server)
    return OllamaApi(server) if "version" in told else OpenAiApi(server)


async def _served(api: Api, names: tuple[str, ...]) -> tuple[str, Served]:
    """The first of the names that is served; FaultError of the first where none is."""
    first: FaultError | None = None
    for name in names:
        try:
            return name, await api.served(name)
        except FaultError as fault:
            first = first or fault
    assert first is not None
    raise first


class _Taken:
    """An answer as it comes, with the moments at which it does."""

    def __init__(self) -> None:
        self._date = dt.datetime.now(dt.UTC)
        self._began = time.perf_counter()
        self._first: float | None = None
        self._first_answer: float | None = None
        self._last: float | None = None
        self._seconds = 0.0
        self._texts: list[str] = []
        self._thinking = 0
        self.pieces = 0
        self._end = Piece()
        self.fault: str | None = None

    def add(self, piece: Piece) -> None:
        """Note a piece, and what it counts."""
        now = time.perf_counter() - self._began
        if piece.text or piece.thinking:
            self.pieces += 1
            self._first = now if self._first is None else self._first
            self._last = now
        if piece.text:
            self._first_answer = now if self._first_answer is None else self._first_answer
            self._texts.append(piece.text)
        self._thinking += len(piece.thinking)
        self._end = Piece(
            finish=piece.finish or self._end.finish,
            tokens=_newer(piece.tokens, self._end.tokens),
            prompt_tokens=_newer(piece.prompt_tokens, self._end.prompt_tokens),
            tokens_per_s=piece.tokens_per_s or self._end.tokens_per_s,
            prompt_tokens_per_s=piece.prompt_tokens_per_s or self._end.prompt_tokens_per_s,
            load_s=piece.load_s or self._end.load_s,
        )

    def end(self) -> None:
        """The answer is over; what is worked out afterwards takes none of its time."""
        self._seconds = time.perf_counter() - self._began

    def run(self, model: str, task: Task, repeat: int, key: str | None) -> Run:
        """The run, with its checks where it is whole, and without the key in any case."""
        output, end = without_key("".join(self._texts), key), self._end
        return Run(
            model=model,
            prompt=task.id,
            repeat=repeat,
            warm_up=task is WARM_UP,
            began=self._date,
            first_token_s=_rounded(self._first),
            first_answer_s=_rounded(self._first_answer),
            seconds=round(self._seconds, DIGITS),
            tokens=end.tokens,
            pieces=self.pieces,
            prompt_tokens=end.prompt_tokens,
            tokens_per_s=_rounded(self._rate()),
            server_tokens_per_s=_rounded(end.tokens_per_s),
            server_prompt_tokens_per_s=_rounded(end.prompt_tokens_per_s),
            server_load_s=_rounded(end.load_s),
            finish=end.finish,
            output=output,
            output_digest=hashlib.sha256(output.encode()).hexdigest(),
            thinking_characters=self._thinking,
            checks=() if self.fault else tuple(_checked(task, output)),
            fault=self.fault,
        )

    def _rate(self) -> float | None:
        """Tokens a second after the first; by the pieces nothing is told, which hold several."""
        tokens = self._end.tokens
        if tokens is None or tokens < 2 or self._first is None or self._last is None:
            return None
        return (tokens - 1) / (self._last - self._first) if self._last > self._first else None


def _checked(task: Task, output: str) -> Iterator[Checked]:
    for check in task.checks:
        why = failure(check, output)
        yield Checked(check=str(check), passed=why is None, why=why)


def _newer(told: int | None, before: int | None) -> int | None:
    return before if told is None else told


def _rounded(value: float | None) -> float | None:
    """A figure of a run; one that no machine reaches is not known."""
    return None if value is None or value > LARGEST_FIGURE else round(value, DIGITS)
