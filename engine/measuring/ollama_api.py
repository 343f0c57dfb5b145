"""Ollama's own API: chats as lines of JSON, with the server's own counts and times."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from typing import Any

from whyllm.engine.measuring.api import (
    TEMPERATURE,
    Piece,
    Served,
    count,
    number,
    quantisation_in,
    rate,
    text,
)
from whyllm.engine.measuring.prompts import Task
from whyllm.engine.measuring.server import FaultError, Server, one_line
from whyllm.kb.measurement_schema import MemoryTold

NANOSECONDS = 1e9
_TYPES = ("application/x-ndjson", "application/json")


class OllamaApi:
    """A server that speaks Ollama's API."""

    name = "ollama"

    def __init__(self, server: Server) -> None:
        self._server = server

    async def served(self, model: str) -> Served:
        """What /api/version and /api/tags tell."""
        version = text(await self._server.question("/api/version"), "version")
        listed = (await self._server.question("/api/tags")).get("models")
        for entry in listed if isinstance(listed, list) else []:
            if _same(text(entry, "model") or text(entry, "name"), model):
                level = text(entry, "details", "quantization_level")
                return Served(
                    server="Ollama",
                    version=one_line(version) or None,
                    quantisation=quantisation_in(level),
                    digest=one_line(text(entry, "digest")) or None,
                )
        raise FaultError(f"it has no model {one_line(model)}: ollama pull {one_line(model)}")

    async def answer(
        self, model: str, task: Task, seed: int, seconds: float
    ) -> AsyncGenerator[Piece, None]:
        """The pieces of /api/chat."""
        options = {"temperature": TEMPERATURE, "seed": seed, "num_predict": task.max_tokens}
        body = {"model": model, "messages": task.messages, "stream": True, "options": options}
        done = False
        async with self._server.stream("/api/chat", body, seconds, _TYPES[0]) as response:
            kind = response.headers.get("content-type", "").partition(";")[0].strip()
            if kind not in _TYPES:
                raise FaultError(f"expected lines of JSON, found {one_line(kind) or 'no type'}")
            async for line in response.aiter_lines():
                if line.strip() and not done:
                    data = _object(line)
                    done = data.get("done") is True
                    yield _piece(data, done)
        if not done:
            raise FaultError("its answer ended before it said that it was done")

    async def memory(self, model: str, /) -> MemoryTold | None:
        """`size` and `size_vram` of /api/ps."""
        try:
            listed = (await self._server.question("/api/ps")).get("models")
        except FaultError:
            return None
        for entry in listed if isinstance(listed, list) else []:
            if _same(text(entry, "model") or text(entry, "name"), model):
                total, gpu = number(entry, "size"), number(entry, "size_vram")
                if total is not None:
                    return MemoryTold(
                        total_gb=round(total / 1e9, 3), gpu_gb=round((gpu or 0.0) / 1e9, 3)
                    )
        return None


def _same(listed: str, model: str) -> bool:
    """Whether a listed name is the model's; a name without a tag is of the tag latest."""
    wanted = model if ":" in model.rpartition("/")[2] else f"{model}:latest"
    return listed.casefold() == wanted.casefold()


def _object(line: str) -> dict[str, Any]:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        raise FaultError(f"a line of its answer is no JSON: {one_line(line[:60])}") from None
    if not isinstance(data, dict):
        raise FaultError(f"a line of its answer is no object: {one_line(line[:60])}")
    if data.get("error"):
        raise FaultError(f"it says: {one_line(data['error'])}")
    return data


def _piece(data: dict[str, Any], done: bool) -> Piece:
    words, thinking = text(data, "message", "content"), text(data, "message", "thinking")
    if not done:
        return Piece(words, thinking)
    tokens, prompt_tokens = count(data, "eval_count"), count(data, "prompt_eval_count")

    def seconds(key: str) -> float | None:
        told = number(data, key)
        return None if told is None else told / NANOSECONDS

    return Piece(
        words,
        thinking,
        finish=one_line(text(data, "done_reason")) or None,
        tokens=tokens,
        prompt_tokens=prompt_tokens,
        tokens_per_s=rate(tokens, seconds("eval_duration")),
        prompt_tokens_per_s=rate(prompt_tokens, seconds("prompt_eval_duration")),
        load_s=seconds("load_duration"),
    )
