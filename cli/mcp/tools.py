"""The tools: what an assistant may ask, when it should, and how a desk answers it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import mcp_types as protocol
from whyllm.cli.desk import Desk
from whyllm.cli.kb.show import entry_json, print_entry
from whyllm.cli.mcp.arguments import Arguments, Asked, Forms, input_schema
from whyllm.cli.schema import json_schema
from whyllm.engine.render.change_json import comparison_json, what_if_json
from whyllm.engine.render.change_text import print_comparison, print_what_if
from whyllm.engine.render.consultation_json import consultation_json, explanation_json
from whyllm.engine.render.consultation_text import print_consultation
from whyllm.engine.render.explanation_text import print_explanation
from whyllm.engine.render.review.items_json import review_json
from whyllm.engine.render.review.text import print_review
from whyllm.engine.reviewing.finding import Review, Verdict

if TYPE_CHECKING:
    from rich.console import Console

Answer = tuple[Mapping[str, Any], Callable[["Console"], None]]
"""The JSON of an answer, and what prints it as text."""


@dataclass(frozen=True)
class Tool:
    """A tool: what the client is told of it, the arguments of a call, and the answer to one."""

    name: str
    title: str
    description: str
    form: Callable[[Forms], type[Arguments]]
    nouns: tuple[str, ...]
    answer: Callable[[Desk, Asked], Answer]

    def told(self, form: type[Arguments], *, structured: bool) -> protocol.Tool:
        """The tool as the protocol lists it, with a schema of its JSON where it answers in JSON."""
        return protocol.Tool(
            name=self.name,
            title=self.title,
            description=self.description,
            input_schema=input_schema(form),
            output_schema=json_schema(*self.nouns) if structured else None,
            annotations=protocol.ToolAnnotations(
                title=self.title,
                read_only_hint=True,
                destructive_hint=False,
                idempotent_hint=True,
                open_world_hint=False,
            ),
        )


def _recommend(desk: Desk, asked: Asked) -> Answer:
    found = desk.consultation(asked.need, asked.rulebook, asked.on)
    return consultation_json(found), lambda console: print_consultation(console, found, False)


def _why(desk: Desk, asked: Asked) -> Answer:
    found = desk.explanation(
        asked.need,
        asked.rulebook,
        asked.on,
        asked.other.model,
        to_first=bool(asked.other.first),
    )
    return explanation_json(found), lambda console: print_explanation(console, found, "short")


def _what_if(desk: Desk, asked: Asked) -> Answer:
    changes = asked.changes()
    found = desk.what_if(asked.need, asked.rulebook, asked.on, changes)
    return (
        what_if_json(found, changes),
        lambda console: print_what_if(console, found, changes, False),
    )


def _compare(desk: Desk, asked: Asked) -> Answer:
    pair = (asked.other.a, asked.other.b)
    found = desk.comparison(asked.need, asked.rulebook, asked.on, *pair)
    return comparison_json(found), lambda console: print_comparison(console, found)


def _review(desk: Desk, asked: Asked) -> Answer:
    streamed = desk.review(asked.need, asked.on, asked.other.text)
    judged = list(streamed.judged)

    def read_anew() -> Review:
        """The review as it is before it is read; it is read once for each form of the answer."""
        return replace(streamed, judged=judged, faults=[], summary=dict.fromkeys(Verdict, 0))

    data: Mapping[str, Any] = json.loads("".join(review_json(read_anew())))
    return data, lambda console: print_review(console, read_anew())


def _show(desk: Desk, asked: Asked) -> Answer:
    data = entry_json(desk.kb, asked.other.name)
    return data, lambda console: print_entry(console, desk.kb, data)


STATE_ALL = (
    "State what the user said and nothing else: an axis that is left out constrains nothing. "
    "Nothing is remembered between calls, so state the need again in each."
)

TOOLS = (
    Tool(
        "recommend",
        "Recommend models",
        "Three or four open-weight models for a need, each with reasons, memory, licence duties "
        "and the `ollama pull` line; and by which rule every other model fell. Call it whenever "
        "the user wants to know which open or local model to use, rather than answering from "
        f"memory. {STATE_ALL} To learn why one certain model fell, call `why`, which is brief.",
        Forms.recommend,
        ("consultation",),
        _recommend,
    ),
    Tool(
        "why",
        "Why, or why not, a model",
        "The verdict on one model under a need: shortlisted, kept, excluded or undecided; all "
        "causes with licence section, gigabytes and source; and the smallest changes of the need "
        "that would admit it. Call it for `may I use X for …`, `why not X`, `does X fit my GPU`. "
        f"Undecided means that a deciding fact is not known: it is no permission. {STATE_ALL}",
        Forms.why,
        ("explanation",),
        _why,
    ),
    Tool(
        "what_if",
        "What another need would change",
        "Which models enter, leave and move if some axes of a need were set anew, and why. Call it "
        "for `what if I had 48 GB`, `and for research only`, or when nothing remains and the user "
        f"can give way on something. {STATE_ALL}",
        Forms.what_if,
        ("what-if",),
        _what_if,
    ),
    Tool(
        "compare",
        "What decides between two models",
        "What decides between two models under a need, and nothing else. Call it for `X or Y`. "
        f"{STATE_ALL}",
        Forms.compare,
        ("comparison",),
        _compare,
    ),
    Tool(
        "licence_review",
        "Review licences",
        "Whether a stated use of each model that a text names is allowed, conditional (it hangs on "
        "facts that were not stated, each listed), forbidden or unknown, with the duties that "
        "fall due. Call it on a requirements list, a Modelfile, a bill of materials or any list of "
        "models that the user ships or serves. Ask the user for the use if it is not known.",
        Forms.review,
        ("review",),
        _review,
    ),
    Tool(
        "kb_show",
        "Show what is known",
        "What is known of one model, licence, family or publisher, each fact with its source and "
        "confidence. Call it for facts (context length, parameters, who publishes it, what a "
        "licence's clauses say), without judging a need.",
        Forms.show,
        ("model", "licence", "family", "publisher"),
        _show,
    ),
)
