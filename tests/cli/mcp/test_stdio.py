"""Standard input and output: nothing but messages goes out, and nothing that comes in breaks it."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from typing import Any

from tests.cli.mcp.conftest import Wire

Start = Callable[..., Wire]


def call(tool: Any, arguments: Any, key: int | str = "called") -> dict[str, Any]:
    params = {"name": tool, "arguments": arguments}
    return {"jsonrpc": "2.0", "id": key, "method": "tools/call", "params": params}


PARSE_ERROR, INVALID_REQUEST, UNKNOWN_METHOD, INVALID_PARAMS = -32700, -32600, -32601, -32602

MALFORMED: list[tuple[str | bytes, str | int | None, int]] = [
    ("nonsense", None, PARSE_ERROR),
    ('{"jsonrpc": "2.0", "id": 7, "method": "pi', None, PARSE_ERROR),
    (b'{"jsonrpc": "2.0", "id": \xff}', None, PARSE_ERROR),
    ('{"jsonrpc": "2.0", "id": 7, "method": "\\ud800"}', None, PARSE_ERROR),
    ("x" * 3_000_000, None, PARSE_ERROR),
    (json.dumps(call("recommend", {"vram": 0})).replace(" 0", "9" * 5000), None, PARSE_ERROR),
    ("5", None, INVALID_REQUEST),
    ('{"jsonrpc": "1.0", "id": 7, "method": "ping"}', None, INVALID_REQUEST),
    ('[{"jsonrpc": "2.0", "id": 7, "method": "ping"}]', None, INVALID_REQUEST),
    ('{"jsonrpc": "2.0", "id": 7, "method": 5}', None, INVALID_REQUEST),
    ('{"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": [1]}', None, INVALID_REQUEST),
    ('{"jsonrpc": "2.0", "id": 7, "method": "tools/guess"}', 7, UNKNOWN_METHOD),
    ('{"jsonrpc": "2.0", "id": 7, "method": "tools/call"}', 7, INVALID_PARAMS),
    (json.dumps(call("why", [1], 7)), 7, INVALID_PARAMS),
    (json.dumps(call(5, {}, 7)), 7, INVALID_PARAMS),
    (json.dumps(call("y" * 100_000, {}, 7)), 7, INVALID_PARAMS),
    ('{"jsonrpc": "2.0", "id": 7, "method": "tools/list", "params": {"cursor": "x"}}', 7,
     INVALID_PARAMS),
    ('{"jsonrpc": "2.0", "id": 7, "method": "resources/read"}', 7, INVALID_PARAMS),
]  # fmt: skip


def test_what_is_malformed_gets_an_error_and_the_rest_goes_on_until_it_is_interrupted(
    wire: Start,
) -> None:
    server = wire()
    assert server.ask("tools/list")["error"]["code"] == INVALID_PARAMS  # before any handshake
    server.greet()
    for line, key, code in MALFORMED:
        server.send(line)
        answer = server.read()
        assert (answer["id"], answer["error"]["code"]) == (key, code), line[:200]
        assert len(json.dumps(answer)) < 1000
    for unanswered in (
        "",
        "   ",
        '{"jsonrpc": "2.0", "method": "notifications/unheard-of"}',
        '{"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 99}}',
        '{"jsonrpc": "2.0", "id": 3, "result": {}}',
        '{"jsonrpc": "2.0", "id": null, "method": "ping"}',  # no id of a request: a notification
    ):
        server.send(unanswered)
    assert server.ask("ping")["result"] == {}
    server.send(call("kb_show", {"name": "MIT"}))
    assert server.read()["result"]["structuredContent"]["id"] == "MIT"
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(timeout=60) == -signal.SIGINT
    assert server.process.stderr
    assert server.process.stderr.read() == b""


def test_requests_can_be_piped_in_and_all_are_answered_before_the_end(wire: Start) -> None:
    server = wire("--text-only")
    server.greet()
    server.send(call("why", {"model": "codestral", "use": "commercial"}, "slow"))
    server.send(call("why", {"model": "codestral", "use": "research"}, "taken back"))
    server.send(
        {"jsonrpc": "2.0", "method": "notifications/cancelled",
         "params": {"requestId": "taken back"}}
    )  # fmt: skip
    server.send({"jsonrpc": "2.0", "id": "listed", "method": "tools/list"})
    ended = server.end()
    answers = {answer["id"]: answer["result"] for answer in (server.read(), server.read())}
    assert ended == (0, "")
    assert answers.keys() == {"slow", "listed"}
    assert answers["slow"]["content"][0]["text"].startswith("Codestral 22B v0.1 is excluded.")
    assert "structuredContent" not in answers["slow"]
    assert all("outputSchema" not in tool for tool in answers["listed"]["tools"])


def test_a_client_that_has_gone_ends_it_without_a_traceback(wire: Start) -> None:
    server = wire()
    server.greet()
    assert server.process.stdout
    server.process.stdout.close()
    server.send({"jsonrpc": "2.0", "id": 1, "method": "ping"})
    _, said = server.end()
    assert said == ""
