"""What an Ollama server says is installed: by its real API, and when it does not keep to it."""

from __future__ import annotations

import asyncio
import gzip
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from whyllm.engine.inventory import ollama_server
from whyllm.engine.inventory.mention import Fault, Found, Mention, Place
from whyllm.engine.inventory.ollama_server import installed

from tests.engine.inventory.ollama_double import (
    Answer,
    OllamaDouble,
    body,
    cut,
    dripping,
    endless,
    half,
    nothing,
    serving,
    stalling,
    tags,
)

BLOB = "/usr/share/ollama/.ollama/models/blobs/sha256-dde5aa3fc5ffc17176b5e8bdc82f587b24b2678c6c66"
MIT = "MIT License\n\nPermission is hereby granted"


@pytest.fixture(autouse=True)
def _no_server_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OLLAMA_HOST", raising=False)


@pytest.fixture
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever stalls is left after a moment."""
    monkeypatch.setattr(ollama_server, "SECONDS_AN_ANSWER", 1.0)


def read(server: OllamaDouble) -> tuple[list[Mention], list[str]]:
    found = list(installed(server.address))
    assert {item.place for item in found} <= {Place(server.address)}
    return split(found)


def split(found: list[Found]) -> tuple[list[Mention], list[str]]:
    mentions = [item for item in found if isinstance(item, Mention)]
    return mentions, [item.text for item in found if isinstance(item, Fault)]


def shown(**told: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The licences and bases of a model of which the server tells that."""
    with serving(tags("m:1b"), m_1b=told) as server:
        ((mention,), faults) = read(server)
    assert faults == []
    return mention.declared, mention.bases


def test_every_installed_model_is_a_mention_under_the_name_and_address_that_serve_it() -> None:
    with serving(tags("llama3.2:3b", "acme/chat:latest"), **{"llama3.2:3b": {}}) as server:
        server.shown["acme/chat:latest"] = {}
        found = list(installed(server.address))
    place = Place(server.address)
    assert found == [Mention("llama3.2:3b", place), Mention("acme/chat:latest", place)]


def test_a_server_can_be_asked_within_an_event_loop_as_in_a_notebook() -> None:
    async def in_a_loop() -> tuple[tuple[str, ...], tuple[str, ...]]:
        return shown(license=MIT)

    with ThreadPoolExecutor(1) as thread:  # for a loop may run in this one already
        assert thread.submit(lambda: asyncio.run(in_a_loop())).result() == ((MIT,), ())


def test_the_licence_texts_are_declared_whole() -> None:
    assert shown(license=MIT) == ((MIT,), ())


def test_a_list_of_licences_is_declared_one_by_one() -> None:
    assert shown(license=[MIT, " Acceptable Use Policy "]) == ((MIT, "Acceptable Use Policy"), ())


def test_the_header_of_the_weights_declares_its_licence_and_bases_too() -> None:
    keys = {
        "general.license": "other",
        "general.license.name": "llama3.2",
        "general.base_model.0.repo_url": "https://huggingface.co/meta-llama/Llama-3.2-3B-Instruct",
        "general.base_model.1.name": "Hermes 3 3B",
        "general.base_model.1.organization": "NousResearch",
    }
    declared, bases = shown(license=MIT, model_info=keys)
    assert declared == (MIT, "llama3.2")
    assert bases == ("meta-llama/Llama-3.2-3B-Instruct", "Hermes 3 3B")


@pytest.mark.parametrize(
    "told",
    [
        {"details": {"parent_model": "llama3.2:latest"}},
        {"modelfile": f'# FROM m:1b\n\nFROM llama3.2:latest\nTEMPLATE """FROM x\n"""\n# {MIT}'},
    ],
)
def test_a_model_made_from_another_names_it_as_its_base(told: dict[str, Any]) -> None:
    assert shown(**told)[1] == ("llama3.2:latest",)


@pytest.mark.parametrize("path", [BLOB, r"C:\Users\me\.ollama\blobs\sha256-1", "./model.gguf"])
def test_a_file_of_the_server_is_no_base(path: str) -> None:
    assert shown(details={"parent_model": path}, modelfile=f"FROM {path}\n")[1] == ()


def test_from_in_the_text_of_a_licence_is_no_base() -> None:
    modelfile = f'FROM {BLOB}\nLICENSE """ARISING\nFROM OUT OF THE SOFTWARE\n"""\n'
    assert shown(modelfile=modelfile)[1] == ()


def test_values_that_the_library_does_not_expect_cost_nothing_else() -> None:
    listed = tags("a:1b", "b:1b")
    listed["models"][0] |= {"size": "large", "modified_at": 5, "details": []}
    with serving(listed, a_1b={"license": MIT, "details": 3, "model_info": []}, b_1b={}) as server:
        mentions, faults = read(server)
    assert [(item.name, item.declared) for item in mentions] == [("a:1b", (MIT,)), ("b:1b", ())]
    assert faults == []


def test_a_name_listed_twice_is_one_mention_and_one_unreadable_is_a_fault() -> None:
    listed = tags("a:1b", "a:1b", "\x1b[2J", "x" * 1_000)
    listed["models"] += [None, {"model": 5}]
    with serving(listed, a_1b={}) as server:
        mentions, faults = read(server)
    assert [item.name for item in mentions] == ["a:1b"]
    assert faults == [
        f"model {number} of its list has no name that can be read" for number in (3, 4, 5, 6)
    ]


def test_half_of_a_surrogate_pair_in_a_licence_can_be_written() -> None:
    (declared,), _ = shown(license="MIT \ud800")
    assert declared.encode() == b"MIT ?"


SLOW = [stalling, half, dripping]
FAULTY: list[tuple[Answer | object, str]] = [
    (endless, "its answer is larger than 8,000,000 bytes"),
    (cut, "no whole answer (RemoteProtocolError): "),
    (body(b"<html>Welcome to nginx!</html>"), "its answer is not JSON"),
    (body(b"[" * 100_000), "its answer is not JSON"),
    (body(b""), "its answer is not JSON"),
    (body(b"\xff\xfe\x00"), "its answer is not JSON"),
    (["models"], "expected an object as answer"),
    (body({"error": "out of memory"}, 500), "it answers with status 500: out of memory"),
    (body([], 500), "no whole answer (AttributeError): "),
    (body(b"<html>", 502), "it answers with status 502: <html>"),
    (nothing, "it answers with status 404: model not found"),
    (
        body(gzip.compress(b" " * 1_000_000), Content_Encoding="gzip"),
        "its answer is compressed, which was not asked for",
    ),
]


@pytest.mark.usefixtures("_hurry")
@pytest.mark.parametrize("answer", SLOW)
def test_a_list_that_does_not_come_is_a_fault_with_the_limit(answer: Answer) -> None:
    with serving(answer) as server:
        assert read(server) == ([], ["its models are not known: no whole answer within 1 s"])


@pytest.mark.usefixtures("_hurry")
@pytest.mark.parametrize("answer", SLOW)
def test_a_model_whose_terms_do_not_come_keeps_back_no_other(answer: Answer) -> None:
    with serving(tags("bad:1b", "c:1b"), bad_1b=answer, c_1b={"license": MIT}) as server:
        mentions, faults = read(server)
    assert [(item.name, item.declared) for item in mentions] == [("bad:1b", ()), ("c:1b", (MIT,))]
    assert faults == ["the terms of bad:1b are not known: no whole answer within 1 s"]


@pytest.mark.parametrize(("answer", "reason"), FAULTY)
def test_a_list_that_cannot_be_read_is_one_fault_that_says_why(
    answer: Answer | object, reason: str
) -> None:
    with serving(answer) as server:
        mentions, (fault,) = read(server)
    assert mentions == []
    assert fault.startswith(f"its models are not known: {reason}")


@pytest.mark.parametrize("listed", [{}, {"models": None}, {"models": {"name": "x"}}])
def test_an_object_that_lists_no_models_is_a_fault(listed: object) -> None:
    with serving(listed) as server:
        _, (fault,) = read(server)
    assert fault.endswith("expected Ollama's list of models: a list under the key `models`")


@pytest.mark.parametrize(("answer", "reason"), FAULTY)
def test_a_model_whose_terms_cannot_be_read_is_a_fault_and_all_are_named(
    answer: Answer | object, reason: str
) -> None:
    with serving(tags("a:1b", "bad:1b", "c:1b"), a_1b={"license": MIT}, c_1b={}) as server:
        server.shown["bad:1b"] = answer
        mentions, (fault,) = read(server)
    named = [(item.name, item.declared) for item in mentions]
    assert named == [("a:1b", (MIT,)), ("bad:1b", ()), ("c:1b", ())]
    assert fault.startswith(f"the terms of bad:1b are not known: {reason}")


def test_a_licence_that_is_no_text_is_a_fault() -> None:
    with serving(tags("a:1b"), a_1b={"license": {"name": "MIT"}}) as server:
        (mention,), faults = read(server)
    assert mention.declared == ()
    assert faults == ["the licence of a:1b is not known: expected a text or a list of texts"]


def test_a_redirect_is_told_and_not_followed() -> None:
    with serving(tags("elsewhere:1b")) as other:
        with serving(body(b"", 307, Location=f"{other.address}/api/tags")) as server:
            mentions, (fault,) = read(server)
        assert (mentions, other.requests) == ([], [])
    assert f"it redirects to {other.address}/api/tags, which is not followed" in fault


@pytest.mark.usefixtures("_hurry")
def test_when_time_is_up_the_models_that_are_left_are_still_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ollama_server, "SECONDS_IN_ALL", 1.5)
    names = [f"m{number}:1b" for number in range(40)]
    began = time.monotonic()
    with serving(tags(*names), **{name.replace(":", "_"): stalling for name in names}) as server:
        mentions, faults = read(server)
    assert time.monotonic() - began < 60  # a guard: 40 models that stall take 40 s alone
    assert [item.name for item in mentions] == names
    assert len(faults) == 40
    assert faults[-1].endswith("all answers together took longer than 1.5 s")
    assert len(server.requests) < 10


def test_a_list_too_long_is_read_to_its_limit_and_the_rest_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ollama_server, "MOST_MODELS", 2)
    with serving(tags("a:1b", "b:1b", "c:1b"), a_1b={}, b_1b={}) as server:
        mentions, faults = read(server)
    assert [item.name for item in mentions] == ["a:1b", "b:1b"]
    assert faults == ["lists 3 models; those after 2 were not read"]


def test_without_an_address_the_environment_names_the_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(tags("a:1b"), a_1b={}) as server:
        monkeypatch.setenv("OLLAMA_HOST", f"127.0.0.1:{server.server_port}")
        assert list(installed(None)) == [Mention("a:1b", Place(server.address))]


def test_proxies_of_the_environment_are_not_asked_about_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(nothing) as proxy, serving(tags("a:1b"), a_1b={}) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.address)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        assert [item.name for item in read(server)[0]] == ["a:1b"]
        assert proxy.requests == []


def test_a_port_on_which_nobody_listens_is_a_fault_with_the_address() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{bound.getsockname()[1]}"
        (fault,) = installed(address)
    assert str(fault) == (
        f"http://{address}: its models are not known: no server can be reached there; "
        "expected Ollama to run"
    )


@pytest.mark.parametrize("address", ["http://me:secret@[::1", "me:secret@127.0.0.1:99999999", "::"])
def test_what_is_no_address_is_a_fault_that_tells_no_password(address: str) -> None:
    (fault,) = installed(address)
    assert isinstance(fault, Fault)
    assert "secret" not in str(fault)


def test_without_the_library_the_fault_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "ollama", None)
    (fault,) = installed("http://me:secret@127.0.0.1:1")
    assert str(fault) == (
        "http://127.0.0.1:1: needs the library ollama: pip install 'whyllm[machines]'"
    )


def test_whoever_stops_reading_early_leaves_no_connection_and_no_thread() -> None:
    threads = threading.active_count()
    with serving(tags("a:1b", "b:1b"), a_1b={}, b_1b={}) as server:
        models = installed(server.address)
        assert isinstance(next(models), Mention)
        models.close()  # type: ignore[attr-defined]
        assert [path for path, _ in server.requests] == ["/api/tags", "/api/show"]
    assert threading.active_count() <= threads
