"""The API that most servers share with OpenAI's: chats as server-sent events."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Any

from httpx_sse import EventSource, SSEError
from whyllm.engine.measuring.api import (
    TEMPERATURE,
    Piece,
    Served,
    count,
    number,
    quantisation_in,
    text,
)
from whyllm.engine.measuring.prompts import Task
from whyllm.engine.measuring.server import FaultError, Server, one_line
from whyllm.kb.measurement_schema import MemoryTold

END = "[DONE]"
_EVENTS = "text/event-stream"
_OWNERS = {"me": "llama-cpp-python"}
"""What a server calls itself as the owner of its models, where that is no name of it."""
_SIZE = re.compile(r" - ([SML])[a-z]+")
"""llama.cpp's word for the size of a kind of quantisation: Q4_K - Medium is Q4_K_M."""


class OpenAiApi:
    """A server that speaks the API of OpenAI; its address may end in /v1 or not."""

    name = "openai"

    def __init__(self, server: Server) -> None:
        self._server = server

    async def served(self, model: str) -> Served:
        """What /v1/models tells, and what some servers tell elsewhere."""
        told = (await self._server.question("/v1/models")).get("data")
        listed = told if isinstance(told, list) else []
        for entry in listed:
            if text(entry, "id") == model:
                alone = len(listed) == 1
                owner = one_line(text(entry, "owned_by"))
                return await self._told(_OWNERS.get(owner, owner), alone)
        known = [text(entry, "id") for entry in listed]
        shown = ", ".join(filter(None, map(one_line, known[:8])))
        raise FaultError(f"it serves no model {one_line(model)}; it lists: {shown or 'none'}")

    async def _told(self, owner: str, alone: bool) -> Served:
        """What llama.cpp tells at /props, and vLLM at /version."""
        props, version = {}, {}
        with suppress(FaultError):
            props = await self._server.question("/props")
        if not props:
            with suppress(FaultError):
                version = await self._server.question("/version")
        level = _SIZE.sub(lambda match: f"_{match[1]}", text(props, "model_ftype"))
        return Served(
            server=owner or None,
            version=one_line(text(props, "build_info") or text(version, "version")) or None,
            quantisation=quantisation_in(level) if alone else None,
        )

    async def answer(
        self, model: str, task: Task, seed: int, seconds: float
    ) -> AsyncGenerator[Piece, None]:
        """The pieces of /v1/chat/completions."""
        body = {
            "model": model,
            "messages": task.messages,
            "stream": True,
            "stream_options": {"include_usage": True},
            "max_tokens": task.max_tokens,
            "temperature": TEMPERATURE,
            "seed": seed,
        }
        path, ended = "/v1/chat/completions", False
        async with self._server.stream(path, body, seconds, _EVENTS) as response:
            try:
                async for event in EventSource(response).aiter_sse():
                    if event.data.strip() == END:
                        ended = True
                        break
                    piece = _piece(_object(event.data))
                    ended = ended or piece.finish is not None
                    yield piece
            except SSEError:
                kind = one_line(response.headers.get("content-type", "")) or "no type"
                raise FaultError(f"expected server-sent events, found {kind}") from None
        if not ended:
            raise FaultError("its answer ended before it said that it was done")

    async def memory(self, _: str, /) -> MemoryTold | None:
        """None: the API has no word for it."""
        return None


def _object(line: str) -> dict[str, Any]:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        raise FaultError(f"an event of its answer is no JSON: {one_line(line[:60])}") from None
    if not isinstance(data, dict):
        raise FaultError(f"an event of its answer is no object: {one_line(line[:60])}")
    if data.get("error"):
        said = data["error"]
        raise FaultError(f"it says: {one_line(text(said, 'message') or said)}")
    return data


def _piece(data: dict[str, Any]) -> Piece:
    choices = data.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else {}
    finish = text(choice, "finish_reason")
    return Piece(
        text=text(choice, "delta", "content"),
        thinking=text(choice, "delta", "reasoning_content") or text(choice, "delta", "reasoning"),
        finish=one_line(finish) if finish else None,
        tokens=count(data, "usage", "completion_tokens"),
        prompt_tokens=count(data, "usage", "prompt_tokens"),
        tokens_per_s=number(data, "timings", "predicted_per_second"),
        prompt_tokens_per_s=number(data, "timings", "prompt_per_second"),
    )
