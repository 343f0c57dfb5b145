"""Asks an Ollama server which models are installed, and what it knows of their terms."""

from __future__ import annotations

import asyncio
import json
import os
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, Any

from whyllm.engine.inventory.declarations import header_bases, ill_typed, licences, models
from whyllm.engine.inventory.mention import Fault, Found, Mention, Place
from whyllm.kb.draft.reading import one_line
from whyllm.kb.extras import MissingLibraryError, from_extra

if TYPE_CHECKING:
    import httpx
    import ollama
    from anyio.from_thread import BlockingPortal

SECONDS_AN_ANSWER = 10.0
SECONDS_IN_ALL = 60.0
MOST_BYTES = 8_000_000
"""Of one answer; the licences and keys of a model take some 50,000."""
MOST_MODELS = 5_000
LONGEST_NAME = 500
_HERE = ("127.0.0.1", "localhost", "[::1]", "0.0.0.0")
_FROM = re.compile(r"^[ \t]*FROM[ \t]+(\S+)", re.IGNORECASE | re.MULTILINE)
_LOCAL = re.compile(r"[/\\.~]|[A-Za-z]:[/\\]|(?:.*[/\\])?sha256[:-]")


class _NoAnswerError(Exception):
    """Why an answer cannot be used, in words for a fault."""


def installed(address: str | None) -> Iterator[Found]:
    """The models of a server, in the order in which it lists them.

    `address` is a host, host:port or URL; without it OLLAMA_HOST holds, and without that Ollama's
    default. A model whose terms the server does not tell is a fault, and a mention by its name.
    """
    stated = address or os.environ.get("OLLAMA_HOST") or "127.0.0.1:11434"
    try:
        with from_extra("machines"):
            import ollama  # noqa: F401
            from anyio.from_thread import start_blocking_portal
    except MissingLibraryError as error:
        yield Fault(Place(_without_password(stated)), error.sentence)
        return
    try:
        server = _Server(stated)
    except Exception as error:  # the library raises whatever a bad address leads it to
        text = f"not an address, as in 127.0.0.1:11434: {one_line(str(error))}"
        yield Fault(Place(_without_password(stated)), text)
        return
    # The event loop is a thread's own: whoever calls this may be within one, as in a notebook.
    with start_blocking_portal() as portal:
        try:
            yield from _models(server, portal)
        finally:
            portal.call(server.close)


def _models(server: _Server, portal: BlockingPortal) -> Iterator[Found]:
    try:
        listed = portal.call(server.answer, server.client.list).get("models")
        if not isinstance(listed, list):
            raise _NoAnswerError("expected Ollama's list of models: a list under the key `models`")
    except _NoAnswerError as error:
        yield Fault(server.place, f"its models are not known: {error}")
        return
    seen: set[str] = set()
    for number, entry in enumerate(listed[:MOST_MODELS], 1):
        name = _name(entry)
        if name is None:
            yield Fault(server.place, f"model {number} of its list has no name that can be read")
        elif name not in seen:
            seen.add(name)
            yield from _model(server, portal, name)
    if len(listed) > MOST_MODELS:
        text = f"lists {len(listed):,} models; those after {MOST_MODELS:,} were not read"
        yield Fault(server.place, text)


def _model(server: _Server, portal: BlockingPortal, name: str) -> Iterator[Found]:
    try:
        told = portal.call(server.answer, lambda: server.client.show(name))
    except _NoAnswerError as error:
        yield Fault(server.place, f"the terms of {name} are not known: {error}")
        told = {}
    if ill_typed(told, ("license",)):
        text = f"the licence of {name} is not known: expected a text or a list of texts"
        yield Fault(server.place, text)
    keys = told.get("model_info")
    keys = keys if isinstance(keys, dict) else {}
    tagged = licences(keys.get("general.license"), keys.get("general.license.name"))
    declared = (*licences(told.get("license"), None), *tagged)
    bases = (*_parents(told, name), *header_bases(keys))
    yield Mention(name, server.place, tuple(dict.fromkeys(declared)), tuple(dict.fromkeys(bases)))


def _name(entry: object) -> str | None:
    """The name of a listed model as served, if it is one printable line."""
    if not isinstance(entry, dict):
        return None
    name = entry.get("model") or entry.get("name")
    if not isinstance(name, str) or not name.strip() or len(name) > LONGEST_NAME:
        return None
    return name if name.isprintable() else None


def _parents(told: dict[str, Any], name: str) -> tuple[str, ...]:
    """The models that a model was created from; files of the server say nothing.

    FROM stands before any text of several lines, in which a licence may say `from` as well.
    """
    details, modelfile = told.get("details"), told.get("modelfile")
    named: list[object] = [details.get("parent_model")] if isinstance(details, dict) else []
    if isinstance(modelfile, str):
        named += _FROM.findall(modelfile.split('"""')[0])
    found = (parent for value in named for parent in models(value))
    return tuple(parent for parent in found if parent != name and not _LOCAL.match(parent))


def _without_password(address: str) -> str:
    scheme, mark, rest = address.rpartition("://")
    return scheme + mark + rest.rpartition("@")[2]


class _Server:
    """One server, asked by the library, within limits of time and size."""

    client: ollama.AsyncClient

    def __init__(self, stated: str) -> None:
        import ollama

        self.place = Place(_without_password(stated))
        self._seconds = SECONDS_IN_ALL
        self._body: bytes | None = None
        self.client = ollama.AsyncClient(
            stated,
            follow_redirects=False,
            headers={"Accept-Encoding": "identity"},
            event_hooks={"request": [self._note_address], "response": [self._keep_body]},
            mounts={f"all://{host}": None for host in _HERE},  # no proxy, whatever is set
        )

    async def answer(self, ask: Callable[[], Awaitable[object]]) -> dict[str, Any]:
        """The object that the server answers with; _NoAnswerError says why there is none.

        What the library makes of the answer is not used: one value that it does not expect costs
        it the whole answer.
        """
        limit = min(SECONDS_AN_ANSWER, self._seconds)
        if limit <= 0:
            raise _NoAnswerError(f"all answers together took longer than {SECONDS_IN_ALL:g} s")
        began = time.monotonic()
        self._body = None
        try:
            async with asyncio.timeout(limit):
                await ask()
        except TimeoutError:
            if self._body is None:
                raise _NoAnswerError(f"no whole answer within {limit:.3g} s") from None
        except Exception as error:  # of httpx, the library, pydantic: whatever an answer led to
            if self._body is None:
                raise _NoAnswerError(_reason(error)) from None
        finally:
            self._seconds -= time.monotonic() - began
        return _object(self._body)

    async def close(self) -> None:
        """Close the connections."""
        async with self.client:
            pass

    async def _note_address(self, request: httpx.Request) -> None:
        url = request.url
        port = f":{url.port}" if url.port else ""
        host = f"[{url.host}]" if ":" in url.host else url.host
        self.place = Place(f"{url.scheme}://{host}{port}")

    async def _keep_body(self, response: httpx.Response) -> None:
        """Read the body within the limit of its size, whatever the library does with it then."""
        if response.is_redirect:
            target = one_line(response.headers.get("location")) or "an address that it leaves out"
            raise _NoAnswerError(f"it redirects to {target}, which is not followed")
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise _NoAnswerError("its answer is compressed, which was not asked for")
        response.stream = _bounded(response.stream)
        body = await response.aread()
        if response.is_success:
            self._body = body


def _bounded(stream: Any) -> Any:
    """A stream of httpx that fails after so many bytes."""
    import httpx

    class Bounded(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            total = 0
            async for chunk in stream:
                total += len(chunk)
                if total > MOST_BYTES:
                    raise _NoAnswerError(f"its answer is larger than {MOST_BYTES:,} bytes")
                yield chunk

        async def aclose(self) -> None:
            await stream.aclose()

    return Bounded()


def _object(body: bytes | None) -> dict[str, Any]:
    try:
        data = json.loads(body or b"")
    except (ValueError, RecursionError):
        raise _NoAnswerError("its answer is not JSON") from None
    if not isinstance(data, dict):
        raise _NoAnswerError("expected an object as answer")
    return data


def _reason(error: Exception) -> str:
    """What an error says, of a server's own words one short line."""
    if isinstance(error, _NoAnswerError):
        return str(error)
    if isinstance(error, ConnectionError):
        return "no server can be reached there; expected Ollama to run"
    status = getattr(error, "status_code", None)
    said = one_line(str(getattr(error, "error", error)))
    if isinstance(status, int) and status > 0:
        return f"it answers with status {status}: {said or 'no reason'}"
    return f"no whole answer ({type(error).__name__}): {said or 'no reason'}"
