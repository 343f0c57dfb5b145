"""Standard input and output as a connection: every line is answered, and the last ones too."""

from __future__ import annotations

from typing import Any

import anyio
import mcp_types as protocol
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.message import SessionMessage
from pydantic import ValidationError


def serve_stdio(server: Server[Any]) -> None:
    """Serve the process that started this one, until it closes standard input.

    OSError where its answers cannot be written, as when it has gone.
    """
    try:
        anyio.run(_serve, server)
    except ExceptionGroup as group:
        fault: Exception = group
        while isinstance(fault, ExceptionGroup):
            fault = fault.exceptions[0]
        if isinstance(fault, OSError):
            raise fault from None
        raise


async def _serve(server: Server[Any]) -> None:
    async with stdio_server() as (lines, answers):
        relay = _Relay(lines, answers)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(relay.take_in)
            tasks.start_soon(relay.give_out)
            await server.run(relay.taken, relay.given, server.create_initialization_options())


class _Relay:
    """Stands between the lines and the server.

    The SDK drops a line that is no message, and at the end of input whatever is being worked out.
    Here such a line gets the error that JSON-RPC asks for, and the end of input waits for the
    answers to what came before it, so that a file of requests can be piped in.
    """

    def __init__(self, lines: Any, answers: Any) -> None:
        self._lines = lines
        self._answers = answers
        self._taking: MemoryObjectSendStream[SessionMessage | Exception]
        self._taking, self.taken = anyio.create_memory_object_stream[SessionMessage | Exception]()
        self._giving: MemoryObjectReceiveStream[SessionMessage]
        self.given, self._giving = anyio.create_memory_object_stream[SessionMessage]()
        self._unanswered: set[str] = set()
        self._settled = anyio.Condition()

    async def take_in(self) -> None:
        """Hand each message to the server; at the end, when all requests have been answered."""
        async with self._taking:
            async for line in self._lines:
                if isinstance(line, SessionMessage):
                    await self._note(line.message)
                    await self._taking.send(line)
                elif not _is_blank(line):
                    await self._answers.send(SessionMessage(_refusal(line)))
            async with self._settled:
                while self._unanswered:
                    await self._settled.wait()

    async def give_out(self) -> None:
        """Hand each answer on."""
        async with self._answers:
            async for answer in self._giving:
                await self._answers.send(answer)
                if isinstance(answer.message, protocol.JSONRPCResponse | protocol.JSONRPCError):
                    await self._settle(answer.message.id)

    async def _note(self, message: protocol.JSONRPCMessage) -> None:
        """A request wants an answer, unless it is taken back."""
        if isinstance(message, protocol.JSONRPCRequest):
            self._unanswered.add(str(message.id))
        elif (
            isinstance(message, protocol.JSONRPCNotification)
            and message.method == "notifications/cancelled"
        ):
            await self._settle((message.params or {}).get("requestId"))

    async def _settle(self, request: object) -> None:
        async with self._settled:
            self._unanswered.discard(str(request))
            self._settled.notify_all()


def _refusal(fault: Exception) -> protocol.JSONRPCError:
    """The error for a line that is no message: not JSON, or JSON of another shape."""
    if _kinds(fault) == {"json_invalid"}:
        error = protocol.ErrorData(code=protocol.PARSE_ERROR, message="Parse error")
    else:
        error = protocol.ErrorData(code=protocol.INVALID_REQUEST, message="Invalid request")
    return protocol.JSONRPCError(jsonrpc="2.0", id=None, error=error)


def _kinds(fault: Exception) -> set[str]:
    return {e["type"] for e in fault.errors()} if isinstance(fault, ValidationError) else set()


def _is_blank(fault: Exception) -> bool:
    """Whether the line held nothing, as one at the end of a file may."""
    inputs = [e["input"] for e in fault.errors()] if isinstance(fault, ValidationError) else []
    return any(isinstance(given, str) and not given.strip() for given in inputs)
