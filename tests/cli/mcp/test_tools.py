"""The tools answer as the commands do, byte by byte, by exact schemas; wrong ones get one line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import anyio
import jsonschema
import pytest
from mcp.shared.exceptions import MCPError
from whyllm.engine.need import AXES
from whyllm.engine.reviewing.review import AXES as TERMS

from tests.cli.mcp.conftest import Asking
from tests.cli.runner import Command

ON = "2026-11-23"

Words = tuple[str, ...]
SAME: list[tuple[str, dict[str, Any], Words, str]] = [
    ("recommend", {"modality": "code", "use": "commercial", "vram": 24},
     ("recommend", "--modality", "code", "--use", "commercial", "--vram", "24"),
     "expert rulebook · --modality code --vram 24 --use commercial · "),
    ("recommend", {"task": "chat", "vram": 24, "rulebook": "course"},
     ("recommend", "--task", "chat", "--vram", "24", "--rulebook", "course"),
     "course rulebook · --task chat --vram 24 · "),
    ("recommend", {"modality": "image-generation"},
     ("recommend", "--modality", "image-generation"),
     "expert rulebook · --modality image-generation · "),
    ("why", {"model": "devstral-small-2:24b", "modality": "code", "vram": 24, "first": True},
     ("why", "devstral-small-2:24b", "--modality", "code", "--vram", "24", "--first"),
     "Devstral Small 2 24B Instruct 2512 is shortlisted.\n"),
    ("what_if", {"modality": "code", "vram": 8, "set": {"vram": 24, "modality": None}},
     ("what-if", "--modality", "code", "--vram", "8", "--set", "vram=24", "--set", "modality="),
     "What if: GPU memory = 24 and no modality\n"),
    ("compare", {"a": "codestral", "b": "qwen2.5-coder:7b", "use": "commercial"},
     ("compare", "codestral", "qwen2.5-coder:7b", "--use", "commercial"),
     "Codestral 22B v0.1 is excluded.\nQwen2.5-Coder 7B Instruct is kept.\n"),
    ("kb_show", {"name": "bartowski/Codestral-22B-v0.1-GGUF"},
     ("kb", "show", "bartowski/Codestral-22B-v0.1-GGUF"),
     "Codestral 22B v0.1  codestral-22b-v0.1\n"),
]  # fmt: skip
"""Tool, arguments, the command's words, and how the text begins."""


def schema_of(asking: Asking, tool: str, which: str) -> dict[str, Any]:
    (found,) = (each for each in asking.list_tools().tools if each.name == tool)
    schema: dict[str, Any] = getattr(found, f"{which}_schema")
    jsonschema.Draft202012Validator.check_schema(schema)
    return schema


def same_json(
    asking: Asking, whyllm: Command, tool: str, given: dict[str, Any], words: Words
) -> Any:
    """The answer, whose JSON must be the command's and fit the schema that the tool declares."""
    stated = {name: value for name, value in given.items() if value is not None}
    jsonschema.validate(stated, schema_of(asking, tool, "input"))
    answer = asking.call_tool(tool, given)
    assert not answer.is_error
    as_json = json.dumps(answer.structured_content, ensure_ascii=False, indent=2) + "\n"
    assert as_json == whyllm(*words, "--format", "json").out
    jsonschema.validate(answer.structured_content, schema_of(asking, tool, "output"))
    return answer


@pytest.mark.parametrize(
    ("tool", "given", "words", "begins"), SAME, ids=[" ".join(words) for _, _, words, _ in SAME]
)
def test_the_json_of_an_answer_is_that_of_the_command(
    assistant: Asking, whyllm: Command, tool: str, given: dict[str, Any], words: Words, begins: str
) -> None:
    if tool != "kb_show":  # which judges nothing
        given, words = {**given, "on": ON}, (*words, "--on", ON)
    (text,) = same_json(assistant, whyllm, tool, given, words).content
    assert text.text.startswith(begins)


def test_the_text_of_an_answer_is_that_of_the_command(assistant: Asking, whyllm: Command) -> None:
    given = {"model": "codestral", "use": "commercial", "deploy": ["product", "hosted"],
             "tools": True, "language": None, "on": ON}  # fmt: skip
    words = ("why", "codestral", "--use", "commercial", "--deploy", "product", "--deploy", "hosted",
             "--tools", "--on", ON)  # fmt: skip
    answer = same_json(assistant, whyllm, "why", given, words)
    assert [content.text for content in answer.content] == [whyllm(*words).out]


@pytest.mark.parametrize(
    ("name", "noun"), [("qwen", "family"), ("mistral-ai", "publisher"), ("MIT", "licence")]
)
def test_an_entry_of_any_kind_fits_the_schema(assistant: Asking, name: str, noun: str) -> None:
    answer = assistant.call_tool("kb_show", {"name": name}).structured_content
    assert (answer["schema"], answer["id"]) == (f"whyllm.{noun}/1", name)
    jsonschema.validate(answer, schema_of(assistant, "kb_show", "output"))


@pytest.mark.parametrize("era", ["visitor", "older_visitor"])
def test_over_http_it_is_the_same(
    request: pytest.FixtureRequest, whyllm: Command, era: str
) -> None:
    words = ("why", "codestral", "--use", "commercial", "--on", ON)
    given = {"model": "codestral", "use": "commercial", "on": ON}
    same_json(request.getfixturevalue(era), whyllm, "why", given, words)


def test_a_review_is_that_of_the_command(
    assistant: Asking, whyllm: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = "codestral\nllama3.1:8b\nnobody/nothing\nmixtral\n"
    (tmp_path / "pasted").write_text(text)
    words = ("licence", "review", "pasted", "--use", "commercial", "--deploy", "product",
             "--on", ON, "--format", "json")  # fmt: skip
    given = {"text": text, "use": "commercial", "deploy": ["product"], "on": ON}
    answer = assistant.call_tool("licence_review", given)
    assert answer.structured_content == json.loads(whyllm(*words).out)
    jsonschema.validate(answer.structured_content, schema_of(assistant, "licence_review", "output"))
    verdicts = {"allowed": 0, "conditional": 1, "unknown": 2, "forbidden": 1}
    assert answer.structured_content["summary"] == verdicts
    told = answer.content[0].text
    assert "✗ FORBIDDEN  Codestral 22B v0.1\n  pasted:1:1\n" in told
    assert "≈ CONDITIONAL  Llama 3.1 8B Instruct\n  pasted:2:1\n" in told


def test_an_empty_list_is_a_fault_and_no_clean_bill(assistant: Asking) -> None:
    answer = assistant.call_tool("licence_review", {"text": "\n", "use": "research"})
    assert [fault["text"] for fault in answer.structured_content["faults"]] == ["is empty"]
    assert "No model was found." in answer.content[0].text


def test_every_tool_says_what_it_takes_and_that_it_only_reads(assistant: Asking) -> None:
    tools = {tool.name: tool for tool in assistant.list_tools().tools}
    assert list(tools) == ["recommend", "why", "what_if", "compare", "licence_review", "kb_show"]
    for tool in tools.values():
        hints = tool.annotations
        assert (hints.read_only_hint, hints.destructive_hint) == (True, False)
        assert (hints.idempotent_hint, hints.open_world_hint) == (True, False)
        assert tool.input_schema["additionalProperties"] is False
        assert "Call it" in tool.description
        assert all(field["description"] for field in tool.input_schema["properties"].values())
    judged = [*AXES, "rulebook", "on"]
    assert list(tools["recommend"].input_schema["properties"]) == judged
    assert list(tools["why"].input_schema["properties"]) == ["model", "first", *judged]
    assert list(tools["what_if"].input_schema["properties"]["set"]["properties"]) == [*AXES]
    assert {*tools["licence_review"].input_schema["properties"]} == {"text", "on", *TERMS}
    assert tools["licence_review"].input_schema["required"] == ["text", "use"]


FITTING: list[tuple[str, Any]] = [
    ("use", "research"), ("deploy", ["hosted"]), ("vram", 0.5), ("context", 8192),
    ("fine_tune", True), ("quant", "Q8_0"), ("region", "FR"), ("language", ["fr", "pt-BR"]),
    ("knows_until", "2025-06"), ("monthly_active_users", 0),
]  # fmt: skip
UNFITTING: list[tuple[str, Any]] = [
    ("use", "gain"), ("deploy", "hosted"), ("vram", 0), ("vram", "8"), ("context", 1.5),
    ("fine_tune", "yes"), ("quant", "Q9_X"), ("region", 5), ("language", [5]), ("colour", "red"),
    ("on", 20261123), ("rulebook", "ours"),
]  # fmt: skip


def test_the_schema_of_a_need_is_exact(assistant: Asking) -> None:
    schema = jsonschema.Draft202012Validator(schema_of(assistant, "recommend", "input"))
    assert [case for case in FITTING if not schema.is_valid(dict([case]))] == []
    assert [case for case in UNFITTING if schema.is_valid(dict([case]))] == []
    changed = jsonschema.Draft202012Validator(schema_of(assistant, "what_if", "input"))
    assert changed.is_valid({"set": {"use": None, "vram": 48}})
    assert not changed.is_valid({"set": {}})
    assert not changed.is_valid({"set": {"colour": "red"}})


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("recommend", {"modality": "cod"},
     "modality: found 'cod', expected one of text, vision, speech, code, image-generation, "
     "text-to-speech, embedding; did you mean code?"),
    ("recommend", {"modalty": "code"}, "unknown argument 'modalty'; did you mean modality?"),
    ("recommend", {"vram": "much"},
     "vram: found 'much', expected a number of gigabytes greater than 0"),
    ("recommend", {"vram": [8]}, "vram: found [8], expected a number of gigabytes greater than 0"),
    ("recommend", {"language": ["fr"] * 21},
     "language: found 21 values, expected at most 20"),
    ("what_if", {"set": {"language": "fr" + "-latn" * 8}},
     "language: found 42 characters, expected at most 40"),
    ("recommend", {"fine_tune": "yes"}, "fine_tune: found 'yes', expected true or false"),
    ("recommend", {"region": "XX"},
     "region: found 'XX', expected an ISO 3166 country such as FR, or EU"),
    ("recommend", {"rulebook": "ours"}, "rulebook: found 'ours', expected one of expert, course"),
    ("recommend", {"on": "2026-02-30"}, "on: found '2026-02-30', expected a day as YYYY-MM-DD"),
    ("recommend", {"on": 5}, "on: Input should be a valid string"),
    ("why", {}, "model: found nothing, expected a value"),
    ("why", {"model": 5}, "model: Input should be a valid string"),
    ("why", {"model": "m" * 201}, "model: String should have at most 200 characters"),
    ("why", {"model": "no-such-model-at-all"}, "unknown model 'no-such-model-at-all'"),
    ("what_if", {"set": {}}, "set: found nothing, expected an axis, such as use: research"),
    ("what_if", {"set": {"quantt": "Q8_0"}}, "unknown argument 'set.quantt'; did you mean quant?"),
    ("what_if", {"set": "use=research"}, "set: Input should be a valid dictionary"),
    ("what_if", {"set": {"vram": -1}},
     "vram: found -1, expected a number of gigabytes greater than 0"),
    ("compare", {"a": "codestral", "b": "Codestral 22B v0.1"},
     "both names mean Codestral 22B v0.1; expected two models"),
    ("licence_review", {"text": "codestral"},
     "use: found nothing, expected one of unrestricted, commercial, internal, research, personal"),
    ("licence_review", {"text": "codestral", "use": None},
     "use: found nothing, expected one of unrestricted, commercial, internal, research, personal"),
    ("licence_review", {"text": "x" * 500_001, "use": "research"},
     "text: String should have at most 500000 characters"),
    ("licence_review", {"text": "codestral\n" * 2001, "use": "research"},
     "text: names more than 2,000 models; `whyllm licence review` takes any number"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("tool", "given", "line"), WRONG, ids=[f"{tool}: {line[:40]}" for tool, _, line in WRONG]
)
def test_a_wrong_argument_gets_one_line_and_no_json(
    assistant: Asking, tool: str, given: dict[str, Any], line: str
) -> None:
    answer = assistant.call_tool(tool, given)
    assert (answer.is_error, answer.structured_content) == (True, None)
    assert [content.text for content in answer.content] == [line]


@pytest.mark.parametrize(
    ("tool", "given", "words"),
    [
        ("why", {"model": "lama"}, ("why", "lama")),
        ("why", {"model": "llama 3.1"}, ("why", "llama 3.1")),
        ("kb_show", {"name": "apache-2"}, ("kb", "show", "apache-2")),
    ],
)
def test_a_wrong_name_is_told_as_by_the_command(
    assistant: Asking, whyllm: Command, tool: str, given: dict[str, Any], words: Words
) -> None:
    answer = assistant.call_tool(tool, given)
    assert answer.is_error
    told = f"whyllm: {answer.content[0].text}\n"
    assert told == whyllm(*words).err
    assert "did you mean" in told or "can mean" in told


def test_a_long_line_loses_its_middle(assistant: Asking) -> None:
    answer = assistant.call_tool("recommend", {"modality": "x" * 100_000})
    assert len(answer.content[0].text) < 700
    assert answer.content[0].text.endswith("text-to-speech, embedding")


def test_an_unknown_tool_is_an_error_of_the_protocol(assistant: Asking) -> None:
    with pytest.raises(MCPError) as refused:
        assistant.call_tool("recomend", {})
    assert refused.value.code == -32602
    assert refused.value.message == "unknown tool 'recomend'; did you mean recommend?"


def test_calls_at_once_are_answered_each_as_if_alone(assistant: Asking, visitor: Asking) -> None:
    uses = ("research", "personal", "internal", "unrestricted")
    calls = [("why", {"model": "codestral", "use": use, "vram": 23, "on": ON}) for use in uses]
    calls += [("kb_show", {"name": "codestral"}), ("why", {"model": "lama"})]

    async def at_once() -> list[Any]:
        answers: dict[int, Any] = {}

        async def ask(place: int, tool: str, given: dict[str, Any]) -> None:
            answers[place] = await visitor.client.call_tool(tool, given)

        async with anyio.create_task_group() as tasks:
            for place, (tool, given) in enumerate(calls):
                tasks.start_soon(ask, place, tool, given)
        return [answers[place] for place in range(len(calls))]

    together = visitor.portal.call(at_once)
    alone = [assistant.call_tool(tool, given) for tool, given in calls]  # by another server
    assert [(a.content, a.structured_content) for a in together] == [
        (a.content, a.structured_content) for a in alone
    ]
    verdicts = [answer.structured_content["verdict"] for answer in alone[:4]]
    assert verdicts == ["kept", "kept", "excluded", "excluded"]


def test_a_server_is_known_by_name_and_says_when_to_ask_it(visitor: Asking) -> None:
    client = visitor.client
    assert client.server_info is not None
    assert client.server_info.name == "whyllm"
    assert client.instructions is not None
    assert "no permission" in client.instructions
