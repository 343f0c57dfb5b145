"""A measurement as one HTML page: outputs to vote on blind, then names and figures.

The page needs no network. Without script everything can be read; votes are saved by script.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from whyllm.engine.catalogue import Catalogue
from whyllm.engine.measuring.votes import SCHEMA, lettered, output_of
from whyllm.engine.render import measurement_words as words
from whyllm.engine.render.page_policy import policy
from whyllm.kb.errors import printable
from whyllm.kb.measurement_schema import Measurement

_FOLDER = Path(__file__).parent / "page"


@dataclass(frozen=True)
class _Shown:
    """An output under its letter, or under none where nothing answered."""

    letter: str
    output: str


@dataclass(frozen=True)
class _Prompt:
    """A prompt with its outputs in the order of their letters, and what is told afterwards."""

    id: str
    text: str | None
    outputs: tuple[_Shown, ...]
    names: dict[str, str]
    answers: tuple[words.Answer, ...]
    voted: str | None

    @property
    def votable(self) -> bool:
        """Whether there is something to choose between, and to see."""
        return len(self.outputs) > 1 and self.text is not None


def html(measurement: Measurement, catalogue: Catalogue) -> str:
    """The page. Names stand in its second part only, which is shut until it is opened.

    What runs and what styles the page is named by its hash in the page's content security policy:
    should an output ever escape its markup, a browser still runs nothing that it holds.
    """
    import jinja2
    from markupsafe import Markup

    looks = (_FOLDER / "base.css", _FOLDER / "measurement.css")
    style = "".join(path.read_text(encoding="utf-8") for path in looks)
    script = (_FOLDER / "measurement.js").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_seen,
    )
    prompts = list(_prompts(measurement, catalogue))
    return environment.get_template("measurement.html.j2").render(
        measurement=measurement,
        policy=policy([script], [style]),
        style=Markup(style),
        script=Markup(script),
        votes_schema=SCHEMA,
        prompts=prompts,
        votable=[prompt for prompt in prompts if prompt.votable],
        headline=words.headline(measurement),
        machine=words.machine(measurement),
        names=list(words.names(measurement, catalogue).values()),
        rows=words.rows(measurement),
        findings=words.findings(measurement, catalogue),
        faults=words.faults(measurement, catalogue),
    )


def _prompts(measurement: Measurement, catalogue: Catalogue) -> Iterator[_Prompt]:
    called = words.names(measurement, catalogue)
    for prompt in measurement.prompts.asked:
        letters = lettered(measurement, prompt.id)
        yield _Prompt(
            id=prompt.id,
            text=prompt.text,
            outputs=tuple(
                _Shown(letter, output_of(measurement, model, prompt.id) or "")
                for letter, model in letters.items()
            ),
            names={letter: called[model] for letter, model in letters.items()},
            answers=tuple(words.answers(measurement, prompt.id, catalogue)),
            voted=words.voted(measurement, prompt.id, catalogue),
        )


def _seen(value: object) -> object:
    """Whatever the template prints, line by line: what could not be seen, by its escape."""
    from markupsafe import Markup

    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return "\n".join(printable(line) for line in value.expandtabs(4).splitlines())
