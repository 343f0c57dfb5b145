"""Serves an application on an address, which only this machine can reach unless others are let."""

from __future__ import annotations

import ipaddress
import socket

import uvicorn
from starlette.applications import Starlette
from whyllm.cli.exits import WrongQuestionError, tell

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
"""The names by which this machine calls itself in an address."""


def is_loopback(host: str) -> bool:
    """Whether an address leads to this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def in_address(host: str) -> str:
    """The host as it stands in an address: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def bound(host: str, port: int) -> socket.socket:
    """A socket bound to the address; WrongQuestionError says why it cannot be."""
    try:
        family, _, _, _, target = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        found = socket.socket(family, socket.SOCK_STREAM)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(target)
        found.listen()  # who comes while the server starts waits, and is not turned away
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise WrongQuestionError(f"{host}:{port}: cannot be served on: {reason}") from None
    return found


def serve(app: Starlette, listening: socket.socket, shown: str) -> None:
    """Serve the application on a bound socket until Ctrl-C; `shown` is told as its address."""
    tell(f"{shown} (Ctrl-C ends it)")
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, date_header=True,
        timeout_keep_alive=15, limit_concurrency=1000, h11_max_incomplete_event_size=65_536,
    )  # fmt: skip
    try:
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        tell("ended")
