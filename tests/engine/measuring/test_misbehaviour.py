"""Servers that misbehave: the fault is told in a line, nothing hangs, and nothing else is lost."""

from __future__ import annotations

import time

import pytest
from whyllm.engine.measuring import server as servers
from whyllm.engine.measuring.server import AddressError, endpoint

from tests.engine.measuring.model_double import (
    EVENTS,
    LINES,
    Answer,
    Handler,
    body,
    chunks,
    end,
    endless,
    event,
    line,
    ollama,
    openai,
    serving,
    stalling,
)
from tests.engine.measuring.sessions import contender, session, task

LIMIT = 0.8
"""Seconds for each answer where one keeps the session waiting."""

AMPLE = 30.0
"""Seconds for each answer elsewhere, also on a machine that is busy."""


def vanishing(handler: Handler) -> None:
    """Closes the connection without a word."""
    handler.close_connection = True


def promising(handler: Handler) -> None:
    """Sends less than it has promised."""
    handler.send_response(200)
    handler.send_header("Content-Type", LINES)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(line("a"))
    handler.close_connection = True


def trickling(handler: Handler) -> None:
    """Sends a header byte by byte, each soon enough to be waited for."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while not handler.server.over.wait(0.02):
        handler.wfile.write(b"a")
        handler.wfile.flush()


EARLY = "it ended the answer too early: "
UNENDED = "its answer ended before it said that it was done"
LATE = f"no whole answer within {LIMIT:g} s"

OF_OLLAMA: dict[str, tuple[Answer, str]] = {
    "says nothing": (stalling(), LATE),
    "stalls in mid-stream": (stalling(line("a"), line("b")), LATE),
    "trickles": (trickling, LATE),
    "never ends": (endless(line("a")), LATE),
    "vanishes": (vanishing, f"{EARLY}Server disconnected without sending a response."),
    "breaks off": (
        chunks(line("a"), whole=False),
        f"{EARLY}peer closed connection without sending complete message body "
        "(incomplete chunked read)",
    ),
    "sends less than promised": (
        promising,
        f"{EARLY}peer closed connection without sending complete message body "
        f"(received {len(line('a'))} bytes, expected 1000)",
    ),
    "forgets the end": (chunks(line("a")), UNENDED),
    "junk": (
        chunks(line("a"), b"<!doctype html>\n"),
        "a line of its answer is no JSON: <!doctype html>",
    ),
    "a list": (chunks(b"[1, 2]\n"), "a line of its answer is no object: [1, 2]"),
    "an error amid the answer": (
        chunks(line("a"), b'{"error": "llama runner process has terminated"}\n'),
        "it says: llama runner process has terminated",
    ),
    "a web page": (
        body(b"<html>", Content_Type="text/html; charset=utf-8"),
        "expected lines of JSON, found text/html",
    ),
    "no type": (body(b"{}", Content_Type=""), "expected lines of JSON, found no type"),
    "500": (body({"error": "out of\nmemory"}, 500), "it answers with status 500: out of memory"),
    "503 without a word": (body(b"", 503), "it answers with status 503: no reason"),
    "a model that is gone": (
        body({"error": "model 'bad' not found"}, 404),
        "it answers with status 404: model 'bad' not found",
    ),
    "no UTF-8": (chunks(line("a"), b'{"message": "\xff"}\n'), "its answer is not UTF-8 text"),
    "half a letter": (chunks(line("a"), end(1), b"\xc3"), "its answer is not UTF-8 text"),
    "compressed": (
        body(b"x", Content_Encoding="gzip", Content_Type=LINES),
        "its answer is compressed, which was not asked for",
    ),
    "no text at all": (chunks(end(0)), "its answer holds no text"),
    "escapes for a terminal": (
        body({"error": "\x1b]0;owned\x07"}, 500),
        "it answers with status 500: \\x1b]0;owned\\x07",
    ),
}


@pytest.mark.parametrize("name", OF_OLLAMA)
def test_a_fault_is_told_and_the_other_candidate_measured(name: str) -> None:
    answer, expected = OF_OLLAMA[name]
    with serving(ollama({"good:1": "it is fine", "bad:1": answer})) as server:
        found = session(
            contender("good", server.address, "good:1"),
            contender("bad", server.address, "bad:1"),
            seconds=LIMIT if expected == LATE else AMPLE,
        )
    assert [r.fault for r in found.runs if r.model == "good"] == [None, None]
    assert [r.output for r in found.runs if r.model == "good"] == ["it is fine"] * 2
    assert [r.fault for r in found.runs if r.model == "bad"] == [expected] * 2


OF_OPENAI: dict[str, tuple[Answer, str]] = {
    "lines instead of events": (chunks(line("a")), f"expected server-sent events, found {LINES}"),
    "whole instead of streamed": (
        body({"choices": []}),
        "expected server-sent events, found application/json",
    ),
    "junk": (chunks(b"data: {oh\n\n", kind=EVENTS), "an event of its answer is no JSON: {oh"),
    "a number": (chunks(b"data: 7\n\n", kind=EVENTS), "an event of its answer is no object: 7"),
    "an error": (
        chunks(
            event({"content": "a"}), b'data: {"error": {"message": "overloaded"}}\n\n', kind=EVENTS
        ),
        "it says: overloaded",
    ),
    "no end": (chunks(event({"content": "a"}), kind=EVENTS), UNENDED),
    "never ends": (endless(event({"content": "a"}), kind=EVENTS), LATE),
    "only comments": (endless(b": keep-alive\n\n", kind=EVENTS), LATE),
}


@pytest.mark.parametrize("name", OF_OPENAI)
def test_a_fault_of_an_openai_compatible_server(name: str) -> None:
    answer, expected = OF_OPENAI[name]
    good = chunks(event({"content": "fi"}), event({"content": "ne"}, "stop"), kind=EVENTS)
    with serving(openai(answer, "bad")) as bad, serving(openai(good, "good")) as server:
        found = session(
            contender("good", server.address),
            contender("bad", bad.address),
            seconds=LIMIT if expected == LATE else AMPLE,
        )
    assert [r.output for r in found.runs if r.model == "good"] == ["fine"] * 2
    assert [r.fault for r in found.runs if r.model == "bad"] == [expected] * 2


def test_values_of_other_types_are_unknown_and_break_nothing() -> None:
    odd = [
        event({"content": 7}),
        event("no delta"),
        b'data: {"choices": {"a": 1}}\n\n',
        b'data: {"choices": []}\n\n',
        event({"content": "x"}, usage={"completion_tokens": -3, "prompt_tokens": "many"}),
        event({"content": "\ud800"}, "stop", timings={"predicted_per_second": 1e300}),
    ]
    with serving(openai(chunks(*odd, kind=EVENTS), "m", "n")) as server:
        found = session(contender("a", server.address, "m"), contender("b", server.address, "n"))
    for run in found.runs:
        assert run.fault is None
        assert run.output == "x\ufffd"
        assert (run.tokens, run.prompt_tokens, run.server_tokens_per_s) == (None, None, None)


def test_figures_beyond_any_machine_are_unknown() -> None:
    absurd = line("", done=True, eval_count=10**12, eval_duration=1, prompt_eval_count=10**30)
    with serving(ollama({"a:1": chunks(line("x"), line("y"), absurd), "b:1": "fine"})) as server:
        found = session(
            contender("a", server.address, "a:1"), contender("b", server.address, "b:1")
        )
    run = found.runs[1]
    assert (run.fault, run.output, run.tokens, run.prompt_tokens) == (None, "xy", 10**12, None)
    assert run.server_tokens_per_s is None


def test_a_redirection_is_not_followed() -> None:
    with serving(ollama({"bad:1": "elsewhere"})) as elsewhere:
        target = f"{elsewhere.address}/api/chat"
        moved = body(b"", 307, Location=target)
        with serving(ollama({"good:1": "here", "bad:1": moved})) as server:
            found = session(
                contender("good", server.address, "good:1"),
                contender("bad", server.address, "bad:1"),
                key="secret",
            )
    assert found.runs[-1].fault == f"it redirects to {target}, which is not followed"
    assert elsewhere.requests == []


def test_an_answer_without_limit_ends_at_the_limit_of_bytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(servers, "MOST_BYTES", 100_000)
    with serving(ollama({"good:1": "fine", "bad:1": endless(b"x" * 10_000)})) as server:
        found = session(
            contender("good", server.address, "good:1"), contender("bad", server.address, "bad:1")
        )
    assert {r.fault for r in found.runs if r.model == "bad"} == {
        "its answer is larger than 100,000 bytes"
    }


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        ({}, "it answers with status 404: no such path"),
        ({"/api/version": body(b"hello")}, "its answer is not JSON"),
        ({"/api/version": [1]}, "expected an object as answer"),
        (
            {"/api/version": {"version": "1"}, "/api/tags": {"models": "none"}},
            "it has no model m: ollama pull m",
        ),
        ({"/api/version": {"version": "1"}, "/api/tags": {"models": [None, 1, {}]}},
         "it has no model m: ollama pull m"),
    ],
    ids=["another server", "no JSON", "a list", "no list", "odd entries"],
)  # fmt: skip
def test_a_server_that_is_none(answers: dict[str, object], fault: str) -> None:
    with serving(answers) as server:
        found = session(contender("a", server.address, "m"), contender("b", server.address, "n"))
    assert found.candidates[0].fault == fault
    assert found.runs == []


def test_no_server_at_all() -> None:
    began = time.monotonic()
    with serving({}) as server:
        address = server.address
    found = session(contender("a", address), contender("b", address, api="openai"))
    for candidate in found.candidates:
        assert candidate.fault == "no server can be reached there: All connection attempts failed"
    assert time.monotonic() - began < 20


def test_a_deep_answer_is_no_json() -> None:
    deep = chunks(b"[" * 100_000 + b"\n")
    with serving(ollama({"a:1": deep, "b:1": "fine"})) as server:
        found = session(
            contender("a", server.address, "a:1"), contender("b", server.address, "b:1")
        )
    assert found.runs[0].fault is not None
    assert found.runs[0].fault.startswith("a line of its answer is no JSON: [[[")


def test_a_check_that_would_hang_is_given_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whyllm.engine.measuring.checks.SECONDS_A_PATTERN", 0.1)
    says = "a" * 40 + "!"
    with serving(ollama({"a:1": says, "b:1": says})) as server:
        found = session(
            contender("a", server.address, "a:1"),
            contender("b", server.address, "b:1"),
            tasks=(task("hostile", {"regex": r"^(\w|\w\w|a)+$"}),),
        )
    assert [c.why for r in found.runs for c in r.checks] == ["not found within 0.1 s"] * 2


@pytest.mark.parametrize(
    ("stated", "url", "local"),
    [
        ("127.0.0.1", "http://127.0.0.1:11434", True),
        ("localhost:80", "http://localhost:80", True),
        ("0.0.0.0", "http://127.0.0.1:11434", True),
        (":8080", "http://127.0.0.1:8080", True),
        ("http://[::1]:8080/", "http://[::1]:8080", True),
        ("https://models.example/v1/", "https://models.example", False),
        ("http://10.0.0.7:8000/llm/v1", "http://10.0.0.7:8000/llm", False),
        ("http://localhost.example", "http://localhost.example", False),
    ],
)
def test_an_address(stated: str, url: str, local: bool) -> None:
    found = endpoint(stated)
    assert (found.url, found.local) == (url, local)
    assert found.versioned == stated.rstrip("/").endswith("/v1")


@pytest.mark.parametrize(
    ("stated", "complaint"),
    [
        ("ftp://x", "ftp://x: expected an address such as http://127.0.0.1:11434"),
        ("http://", "http://: expected an address such as http://127.0.0.1:11434"),
        ("http://x:port", "http://x:port: not an address: "),
        ("http://me:hidden@x", "http://x: an address must not hold a password; an API key is read "
                               "from the environment"),
        ("http://x/?key=1", "http://x/?key=1: expected an address such as http://127.0.0.1:11434"),
    ],
)  # fmt: skip
def test_a_wrong_address(stated: str, complaint: str) -> None:
    with pytest.raises(AddressError) as error:
        endpoint(stated)
    assert str(error.value).startswith(complaint)
    assert "hidden" not in str(error.value)
