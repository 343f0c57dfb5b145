"""`whyllm licence …`: whole answers and exit codes, JSON by its schema, properties of all pairs."""

from __future__ import annotations

import csv
import io
import itertools
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from rich.console import Console
from whyllm.engine.render.licence_comparison import Side, licence_comparison_json
from whyllm.engine.render.licence_comparison_text import print_licence_comparison
from whyllm.engine.render.licence_json import licence_json
from whyllm.engine.render.licence_text import print_licence
from whyllm.engine.render.licence_words import section
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.schema import Licence

from tests.cli.runner import Command

MRL_TEXT = """\
Mistral AI Research License  LicenseRef-MRL-0.1
Text: https://mistral.ai/licenses/MRL-0.1.md
Read on 2026-11-23 (text read): Mistral AI Research License 0.1, the whole text
<https://mistral.ai/licenses/MRL-0.1.md>
  Read in the consent prompt of bartowski/Ministral-8B-Instruct-2410-GGUF on Hugging Face, which
  holds the text; the official cards show the same prompt.
"""
CODESTRAL = """\
licence                        category      commercial production thresholds not in  models
Mistral Non-Production License research-only no         no         unknown    unknown      1
  LicenseRef-MNPL-0.1
1 in all
"""
CSV_HEAD = "id,name,category,commercial,production,thresholds,not in,models\n"
CODESTRAL_CSV = (
    "LicenseRef-MNPL-0.1,Mistral Non-Production License,research-only,no,no,unknown,unknown,1\n"
)
WHOLE: list[tuple[str, str, int]] = [
    ("text mrl", MRL_TEXT, 0),
    ("text LicenseRef-MRL-0.1", MRL_TEXT, 0),
    ("list --search codestral", CODESTRAL, 0),
    ("list --search codestral --format csv", CSV_HEAD + CODESTRAL_CSV, 0),
    ("list --search zzzz --format csv", CSV_HEAD, 1),
    (
        "list --category non-commercial --use commercial",
        "No licence passes these filters.\n",
        1,
    ),
]


@pytest.mark.parametrize(("words", "out", "code"), WHOLE, ids=lambda x: str(x)[:50])
def test_the_whole_answer(whyllm: Command, words: str, out: str, code: int) -> None:
    shown = whyllm("licence", *words.split())
    assert (shown.out, shown.err, shown.code) == (out, "", code)


WRONG: list[tuple[tuple[str, ...], str]] = [
    (("show", ""), "an empty name names no licence"),
    (("show", "apach-2.0"), "did you mean Apache-2.0"),
    (("show", "llama"), "'llama' can mean 6 licences: LicenseRef-Llama-2-Community, "),
    (("show", "modified-mit"), "LicenseRef-Kimi-Modified-MIT, LicenseRef-Mistral-Modified-MIT"),
    (("show", "qqqqqqqq"), "'qqqqqqqq' names no known licence and no known model"),
    (("show", "mit\x1b[31m\n\x00"), "names no known licence"),
    (("show", "A" * 5000), "names no known licence"),
    (("show",), "Missing argument 'ID'"),
    (("text", "DeepSeek-R1-Distill-Llama-8B"), "several licences: MIT, LicenseRef-Llama-3.1"),
    (("compare", "mit"), "expected two licences or more to compare, found one"),
    (("compare", "mit", "MIT License"), "mean one licence, MIT; expected two"),
    (("compare", *["mit"] * 7), "expected at most 6 licences to compare, found 7"),
    (("list", "--category", "permisive"), "did you mean permissive"),
    (("list", "--use", "comercial"), "did you mean commercial"),
    (("show", "mit", "--kb", "/nowhere"), "/nowhere: no such folder of knowledge"),
]


@pytest.mark.parametrize(("words", "said"), WRONG, ids=lambda x: str(x)[:40])
def test_a_wrong_question_gets_one_line(whyllm: Command, words: tuple[str, ...], said: str) -> None:
    shown = whyllm("licence", *words)
    assert (shown.out, shown.code) == ("", 2)
    assert said in shown.err
    assert shown.err.count("\n") == 1
    assert "\x1b" not in shown.err


NOUNS: list[tuple[str, str]] = [
    ("licences", "list"),
    ("licences", "list --use research --category permissive --search patent"),
    ("licence", "show gemma"),
    ("licence-set", "show codestral"),
    ("licence-set", "show DeepSeek-R1-Distill-Llama-8B"),
    ("licence-comparison", "compare MIT Apache-2.0"),
    ("licence-comparison", "compare codestral llama3.1:8b hunyuan-a13b"),
    ("licence-text", "text mnpl"),
]


@pytest.mark.parametrize(("noun", "words"), NOUNS)
def test_the_json_fits_its_schema_and_is_the_same_twice(
    whyllm: Command, tmp_path: Path, noun: str, words: str
) -> None:
    asked = ("licence", *words.split(), "--format", "json")
    shown = whyllm(*asked)
    assert shown.code == 0
    data = json.loads(shown.out)
    jsonschema.Draft202012Validator(json.loads(whyllm("schema", noun).out)).validate(data)
    assert data["schema"] == f"whyllm.{noun}/1"
    assert whyllm(*asked, "-o", str(tmp_path / "answer")).out == ""
    assert (tmp_path / "answer").read_text() == shown.out


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("apache-2.0", "Apache-2.0"),
        ("apache 2", "Apache-2.0"),
        ("Apache License, Version 2.0", "Apache-2.0"),
        ("llama3.1", "LicenseRef-Llama-3.1-Community"),
        ("Llama 3.1", "LicenseRef-Llama-3.1-Community"),
        ("llama-3.1-community", "LicenseRef-Llama-3.1-Community"),
        ("openrail++", "LicenseRef-CreativeML-OpenRAILpp-M"),
        ("MNPL", "LicenseRef-MNPL-0.1"),
        ("mnpl-0.1", "LicenseRef-MNPL-0.1"),
        ("qwen research license agreement", "LicenseRef-Qwen-Research-2024"),
        ("MIT (GLM)", "LicenseRef-GLM-MIT"),
    ],
)
def test_a_licence_is_found_by_any_of_its_names(whyllm: Command, name: str, key: str) -> None:
    assert json.loads(whyllm("licence", "text", name, "--format", "json").out)["id"] == key


def test_a_tag_that_is_also_a_family_is_said_to_be_the_tag(whyllm: Command) -> None:
    """Gemma 4 is under Apache 2.0; the hub's tag `gemma` is that of the Gemma terms."""
    shown = whyllm("licence", "text", "gemma")
    assert shown.out.startswith("Gemma Terms of Use  LicenseRef-Gemma-ToU\n")
    assert shown.err == (
        "whyllm: gemma is read as the hub's tag of Gemma terms; models of the family gemma are "
        "also under Apache-2.0\n"
    )


def test_a_model_shows_every_licence_that_binds_it(whyllm: Command) -> None:
    """R1-Distill-Llama-8B is tagged MIT, and Llama 3.1's terms bind it all the same."""
    shown = whyllm("licence", "show", "DeepSeek-R1-Distill-Llama-8B")
    first, _, rest = shown.out.partition("\n")
    assert first == (
        "MIT and Llama 3.1 licence (through its base model) bind DeepSeek-R1-Distill-Llama-8B."
    )
    assert rest.index("MIT License  MIT") < rest.index("Llama 3.1 Community License Agreement")


def test_kb_show_and_licence_show_say_the_same_of_a_licence(whyllm: Command) -> None:
    for form in ("text", "json"):
        asked = ("show", "LicenseRef-MNPL-0.1", "--format", form)
        assert whyllm("kb", *asked).out == whyllm("licence", *asked).out


def test_markdown_and_csv_have_a_line_a_licence(whyllm: Command, kb: KnowledgeBase) -> None:
    rows = list(csv.DictReader(io.StringIO(whyllm("licence", "list", "--format", "csv").out)))
    assert [row["id"] for row in rows] == list(kb.licences)
    lines = whyllm("licence", "list", "--format", "md").out.splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert cells[0] == list(rows[0])
    assert set("".join(cells[1])) == {"-"}
    assert cells[2:] == [list(row.values()) for row in rows]


@pytest.mark.parametrize("use", ["unrestricted", "commercial", "internal", "research", "personal"])
def test_a_use_that_no_clause_grants_is_filtered_out(
    whyllm: Command, kb: KnowledgeBase, use: str
) -> None:
    listed = json.loads(whyllm("licence", "list", "--use", use, "--format", "json").out)
    kept = {row["id"] for row in listed["licences"]}
    tag = {"internal": "production_use", "research": "research_use", "personal": "research_use"}
    for key, licence in kb.licences.items():
        if licence.clauses[tag.get(use, "commercial_use")].value in ("no", "unknown"):
            assert key not in kept
    assert "Apache-2.0" in kept


def flat(text: str) -> str:
    return " ".join(text.split())


def printed(width: int, show: Any) -> str:
    text = io.StringIO()
    show(Console(file=text, width=width, markup=False, highlight=False, emoji=False))
    return text.getvalue()


@pytest.mark.parametrize("width", [60, 120])
def test_every_licence_shows_every_clause_with_its_section(kb: KnowledgeBase, width: int) -> None:
    for licence in kb.licences.values():
        data = licence_json(kb, licence)
        text = printed(width, lambda c, data=data: print_licence(c, kb, data, False))
        assert max(map(len, text.splitlines())) <= width
        seen = flat(text)
        for duty in licence.duties:
            assert duty.id in [x["id"] for x in data["entry"]["duties"]]
        if width == 60:  # stacked, so that no cell is folded between two others
            for term in kb.terms.clause:
                clause = licence.clauses[term.id]
                assert f"{term.label}: {clause.value} ({section(clause.section)})" in seen


def compared(kb: KnowledgeBase, *licences: Licence) -> Any:
    return licence_comparison_json(kb, [Side(x, x.id) for x in licences])


def test_strictness_is_antisymmetric_and_never_rests_on_what_is_not_known(
    kb: KnowledgeBase,
) -> None:
    for one, other in itertools.combinations(kb.licences.values(), 2):
        there, back = compared(kb, one, other), compared(kb, other, one)
        strict = {x["clause"]: x["strictest"] for x in there["clauses"]}
        assert strict == {x["clause"]: x["strictest"] for x in back["clauses"]}
        for clause in there["clauses"]:
            values = [said["value"] for said in clause["said"]]
            memory = "from-memory" in [said["confidence"] for said in clause["said"]]
            assert clause["differs"] == (values[0] != values[1])
            assert clause["open"] == ("unknown" in values or memory)
            assert len(clause["strictest"]) <= (clause["differs"] and not clause["open"])


def test_a_comparison_has_every_clause_of_each_with_its_section(kb: KnowledgeBase) -> None:
    known = list(kb.licences.values())
    for one, other in zip(known, [*known[1:], known[0]], strict=True):
        data = compared(kb, one, other)
        for licence in (one, other):
            said = {
                clause["clause"]: (x["value"], x["section"])
                for clause in data["clauses"]
                for x in clause["said"]
                if x["licence"] == licence.id
            }
            assert said == {tag: (c.value, c.section) for tag, c in licence.clauses.items()}
            parts = [x["data"]["id"] for x in data["duties"] if x["licence"] == licence.id]
            assert parts == [duty.id for duty in licence.duties]


@pytest.mark.parametrize("width", [60, 120])
def test_a_comparison_prints_at_any_width(kb: KnowledgeBase, width: int) -> None:
    apache = kb.licences["Apache-2.0"]
    for other in kb.licences.values():
        if other is not apache:
            data = compared(kb, apache, other)
            text = printed(width, lambda c, data=data: print_licence_comparison(c, kb, data))
            assert max(map(len, text.splitlines())) <= width
            if width == 60:
                for clause in data["clauses"]:
                    for said in clause["said"]:
                        assert f"{said['value']} ({section(said['section'])}" in flat(text)


def test_what_is_stricter_is_marked_and_what_is_from_memory_is_not(whyllm: Command) -> None:
    data = json.loads(whyllm("licence", "compare", "mnpl", "llama3.1", "--format", "json").out)
    clauses = {clause["clause"]: clause for clause in data["clauses"]}
    assert clauses["commercial_use"]["strictest"] == ["LicenseRef-MNPL-0.1"]
    assert clauses["research_use"]["strictest"] == ["LicenseRef-Llama-3.1-Community"]
    assert clauses["acceptable_use"]["strictest"] == []  # `none` is known from memory only
    assert clauses["acceptable_use"]["open"]
    assert data["unread"] == {"LicenseRef-MNPL-0.1": ["thresholds", "territory"]}
    ranks = [1 if x["open"] else 0 if x["differs"] else 2 for x in data["clauses"]]
    assert ranks == sorted(ranks)
    wide = whyllm("licence", "compare", "mnpl", "llama3.1").out
    assert "▲ no (section 3.2)" in wide


def test_a_duty_that_both_have_is_shared(whyllm: Command) -> None:
    data = json.loads(whyllm("licence", "compare", "mnpl", "llama3.1", "--format", "json").out)
    shared = {(x["licence"], x["id"]): x["shared"] for x in data["duties"]}
    assert shared["LicenseRef-MNPL-0.1", "licence-copy"]
    assert shared["LicenseRef-Llama-3.1-Community", "licence-copy"]
    assert not shared["LicenseRef-Llama-3.1-Community", "display"]


def test_a_licence_of_an_overlay_is_shown_as_such(whyllm: Command, tmp_path: Path) -> None:
    (tmp_path / "licences").mkdir()
    (tmp_path / "licences" / "MIT.yaml").write_text(
        'id: MIT\nclauses:\n  hosting: {value: "no", section: "9"}\n'
    )
    shown = whyllm("licence", "show", "mit", "--kb", str(tmp_path)).out
    assert f"clauses.hosting is said by {tmp_path}, without evidence." in flat(shown)
    data = json.loads(
        whyllm("licence", "compare", "MIT", "Apache-2.0", "--kb", str(tmp_path),
               "--format", "json").out
    )  # fmt: skip
    (hosting,) = [x for x in data["clauses"] if x["clause"] == "hosting"]
    assert (hosting["differs"], hosting["open"], hosting["strictest"]) == (True, True, [])
