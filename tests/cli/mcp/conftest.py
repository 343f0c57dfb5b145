"""The server as its clients meet it: a process behind pipes, and a port; each started once."""

from __future__ import annotations

import json
import os
import re
import selectors
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

WORDS = ["-m", "whyllm.cli", "mcp"]
SECONDS = 120
"""After which a server that says nothing is taken for dead."""


class Wire:
    """A server behind pipes, and lines as they are."""

    def __init__(self, *words: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *WORDS, *words],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        assert self.process.stdout
        os.set_blocking(self.process.stdout.fileno(), False)
        self._begun = b""

    def send(self, line: str | bytes | dict[str, Any]) -> None:
        assert self.process.stdin
        text = json.dumps(line) if isinstance(line, dict) else line
        data = text.encode() if isinstance(text, str) else text
        self.process.stdin.write(data + b"\n")
        self.process.stdin.flush()

    def read(self) -> dict[str, Any]:
        """The next line, which must be a message."""
        assert self.process.stdout
        with selectors.DefaultSelector() as ready:
            ready.register(self.process.stdout, selectors.EVENT_READ)
            while b"\n" not in self._begun:
                assert ready.select(SECONDS), "the server says nothing"
                read = self.process.stdout.read()
                assert read, "the server has ended"
                self._begun += read
        line, _, self._begun = self._begun.partition(b"\n")
        message: dict[str, Any] = json.loads(line)
        assert message["jsonrpc"] == "2.0"
        return message

    def ask(self, method: str, params: Any = None, key: int | str = "asked") -> dict[str, Any]:
        self.send({"jsonrpc": "2.0", "id": key, "method": method, "params": params or {}})
        answer = self.read()
        assert answer["id"] == key
        return answer

    def greet(self) -> dict[str, Any]:
        """The handshake of 2025."""
        greeting = {
            "protocolVersion": "2025-11-25",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        }
        answer = self.ask("initialize", greeting)
        self.send({"jsonrpc": "2.0", "method": "notifications/initialized"})
        return answer

    def end(self) -> tuple[int, str]:
        """Close the input; gives the exit code and what was said on standard error."""
        assert self.process.stdin
        assert self.process.stderr
        self.process.stdin.close()
        code = self.process.wait(timeout=SECONDS)
        return code, self.process.stderr.read().decode()


@pytest.fixture
def wire() -> Iterator[Callable[..., Wire]]:
    """Starts servers behind pipes, which end with the test."""
    started: list[Wire] = []

    def start(*words: str) -> Wire:
        started.append(Wire(*words))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.wait()


@pytest.fixture(scope="session")
def portal() -> Iterator[BlockingPortal]:
    with start_blocking_portal() as portal:
        yield portal


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The address of a server on a free port; Ctrl-C ends it cleanly."""
    process = subprocess.Popen(
        [sys.executable, *WORDS, "--http", "--port", "0"], stderr=subprocess.PIPE, text=True
    )
    assert process.stderr
    try:
        line = process.stderr.readline()
        found = re.fullmatch(r"whyllm: (http://127\.0\.0\.1:\d+/mcp) \(Ctrl-C ends it\)\n", line)
        assert found, line
        yield found[1]
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=SECONDS) == 0
        assert "Traceback" not in process.stderr.read()
    finally:
        process.kill()
        process.wait()


class Asking:
    """The SDK's client, for tests that do not await."""

    def __init__(self, portal: BlockingPortal, client: Client) -> None:
        self.portal = portal
        self.client = client

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.client, name)

        def asked(*words: Any, **given: Any) -> Any:
            async def answered() -> Any:
                return await method(*words, **given)

            return self.portal.call(answered)

        return asked


@pytest.fixture(scope="session")
def assistant(portal: BlockingPortal) -> Iterator[Asking]:
    """A client that started the server itself."""
    server = StdioServerParameters(
        command=sys.executable, args=WORDS, env={"XDG_CACHE_HOME": os.environ["XDG_CACHE_HOME"]}
    )
    client = Client(stdio_client(server))
    with portal.wrap_async_context_manager(client):
        yield Asking(portal, client)


@pytest.fixture(scope="session")
def visitor(portal: BlockingPortal, address: str) -> Iterator[Asking]:
    """A client over HTTP, which speaks the protocol of 2026."""
    client = Client(address, mode="auto")
    with portal.wrap_async_context_manager(client):
        yield Asking(portal, client)


@pytest.fixture(scope="session")
def older_visitor(portal: BlockingPortal, address: str) -> Iterator[Asking]:
    """A client over HTTP that begins with the handshake of 2025."""
    client = Client(address, mode="legacy")
    with portal.wrap_async_context_manager(client):
        yield Asking(portal, client)
