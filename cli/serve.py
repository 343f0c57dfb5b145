"""`whyllm serve`: the web page and the API, on this machine unless others are let in."""

from __future__ import annotations

import ipaddress
import os
import socket
from pathlib import Path

import click
from whyllm.cli.exits import ANSWERED, WrongQuestionError, tell
from whyllm.cli.options import kb_option
from whyllm.engine.knowledge import answering_catalogue
from whyllm.kb.extras import from_extra

MOST_WORKERS = 4


@click.command("serve")
@click.option("--host", default="127.0.0.1", metavar="ADDRESS", help="[default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, metavar="N",
              help="0 for any that is free.  [default: 8000]")  # fmt: skip
@click.option("--allow-remote", is_flag=True,
              help="Let an address be bound that other machines can reach.")  # fmt: skip
@click.option("--workers", type=click.IntRange(1, 64), metavar="N",
              help="Processes that work answers out.  [default: one a core, up to 4]")  # fmt: skip
@kb_option
def command(
    host: str, port: int, allow_remote: bool, workers: int | None, folders: tuple[Path, ...]
) -> int:
    """The web page and the API. Ctrl-C ends it.

    Nothing is written to disk, and every state is in the address of its page.
    """
    if not (allow_remote or _is_loopback(host)):
        raise WrongQuestionError(
            f"--host {host}: other machines could reach it; --allow-remote lets them"
        )
    with from_extra("web", "serve"):
        import uvicorn
        from whyllm.cli.web.app import LOOPBACK, application
    answering_catalogue(folders)  # a fault of the knowledge is told before anything is served
    bound = _bound(host, port)
    shown = f"[{host}]" if ":" in host else host
    app = application(
        folders,
        workers=workers or min(os.cpu_count() or 1, MOST_WORKERS),
        hosts=(*LOOPBACK, shown) if _is_loopback(host) else ("*",),
    )
    tell(f"http://{shown}:{bound.getsockname()[1]}/ (Ctrl-C ends it)")
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, date_header=True,
        timeout_keep_alive=15, limit_concurrency=1000, h11_max_incomplete_event_size=65_536,
    )  # fmt: skip
    try:
        uvicorn.Server(config).run(sockets=[bound])
    except KeyboardInterrupt:
        tell("ended")
    return ANSWERED


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _bound(host: str, port: int) -> socket.socket:
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
