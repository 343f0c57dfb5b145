"""`whyllm serve`: the web page and the API, on this machine unless others are let in."""

from __future__ import annotations

import os
from pathlib import Path

import click
from whyllm.cli.exits import ANSWERED, WrongQuestionError
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
    with from_extra("web", "serve"):
        from whyllm.cli.listening import LOOPBACK, bound, in_address, is_loopback, serve
        from whyllm.cli.web.app import application
    if not (allow_remote or is_loopback(host)):
        raise WrongQuestionError(
            f"--host {host}: other machines could reach it; --allow-remote lets them"
        )
    answering_catalogue(folders)  # a fault of the knowledge is told before anything is served
    listening = bound(host, port)
    shown = in_address(host)
    app = application(
        folders,
        workers=workers or min(os.cpu_count() or 1, MOST_WORKERS),
        hosts=(*LOOPBACK, shown) if is_loopback(host) else ("*",),
    )
    serve(app, listening, f"http://{shown}:{listening.getsockname()[1]}/")
    return ANSWERED
