"""What stands before every answer: limits on what comes in, headers on what goes out."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from whyllm.cli.web.answers import SVG, Answer, refusal

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 1_000_000
"""Of a request's body."""

MOST_SECONDS = 15
"""For a body to come in; one that trickles would hold its place for ever."""

LONGEST_ADDRESS = 8_000
"""Bytes of path and query."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
POLICY_OF_A_PICTURE = "default-src 'none'; style-src 'unsafe-inline'"
"""A drawing brings its own style; it may do nothing else."""

HEADERS = (
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ("x-frame-options", "DENY"),
)


class Guard:
    """ASGI middleware: refuses what is too long or too slow, and sets every answer's headers.

    It stands before all else, so that a refusal or a failure further in bears them too.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        as_json = scope["path"].startswith("/api")
        length = len(scope.get("raw_path") or b"") + len(scope["query_string"])
        if length > LONGEST_ADDRESS:
            line = f"expected at most {LONGEST_ADDRESS:,} bytes of address, found {length:,}"
            await _refuse(refusal(414, line, as_json=as_json), send)
            return
        try:
            async with asyncio.timeout(MOST_SECONDS):
                body = await _body(receive)
        except TimeoutError:
            line = f"expected the whole question within {MOST_SECONDS} seconds"
            await _refuse(refusal(408, line, as_json=as_json), send)
            return
        if body is None:
            line = f"expected at most {MOST_BYTES:,} bytes"
            await _refuse(refusal(413, line, as_json=as_json), send)
            return

        async def received() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        started = False

        async def guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = [*message["headers"], *_headers(message["headers"])]
            await send(message)

        try:
            await self._app(scope, received, guarded)
        except Exception:
            if started:
                raise
            logging.getLogger("uvicorn.error").exception("%s failed", scope["path"])
            line = "the answer could not be worked out"
            await _refuse(refusal(500, line, as_json=as_json), send)


async def _body(receive: Receive) -> bytes | None:
    """The whole body, or None when it is larger than allowed, whatever length is stated."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b""
        size += len(message.get("body", b""))
        if size > MOST_BYTES:
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def _refuse(found: Answer, send: Send) -> None:
    headers = [(b"content-type", found.kind.encode()), (b"connection", b"close"),
               (b"content-length", str(len(found.body)).encode())]  # fmt: skip
    start = {"type": "http.response.start", "status": found.status,
             "headers": [*headers, *_headers(headers)]}  # fmt: skip
    await send(start)
    await send({"type": "http.response.body", "body": found.body})


def _headers(given: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    kind = dict(given).get(b"content-type", b"").decode("latin-1")
    policy = POLICY_OF_A_PICTURE if kind.startswith(SVG) else POLICY
    return [
        (b"content-security-policy", policy.encode()),
        *((name.encode(), value.encode()) for name, value in HEADERS),
    ]
