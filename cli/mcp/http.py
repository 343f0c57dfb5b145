"""The server over HTTP: each request stands alone, and only pages of this machine may ask."""

from __future__ import annotations

from typing import Any

from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import (
    StreamableHTTPASGIApp,
    StreamableHTTPSessionManager,
)
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.routing import Route
from whyllm.cli.listening import LOOPBACK

PATH = "/mcp"


def application(server: Server[Any], address: str) -> Starlette:
    """The application at an address `host:port` of this machine.

    A request must bear one of the machine's own names as its Host, and as its Origin where it has
    one: else a page of another site could ask through a name that it makes lead here.
    """
    port = address.rpartition(":")[2]
    hosts = list(dict.fromkeys([address, *(f"{name}:{port}" for name in LOOPBACK)]))
    sessions = StreamableHTTPSessionManager(
        server,
        json_response=True,
        stateless=True,
        security_settings=TransportSecuritySettings(
            enable_dns_rebinding_protection=True,
            allowed_hosts=hosts,
            allowed_origins=[f"http://{host}" for host in hosts],
        ),
    )
    # Only POST: a stream by GET is for what a server says unasked, and this one never does.
    route = Route(PATH, StreamableHTTPASGIApp(sessions), methods=["POST"])
    return Starlette(routes=[route], lifespan=lambda _: sessions.run())
