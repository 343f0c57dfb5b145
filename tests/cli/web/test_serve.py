"""`whyllm serve` as a process: where it binds, how it ends, what it says."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import psutil
import pytest

from tests.cli.runner import Command


@pytest.fixture
def served() -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "whyllm.cli", "serve", "--port", "0", "--workers", "1"],
        stderr=subprocess.PIPE, text=True, env=os.environ.copy(),
    )  # fmt: skip
    try:
        assert process.stderr
        line = process.stderr.readline()
        found = re.fullmatch(r"whyllm: (http://127\.0\.0\.1:\d+)/ \(Ctrl-C ends it\)\n", line)
        assert found, line
        yield process, found[1]
    finally:
        process.kill()
        process.wait()


def test_it_answers_until_it_is_interrupted(served: tuple[subprocess.Popen[str], str]) -> None:
    process, site = served
    assert "Which open model" in httpx.get(site, timeout=60).text
    assert httpx.get(f"{site}/api/rules/LIC-020", timeout=60).json()["id"] == "LIC-020"
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 0
    assert process.stderr
    assert "Traceback" not in process.stderr.read()


def test_workers_that_were_lost_are_replaced(
    served: tuple[subprocess.Popen[str], str],
) -> None:
    process, site = served
    assert httpx.get(f"{site}/rules/LIC-020", timeout=60).status_code == 200
    workers = [
        child
        for child in psutil.Process(process.pid).children()
        if "spawn_main" in str(child.cmdline())
    ]
    assert workers
    for worker in workers:
        worker.kill()
    psutil.wait_procs(workers, timeout=20)
    for path in ("/rules/LIC-030", "/review?text=codestral&use=research"):
        assert httpx.get(f"{site}{path}", timeout=60).status_code == 200, path


def test_what_takes_long_keeps_no_other_answer_waiting(
    served: tuple[subprocess.Popen[str], str],
) -> None:
    _, site = served
    assert httpx.get(f"{site}/rules/LIC-020", timeout=60).status_code == 200
    with ThreadPoolExecutor(1) as visitor:
        paper = visitor.submit(httpx.get, f"{site}/quiz?seed=3&count=20", timeout=120)
        time.sleep(0.2)
        assert httpx.get(f"{site}/recommend?modality=code", timeout=60).status_code == 200
        assert not paper.done()
        assert paper.result().status_code == 200


@pytest.mark.parametrize("ended", [signal.SIGTERM, signal.SIGKILL])
def test_its_workers_end_with_it(
    served: tuple[subprocess.Popen[str], str], ended: signal.Signals
) -> None:
    process, site = served
    httpx.get(f"{site}/rules/LIC-020", timeout=60)
    workers = psutil.Process(process.pid).children(recursive=True)
    assert workers
    process.send_signal(ended)
    process.wait(timeout=30)
    _, alive = psutil.wait_procs(workers, timeout=20)
    assert alive == []


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_an_address_that_others_can_reach_is_refused(whyllm: Command, host: str) -> None:
    shown = whyllm("serve", "--host", host)
    assert (shown.code, shown.out) == (2, "")
    assert (
        shown.err
        == f"whyllm: --host {host}: other machines could reach it; --allow-remote lets them\n"
    )


def test_a_port_in_use_is_told(whyllm: Command) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        shown = whyllm("serve", "--port", str(port))
    assert shown.code == 2
    assert f"127.0.0.1:{port}: cannot be served on: " in shown.err
    assert shown.err.count("\n") == 1


def test_a_missing_package_is_named_with_the_extra(
    whyllm: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    monkeypatch.delitem(sys.modules, "whyllm.cli.listening", raising=False)
    shown = whyllm("serve")
    assert (shown.code, shown.err) == (
        2,
        "whyllm: serve: needs the library uvicorn: pip install 'whyllm[web]'\n",
    )
