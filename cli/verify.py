"""`whyllm verify FILE`: a saved certificate, checked anew from the rules and the facts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from whyllm.cli.exits import ANSWERED, NEGATIVE, WrongQuestionError
from whyllm.cli.options import kb_option, output_options
from whyllm.cli.output import write_json, write_json_lines, write_rich
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.checker import check, read_json
from whyllm.engine.declared import declared_rulebook, known_facts
from whyllm.engine.knowledge import answering_catalogue
from whyllm.engine.stages import RULEBOOKS, rulebook
from whyllm.kb.errors import printable

if TYPE_CHECKING:
    from rich.console import Console
    from whyllm.engine.render.certificate_shapes import VerificationJson

SCHEMA = "whyllm.certificate/1"


@click.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
@kb_option
@click.option("--write-inputs", "inputs", type=click.Path(path_type=Path), metavar="DIR",
              help="Also write rules.json and known.json, the checker's other inputs.")  # fmt: skip
@output_options("text", "json")
def command(
    file: Path,
    folders: tuple[Path, ...],
    inputs: Path | None,
    format_: str,
    output: Path | None,
    color: str,
) -> int:
    """Whether a certificate of `--save` follows from the rules and the present knowledge.

    It is accepted, or rejected with each reason in a line.
    """
    certificate = _certificate(file)
    catalogue = answering_catalogue(folders)
    problems = _problems(certificate, catalogue, inputs)
    verification: VerificationJson = {
        "schema": "whyllm.verification/1",
        "file": str(file),
        "accepted": not problems,
        "problems": problems,
        "kb": {"version": catalogue.version, "digest": catalogue.digest},
    }
    if format_ == "json":
        write_json(verification, output)
    else:

        def show(console: Console) -> None:
            from rich.text import Text

            said = _answer(certificate) if not problems else printable(str(file))
            word = ("rejected", "bold red") if problems else ("accepted", "bold green")
            console.print(Text.assemble(word, f": {said}"), soft_wrap=True)
            for problem in problems:
                console.print(Text(f"  {problem}"), soft_wrap=True)

        write_rich(show, output, color)
    return NEGATIVE if problems else ANSWERED


def _certificate(file: Path) -> dict[str, Any]:
    """The certificate of a file; a wrong question when it holds none."""
    try:
        if not file.is_file():
            raise WrongQuestionError(f"{file}: no such file")
        data = read_json(str(file))
    except OSError as error:
        raise WrongQuestionError(f"{file}: cannot be read: {error.strerror}") from None
    except RecursionError:
        raise WrongQuestionError(f"{file}: nested too deeply for a certificate") from None
    except ValueError as error:
        raise WrongQuestionError(f"{file}: no JSON as expected of a certificate: {error}") from None
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise WrongQuestionError(f"{file}: expected JSON of {SCHEMA}, as --save writes it")
    return data


def _problems(certificate: dict[str, Any], catalogue: Catalogue, inputs: Path | None) -> list[str]:
    """Each reason against the certificate, in a line."""
    if certificate.get("rulebook") not in RULEBOOKS:
        return [f"rulebook: expected one of {', '.join(RULEBOOKS)}"]
    rules = declared_rulebook(rulebook(certificate["rulebook"]))
    known = known_facts(catalogue)
    if inputs is not None:
        try:
            inputs.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WrongQuestionError(f"{inputs}: cannot be made: {error.strerror}") from None
        write_json_lines(rules, inputs / "rules.json")
        write_json_lines(known, inputs / "known.json")
    return [printable(problem) for problem in check(certificate, dict(rules), dict(known))]


def _answer(certificate: dict[str, Any]) -> str:
    """What an accepted certificate says, in a line."""
    about = certificate["about"]
    said = f"{about} is {certificate['verdict']}" if about else f"outcome {certificate['outcome']}"
    rests_on = f"{len(certificate['trace'])} firings from {len(certificate['facts'])} facts"
    return f"{said}, on {certificate['on']}, by {rests_on}"
