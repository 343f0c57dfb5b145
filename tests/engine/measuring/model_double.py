"""A server on 127.0.0.1 that speaks as much of a model server's API as is told to it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[["Handler"], None]

LINES = "application/x-ndjson"
EVENTS = "text/event-stream"


class Handler(BaseHTTPRequestHandler):
    """One request; `server.answers` has what each path is answered with."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: ModelDouble
    asked: dict[str, Any]

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self.asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._answer()

    def _answer(self) -> None:
        self.server.requests.append((self.path, dict(self.headers)))
        answer = self.server.answers.get(self.path, body({"error": "no such path"}, 404))
        with suppress(BrokenPipeError, ConnectionResetError):  # whom a test keeps waiting may go
            (answer if callable(answer) else body(answer))(self)

    def begin(self, kind: str, status: int = 200, **headers: str) -> None:
        """Begin an answer that comes in chunks."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def chunk(self, raw: bytes) -> None:
        """One chunk; an empty one ends the answer."""
        self.wfile.write(b"%x\r\n%s\r\n" % (len(raw), raw))
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        pass


class ModelDouble(ThreadingHTTPServer):
    """What is said, what was asked, and an event that lets go whoever is kept waiting."""

    daemon_threads = True

    def __init__(self, answers: Mapping[str, Answer | object]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = dict(answers)
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.over = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is none of the test's faults."""


@contextmanager
def serving(answers: Mapping[str, Answer | object]) -> Iterator[ModelDouble]:
    """A server while the block runs."""
    with ModelDouble(answers) as double:
        thread = threading.Thread(target=double.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield double
        finally:
            double.over.set()
            double.shutdown()
            thread.join()


def body(content: object, status: int = 200, **headers: str) -> Answer:
    """A whole answer: bytes as they are, anything else as JSON."""
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()

    def answer(handler: Handler) -> None:
        handler.send_response(status)
        headers.setdefault("Content_Type", "application/json")
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(raw)))
        handler.end_headers()
        handler.wfile.write(raw)

    return answer


def ollama(says: Mapping[str, Answer | str]) -> dict[str, Answer | object]:
    """The paths of an Ollama server with these models, each with what it says in /api/chat."""
    listed = [
        {
            "name": name,
            "model": name,
            "modified_at": "2026-09-14T10:03:11.1+02:00",
            "size": 2_019_393_189,
            "digest": f"{place:064x}",
            "details": {"format": "gguf", "family": "llama", "quantization_level": "Q4_K_M"},
        }
        for place, name in enumerate(says, 1)
    ]
    loaded = [{**each, "size": 3_000_000_000, "size_vram": 1_500_000_000} for each in listed]

    def chat(handler: Handler) -> None:
        told = says.get(handler.asked["model"])
        if told is None:
            answer = body({"error": "model not found"}, 404)
        else:
            answer = told if callable(told) else words(told)
        answer(handler)

    return {
        "/api/version": {"version": "0.12.3"},
        "/api/tags": {"models": listed},
        "/api/ps": {"models": loaded},
        "/api/chat": chat,
    }


def line(said: str, **more: object) -> bytes:
    """A line of /api/chat."""
    message = {"role": "assistant", "content": said}
    return json.dumps({"model": "m", "message": message, "done": False, **more}).encode() + b"\n"


def end(tokens: int) -> bytes:
    """The last line, with the counts and times that Ollama tells: 50 tokens a second."""
    return line(
        "",
        done=True,
        done_reason="stop",
        load_duration=250_000_000,
        prompt_eval_count=20,
        prompt_eval_duration=100_000_000,
        eval_count=tokens,
        eval_duration=tokens * 20_000_000,
    )


def words(said: str) -> Answer:
    """An answer word by word, as Ollama streams it."""
    pieces = [word if place == 0 else f" {word}" for place, word in enumerate(said.split(" "))]

    def answer(handler: Handler) -> None:
        handler.begin(LINES)
        for piece in pieces:
            handler.chunk(line(piece))
        handler.chunk(end(len(pieces)))
        handler.chunk(b"")

    return answer


def chunks(*raw: bytes, kind: str = LINES, whole: bool = True, status: int = 200) -> Answer:
    """An answer of these chunks, which ends as it should or breaks off."""

    def answer(handler: Handler) -> None:
        handler.begin(kind, status)
        for each in raw:
            handler.chunk(each)
        if whole:
            handler.chunk(b"")
        else:
            handler.close_connection = True

    return answer


def stalling(*raw: bytes, kind: str = LINES) -> Answer:
    """An answer of these chunks, and then silence; without any, not even a status."""

    def answer(handler: Handler) -> None:
        if raw:
            handler.begin(kind)
        for each in raw:
            handler.chunk(each)
        handler.server.over.wait(60)
        handler.close_connection = True

    return answer


def endless(raw: bytes, kind: str = LINES) -> Answer:
    """The same chunk over and over."""

    def answer(handler: Handler) -> None:
        handler.begin(kind)
        while not handler.server.over.wait(0.001):
            handler.chunk(raw)

    return answer


def event(delta: object, finish: str | None = None, **more: object) -> bytes:
    """An event of /v1/chat/completions."""
    choices = [{"index": 0, "delta": delta, "finish_reason": finish}]
    return b"data: " + json.dumps({"choices": choices, **more}).encode() + b"\n\n"


def openai(answer: Answer, *models: str, owner: str = "acme") -> dict[str, Answer | object]:
    """The paths of an OpenAI-compatible server with these models."""
    listed = [{"id": name, "object": "model", "owned_by": owner} for name in models]
    return {
        "/v1/models": {"object": "list", "data": listed},
        "/v1/chat/completions": answer,
    }
