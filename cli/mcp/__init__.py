"""`whyllm mcp`: the rules for an assistant to ask, by the Model Context Protocol."""

from __future__ import annotations

import gc
import signal
import sys
from pathlib import Path

import click
from whyllm.cli.exits import ANSWERED, WrongQuestionError, tell
from whyllm.cli.options import kb_option
from whyllm.kb.extras import from_extra

HOST = "127.0.0.1"
PORT = 8808


@click.command("mcp")
@click.option("--http", is_flag=True, help="Serve over HTTP instead of standard input and output.")
@click.option("--host", metavar="ADDRESS", help=f"With --http.  [default: {HOST}]")
@click.option("--port", type=click.IntRange(0, 65535), metavar="N",
              help=f"With --http; 0 for any that is free.  [default: {PORT}]")  # fmt: skip
@click.option("--text-only", is_flag=True,
              help="Answer in text without JSON: for an assistant that shows its model the JSON, "
                   "which names every model, in place of the text.")  # fmt: skip
@kb_option
def command(
    http: bool, host: str | None, port: int | None, text_only: bool, folders: tuple[Path, ...]
) -> int:
    """A server of the Model Context Protocol, for an assistant to ask instead of guessing.

    An assistant starts it itself; the end of its input ends it. Nothing that is asked is written to
    disk, and no answer rests on an earlier question.
    """
    for option, value in (("--host", host), ("--port", port)):
        if value is not None and not http:
            raise WrongQuestionError(f"{option}: expected only with --http")
    with from_extra("mcp", "mcp"):
        from whyllm.cli.listening import bound, in_address, is_loopback, serve
        from whyllm.cli.mcp.http import PATH, application
        from whyllm.cli.mcp.server import Service
        from whyllm.cli.mcp.stdio import serve_stdio
    from whyllm.cli.desk import Desk

    for stream, name in ((sys.stdin, "input"), (sys.stdout, "output")):
        if stream is None and not http:
            raise WrongQuestionError(f"standard {name} is closed")
    host = HOST if host is None else host
    if not is_loopback(host):
        raise WrongQuestionError(
            f"--host {host}: other machines could reach it; expected an address of this one"
        )
    desk = Desk(folders)
    server = Service(desk, structured=not text_only).server()
    gc.freeze()  # what is known stays out of the collector's way; what is asked does not pile up
    gc.enable()
    if http:
        listening = bound(host, PORT if port is None else port)
        address = f"{in_address(host)}:{listening.getsockname()[1]}"
        serve(application(server, address), listening, f"http://{address}{PATH}")
    else:
        if sys.stdin.isatty():
            tell("waiting for the messages of an assistant; Ctrl-D ends it")
        # Nothing wakes a thread that waits for input: Ctrl-C ends the process, as it ends `cat`.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        serve_stdio(server)
    return ANSWERED
