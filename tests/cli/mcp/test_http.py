"""Over HTTP only this machine may ask, and each request stands alone."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

HEADERS = {"content-type": "application/json", "accept": "application/json, text/event-stream"}
PING: dict[str, Any] = {"jsonrpc": "2.0", "id": 1, "method": "ping"}


def asked(address: str, body: Any = PING, **headers: str) -> httpx.Response:
    content = {"content": body} if isinstance(body, bytes) else {"json": body}
    return httpx.post(address, headers={**HEADERS, **headers}, timeout=60, **content)


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]"])
def test_this_machine_may_ask_by_each_of_its_names(address: str, name: str) -> None:
    port = httpx.URL(address).port
    answer = asked(address, host=f"{name}:{port}", origin=f"http://{name}:{port}")
    assert (answer.status_code, answer.json()["result"]) == (200, {})
    assert "mcp-session-id" not in answer.headers


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "rebound.example"}, 421),
        ({"host": "127.0.0.1:1"}, 421),
        ({"origin": "http://rebound.example"}, 403),
        ({"origin": "https://127.0.0.1:1"}, 403),
        ({"origin": "null"}, 403),
    ],
)
def test_a_foreign_host_or_origin_is_refused(
    address: str, headers: dict[str, str], status: int
) -> None:
    answer = asked(address, **headers)
    assert answer.status_code == status
    assert "result" not in answer.text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"nonsense", 400),
        (b"", 400),
        ([PING], 400),
        ({"jsonrpc": "1.0", "id": 1, "method": "ping"}, 400),
        (b'"' + b"x" * 5_000_000 + b'"', 413),
    ],
)
def test_a_malformed_body_is_refused_and_the_rest_goes_on(
    address: str, body: Any, status: int
) -> None:
    assert asked(address, body).status_code == status
    assert asked(address).json()["result"] == {}


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "OPTIONS"])
def test_it_is_asked_by_post_alone(address: str, method: str) -> None:
    answer = httpx.request(method, address, headers=HEADERS, timeout=10)
    assert answer.status_code == 405
    assert not [name for name in answer.headers if name.startswith("access-control")]
