"""`whyllm measure MODEL…`: two or three models head to head on the user's own prompts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from whyllm.cli.asked_on import consultation_options
from whyllm.cli.options import output_options
from whyllm.kb.extras import from_extra


@click.command("measure")
@click.argument("models", nargs=-1, metavar="[MODEL[=NAME][@URL]]...")
@click.option(
    "--prompts",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Your prompts and their checks: YAML, JSON or JSON lines.",
)
@click.option(
    "--endpoint",
    metavar="URL",
    help="The server of every MODEL without a URL.  [default: OLLAMA_HOST, else Ollama's]",
)
@click.option(
    "--api",
    type=click.Choice(["ollama", "openai"]),
    help="How the servers talk.  [default: found out]",
)
@click.option(
    "--key-from",
    metavar="VARIABLE",
    help="The environment variable of an API key.  [default: WHYLLM_API_KEY]",
)
@click.option(
    "--repeats",
    type=click.IntRange(1, 50),
    default=3,
    metavar="N",
    help="How often each prompt is put.  [default: 3]",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0.1, 86_400),
    default=300.0,
    metavar="SECONDS",
    help="For each answer.  [default: 300]",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**31 - 1),
    default=0,
    metavar="N",
    help="Of the servers' sampling, and of the order at a vote.  [default: 0]",
)
@click.option(
    "--served-quant",
    metavar="NAME",
    help="The quantisation that is served, where neither server nor name tells it.",
)
@click.option("--vote", is_flag=True, help="Vote on the outputs at the terminal, blind.")
@click.option(
    "--votes",
    "votes_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Votes that the page of --format html has saved.",
)
@click.option(
    "--result",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A saved result in JSON: show it and vote on it; nothing is measured.",
)
@click.option("--no-keep", is_flag=True, help="Do not keep the figures for `recommend`.")
@consultation_options
@output_options("text", "json", "md", "html")
def command(**asked: Any) -> int:
    """Two or three models head to head on your own prompts, on your own machine.

    Without MODEL, the first three of the last shortlist. NAME is what the server calls a model, URL
    where it is served. Figures are kept, without prompts and outputs, and `recommend` prefers them
    to what others claim, for the same --task or --modality on this machine.
    """  # fmt: skip
    with from_extra("measure", "measure"):
        from whyllm.cli.measure.answer import answer
    return answer(**asked)
