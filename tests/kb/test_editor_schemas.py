"""Every knowledge file names the schema of its kind to editors, and passes it."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from whyllm.kb.editor_schemas import MODELINE
from whyllm.kb.loader import BUILT_IN, kinds_of_file
from whyllm.kb.yaml_file import read_yaml

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"


@pytest.mark.parametrize("kind", kinds_of_file())
def test_every_file_of_a_kind_names_its_schema_and_passes_it(kind: str) -> None:
    schema = SCHEMAS / f"{kind}.json"
    validator = jsonschema.Draft202012Validator(json.loads(schema.read_text()))
    glob, _, _ = kinds_of_file()[kind]
    paths = sorted(BUILT_IN.glob(glob))
    assert paths or kind == "measurements", "what users measured is not built in"
    for path in paths:
        says, modeline, *_ = path.read_text().splitlines()
        assert says.startswith("# "), path
        assert modeline.startswith(MODELINE), path
        named = path.parent / modeline.removeprefix(MODELINE)
        # the package may be installed elsewhere than the checkout: only what is named is compared
        assert named.parts[-3:] == schema.parts[-3:], path
        assert [error.message for error in validator.iter_errors(read_yaml(path).data)] == []


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("models", [{"id": "phi-4", "parms_b": 3}]),
        ("models", {"id": "phi-4"}),
        ("sources", [{"id": "No Slug", "title": "x", "read": "2026-01-01"}]),
        ("licences", {"id": "MIT"}),
    ],
)
def test_a_schema_refuses_what_the_loader_refuses(kind: str, wrong: object) -> None:
    schema = json.loads((SCHEMAS / f"{kind}.json").read_text())
    assert not jsonschema.Draft202012Validator(schema).is_valid(wrong)


def test_there_is_no_schema_without_a_kind() -> None:
    assert {path.stem for path in SCHEMAS.iterdir()} == set(kinds_of_file())
