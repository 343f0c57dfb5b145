"""Servers of candidates: their addresses, and answers within limits of time and size."""

from __future__ import annotations

import asyncio
import codecs
import ipaddress
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

import httpx
from whyllm.kb.errors import printable

Api = Literal["ollama", "openai"]

KEY_VARIABLE = "WHYLLM_API_KEY"
"""The environment variable of an API key, unless the user names another one."""

OLLAMA_PORT = 11434
VERSION = "/v1"
MOST_BYTES = 16_000_000
"""Of one answer, streamed or not; a thousand tokens take some 200,000 as events."""
SECONDS_A_QUESTION = 10.0
"""For what is asked about a server rather than of a model."""
LONGEST_FAULT = 300
LONGEST_URL = 400
_LOOPBACK_NAMES = ("localhost",)


class AddressError(Exception):
    """An address that cannot be meant; one line says what was expected."""


class FaultError(Exception):
    """Why an answer cannot be used, in one line for the result."""


@dataclass(frozen=True)
class Endpoint:
    """Where a server is: scheme, host, port and the path below which its API lies.

    `versioned`: it was stated with /v1 at its end, which only OpenAI-compatible servers have.
    """

    url: str
    local: bool
    versioned: bool = False


def endpoint(stated: str) -> Endpoint:
    """The endpoint of a URL, host or host:port; AddressError for what is none.

    A host without a scheme is reached by http, and without a port at Ollama's.
    """
    bare = "://" not in stated
    if stated.startswith(":"):  # as Ollama itself takes it: a port of this machine
        stated = f"127.0.0.1{stated}"
    try:
        parts = urlsplit(f"http://{stated}" if bare else stated)
        port = parts.port
    except ValueError as error:
        raise AddressError(f"{_no_key(stated)}: not an address: {error}") from None
    if parts.username is not None or parts.password is not None:
        raise AddressError(
            f"{_no_key(stated)}: an address must not hold a password; "
            "an API key is read from the environment"
        )
    host = parts.hostname or ""
    sound = host and not (parts.query or parts.fragment) and len(stated) <= LONGEST_URL
    if parts.scheme not in ("http", "https") or not sound:
        raise AddressError(f"{stated}: expected an address such as http://127.0.0.1:11434")
    host = "127.0.0.1" if host == "0.0.0.0" else host
    shown = f"[{host}]" if ":" in host else host
    if bare and port is None:
        port = OLLAMA_PORT
    path = parts.path.rstrip("/")
    versioned = path.endswith(VERSION)
    url = f"{parts.scheme}://{shown}{f':{port}' if port else ''}{path.removesuffix(VERSION)}"
    return Endpoint(url, _is_here(host), versioned)


def usual_endpoint() -> Endpoint:
    """OLLAMA_HOST, else Ollama's default."""
    return endpoint(os.environ.get("OLLAMA_HOST") or f"127.0.0.1:{OLLAMA_PORT}")


def _no_key(address: str) -> str:
    scheme, mark, rest = address.rpartition("://")
    return scheme + mark + rest.rpartition("@")[2]


def _is_here(host: str) -> bool:
    try:
        return host in _LOOPBACK_NAMES or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def without_key(text: str, key: str | None) -> str:
    """The text without the API key, which a server may send back."""
    return text.replace(key, "[the API key]") if key else text


def one_line(text: object) -> str:
    """What a server said, as one short line that can be shown."""
    line = printable(" ".join(str(text).split()))
    return line if len(line) <= LONGEST_FAULT else f"{line[: LONGEST_FAULT - 1]}…"


class Server:
    """One server: questions to it are bounded in time and size, and follow no redirection."""

    def __init__(self, where: Endpoint, key: str | None = None) -> None:
        self.where = where
        self._key = key
        headers = {"Accept-Encoding": "identity", "User-Agent": "whyllm"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        self._client = httpx.AsyncClient(
            headers=headers,
            follow_redirects=False,
            timeout=None,
            trust_env=not where.local,  # no proxy is asked about this machine, whatever is set
            verify=where.url.startswith("https:"),  # else certificates are loaded for nothing
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def question(self, path: str, body: object = None) -> dict[str, Any]:
        """The object that a short question is answered with; FaultError says why there is none."""
        method = "GET" if body is None else "POST"
        async with (
            self._limited(SECONDS_A_QUESTION),
            self._answer(method, path, body, None) as response,
        ):
            raw = await response.aread()
        try:
            data = json.loads(raw)
        except (ValueError, RecursionError):
            raise FaultError("its answer is not JSON") from None
        if not isinstance(data, dict):
            raise FaultError("expected an object as answer")
        return data

    @asynccontextmanager
    async def stream(
        self, path: str, body: object, seconds: float, accept: str
    ) -> AsyncIterator[httpx.Response]:
        """An answer to read as it comes, all of it within the time; FaultError says what failed."""
        async with self._limited(seconds), self._answer("POST", path, body, accept) as response:
            yield response

    @asynccontextmanager
    async def _limited(self, seconds: float) -> AsyncIterator[None]:
        """Turn whatever goes wrong with an answer into one line, and never wait longer."""
        try:
            async with asyncio.timeout(seconds):
                yield
        except TimeoutError:
            raise FaultError(f"no whole answer within {seconds:g} s") from None
        except httpx.ConnectError as error:
            raise FaultError(f"no server can be reached there: {self._told(error)}") from None
        except httpx.RemoteProtocolError as error:
            raise FaultError(f"it ended the answer too early: {self._told(error)}") from None
        except FaultError as fault:
            raise FaultError(self._told(fault)) from None
        except Exception as error:  # whatever an answer led a library to: it costs this run alone
            told = f"no whole answer ({type(error).__name__}): {self._told(error)}"
            raise FaultError(told) from None

    @asynccontextmanager
    async def _answer(
        self, method: str, path: str, body: object, accept: str | None
    ) -> AsyncIterator[httpx.Response]:
        headers = {"Accept": accept} if accept else {}
        request = self._client.build_request(
            method, f"{self.where.url}{path}", json=body, headers=headers
        )
        response = await self._client.send(request, stream=True)
        try:
            if response.is_redirect:
                target = response.headers.get("location", "an address that it leaves out")
                raise FaultError(f"it redirects to {target}, which is not followed")
            if response.headers.get("content-encoding", "identity").lower() != "identity":
                raise FaultError("its answer is compressed, which was not asked for")
            response.stream = _bounded(response.stream)
            if not response.is_success:
                raise FaultError(await self._refusal(response))
            yield response
        finally:
            await response.aclose()

    async def _refusal(self, response: httpx.Response) -> str:
        """What a status of failure comes with, in a line."""
        raw = await response.aread()
        try:
            said = json.loads(raw)
        except (ValueError, RecursionError):
            said = raw.decode("utf-8", "replace")
        for key in ("error", "detail", "message"):
            said = said[key] if isinstance(said, dict) and said.get(key) else said
        return f"it answers with status {response.status_code}: {said or 'no reason'}"

    def _told(self, what: object) -> str:
        """What failed, in a line without the API key."""
        return one_line(without_key(str(what) or type(what).__name__, self._key))


def _bounded(stream: Any) -> Any:
    """A stream of httpx that fails after so many bytes, and at bytes that are no UTF-8."""

    class Bounded(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            total = 0
            decoder = codecs.getincrementaldecoder("utf-8")()
            async for chunk in stream:
                total += len(chunk)
                if total > MOST_BYTES:
                    raise FaultError(f"its answer is larger than {MOST_BYTES:,} bytes")
                _decode(decoder, chunk, final=False)
                yield chunk
            _decode(decoder, b"", final=True)

        async def aclose(self) -> None:
            await stream.aclose()

    return Bounded()


def _decode(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool) -> None:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        raise FaultError("its answer is not UTF-8 text") from None
