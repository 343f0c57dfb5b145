"""The prompts file: what is put to each candidate, and what its outputs are checked for.

YAML, JSON or JSON lines: a list of prompts, or a mapping of `prompts` and what holds for all of
them. A prompt is a text, or a mapping with `prompt`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationError, model_validator
from whyllm.engine.measuring.checks import SchemaCheckError, compiled_pattern, schema_validator
from whyllm.kb.errors import KnowledgeError, printable
from whyllm.kb.files import read_raw
from whyllm.kb.json_file import parse_json, parse_json_text
from whyllm.kb.schema import Entry
from whyllm.kb.validation import first_fault
from whyllm.kb.yaml_file import YamlFile, parse_yaml

MOST_PROMPTS = 200
MOST_CHECKS = 20
LONGEST_PROMPT = 200_000
MOST_TOKENS = 100_000
USUAL_TOKENS = 512
"""Tokens that an answer may take where the file does not say."""

Expected = Annotated[str, Field(min_length=1, max_length=20_000)]


def _pattern(text: str) -> str:
    compiled_pattern(text)  # ValueError says what is wrong with it
    return text


def _schema(schema: dict[str, Any] | bool) -> dict[str, Any] | bool:
    try:
        schema_validator(schema)
    except SchemaCheckError as error:
        raise ValueError(str(error)) from None
    return schema


class Check(Entry):
    """What an output must be like: exactly one of the keys but `ignore_case`."""

    contains: Expected | None = Field(None, description="a text that stands in the output")
    equals: Annotated[str, Field(max_length=20_000)] | None = Field(
        None, description="the whole output, but for white space around it"
    )
    regex: (
        Annotated[str, Field(min_length=1, max_length=1_000), AfterValidator(_pattern)] | None
    ) = Field(None, description="a regular expression that is found somewhere in the output")
    json_schema: Annotated[dict[str, Any] | bool, AfterValidator(_schema)] | None = Field(
        None, description="a JSON Schema that the output, which must be JSON, fulfils"
    )
    ignore_case: Annotated[bool, Field(strict=True)] = Field(
        False, description="for `contains`, `equals` and `regex`: capitals make no difference"
    )

    @model_validator(mode="after")
    def _one_kind(self) -> Check:
        kinds = [name for name in KINDS if getattr(self, name) is not None]
        if len(kinds) != 1:
            raise ValueError(f"expected exactly one of {', '.join(KINDS)}")
        if self.ignore_case and kinds == ["json_schema"]:
            raise ValueError("ignore_case says nothing of a JSON Schema")
        return self

    @property
    def kind(self) -> str:
        """Which of the kinds it is."""
        return next(name for name in KINDS if getattr(self, name) is not None)

    def __str__(self) -> str:
        value = getattr(self, self.kind)
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        line = f"{self.kind} {printable(' '.join(shown.split()))}"
        return line if len(line) <= 120 else f"{line[:119]}…"


KINDS = ("contains", "equals", "regex", "json_schema")


class Prompt(Entry):
    """One prompt, as its file has it."""

    id: str | None = Field(None, min_length=1, max_length=80, pattern=r"^[\w.-]+$")
    prompt: str = Field(min_length=1, max_length=LONGEST_PROMPT)
    system: str | None = Field(None, max_length=LONGEST_PROMPT, description="the system message")
    max_tokens: Annotated[int, Field(strict=True, ge=1, le=MOST_TOKENS)] | None = None
    checks: tuple[Check, ...] = Field((), max_length=MOST_CHECKS)


class PromptsFile(Entry):
    """A prompts file; `system` and `max_tokens` hold for prompts that say none of their own."""

    system: str | None = Field(None, max_length=LONGEST_PROMPT)
    max_tokens: Annotated[int, Field(strict=True, ge=1, le=MOST_TOKENS)] = USUAL_TOKENS
    prompts: tuple[Prompt, ...] = Field(min_length=1, max_length=MOST_PROMPTS)


@dataclass(frozen=True)
class Task:
    """One prompt ready to be asked."""

    id: str
    text: str
    system: str | None
    max_tokens: int
    checks: tuple[Check, ...]

    @cached_property
    def messages(self) -> list[dict[str, str]]:
        """The messages of a chat, as both APIs take them."""
        system = [{"role": "system", "content": self.system}] if self.system else []
        return [*system, {"role": "user", "content": self.text}]


@dataclass(frozen=True)
class Tasks:
    """The prompts of a file, and the SHA-256 of its bytes."""

    digest: str
    tasks: tuple[Task, ...]


def read_prompts(path: Path) -> Tasks:
    """Read a prompts file; KnowledgeError says file, line where known, key, and what is wrong."""
    raw = read_raw(path)
    file = _parsed(raw, path)
    data = {"prompts": file.data} if isinstance(file.data, list) else file.data
    if not isinstance(data, dict):
        raise KnowledgeError("expected a list of prompts, or a mapping with `prompts`", path)
    inside = () if data is file.data else ("prompts",)
    if isinstance(data.get("prompts"), list):
        prompts = [{"prompt": x} if isinstance(x, str) else x for x in data["prompts"]]
        data = {**data, "prompts": prompts}
    try:
        said = PromptsFile.model_validate(data)
    except ValidationError as error:
        within, told = first_fault(error, "the file")
        raise KnowledgeError(told, path, file.line_of(within[len(inside) :])) from None
    tasks = tuple(_task(prompt, place, said) for place, prompt in enumerate(said.prompts, 1))
    names = [task.id for task in tasks]
    for place, name in enumerate(names):
        if name in names[:place]:
            where = ("prompts", place, "id")[len(inside) :]
            raise KnowledgeError(
                f"prompts.{place}.id: the id {name!r} stands twice", path, file.line_of(where)
            )
    return Tasks(hashlib.sha256(raw).hexdigest(), tasks)


def _task(prompt: Prompt, place: int, said: PromptsFile) -> Task:
    return Task(
        id=prompt.id or f"prompt-{place}",
        text=prompt.prompt,
        system=prompt.system if prompt.system is not None else said.system,
        max_tokens=prompt.max_tokens or said.max_tokens,
        checks=prompt.checks,
    )


def _parsed(raw: bytes, path: Path) -> YamlFile:
    """The file by its suffix; each line of JSON lines is a prompt."""
    if path.suffix in (".jsonl", ".ndjson"):
        return _json_lines(raw, path)
    if path.suffix == ".json":
        return YamlFile(path, raw, parse_json(raw, path), {})
    return parse_yaml(raw, path)


def _json_lines(raw: bytes, path: Path) -> YamlFile:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise KnowledgeError("not UTF-8 text", path, line) from None
    numbered = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    lines: dict[tuple[str | int, ...], int] = {(): 1}
    lines |= {(place,): number for place, (number, _) in enumerate(numbered)}
    data = [parse_json_text(line, path, number) for number, line in numbered]
    return YamlFile(path, raw, data, lines)
