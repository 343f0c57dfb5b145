"""A wrong question gets one line that says what, where and what was expected, and exit code 2."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.runner import Command

WRONG: list[tuple[list[str], str]] = [
    (["recommend", "--use", "comercial"],
     "--use: found 'comercial', expected one of unrestricted, commercial, internal, research, "
     "personal; did you mean commercial?"),
    (["recommend", "--modality", ""], "--modality: found '', expected one of text,"),
    (["recommend", "--ram", "-4"], "--ram: found '-4', expected a number of gigabytes"),
    (["recommend", "--vram", "nan"], "--vram: found 'nan', expected a number of gigabytes"),
    (["recommend", "--vram", "lots"], "--vram: found 'lots', expected a number of gigabytes"),
    (["recommend", "--ram", "1e400"], "--ram: found '1e400', expected a number of gigabytes"),
    (["recommend", "--ram", "7,5"], "--ram: found '7,5', expected a number of gigabytes"),
    (["recommend", "--context", "0"], "--context: found '0', expected a whole number of tokens"),
    (["recommend", "--min-context", "8.5"], "--min-context: found '8.5', expected a whole number"),
    (["recommend", "--region", "FRA"], "--region: found 'FRA', expected a two-letter ISO 3166"),
    (["recommend", "--region", "XX"], "region: found 'XX', expected an ISO 3166 country"),
    (["recommend", "--quant", "Q9"], "quant: found 'Q9', expected one of F16, Q8_0"),
    (["recommend", "--language", "french!"], "--language: found 'french!', expected a BCP 47"),
    (["recommend", "--knows-until", "2024-13"], "--knows-until: found '2024-13', expected a date"),
    (["recommend", "--monthly-active-users", "-1"], "--monthly-active-users: found '-1', expected"),
    (["recommend", "--on", "yesterday"], "--on: found 'yesterday', expected a day as YYYY-MM-DD"),
    (["recommend", "--modalty", "code"], "No such option"),
    (["recommend", "--rulebook", "other"], "Invalid value for '--rulebook'"),
    (["recommend", "--need", "nowhere.yaml"], "nowhere.yaml: cannot be read: No such file"),
    (["recommend", "--kb", "nowhere"], "no such folder of knowledge"),
    (["recommend", "-o", "no/such/folder/x.txt"], "no/such/folder/x.txt: cannot be written"),
    (["recomend"], "no such command 'recomend'; did you mean recommend?"),
    (["frobnicate"], "no such command 'frobnicate'; commands: recommend, why"),
    (["why"], "Missing argument 'MODEL'"),
    (["why", ""], "an empty name names no model"),
    (["why", "zzzzqqqq"], "unknown model 'zzzzqqqq'"),
    (["why", "whisper"], "'whisper' is a family; which of its models?"),
    (["why", "qwen3:30b"], "'qwen3:30b' can mean 3 models: Qwen3 30B-A3B, Qwen3 30B-A3B Instruct"),
    (["why", "someone/llama-3.1-8b-lora"], "it looks like a fine-tune of Llama 3.1 8B Instruct"),
    (["kb", "show", "meta-llama/Llama-3.1-8B"], "looks like weights before any tuning"),
    (["why", "phi4", "--from", "nowhere.json"], "nowhere.json: cannot be read"),
    (["rules", "show", "LIC-20"], "no rule 'LIC-20'; did you mean LIC-020"),
    (["rules", "new", "licenses", "A title"], "no stage 'licenses'; stages: need, need-machine"),
    (["kb", "show", "Apache"], "did you mean Apache-2.0"),
    (["kb", "show", "nothing at all"], "unknown"),
    (["kb", "list", "modls"],
     "kb list: found 'modls', expected one of models, licences, families, publishers, sources, "
     "quantisations; did you mean models"),
    (["kb", "list", "--family", "codestrel"], "--family: no family 'codestrel'; did you mean c"),
    (["kb", "list", "--publisher", "mistrl"], "no publisher 'mistrl'; did you mean mistral-ai"),
    (["kb", "list", "--licence", "Apach"], "no licence 'Apach'; did you mean Apache-2.0?"),
    (["kb", "list", "--modality", "visoin"], "--modality: found 'visoin', expected one of text,"),
    (["kb", "list", "licences", "--family", "llama"], "--family filters models, not licences"),
    (["kb", "search"], "Missing argument 'TEXT...'"),
    (["kb", "search", "..."], "kb search: '...' holds no word to look for"),
    (["kb", "search", "llama", "--limit", "0"], "Invalid value for '--limit'"),
    (["kb", "conflicts", "--kb", "nowhere"], "no such folder of knowledge"),
    (["kb", "sources", "--unsued"], "No such option"),
    (["kb", "stale", "--on", "2026-13-01"], "--on: found '2026-13-01', expected a day"),
    (["kb", "export", "--format", "xml"], "Invalid value for '--format'"),
    (["kb", "stales"], "No such command 'stales'"),
    (["schema", "consultatoin"], "Invalid value for"),
    (["graph", "tree", "--format", "gif"], "Invalid value for '--format'"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "complaint"), WRONG, ids=lambda x: " ".join(x)[:60])
def test_one_line_and_exit_two(whyllm: Command, words: list[str], complaint: str) -> None:
    shown = whyllm(*words)
    assert shown.code == 2
    assert shown.out == ""
    assert shown.err.startswith("whyllm: ")
    assert shown.err.count("\n") == 1
    assert complaint in shown.err


NEED_FILES: list[tuple[str | bytes, str]] = [
    ("", "need.yaml:1: the file is empty"),
    ("modality: code\nuse: comercial\n", "need.yaml:2: use: found 'comercial'"),
    ("modality: [code\n", "need.yaml:2: not YAML:"),
    ("- modality\n", "need.yaml:1: expected a mapping of axes to values"),
    ("modalities: text\n", "need.yaml:1: unknown axis 'modalities'; did you mean modality?"),
    ("ram: -1\n", "need.yaml:1: ram: found -1, expected a number of gigabytes"),
    ("tools: maybe\n", "need.yaml:1: tools: found 'maybe', expected true or false"),
    ("ram: 8\nram: 16\n", "need.yaml:2: the key 'ram' stands twice"),
    ("a: &x [1]\nb: *x\n", "aliases (*name) are not allowed"),
    ("ram: !!python/object:os.system {}\n", "need.yaml:1:"),
    (b"\xff\xfe\x00", "need.yaml:1: not UTF-8 text"),
    ("use: {a: 1}\n", "need.yaml:1: use: found {'a': 1}"),
    ("{" * 2000, "need.yaml"),
    ("[" * 100_000, "need.yaml:1: nested too deeply"),
    ("- " * 60_000, "need.yaml:1: nested too deeply"),
]


@pytest.mark.parametrize(("content", "complaint"), NEED_FILES, ids=lambda x: str(x)[:30])
def test_a_malformed_need_file_names_file_and_line(
    whyllm: Command, tmp_path: Path, content: str | bytes, complaint: str
) -> None:
    path = tmp_path / "need.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    shown = whyllm("recommend", "--need", str(path))
    assert shown.code == 2
    assert shown.err.count("\n") == 1
    assert complaint in shown.err


def test_null_states_nothing(whyllm: Command, tmp_path: Path) -> None:
    path = tmp_path / "need.json"
    path.write_text('{"modality": "code", "use": null, "tools": false, "deploy": []}')
    assert "--modality code\n" in whyllm("recommend", "--need", str(path)).out.replace(" · ", "\n")


BROKEN: list[tuple[str, str, str]] = [
    ("models/x.yaml", "- id: sketch\n  name: [\n", "x.yaml:3: not YAML"),
    ("models/x.yaml", "- name: Sketch\n", "x.yaml:1: the entry has no id"),
    ("models/x.yaml", "id: sketch\n", "x.yaml:1: expected a list of entries"),
    ("models/x.yaml", "- id: phi-4\n  params_b: -3\n", "x.yaml:2: params_b: input should be"),
    ("models/x.yaml", "- id: phi-4\n  parms_b: 3\n", "x.yaml:2: parms_b: extra inputs are not"),
    ("models/x.yaml", "- id: phi-4\n  active_params_b: 300\n", "active_params_b is larger than"),
    ("models/x.yaml", "- id: phi-4\n  family: fi\n", "x.yaml:2: family: no family 'fi'"),
    ("models/x.yaml", "- id: phi-4\n  licences: [MTI]\n", "no licence 'MTI'; did you mean MIT or "),
    ("models/x.yaml", "- id: phi-4\n- id: phi-4\n", "x.yaml:2: the id 'phi-4' stands twice"),
    ("models/x.yaml", "- id: phi-4\n  aliases: [codestral]\n", "the name 'codestral' is also"),
    ("models/x.yaml", "- id: phi-4\n  base: phi-4\n", "'phi-4' is its own ancestor"),
    ("models/x.yaml", "- {id: x, name: X, family: phi, kind: llm, weights: published, "
     "architecture: dense, modalities: [text], tuning: base, tool_calling: none}\n",
     "x.yaml:1: evidence: field required"),
    ("models/x.yaml",
     "- id: phi-4\n  evidence: {default: {source: coarse, confidence: secondary}}\n",
     "no source 'coarse'; did you mean course"),
    ("claims.yaml", "- id: llama-4-cutoff\n  generations: ['5']\n",
     "claims.yaml:2: generations.0: no generation of llama '5'"),
    ("claims.yaml", "- id: llama-4-cutoff\n  modality: visoin\n", "no modality 'visoin'; did you"),
    ("licences/MIT.yaml", "id: Mit\n", "MIT.yaml:1: the id 'Mit' must be the file's name"),
    ("licences/MIT.yaml", "id: MIT\nclauses: {hosting: {value: maybe, section: '-'}}\n",
     "no value of hosting 'maybe'"),
    ("readme.txt", "hello", "holds no knowledge files"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "complaint"), BROKEN, ids=lambda x: x[:40])
def test_a_broken_overlay_names_file_line_and_key(
    whyllm: Command, tmp_path: Path, name: str, content: str, complaint: str
) -> None:
    path = tmp_path / "mine" / name
    path.parent.mkdir(parents=True)
    path.write_text(content)
    shown = whyllm("recommend", "--modality", "code", "--kb", str(tmp_path / "mine"))
    assert shown.code == 2
    assert shown.out == ""
    assert shown.err.count("\n") == 1
    assert complaint in shown.err
    assert whyllm("kb", "check", "--kb", str(tmp_path / "mine")).err == shown.err
    assert whyllm("recommend", "--modality", "code").code == 0


def test_help_is_no_wrong_question(whyllm: Command) -> None:
    shown = whyllm("--help")
    assert shown.code == 0
    for command in ("recommend", "why", "rules", "kb", "graph", "schema"):
        assert command in shown.out
    assert "--monthly-active-users" in whyllm("recommend", "--help").out
