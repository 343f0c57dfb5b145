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


def json_schema(noun: str, *others: str) -> dict[str, Any]:
    """The JSON Schema of a noun, or of one among several: closed, and every key is required."""
    from pydantic import TypeAdapter

    shapes: dict[str, Any] = {}
    definitions: dict[str, Any] = {}
    for name in (noun, *others):
        shape = TypeAdapter(NOUNS[name]).json_schema()
        definitions |= shape.pop("$defs", {})
        shape["properties"]["schema"] = {"const": f"whyllm.{name}/1"}
        shapes[name] = {**shape, "title": f"whyllm.{name}/1"}
    for shape in (*shapes.values(), *definitions.values()):
        shape["additionalProperties"] = False
    if not others:
        found = shapes[noun]
        return {"$schema": DIALECT, **({"$defs": definitions} if definitions else {}), **found}
    return {
        "$schema": DIALECT,
        "type": "object",
        "$defs": {**definitions, **shapes},
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in shapes],
    }


def policy_schema() -> dict[str, Any]:
    """The JSON Schema of whyllm-policy.yaml, for editors."""
    from whyllm.engine.reviewing.policy import NAME, PolicyFile

    return {"$schema": DIALECT, **PolicyFile.model_json_schema(), "title": NAME}
