"""`whyllm schema NOUN`: the JSON Schema of an answer, from the types that the renderers fill."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from whyllm.cli.output import write_json
from whyllm.engine.render.nouns import NOUNS

POLICY = "policy"

DIALECT = "https://json-schema.org/draft/2020-12/schema"


@click.command("schema")
@click.argument("noun", type=click.Choice([*NOUNS, POLICY]))
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE")
def command(noun: str, output: Path | None) -> int:
    """The JSON Schema of an answer, or of the policy file of a licence review."""
    write_json(policy_schema() if noun == POLICY else json_schema(noun), output)
    return 0


def json_schema(noun: str) -> dict[str, Any]:
    """The JSON Schema of a noun, closed and complete: every key is required."""
    from pydantic import TypeAdapter

    schema = TypeAdapter(NOUNS[noun]).json_schema()
    for shape in (schema, *schema.get("$defs", {}).values()):
        shape["additionalProperties"] = False
    schema["properties"]["schema"] = {"const": f"whyllm.{noun}/1"}
    return {"$schema": DIALECT, **schema, "title": f"whyllm.{noun}/1"}


def policy_schema() -> dict[str, Any]:
    """The JSON Schema of whyllm-policy.yaml, for editors."""
    from whyllm.engine.reviewing.policy import NAME, PolicyFile

    return {"$schema": DIALECT, **PolicyFile.model_json_schema(), "title": NAME}
