"""A server on 127.0.0.1 that speaks as much of Ollama's HTTP API as is told to it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """One request; `server.listed` answers /api/tags, `server.shown` /api/show by model."""

    server: OllamaDouble
    asked: dict[str, Any]

    def do_GET(self) -> None:
        self._answer(self.server.listed if self.path == "/api/tags" else nothing)

    def do_POST(self) -> None:
        self.asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._answer(self.server.shown.get(self.asked["model"], nothing))

    def _answer(self, answer: Answer | object) -> None:
        self.server.requests.append((self.path, dict(self.headers)))
        with suppress(BrokenPipeError, ConnectionResetError):  # whom a test keeps waiting may go
            (answer if callable(answer) else body(answer))(self)

    def log_message(self, format: str, *args: object) -> None:
        pass


class OllamaDouble(ThreadingHTTPServer):
    """What is said, what was asked, and an event that lets go whoever is kept waiting."""

    daemon_threads = True

    def __init__(self, listed: Answer | object, shown: dict[str, Answer | object]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.listed, self.shown = listed, shown
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.over = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def serving(listed: Answer | object, **shown: Answer | object) -> Iterator[OllamaDouble]:
    """A server while the block runs; an underscore in a model's name stands for a colon."""
    with OllamaDouble(listed, {name.replace("_", ":"): told for name, told in shown.items()}) as it:
        thread = threading.Thread(target=it.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield it
        finally:
            it.over.set()
            it.shutdown()
            thread.join()


def tags(*names: str) -> dict[str, Any]:
    """The answer of /api/tags, as Ollama gives it."""
    details = {"format": "gguf", "family": "llama", "parameter_size": "3.2B"}
    return {
        "models": [
            {
                "name": name,
                "model": name,
                "modified_at": "2026-09-14T10:03:11.1+02:00",
                "size": 2019393189,
                "digest": "a80c4f17acd55265feec403c7aef86be0c25983ab279d83f3bcd3abbcb5b8b72",
                "details": details,
            }
            for name in names
        ]
    }


def body(content: object, status: int = 200, **headers: str) -> Answer:
    """An answer with that body: bytes as they are, anything else as JSON."""
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()

    def answer(handler: Handler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(raw)))
        handler.end_headers()
        handler.wfile.write(raw)

    return answer


def nothing(handler: Handler) -> None:
    """What Ollama says of a model that it has not."""
    body({"error": "model not found"}, 404)(handler)


def stalling(handler: Handler) -> None:
    """Accepts, and says nothing."""
    handler.server.over.wait(60)


def half(handler: Handler) -> None:
    """Promises more than it sends, and waits."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"models": [')
    handler.wfile.flush()
    handler.server.over.wait(60)


def cut(handler: Handler) -> None:
    """Promises more than it sends, and goes."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"models": [')


def dripping(handler: Handler) -> None:
    """Sends one byte after another, in its headers and without end."""
    handler.wfile.write(b"HTTP/1.0 200 OK\r\nX-Drip: ")
    while not handler.server.over.wait(0.02):
        handler.wfile.write(b"a")
        handler.wfile.flush()


def endless(handler: Handler) -> None:
    """Sends a body without length and without end."""
    handler.send_response(200)
    handler.end_headers()
    while not handler.server.over.is_set():
        handler.wfile.write(b" " * 65536)
