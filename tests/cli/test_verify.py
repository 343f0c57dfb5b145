"""`--save` and `verify`: what is saved is accepted, what is changed is rejected, line by line."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from whyllm.cli.schema import json_schema

from tests.cli.runner import Command

ON = ("--on", "2026-11-23")
CODESTRAL = ("why", "codestral", "--modality", "code", "--use", "commercial", *ON)


def fits(noun: str, path: Path | str) -> None:
    text = path.read_text() if isinstance(path, Path) else path
    jsonschema.Draft202012Validator(json_schema(noun)).validate(json.loads(text))


def test_a_saved_verdict_is_accepted(whyllm: Command, tmp_path: Path) -> None:
    file = tmp_path / "codestral.json"
    told = whyllm(*CODESTRAL)
    assert whyllm(*CODESTRAL, "--save", str(file)).out == told.out
    fits("certificate", file)
    result = whyllm("verify", str(file))
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("accepted: codestral-22b-v0.1 is excluded, on 2026-11-23, by ")
    answer = whyllm("verify", str(file), "--format", "json")
    fits("verification", answer.out)
    assert json.loads(answer.out)["accepted"] is True


@pytest.mark.parametrize("book", ["expert", "course"])
def test_a_saved_recommendation_is_accepted(whyllm: Command, tmp_path: Path, book: str) -> None:
    file, inputs = tmp_path / "saved.json", tmp_path / "inputs"
    need = ("--modality", "vision", "--ram", "16", "--rulebook", book)
    assert whyllm("recommend", *need, *ON, "--save", str(file)).code == 0
    fits("certificate", file)
    result = whyllm("verify", str(file), "--write-inputs", str(inputs))
    assert result.code == 0
    assert "accepted: outcome shortlist" in result.out
    fits("declaration", inputs / "rules.json")
    fits("known", inputs / "known.json")


def test_a_changed_verdict_is_rejected_in_a_line(whyllm: Command, tmp_path: Path) -> None:
    file = tmp_path / "codestral.json"
    whyllm(*CODESTRAL, "--save", str(file))
    file.write_text(file.read_text().replace('"verdict": "excluded"', '"verdict": "kept\\u001b"'))
    result = whyllm("verify", str(file))
    assert result.code == 1
    assert result.out.splitlines() == [
        f"rejected: {file}",
        '  certificate.verdict: found "kept\\u001b", expected "excluded"',
    ]
    assert json.loads(whyllm("verify", str(file), "--format", "json").out)["accepted"] is False


def test_other_knowledge_is_named(whyllm: Command, tmp_path: Path) -> None:
    """An overlay changes the digest and nothing that this verdict rests on."""
    file, overlay = tmp_path / "codestral.json", tmp_path / "kb"
    whyllm(*CODESTRAL, "--save", str(file))
    (overlay / "models").mkdir(parents=True)
    read = {"source": "course", "confidence": "secondary"}
    model = {"id": "phi-4", "context": 8192, "evidence": {"context": read}}
    (overlay / "models" / "x.yaml").write_text(json.dumps([model]))
    result = whyllm("verify", str(file), "--kb", str(overlay))
    old = json.loads(file.read_text())["kb"]["digest"]
    assert result.code == 1
    (line,) = result.out.splitlines()[1:]
    assert line.startswith(f'  certificate.kb.digest: found "{old}", expected "')


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "no such file"),
        ("", "no JSON as expected of a certificate"),
        ("[1]", "expected JSON of whyllm.certificate/1"),
        ('{"schema": "whyllm.consultation/1"}', "expected JSON of whyllm.certificate/1"),
        ('{"schema": 1, "schema": 2}', "an object says a key twice"),
        ("[" * 10**6, "nested too deeply"),
    ],
    ids=["missing", "empty", "list", "another noun", "a key twice", "deep"],
)
def test_what_is_no_certificate_is_a_wrong_question(
    whyllm: Command, tmp_path: Path, text: str | None, said: str
) -> None:
    file = tmp_path / "x.json"
    if text is not None:
        file.write_text(text)
    result = whyllm("verify", str(file))
    assert (result.code, result.out) == (2, "")
    assert said in result.err
    assert result.err.count("\n") == 1


@pytest.mark.parametrize(
    "changes",
    [{"rulebook": "other"}, {"rulebook": []}, {"need": {"use": "commerce"}}, {"need": None},
     {"on": "today"}, {"on": 5}, {"need": {"\u001b": 1}}],
)  # fmt: skip
def test_a_question_that_means_nothing_is_rejected(
    whyllm: Command, tmp_path: Path, changes: dict[str, object]
) -> None:
    file = tmp_path / "codestral.json"
    whyllm(*CODESTRAL, "--save", str(file))
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))
    result = whyllm("verify", str(file))
    assert (result.code, result.err) == (1, "")
    assert len(result.out.splitlines()) == 2
    assert "\u001b" not in result.out
