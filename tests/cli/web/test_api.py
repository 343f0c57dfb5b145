"""The API answers as the commands do, byte by byte, and a wrong question in one line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from starlette.testclient import TestClient
from whyllm.cli.desk import MOST_NAMES
from whyllm.cli.web.guard import POLICY

from tests.cli.runner import Command

ON = "2026-11-23"

SAME: list[tuple[str, tuple[str, ...]]] = [
    ("recommend?modality=code&use=commercial", ("recommend", "--modality", "code", "--use",
                                                "commercial")),
    ("recommend?task=chat&vram=24&rulebook=course", ("recommend", "--task", "chat", "--vram", "24",
                                                     "--rulebook", "course")),
    ("recommend?deploy=product&deploy=hosted&tools=true&use=commercial",
     ("recommend", "--deploy", "product", "--deploy", "hosted", "--tools", "--use", "commercial")),
    ("recommend?modality=image-generation", ("recommend", "--modality", "image-generation")),
    ("why/codestral?use=commercial", ("why", "codestral", "--use", "commercial")),
    ("why/bartowski/Codestral-22B-v0.1-GGUF?use=research",
     ("why", "bartowski/Codestral-22B-v0.1-GGUF", "--use", "research")),
    ("what-if?vram=8&set=vram%3D24", ("what-if", "--vram", "8", "--set", "vram=24")),
    ("compare?a=codestral&b=qwen2.5-coder:7b&use=commercial",
     ("compare", "codestral", "qwen2.5-coder:7b", "--use", "commercial")),
]  # fmt: skip


@pytest.mark.parametrize(("address", "words"), SAME, ids=[address for address, _ in SAME])
def test_an_answer_is_that_of_the_command(
    client: TestClient, whyllm: Command, address: str, words: tuple[str, ...]
) -> None:
    answer = client.get(f"/api/{address}{'&' if '?' in address else '?'}on={ON}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.text == whyllm(*words, "--on", ON, "--format", "json").out


@pytest.mark.parametrize("name", ["codestral", "MIT", "qwen", "mistral-ai"])
def test_an_entry_is_that_of_the_command(client: TestClient, whyllm: Command, name: str) -> None:
    shown = whyllm("kb", "show", name, "--format", "json").out
    assert client.get(f"/api/kb/{name}").text == shown


def test_rules_are_those_of_the_command(client: TestClient, whyllm: Command) -> None:
    listed = whyllm("rules", "list", "--rulebook", "course", "--format", "json").out
    assert client.get("/api/rules?rulebook=course").text == listed
    assert (
        client.get("/api/rules/LIC-020").text
        == whyllm("rules", "show", "LIC-020", "--format", "json").out
    )


def test_a_review_is_that_of_the_command(
    client: TestClient, whyllm: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = "codestral\nllama3.1:8b\nnobody/nothing\nFROM mixtral\n"
    (tmp_path / "pasted").write_text(text)
    options = ("--use", "commercial", "--deploy", "product", "--on", ON, "--format", "json")
    shown = whyllm("licence", "review", "pasted", *options)
    need = {"use": "commercial", "deploy": ["product"]}
    answer = client.post("/api/licence/review", json={"text": text, "need": need, "on": ON})
    assert answer.json() == json.loads(shown.out)


WRONG: list[tuple[str, int, str]] = [
    ("recommend?modality=cod", 422, "modality: Input should be 'text', 'vision'"),
    ("recommend?use=commercial&colour=red", 422, "colour: Extra inputs are not permitted"),
    ("recommend?vram=much", 422, "vram: found 'much', expected a number of gigabytes"),
    ("recommend?vram=8&vram=9", 422, "vram: stated twice"),
    ("recommend?region=XX", 422, "region: found 'XX', expected an ISO 3166 country"),
    ("recommend?on=2026-02-30", 422, "on: found '2026-02-30', expected a day"),
    ("recommend?tools=perhaps", 422, "tools: Input should be a valid boolean"),
    ("why/no-such-model-at-all", 404, "unknown model 'no-such-model-at-all'"),
    ("why/lama", 404, "did you mean"),
    ("what-if?set=vram", 422, "--set vram: expected AXIS=VALUE"),
    ("compare?a=codestral", 422, "b: Field required"),
    ("compare?a=codestral&b=codestral", 422, "both names mean Codestral 22B v0.1"),
    ("kb/nothing-of-the-kind", 404, "unknown"),
    ("rules/LIC-999", 404, "no rule 'LIC-999'"),
    ("nowhere", 404, "GET /api/nowhere: Not Found"),
    (
        "recommend?" + "&".join(f"deploy={i}" for i in range(120)),
        422,
        "deploy: List should have at",
    ),
    ("rules?" + "&".join("rulebook=course" for _ in range(120)), 422, "expected at most 100"),
]


@pytest.mark.parametrize(("address", "status", "line"), WRONG, ids=[a[:40] for a, _, _ in WRONG])
def test_a_wrong_question_gets_one_line(
    client: TestClient, address: str, status: int, line: str
) -> None:
    answer = client.get(f"/api/{address}")
    assert answer.status_code == status
    assert answer.json().keys() == {"error"}
    assert line in answer.json()["error"]
    assert "\n" not in answer.json()["error"]


BODIES: list[tuple[Any, str]] = [
    ({"text": "codestral", "need": {}}, "use: found nothing, expected"),
    ({"text": "codestral", "need": {"uze": "research"}}, "unknown axis 'uze'; did you mean use?"),
    ({"text": "codestral", "need": {"use": "commercial", "vram": 8}}, "a licence review asks for"),
    ({"need": {"use": "research"}}, "text: Field required"),
    ({"text": "x" * 500_001, "need": {"use": "research"}}, "text: String should have at most"),
    (
        {"text": "codestral\n" * (MOST_NAMES + 1), "need": {"use": "research"}},
        "text: names more than 2,000 models",
    ),
    ([], "Input should be a valid dictionary"),
]


@pytest.mark.parametrize(("body", "line"), BODIES, ids=[line for _, line in BODIES])
def test_a_wrong_body_gets_one_line(client: TestClient, body: Any, line: str) -> None:
    answer = client.post("/api/licence/review", json=body)
    assert answer.status_code == 422
    assert line in answer.json()["error"]


def test_an_empty_list_is_a_fault_and_no_clean_bill(client: TestClient) -> None:
    body = {"text": "\n", "need": {"use": "research"}}
    faults = client.post("/api/licence/review", json=body).json()["faults"]
    assert [fault["text"] for fault in faults] == ["is empty"]


def test_the_document_describes_the_answers(client: TestClient) -> None:
    document = client.get("/api/openapi.json").json()
    assert all(path.startswith("/api/") for path in document["paths"])
    for path in ("recommend?modality=code", "why/codestral", "what-if?vram=8&set=vram%3D9"):
        name = "/api/" + path.split("?")[0].replace("/codestral", "/{model}")
        answer = document["paths"][name]["get"]["responses"]["200"]
        schema = {**answer["content"]["application/json"]["schema"],
                  "components": document["components"]}  # fmt: skip
        jsonschema.validate(client.get(f"/api/{path}").json(), schema)


def test_whatever_its_document_allows_and_more_no_request_breaks_it(
    request: pytest.FixtureRequest, site: str
) -> None:
    """`--fuzz N` sends N requests to each operation."""
    from hypothesis import HealthCheck, Phase, given, settings

    schema = schemathesis.openapi.from_url(f"{site}/api/openapi.json")
    examples = request.config.getoption("--fuzz")
    statuses: dict[str, set[int]] = {}
    for operation in schema.get_all_operations():
        found = operation.ok()
        assert found is not None

        @given(case=found.as_strategy())
        @settings(
            max_examples=examples, deadline=None, database=None, derandomize=True,
            suppress_health_check=list(HealthCheck), phases=[Phase.generate],
        )  # fmt: skip
        def asked(case: schemathesis.Case) -> None:
            answer = case.call(base_url=site)
            case.validate_response(answer, checks=[not_a_server_error])
            assert answer.status_code in (200, 404, 405, 413, 414, 422), answer.status_code
            assert answer.headers["content-security-policy"] == [POLICY]
            statuses.setdefault(case.path, set()).add(answer.status_code)

        asked()
    assert len(statuses) == 8
