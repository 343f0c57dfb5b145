"""The application in this process, and on a port for a browser."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.testclient import TestClient
from whyllm.cli.web.app import application

LOCAL = "http://127.0.0.1"


@pytest.fixture(scope="session")
def client() -> Iterator[TestClient]:
    """Asks the application; what it raises comes back as an answer, as it would to a visitor."""
    app = application((), workers=0)
    with TestClient(app, base_url=LOCAL, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of the application on a free port."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(application((), workers=0), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.02)
    yield f"{LOCAL}:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)
