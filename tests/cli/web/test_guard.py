"""What comes in is limited, what goes out may do little, and the server keeps nothing."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from whyllm.cli.web import guard
from whyllm.cli.web.answers import Answer
from whyllm.cli.web.guard import POLICY
from whyllm.cli.web.wanted import Wanted

PATHS = ["/", "/tree", "/static/site.css", "/static/site.js", "/api/rules", "/nowhere", "/rules/X"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_a_strict_policy(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = dict(
        part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";")
    )
    assert policy == {
        "default-src": "'none'", "script-src": "'self'", "style-src": "'self'",
        "img-src": "'self'", "connect-src": "'self'", "form-action": "'self'",
        "base-uri": "'none'", "frame-ancestors": "'none'",
    }  # fmt: skip
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "set-cookie" not in headers


def test_a_picture_may_be_styled_and_nothing_else(client: TestClient) -> None:
    answer = client.get("/tree.svg?modality=code")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'"
    )
    assert "<script" not in answer.text


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "8.8.8.8"])
def test_a_name_that_is_not_this_machines_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "localhost:1", "[::1]:8000"])
def test_this_machines_names_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 200


def test_a_refused_name_and_a_failure_carry_the_policy_too(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(wanted: Wanted) -> Answer:
        raise RuntimeError("a secret")

    refused = client.get("/", headers={"host": "evil.example"})
    monkeypatch.setattr(client.app.state.pool, "answer", broken)  # type: ignore[attr-defined]
    failed, failed_json = client.get("/rules"), client.get("/api/rules")
    for answer in (refused, failed, failed_json):
        assert answer.headers["content-security-policy"] == POLICY
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "secret" not in answer.text
    assert (failed.status_code, failed_json.status_code) == (500, 500)
    assert "Something went wrong here" in failed.text
    assert failed_json.json() == {"error": "the answer could not be worked out"}


@pytest.mark.parametrize("path", ["/review", "/api/licence/review"])
def test_a_body_that_does_not_come_is_not_waited_for(
    site: str, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(guard, "MOST_SECONDS", 0.3)
    host, port = site.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as slow:
        slow.sendall(
            f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 9\r\n\r\nab".encode()
        )
        assert slow.recv(10_000).startswith(b"HTTP/1.1 408 ")


def test_too_long_an_address_is_refused(client: TestClient) -> None:
    answer = client.get("/recommend?language=" + "a" * 9_000)
    assert answer.status_code == 414
    assert "expected at most 8,000 bytes of address" in answer.text


def test_too_large_a_body_is_refused_though_no_length_is_stated(client: TestClient) -> None:
    sent = 0

    def flood() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(1_000):
            sent += 10_000
            yield b"x" * 10_000

    answer = client.post("/api/licence/review", content=flood())
    assert answer.status_code == 413
    assert answer.json() == {"error": "expected at most 1,000,000 bytes"}


@pytest.mark.parametrize(
    "path",
    ["/static/..%2f..%2fapp.py", "/static/../app.py", "/models/..%2f..%2fetc%2fpasswd",
     "/licences/%2fetc%2fpasswd", "/why/%2e%2e%2f%2e%2e", "/rules/..%00"],
)  # fmt: skip
def test_a_path_in_a_request_opens_nothing(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in (404, 422)
    assert "root:" not in answer.text
    assert "import" not in answer.text


def test_markup_in_a_request_comes_back_as_text(client: TestClient) -> None:
    for path in ("/why/<script>alert(1)<\\script>", "/recommend?region=<b>", "/choose?passed=<i>"):
        text = client.get(path).text
        assert "<script>alert" not in text
        assert "<b>'" not in text
        assert "<i>" not in text


@pytest.mark.parametrize("path", ["/rules/LIC-020", "/api/rules/LIC-020", "/static/site.css"])
def test_what_has_not_changed_is_not_sent_again(client: TestClient, path: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_wrong_method_is_told(client: TestClient) -> None:
    answer = client.put("/api/recommend")
    assert answer.status_code == 405
    assert answer.json() == {"error": "PUT /api/recommend: Method Not Allowed"}
    assert answer.headers["allow"] == "GET"


def test_nothing_is_written(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    client.get("/recommend?modality=code&use=personal")
    client.post("/review", data={"text": "codestral", "use": "research"})
    assert list(tmp_path.iterdir()) == []


def test_a_short_list_goes_into_the_address_and_a_long_one_does_not(client: TestClient) -> None:
    stated = {"text": "codestral\n", "use": "commercial", "region": ""}
    short = client.post("/review", data=stated, follow_redirects=False)
    assert short.status_code == 303
    assert short.headers["location"] == "/review?text=codestral%0A&use=commercial"
    long = client.post("/review", data={"text": "codestral\n" * 500, "use": "commercial"})
    assert long.status_code == 200
    assert long.text.count("line 500") == 1
