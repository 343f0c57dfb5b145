"""The prompts file: YAML, JSON or JSON lines, and what is wrong with it by file, line and key."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from whyllm.engine.measuring.checks import failure
from whyllm.engine.measuring.prompts import Check, read_prompts
from whyllm.kb.errors import KnowledgeError


def written(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("p.yaml", "system: Be brief.\nmax_tokens: 9\nprompts:\n- hello\n- id: sum\n  prompt: 2+2\n"
                   "  system: Count.\n  max_tokens: 3\n  checks:\n  - contains: '4'\n"),
        ("p.json", '{"system": "Be brief.", "max_tokens": 9, "prompts": ["hello", {"id": "sum", '
                   '"prompt": "2+2", "system": "Count.", "max_tokens": 3, '
                   '"checks": [{"contains": "4"}]}]}'),
    ],
)  # fmt: skip
def test_yaml_and_json_say_the_same(tmp_path: Path, name: str, content: str) -> None:
    path = written(tmp_path, name, content)
    found = read_prompts(path)
    assert found.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    first, second = found.tasks
    assert (first.id, first.text, first.system, first.max_tokens) == (
        "prompt-1",
        "hello",
        "Be brief.",
        9,
    )
    assert (second.id, second.system, second.max_tokens) == ("sum", "Count.", 3)
    assert second.messages == [
        {"role": "system", "content": "Count."},
        {"role": "user", "content": "2+2"},
    ]
    assert [str(check) for check in second.checks] == ["contains 4"]


def test_json_lines_and_bare_lists(tmp_path: Path) -> None:
    lines = written(tmp_path, "p.jsonl", '{"prompt": "one"}\n\n"two"\n')
    bare = written(tmp_path, "p.yml", "- one\n- two\n")
    for path in (lines, bare):
        tasks = read_prompts(path).tasks
        assert [(t.id, t.text, t.max_tokens) for t in tasks] == [
            ("prompt-1", "one", 512),
            ("prompt-2", "two", 512),
        ]


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("p.yaml", "- prompt: hi\n  cheks: []\n",
         "p.yaml:2: prompts.0.cheks: extra inputs are not permitted"),
        ("p.yaml", "prompts:\n- id: a b\n  prompt: hi\n",
         "p.yaml:2: prompts.0.id: string should match"),
        ("p.yaml", "- checks: []\n", "p.yaml:1: prompts.0.prompt: field required"),
        ("p.yaml", "- {id: a, prompt: x}\n- {id: a, prompt: y}\n",
         "p.yaml:2: prompts.1.id: the id 'a' stands twice"),
        ("p.yaml", "- prompt: x\n  checks:\n  - regex: '(unclosed'\n",
         "p.yaml:3: prompts.0.checks.0.regex: no regular expression: missing )"),
        ("p.yaml", "- prompt: x\n  checks:\n  - {regex: a, equals: b}\n",
         "p.yaml:3: prompts.0.checks.0: expected exactly one of contains, equals, regex, json"),
        ("p.yaml", "- prompt: x\n  checks:\n  - ignore_case: true\n",
         "p.yaml:3: prompts.0.checks.0: expected exactly one of"),
        ("p.yaml", "- prompt: x\n  checks:\n  - {json_schema: {}, ignore_case: true}\n",
         "p.yaml:3: prompts.0.checks.0: ignore_case says nothing of a JSON Schema"),
        ("p.yaml", "- prompt: x\n  checks:\n  - json_schema: {type: objekt}\n",
         "p.yaml:3: prompts.0.checks.0.json_schema: no JSON Schema that can be checked with: "),
        ("p.yaml", "- prompt: x\n  checks:\n  - json_schema: {$ref: 'http://127.0.0.1:9/s'}\n",
         "p.yaml:3: prompts.0.checks.0.json_schema: no JSON Schema that can be checked with: "),
        ("p.yaml", "- prompt: x\n  max_tokens: 0\n",
         "p.yaml:2: prompts.0.max_tokens: input should be greater"),
        ("p.yaml", "[]\n", "p.yaml:1: prompts: tuple should have at least 1 item"),
        ("p.yaml", "just a text\n",
         "p.yaml: expected a list of prompts, or a mapping with `prompts`"),
        ("p.yaml", "- a\n- [\n", "p.yaml:3: not YAML: "),
        ("p.json", '{"prompts": ["a"], "prompts": ["b"]}',
         "p.json: the key 'prompts' stands twice"),
        ("p.json", '["a"', "p.json:1: not JSON: "),
        ("p.json", '[{"prompt": "a", "max_tokens": NaN}]', "p.json: not JSON: NaN is no number"),
        ("p.json", "[" * 100_000, "p.json: nested too deeply"),
        ("p.json", '["\\ud800"]', "p.json: prompts.0.prompt: input should be a valid string"),
        ("p.jsonl", '{"prompt": "a"}\n{"promt": "b"}\n',
         "p.jsonl:2: prompts.1.promt: extra inputs"),
        ("p.jsonl", '{"prompt": "a"}\n{oh}\n', "p.jsonl:2: not JSON: "),
    ],
)  # fmt: skip
def test_a_wrong_file(tmp_path: Path, name: str, content: str, complaint: str) -> None:
    path = written(tmp_path, name, content)
    with pytest.raises(KnowledgeError) as error:
        read_prompts(path)
    assert str(error.value).removeprefix(f"{tmp_path}/").startswith(complaint)
    assert "\n" not in str(error.value)


def test_a_missing_file_and_one_that_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="cannot be read: No such file"):
        read_prompts(tmp_path / "none.yaml")
    (tmp_path / "latin.jsonl").write_bytes(b'"ok"\n"caf\xe9"\n')
    with pytest.raises(KnowledgeError, match=r"latin.jsonl:2: not UTF-8 text"):
        read_prompts(tmp_path / "latin.jsonl")


NUMBER = {
    "type": "object",
    "properties": {"n": {"type": "integer", "minimum": 1}},
    "required": ["n"],
}


@pytest.mark.parametrize(
    ("check", "output", "why"),
    [
        ({"contains": "four"}, "it is four.", None),
        ({"contains": "Four"}, "it is four.", "not in the output, which begins “it is four.”"),
        ({"contains": "Four", "ignore_case": True}, "it is four.", None),
        ({"contains": "x"}, "", "not in the output, which begins empty"),
        ({"equals": "4"}, " 4\n", None),
        ({"equals": ""}, "  ", None),
        ({"equals": "4"}, "44", "found “44”"),
        ({"equals": "STRASSE", "ignore_case": True}, "straße", None),
        ({"regex": r"\d{4}"}, "in 1789 it was", None),
        ({"regex": r"^\d{4}$"}, "in 1789", "not found in the output, which begins “in 1789”"),
        ({"regex": r"(?i)YES"}, "yes", None),
        ({"regex": "YES", "ignore_case": True}, "yes", None),
        ({"json_schema": NUMBER}, '{"n": 3}', None),
        ({"json_schema": NUMBER}, '{"n": 0}', "['n']: 0 is less than the minimum of 1"),
        ({"json_schema": NUMBER}, "{}", 'the output: "n" is a required property'),
        ({"json_schema": NUMBER}, '```json\n{"n": 3}\n```', 'no JSON: “```json {"n": 3} ```”'),
        ({"json_schema": True}, "NaN", "no JSON: “NaN”"),
        ({"json_schema": True}, "[" * 100_000, "no JSON: “" + "[" * 60 + "…”"),
        ({"contains": "x"}, "\x1b[2J", r"not in the output, which begins “\x1b[2J”"),
    ],
)  # fmt: skip
def test_a_check(check: dict[str, object], output: str, why: str | None) -> None:
    assert failure(Check.model_validate(check), output) == why


@pytest.mark.parametrize("pattern", [r"^(a+)+$", r"^(a|aa)+$", r"(a*)*b", r"^(\w*)*\d$"])
def test_patterns_of_a_schema_take_linear_time(pattern: str) -> None:
    check = Check.model_validate({"json_schema": {"pattern": pattern}})
    why = failure(check, f'"{"a" * 50_000}!"')
    assert why is not None
    assert "does not match" in why


def test_a_long_check_is_told_short() -> None:
    told = str(Check.model_validate({"contains": "line one\nline two " + "x" * 500}))
    assert told.startswith("contains line one line two xxx")
    assert told.endswith("…")
    assert len(told) == 120
