"""`whyllm kb …`: whole answers and exit codes, JSON by its schema, the same bytes twice."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import jsonschema
import pytest
from whyllm.kb.knowledge import KnowledgeBase

from tests.cli.runner import Command

CODESTRAL = """\
id                       family     publisher   params b  modalities  licences
codestral-22b-v0.1       codestral  mistral-ai    22.247  code        LicenseRef-MNPL-0.1
mamba-codestral-7b-v0.1  codestral  mistral-ai     7.285  code        Apache-2.0
2 in all
"""
QUANTISATIONS = """\
id      name                       bits per weight  general
F16     16-bit floats                           16  yes
Q8_0    8 bits                                 8.5  yes
Q6_K    6 bits                                6.55  yes
Q5_K_M  5 bits, mixed                         5.65  yes
Q4_K_M  4 bits, mixed                          4.8  yes
Q4_0    4 bits, plain                         4.45  yes
MXFP4   4-bit microscaling floats              4.5  no
Q3_K_M  3 bits, mixed                         3.95  yes
Q2_K    2 bits                                 3.2  yes
9 in all
"""
WHOLE: list[tuple[str, str, int]] = [
    ("list --family codestral", CODESTRAL, 0),
    ("list models --family Codestral --publisher mistral-ai", CODESTRAL, 0),
    ("list --family codestral --modality code --format text", CODESTRAL, 0),
    ("list --family codestral --modality vision", "No model passes these filters.\n", 1),
    ("list quantisations", QUANTISATIONS, 0),
    ("search codestral mamba", "model  mamba-codestral-7b-v0.1  Codestral Mamba 7B v0.1\n", 0),
    ("search MAMBA-codestrel", "model  mamba-codestral-7b-v0.1  Codestral Mamba 7B v0.1\n", 0),
    ("search zzzz", "Nothing holds 'zzzz'.\n", 1),
    ("search codestral zzzz", "Nothing holds 'codestral zzzz'.\n", 1),
    (
        "sources --unused",
        "facts  read        source      title\n"
        "    0  2026-11-23  local-file  A file of the user's own, as read by whyllm kb draft\n"
        "sources: 1, facts: 0\n",
        0,
    ),
]


@pytest.mark.parametrize(("words", "out", "code"), WHOLE, ids=lambda x: str(x)[:50])
def test_the_whole_answer(whyllm: Command, words: str, out: str, code: int) -> None:
    shown = whyllm("kb", *words.split())
    assert (shown.out, shown.err, shown.code) == (out, "", code)


NOUNS: list[tuple[str, str]] = [
    ("list", "list --family llama"),
    ("list", "list models"),
    ("list", "list licences"),
    ("list", "list families"),
    ("list", "list publishers"),
    ("list", "list sources"),
    ("list", "list quantisations"),
    ("search", "search non-commercial"),
    ("search", "search zzzz"),
    ("conflicts", "conflicts"),
    ("sources", "sources"),
    ("sources", "sources --unused"),
    ("stale", "stale --on 2031-01-01"),
    ("export", "export"),
    ("check", "check"),
]


@pytest.mark.parametrize(("noun", "words"), NOUNS)
def test_the_json_fits_its_schema_and_is_the_same_twice(
    whyllm: Command, tmp_path: Path, noun: str, words: str
) -> None:
    asked = ("kb", *words.split(), "--format", "json")
    shown = whyllm(*asked)
    data = json.loads(shown.out)
    jsonschema.Draft202012Validator(json.loads(whyllm("schema", noun).out)).validate(data)
    assert data["schema"] == f"whyllm.{noun}/1"
    assert shown.code == (1 if words == "search zzzz" else 0)
    assert whyllm(*asked, "-o", str(tmp_path / "answer")).out == ""
    assert (tmp_path / "answer").read_text() == shown.out


def test_a_licence_filter_reaches_what_is_inherited(whyllm: Command) -> None:
    """R1-Distill-Llama-8B is tagged MIT, and Llama 3.1's terms bind it all the same."""
    for name in ("LicenseRef-Llama-3.1-Community", "llama 3.1 community license agreement"):
        shown = whyllm("kb", "list", "--licence", name, "--format", "json")
        ids = [entry["id"] for entry in json.loads(shown.out)["entries"]]
        assert {"llama-3.1-8b-instruct", "deepseek-r1-distill-llama-8b"} <= set(ids)
        assert "llama-3.3-70b-instruct" not in ids


@pytest.mark.parametrize(
    ("words", "kind", "first", "field"),
    [
        ("codestral 22b", "model", "codestral-22b-v0.1", "name"),
        ("qwen 2.5 coder 7b", "model", "qwen2.5-coder-7b-instruct", "name"),
        ("apache-2.0 license", "licence", "Apache-2.0", "name"),
        ("stabilty ai", "publisher", "stability-ai", "name"),
        ("leaderboards spaces", "claim", "huggingface-services", "says"),
        ("github josh", "source", "ollama-manifests-2025-08", "url"),
        ("700 million", "licence", "LicenseRef-Llama-2-Community", "clauses.commercial_use"),
        ("yarn context", "model", "qwen2-7b-instruct", "disputes.context"),
    ],
)
def test_the_best_hit_comes_first(
    whyllm: Command, words: str, kind: str, first: str, field: str
) -> None:
    hits = json.loads(whyllm("kb", "search", words, "--format", "json").out)["hits"]
    (best, *_) = [hit for hit in hits if hit["kind"] == kind]
    assert (best["id"], best["field"]) == (first, field)
    scores = [hit["score"] for hit in hits]
    assert scores == sorted(scores, reverse=True)


def test_a_limit_says_how_many_it_leaves_out(whyllm: Command) -> None:
    shown = whyllm("kb", "search", "llama", "--limit", "2")
    assert shown.out.count("\n") == 3
    assert "more (--limit)" in shown.out


def test_conflicts_tell_both_sides_and_who_prevails(whyllm: Command) -> None:
    shown = whyllm("kb", "conflicts").out
    assert (
        "Codestral has a commercial licence of its own.\n"
        "  said 2026-05, secondary: The open-source LLM landscape\n"
        "  Codestral Mamba 7B v0.1: licences Apache 2.0\n"
    ) in shown
    data = json.loads(whyllm("kb", "conflicts", "--format", "json").out)
    assert sum(data["summary"].values()) == len(data["conflicts"])
    (mamba,) = [
        x for x in data["conflicts"]
        if x["model"] == "mamba-codestral-7b-v0.1" and x["field"] == "licences"
    ]  # fmt: skip
    assert (mamba["claim_id"], mamba["prevails"], mamba["reason"]) == (
        "codestral-licence", "counter", "own-card",
    )  # fmt: skip
    assert mamba["claim"]["made"] == "2026-05"
    assert mamba["counter"]["value"] == ["Apache-2.0"]


def test_every_source_counts_its_facts(whyllm: Command, kb: KnowledgeBase) -> None:
    sources = json.loads(whyllm("kb", "sources", "--format", "json").out)["sources"]
    check = json.loads(whyllm("kb", "check", "--format", "json").out)
    assert [source["id"] for source in sources] == list(kb.sources)
    assert sum(source["facts"] for source in sources) == check["facts"]
    assert sum(check["confidence"].values()) == check["facts"]
    share = check["confidence"]["from-memory"] / check["facts"]
    assert check["from_memory_share"] == pytest.approx(share, abs=1e-4)


def test_a_source_that_nothing_cites_is_named(whyllm: Command, tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "mine.yaml").write_text(
        "- {id: our-wiki, title: Our wiki, read: 2026-11-01}\n"
    )
    shown = whyllm("kb", "sources", "--unused", "--kb", str(tmp_path))
    assert shown.out == (
        "facts  read        source      title\n"
        "    0  2026-11-23  local-file  A file of the user's own, as read by whyllm kb draft\n"
        "    0  2026-11-01  our-wiki    Our wiki\n"
        "sources: 2, facts: 0\n"
    )
    assert shown.code == 0


@pytest.mark.parametrize(
    ("day", "stale"),
    [
        ("2026-10-31", {}),
        ("2026-11-01", {"benchmark", "dominance"}),
        ("2027-11-22", {"benchmark", "dominance", "licence-reading"}),
        ("2028-11-23", {"benchmark", "dominance", "licence-reading", "capability"}),
    ],
)
def test_the_chapters_own_table_ages_as_its_benchmarks_do(
    whyllm: Command, kb: KnowledgeBase, day: str, stale: set[str]
) -> None:
    data = json.loads(whyllm("kb", "stale", "--on", day, "--format", "json").out)
    assert {shelf["id"] for shelf in data["shelves"] if shelf["stale"]} == set(stale)
    assert sum(shelf["stale"] for shelf in data["shelves"]) == len(data["stale"])
    leaders = {fact["id"] for fact in data["stale"] if fact["kind"] == "dimensions"}
    table = {key for key, dimension in kb.dimensions.items() if dimension.leaders}
    assert leaders == (table if stale else set())
    shown = whyllm("kb", "stale", "--on", day)
    assert shown.code == 0
    assert shown.out.endswith(f"{len(data['stale']):,} stale facts on {day}\n")


def test_the_csv_has_a_line_a_fact(whyllm: Command) -> None:
    shown = whyllm("kb", "export", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(shown.out)))
    check = json.loads(whyllm("kb", "check", "--format", "json").out)
    assert len(rows) == check["facts"]
    (row,) = [x for x in rows if (x["id"], x["field"]) == ("codestral-22b-v0.1", "licences")]
    assert json.loads(row["value"]) == ["LicenseRef-MNPL-0.1"]
    assert row["kind"] == "models"
    assert all(x["source"] and x["read"] and x["confidence"] for x in rows)


def test_the_export_is_all_of_the_knowledge(whyllm: Command, kb: KnowledgeBase) -> None:
    entries = json.loads(whyllm("kb", "export").out)["entries"]
    assert [model["id"] for model in entries["models"]] == list(kb.models)
    assert set(entries) >= {"claims", "decisive", "edition", "hardware", "lessons", "terms", "tree"}


def test_check_counts_what_is_from_memory(whyllm: Command) -> None:
    data = json.loads(whyllm("kb", "check", "--format", "json").out)
    told = (
        f"{data['from_memory_share']:.1%} of {data['facts']:,} facts are known from memory only; "
        "they decide nothing."
    )
    shown = whyllm("kb", "check")
    assert shown.out.startswith(f"Knowledge {data['version']} is sound (digest ")
    assert shown.out.endswith(f"\n{told}\n")
