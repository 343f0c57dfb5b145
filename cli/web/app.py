"""The application: addresses, and the answers that they want."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import RedirectResponse
from whyllm.cli.listening import LOOPBACK
from whyllm.cli.web.answers import WRONG, Answer, refusal
from whyllm.cli.web.guard import LONGEST_ADDRESS, Guard
from whyllm.cli.web.look import static
from whyllm.cli.web.pool import BusyError, Pool
from whyllm.cli.web.query import (
    ChangeQuery,
    ErrorJson,
    NeedQuery,
    PairQuery,
    ReviewRequest,
    RulesQuery,
)
from whyllm.cli.web.wanted import Pairs, Wanted, address
from whyllm.engine.need import Need, NeedError
from whyllm.engine.render.nouns import NOUNS

PAGES = {
    "/": "page:home",
    "/tree": "page:tree",
    "/choose": "page:choose",
    "/recommend": "page:recommend",
    "/what-if": "page:what-if",
    "/models": "page:models",
    "/licences": "page:licences",
    "/rules": "page:rules",
    "/learn": "page:learn",
    "/glossary": "page:glossary",
    "/quiz": "page:quiz",
    "/graphs": "page:graphs",
    "/tree.svg": "picture:tree",
}
PAGES_ABOUT = {
    "/why/{about:path}": "page:why",
    "/models/{about:path}": "page:model",
    "/licences/{about:path}": "page:licence",
    "/rules/{about}": "page:rule",
    "/learn/{about}": "page:lesson",
    "/graphs/{about}.svg": "picture:rules",
}
STATIC = {"site.css": "text/css; charset=utf-8", "site.js": "text/javascript; charset=utf-8"}

MOST_PAIRS = 100
"""Names with values in one address."""

ERRORS: dict[int | str, dict[str, Any]] = {
    404: {"model": ErrorJson, "description": "Nothing is known by that name."},
    422: {"model": ErrorJson, "description": "The question cannot be answered as it stands."},
    503: {"model": ErrorJson, "description": "Too many questions at once."},
}


def application(
    folders: Sequence[Path], *, workers: int, hosts: Iterable[str] = LOOPBACK
) -> FastAPI:
    """The page and the API on the knowledge with the folders over it.

    `workers` processes work the answers out, or one thread where it is 0; `hosts` are the names by
    which the server may be called, `*` for any.
    """
    pool = Pool(tuple(folders), workers, Wanted("", dt.date.today()) if workers else None)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        pool.ready()
        yield
        pool.close()

    app = FastAPI(
        title="whyllm", description="Which open model, and why not the others?",
        openapi_url="/api/openapi.json", docs_url=None, redoc_url=None, lifespan=life,
        redirect_slashes=False,
    )  # fmt: skip
    app.state.pool = pool
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    app.add_middleware(Guard)  # the last one stands before the others
    app.include_router(_api(pool))
    app.include_router(_pages(pool))
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(NeedError, _wrong)
    return app


def _pages(pool: Pool) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    def of_an_address(name: str) -> Any:
        async def shown(request: Request) -> Response:
            return await _respond(pool, request, name, _pairs(request.url.query))

        return shown

    for path, name in PAGES.items():
        router.add_api_route(path, of_an_address(name), methods=["GET", "HEAD"])

    def about_something(name: str) -> Any:
        async def shown(request: Request, about: str) -> Response:
            return await _respond(pool, request, name, _pairs(request.url.query), about)

        return shown

    for path, name in PAGES_ABOUT.items():
        router.add_api_route(path, about_something(name), methods=["GET", "HEAD"])

    @router.get("/review")
    async def review(request: Request) -> Response:
        return await _reviewed(pool, request, _pairs(request.url.query))

    @router.post("/review")
    async def posted(request: Request) -> Response:
        """A short list goes into the address, so that it can be shared."""
        body = (await request.body()).decode("utf-8", errors="replace")
        pairs = _pairs(body)
        short = address("/review", [(name, text) for name, text in pairs if text])
        if len(short) < LONGEST_ADDRESS // 2:
            return RedirectResponse(short, status_code=303)
        return await _reviewed(pool, request, pairs)

    @router.get("/favicon.ico")
    async def icon() -> Response:
        """None; without an answer a browser would report a missing file."""
        return Response(status_code=204)

    @router.get("/static/{name}")
    async def file(request: Request, name: str) -> Response:
        if name not in STATIC:
            raise HTTPException(404)
        return _tagged(request, Answer(200, STATIC[name], static(name)))

    return router


async def _reviewed(pool: Pool, request: Request, pairs: Pairs) -> Response:
    text = "".join(value for name, value in pairs if name == "text")
    stated = tuple((name, value) for name, value in pairs if name != "text")
    return await _respond(pool, request, "page:review", stated, text=text)


def _api(pool: Pool) -> APIRouter:
    router = APIRouter(prefix="/api", responses=ERRORS)

    async def asked(request: Request, name: str, about: str = "") -> Response:
        pairs = tuple((k, v) for k, v in _pairs(request.url.query) if k not in ("a", "b"))
        return await _respond(pool, request, name, pairs, about)

    @router.get("/recommend", response_model=NOUNS["consultation"])
    async def recommend(request: Request, query: Annotated[NeedQuery, Query()]) -> Response:  # type: ignore[valid-type]
        """Three or four models for a need, each with why; and what fell where."""
        return await asked(request, "recommend")

    @router.get("/why/{model:path}", response_model=NOUNS["explanation"])
    async def why(request: Request, model: str, query: Annotated[NeedQuery, Query()]) -> Response:  # type: ignore[valid-type]
        """The verdict on one model: causes, proof, the smallest changes that admit it."""
        return await asked(request, "why", model)

    @router.get("/what-if", response_model=NOUNS["what-if"])
    async def what_if(request: Request, query: Annotated[ChangeQuery, Query()]) -> Response:  # type: ignore[valid-type]
        """Who enters, leaves and moves if some axes were set anew, and why."""
        return await asked(request, "what-if")

    @router.get("/compare", response_model=NOUNS["comparison"])
    async def compare(request: Request, query: Annotated[PairQuery, Query()]) -> Response:  # type: ignore[valid-type]
        """What decides between two models, and nothing else."""
        pair: Any = query
        return await asked(request, "compare", "\n".join((_line(pair.a), _line(pair.b))))

    @router.post("/licence/review", response_model=NOUNS["review"])
    async def review(request: Request, wanted: ReviewRequest) -> Response:
        """Allowed, conditional, forbidden or unknown: every model that a text names."""
        stated = Need.of(wanted.need)
        pairs = [(axis, str(value)) for axis in stated.stated for value in stated.values(axis)]
        if wanted.on is not None:
            pairs.append(("on", wanted.on))
        return await _respond(pool, request, "review", tuple(pairs), text=wanted.text)

    @router.get("/kb/{name:path}", response_model=dict[str, Any])
    async def entry(request: Request, name: str) -> Response:
        """What is known of a model, licence, family or publisher, each fact with its source."""
        return await asked(request, "entry", name)

    @router.get("/rules", response_model=NOUNS["rules"])
    async def rules(request: Request, query: Annotated[RulesQuery, Query()]) -> Response:  # type: ignore[valid-type]
        """All rules of a rulebook in the order in which they fire."""
        return await asked(request, "rules")

    @router.get("/rules/{rule}", response_model=NOUNS["rule"])
    async def rule(request: Request, rule: str) -> Response:
        """One rule: its condition, its sentence, what it teaches and what it does not say."""
        return await asked(request, "rule", rule)

    return router


async def _respond(
    pool: Pool, request: Request, name: str, pairs: Pairs, about: str = "", text: str = ""
) -> Response:
    wanted = Wanted(name, dt.date.today(), about, pairs, text)
    try:
        found = await pool.answer(wanted)
    except BusyError:
        found = refusal(503, "expected fewer questions; try again soon", as_json=_json(request))
        headers = {"retry-after": "5", "cache-control": "no-store"}
        return Response(found.body, found.status, headers, media_type=found.kind)
    return _tagged(request, found)


def _tagged(request: Request, found: Answer) -> Response:
    """The answer with its tag, or word that the visitor has it already."""
    headers = {"etag": found.tag, "cache-control": "no-cache"}
    if request.headers.get("if-none-match") == found.tag:
        return Response(status_code=304, headers=headers)
    return Response(found.body, found.status, headers, media_type=found.kind)


def _pairs(query: str) -> Pairs:
    """The names and values of an address or a form; NeedError for too many."""
    try:
        return tuple(parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_PAIRS))
    except ValueError:
        raise NeedError(f"expected at most {MOST_PAIRS} values") from None


def _line(text: str) -> str:
    return " ".join(text.split())


def _json(request: Request) -> bool:
    return request.url.path.startswith("/api")


def _sent(found: Answer) -> Response:
    return Response(found.body, found.status, media_type=found.kind)


async def _invalid(request: Request, error: Exception) -> Response:
    """A parameter of the wrong kind, in one line."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:]) or "the request"
    return _sent(refusal(WRONG, f"{where}: {first['msg']}", as_json=_json(request)))


async def _refused(request: Request, error: Exception) -> Response:
    """An address that leads nowhere, or a method that it does not take."""
    assert isinstance(error, HTTPException)
    line = f"{request.method} {request.url.path}: {error.detail}"
    found = _sent(refusal(error.status_code, line, as_json=_json(request)))
    for name, value in (error.headers or {}).items():
        found.headers[name] = value
    return found


async def _wrong(request: Request, error: Exception) -> Response:
    """A need that cannot be meant."""
    return _sent(refusal(WRONG, str(error), as_json=_json(request)))
