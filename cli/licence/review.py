"""`whyllm licence review`: what files name and machines hold, judged against a stated use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from whyllm.cli.exits import ANSWERED, NEGATIVE, WRONG_QUESTION, WrongQuestionError, tell
from whyllm.cli.last import Question, remember
from whyllm.cli.licence.fleet import Fleet, review_fleet, tell_fleet
from whyllm.cli.licence.inputs import Inputs
from whyllm.cli.licence.progress import with_progress
from whyllm.cli.options import Day, axis_options, file_option, kb_option, stated_need
from whyllm.cli.output import write_pieces, write_rich
from whyllm.engine.knowledge import Knowledge
from whyllm.engine.need import Need
from whyllm.engine.reviewing.asked import asked_need, asked_review
from whyllm.engine.reviewing.finding import Review, Verdict
from whyllm.engine.reviewing.policy import NAME, Policy
from whyllm.engine.reviewing.review import AXES, check_stated

RENDERERS = {
    "json": ("items_json", "review_json"),
    "md": ("markdown", "markdown"),
    "html": ("html", "html"),
    "csv": ("csv_rows", "csv_text"),
    "sarif": ("sarif", "pieces"),
    "cyclonedx": ("cyclonedx", "pieces"),
    "spdx": ("spdx", "pieces"),
    "notice": ("notice", "notice"),
    "github": ("github", "annotations"),
}
"""Format -> the module that writes it, and its function from a Review to pieces of text."""

ALL = "all"
"""Of --fail-on: nothing but what is allowed passes."""

NEVER = "none"
"""Of --fail-on: no verdict fails the review; an expired exception still does."""


class _Verdicts(click.ParamType):  # type: ignore[type-arg]
    """Verdicts parted by commas."""

    name = "verdicts"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The set of verdicts; a usage error names the choices."""
        words = [word.strip() for word in str(value).split(",")]
        choices = [str(v) for v in Verdict if v is not Verdict.ALLOWED]
        if words == [NEVER]:
            return frozenset[Verdict]()
        if words == [ALL]:
            return frozenset(map(Verdict, choices))
        for word in words:
            if word not in choices:
                known = ", ".join((*choices, ALL, NEVER))
                raise click.UsageError(f"--fail-on: found {word!r}, expected some of {known}")
        return frozenset(map(Verdict, words))


@click.command("review")
@click.argument("inputs", nargs=-1, metavar="INPUT…")
@axis_options(*AXES)
@click.option(
    "--need",
    "need_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A YAML or JSON file of axes; options win over it.",
)
@click.option(
    "--policy",
    "policy_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=f"The policy of your organisation.  [default: {NAME}, where there is one]",
)
@click.option(
    "--fail-on",
    type=_Verdicts(),
    metavar="VERDICTS",
    help="Verdicts that fail the review: forbidden, unknown, conditional, all or none."
    "  [default: forbidden,unknown]",
)
@click.option("--column", metavar="NAME", help="The column of a table that holds the models.")
@click.option(
    "--ollama",
    is_flag=False,
    flag_value="",
    metavar="[URL]",
    help="Review what an Ollama server holds; OLLAMA_HOST or this machine's by default.",
)
@click.option(
    "--hf-cache",
    is_flag=False,
    flag_value="",
    metavar="[DIR]",
    help="Review what a cache of the Hugging Face hub holds; this user's by default.",
)
@click.option(
    "--gguf",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="DIR",
    help="Review the GGUF files of a folder by their headers; repeatable.",
)
@click.option(
    "--fleet",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Review a catalogue of any length: a file of rows (Parquet, JSON lines, CSV) or a folder"
    " of them. The results go to the folder that -o names, a row for each; what was judged before"
    " an interruption stays.",
)
@click.option(
    "--scheduler",
    metavar="URL",
    help="The workers of a fleet: those of a dask scheduler, as tcp://HOST:8786, which must see"
    " the same files.  [default: of this machine]",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 1024),
    metavar="N",
    help="Worker processes of this machine for a fleet.  [default: one a core]",
)
@click.option(
    "--allow-empty",
    is_flag=True,
    help="An input that names no model is no fault, as in a commit hook.",
)
@click.option("--on", type=Day(), metavar="DATE", help="Judge as of that day.  [today]")
@kb_option
@click.option("--no-remember", is_flag=True, help="Do not keep the stated use for `why`.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(("text", *RENDERERS)),
    default="text",
    help="[default: text]",
)
@file_option
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colour in text.  [default: auto]",
)
def review_models(
    inputs: tuple[str, ...],
    need_file: Path | None,
    policy_file: Path | None,
    fail_on: frozenset[Verdict] | None,
    column: str | None,
    ollama: str | None,
    hf_cache: str | None,
    gguf: tuple[Path, ...],
    fleet: Path | None,
    scheduler: str | None,
    jobs: int | None,
    allow_empty: bool,
    on: dt.date | None,
    folders: tuple[Path, ...],
    no_remember: bool,
    format_: str,
    output: Path | None,
    color: str,
    **axes: Any,
) -> int:
    """Allowed, conditional, forbidden or unknown: every model that is named, for a stated use.

    INPUT is a file or a folder, or - for standard input: lists, tables, YAML, JSON, programs,
    notebooks, Modelfiles, Dockerfiles, manifests, scripts, Markdown, bills of materials
    (CycloneDX, SPDX), GGUF files. What is found is told with file, line and column.
    """
    given = Inputs(inputs, column, ollama, hf_cache, gguf)
    if fleet is None and (scheduler or jobs):
        raise WrongQuestionError("--scheduler and --jobs: are for a --fleet")
    if fleet is None and given.none:
        raise WrongQuestionError(
            "nothing to review: name a file or a folder, or say --ollama, --hf-cache, --gguf or "
            "--fleet"
        )
    ships = fleet and Fleet.asked(fleet, scheduler, jobs, column, output, not given.none, format_)
    knowledge = Knowledge(folders)
    policy = _policy(policy_file, knowledge)
    need = asked_need(stated_need(axes, need_file), policy)
    if fail_on is not None:
        policy.fail_on = fail_on
    check_stated(need)
    if not no_remember:
        remember(Question(need, "expert", folders, on))
    if ships:
        tally = review_fleet(
            ships, knowledge.catalogue, folders, need, on, policy, allow_empty=allow_empty
        )
        return tell_fleet(tally, format_, color)
    judged = asked_review(
        given.found(),
        knowledge,
        need,
        on or dt.date.today(),
        policy,
        allow_empty=allow_empty,
    )
    judged.judged = with_progress(judged.judged)
    write(judged, format_, output, color)
    return _told(judged)


def _policy(path: Path | None, knowledge: Knowledge) -> Policy:
    """The policy of the file that is named, or of the one that lies in the working folder."""
    found = path or Path(NAME)
    if path is None and not found.is_file():
        return Policy(Need.of({}))
    return knowledge.policy(found)


def write(judged: Review, format_: str, output: Path | None, color: str) -> None:
    """Write the review in a format; items go out as they come where the format allows it."""
    if format_ == "text":
        from whyllm.engine.render.review.text import print_review

        write_rich(lambda console: print_review(console, judged), output, color)
    else:
        written = _renderer(format_)(judged)
        write_pieces([written] if isinstance(written, str) else written, output)


def _renderer(format_: str) -> Callable[[Review], str | Iterator[str]]:
    """The renderer of a format, imported when it is wanted."""
    module, function = RENDERERS[format_]
    found = getattr(import_module(f"whyllm.engine.render.review.{module}"), function)
    render: Callable[[Review], str | Iterator[str]] = found
    return render


def _told(judged: Review) -> int:
    """Tell on standard error what could not be read and what was not used; gives the exit code."""
    for fault in judged.faults:
        tell(str(fault))
    for model in judged.unused_exceptions:
        tell(f"{judged.policy_file}: the exception for {model} covers nothing that was reviewed")
    if judged.faults:
        return WRONG_QUESTION
    return NEGATIVE if judged.failed else ANSWERED
