"""The server of the protocol: tools and resources, answered one at a time beside the event loop."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from typing import Any, TypeVar

import anyio.to_thread
import click
import mcp_types as protocol
from mcp.server.caching import CacheHint
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError
from whyllm.cli.desk import Desk
from whyllm.cli.exits import one_line
from whyllm.cli.mcp.arguments import Arguments, Asked, Forms
from whyllm.cli.mcp.resources import JSON, MOST_COMPLETIONS, SHELVES, completions, read
from whyllm.cli.mcp.tools import TOOLS, Tool
from whyllm.cli.suggestions import did_you_mean
from whyllm.engine.errors import QuestionError
from whyllm.engine.render.console_text import console_text
from whyllm.kb.errors import UnknownNameError

T = TypeVar("T")
Context = ServerRequestContext[Any]
Page = protocol.PaginatedRequestParams | None

INSTRUCTIONS = (
    "whyllm judges open-weight language models by rules over sourced facts: exact variants, "
    "licence clauses, memory, dated evidence. Ask it instead of recalling which model is best, "
    "which fits a machine or what a licence allows. Repeat its verdicts with their rule ids and "
    "licence sections, and its caveats. Undecided and unknown are answers: the deciding fact is "
    "not known, and that is no permission. It is not legal advice."
)

AN_HOUR = 3_600_000
"""In milliseconds: for how long a client may keep what it was told of tools and resources."""


class Service:
    """Answers the requests of the protocol at one desk, each in its turn."""

    def __init__(self, desk: Desk, *, structured: bool) -> None:
        """`structured`: answers bear their JSON beside the text."""
        self._desk = desk
        self._structured = structured
        forms = Forms(desk)
        self._tools: dict[str, tuple[Tool, type[Arguments]]] = {
            tool.name: (tool, tool.form(forms)) for tool in TOOLS
        }
        self._told = [tool.told(form, structured=structured) for tool, form in self._tools.values()]
        self._turn = anyio.CapacityLimiter(1)  # a desk serves one at a time

    def server(self) -> Server[dict[str, Any]]:
        """The server, for any transport."""
        return Server(
            "whyllm",
            version=version("whyllm"),
            title="whyllm",
            description="Which open model, and why not the others?",
            instructions=INSTRUCTIONS,
            cache_hints={
                "tools/list": CacheHint(AN_HOUR, "public"),
                "resources/list": CacheHint(AN_HOUR, "public"),
                "resources/templates/list": CacheHint(AN_HOUR, "public"),
                "resources/read": CacheHint(AN_HOUR, "public"),
            },
            on_list_tools=self._list_tools,
            on_call_tool=self._call_tool,
            on_list_resources=self._list_resources,
            on_list_resource_templates=self._list_templates,
            on_read_resource=self._read_resource,
            on_completion=self._complete,
        )

    async def _at_the_desk(self, work: Callable[[], T]) -> T:
        return await anyio.to_thread.run_sync(work, limiter=self._turn)

    async def _list_tools(self, _: Context, page: Page) -> protocol.ListToolsResult:
        _refuse_further(page)
        return protocol.ListToolsResult(tools=self._told)

    async def _call_tool(
        self, _: Context, called: protocol.CallToolRequestParams
    ) -> protocol.CallToolResult:
        if called.name not in self._tools:
            hint = did_you_mean(called.name, self._tools) or f"; tools: {', '.join(self._tools)}"
            raise _wrong(f"unknown tool {called.name!r}{hint}")
        return await self._at_the_desk(partial(self._answer, called.name, called.arguments or {}))

    def _answer(self, name: str, given: dict[str, Any]) -> protocol.CallToolResult:
        tool, form = self._tools[name]
        try:
            data, show = tool.answer(self._desk, Asked.of(form, given, dt.date.today()))
        except (QuestionError, click.ClickException) as error:
            said = one_line(str(error))
            return protocol.CallToolResult(content=[_text(said)], is_error=True)
        return protocol.CallToolResult(
            content=[_text(console_text(show))],
            structured_content=data if self._structured else None,
        )

    async def _list_resources(self, _: Context, page: Page) -> protocol.ListResourcesResult:
        _refuse_further(page)
        return protocol.ListResourcesResult(resources=[shelf.listed() for shelf in SHELVES])

    async def _list_templates(self, _: Context, page: Page) -> protocol.ListResourceTemplatesResult:
        _refuse_further(page)
        templates = [shelf.template() for shelf in SHELVES]
        return protocol.ListResourceTemplatesResult(resource_templates=templates)

    async def _read_resource(
        self, _: Context, wanted: protocol.ReadResourceRequestParams
    ) -> protocol.ReadResourceResult:
        uri = str(wanted.uri)
        try:
            text = await self._at_the_desk(partial(read, self._desk, uri))
        except UnknownNameError as error:
            raise _wrong(str(error), {"uri": uri}) from None
        content = protocol.TextResourceContents(uri=uri, mime_type=JSON, text=text)
        return protocol.ReadResourceResult(contents=[content])

    async def _complete(
        self, _: Context, begun: protocol.CompleteRequestParams
    ) -> protocol.CompleteResult:
        template = (
            begun.ref.uri if isinstance(begun.ref, protocol.ResourceTemplateReference) else ""
        )
        found = await self._at_the_desk(
            partial(completions, self._desk, template, begun.argument.value)
        )
        return protocol.CompleteResult(
            completion=protocol.Completion(
                values=found[:MOST_COMPLETIONS],
                total=len(found),
                has_more=len(found) > MOST_COMPLETIONS,
            )
        )


def _text(said: str) -> protocol.TextContent:
    return protocol.TextContent(text=said)


def _wrong(said: str, data: Any = None) -> MCPError:
    """An error of the protocol: the request itself cannot be meant."""
    return MCPError(protocol.INVALID_PARAMS, one_line(said), data)


def _refuse_further(page: Page) -> None:
    """Every list is one page; MCPError for a cursor, which was never given out."""
    if page is not None and page.cursor is not None:
        raise _wrong(f"unknown cursor {page.cursor!r}")
