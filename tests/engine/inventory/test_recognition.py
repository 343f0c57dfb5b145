"""What a file is taken for: its content decides, its name hints."""

from __future__ import annotations

import json

import pytest
from whyllm.engine.inventory.recognition import HEAD, Kind, kind_of

CYCLONEDX = b'{"bomFormat": "CycloneDX", "specVersion": "1.6"}'
CYCLONEDX_XML = b'<?xml version="1.0"?>\n<bom xmlns="http://cyclonedx.org/schema/bom/1.5"/>'
SPDX = b'{"spdxVersion": "SPDX-2.3"}'
SPDX_3 = b'{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": []}'
NOTEBOOK = b'{"cells": [], "nbformat": 4}'


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"", "models.txt", Kind.EMPTY),
        (b" \n\t\n", "a.json", Kind.EMPTY),
        (b"GGUF\x03\0\0\0", "a.txt", Kind.GGUF),
        (b"\x89PNG\r\n\x1a\n\0\0", "models.txt", Kind.BINARY),
        (CYCLONEDX, "anything.txt", Kind.CYCLONEDX),
        (CYCLONEDX_XML, "-", Kind.CYCLONEDX),
        (SPDX, "-", Kind.SPDX),
        (SPDX_3, "a.json", Kind.SPDX),
        (NOTEBOOK, "a.json", Kind.NOTEBOOK),
        (b'{"model": "x"}', "a.conf.json", Kind.JSON),
        (b'{"model": "x"}\n{"model": "y"}\n', "-", Kind.JSON_LINES),
        (b'[{"model": "x"}]', "a.txt", Kind.JSON),
        (b"[tool.x]\nmodel = 'a'\n", "pyproject.toml", Kind.TEXT),
        (b"[tool.x]\nmodel = 'a'\n", "-", Kind.TEXT),
        (b"model: x\nserve:\n  port: 1\n", "-", Kind.YAML),
        (b"import os\nprint(1)\n", "-", Kind.PYTHON),
        (b"#!/usr/bin/env python3\nprint(1)\n", "tool", Kind.PYTHON),
        (b"#!/bin/sh\necho\n", "tool", Kind.SCRIPT),
        (b"export MODEL=x\n", "-", Kind.SCRIPT),
        (b"FROM x\nPARAMETER top_k 3\n", "-", Kind.MODELFILE),
        (b"FROM x\nRUN ls\n", "-", Kind.SCRIPT),
        (b"from os import path\n", "modelfile.py", Kind.PYTHON),
        (b"FROM x\n", "Modelfile.assistant", Kind.MODELFILE),
        (b"---\nlicense: mit\n---\n# A\n", "-", Kind.MARKDOWN),
        (b"model,licence\nx,mit\n", "-", Kind.TABLE),
        (b"model\tlicence\nx\tmit\n", "list.txt", Kind.TABLE),
        (b"llama3.1:8b\nphi4\n", "-", Kind.NAMES),
        (b"llama3.1:8b\n", "x.models", Kind.NAMES),
        (b"numpy==2.0\n", "requirements-dev.txt", Kind.REQUIREMENTS),
        (b"This is prose. It goes on.\nAnd on, for a while, until it ends.\n", "-", Kind.TEXT),
        ("llama3.1:8b\n".encode("utf-16"), "models.txt", Kind.NAMES),
    ],
)
def test_content_tells_what_a_file_is(data: bytes, name: str, kind: Kind) -> None:
    assert kind_of(data, name) is kind


def test_lines_of_a_file_that_a_folder_holds_are_no_list_of_names() -> None:
    assert kind_of(b"llama3.1:8b\nphi4\n", "notes.txt", named=False) is Kind.TEXT
    assert kind_of(b"llama3.1:8b\nphi4\n", "models.txt", named=False) is Kind.NAMES


def test_a_bill_may_say_late_that_it_is_one() -> None:
    sorted_keys = {"packages": ["x" * HEAD], "spdxVersion": "SPDX-2.3"}
    assert kind_of(json.dumps(sorted_keys).encode(), "-") is Kind.SPDX


def test_a_notebook_that_writes_bills_is_none() -> None:
    cell = {"cell_type": "code", "source": '{"bomFormat": "CycloneDX", "spdxVersion": "SPDX-2.3"}'}
    assert kind_of(json.dumps({"cells": [cell], "nbformat": 4}).encode(), "-") is Kind.NOTEBOOK


def test_a_file_cut_within_a_letter_is_text() -> None:
    assert kind_of(("ö" * HEAD).encode()[1:][:HEAD], "-") is not None
    assert kind_of(b"a" + "ö".encode() * HEAD, "notes.txt", named=False) is Kind.TEXT
