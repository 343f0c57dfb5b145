"""From files to rows: whatever parts a file is cut into, every row is read, once and in order."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whyllm.engine.fleet import parts as cutting
from whyllm.engine.fleet.parts import parts_of, tables_in
from whyllm.engine.fleet.rows import rows_of
from whyllm.engine.inventory.mention import Fault, Found, Mention
from whyllm.kb.errors import KnowledgeError

from tests.engine.fleet.written import Row, as_csv, as_lines, as_parquet

NAMES = st.text(
    st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(" \",;'"), min_size=1
).map(str.strip).map(lambda text: " ".join(text.split())[:60]).filter(bool)  # fmt: skip
CELLS = st.none() | st.sampled_from(["mit", "apache-2.0", 'a "quoted"\nname', "é\u2028è", "x\x85y"])
ROWS = st.lists(st.tuples(NAMES, CELLS, st.none() | st.just("Qwen/Qwen3-8B")), max_size=30)


def read(path: Path, column: str | None = None) -> list[Found]:
    return [row for part in parts_of(tables_in(path, path.name, column)) for row in rows_of(part)]


def meant(rows: list[Row]) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return [
        (name, (tag.strip(),) if tag else (), (base,) if base else ()) for name, tag, base in rows
    ]


@given(rows=ROWS, group=st.integers(1, 12), size=st.integers(1, 200), count=st.integers(1, 9))
@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_parts_hold_every_row_once_and_in_order(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    rows: list[Row],
    group: int,
    size: int,
    count: int,
) -> None:
    monkeypatch.setattr(cutting, "BYTES", size)
    monkeypatch.setattr(cutting, "ROWS", count)
    folder = tmp_path_factory.mktemp("rows")
    files = [
        as_parquet(folder / "a.parquet", rows, group),
        as_csv(folder / "b.csv", rows),
        as_csv(folder / "c.tsv", rows, "\t"),
        as_lines(folder / "d.jsonl", rows),
    ]
    for file in files:
        found = read(file)
        assert [(m.name, m.declared, m.bases) for m in found if isinstance(m, Mention)] == meant(
            rows
        )
        assert len(found) == len(rows)
        lines = [m.place.line or 0 for m in found]
        assert lines == sorted(set(lines))


def test_a_place_is_the_line_of_the_file_or_the_number_of_the_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cutting, "BYTES", 10)
    monkeypatch.setattr(cutting, "ROWS", 2)
    rows: list[Row] = [("one", "a\nb", None), ("two", None, None), ("three", "mit", None)]
    for file, lines in (
        (as_csv(tmp_path / "a.csv", rows), [2, 4, 5]),  # a header, and a record of two lines
        (as_lines(tmp_path / "a.jsonl", rows), [1, 2, 3]),
        (as_parquet(tmp_path / "a.parquet", rows), [1, 2, 3]),
    ):
        assert [found.place.line for found in read(file)] == lines


WRONG_LINES = {
    "no JSON": ('{"id": "a"', "is no JSON: "),
    "no object": ('["a"]', "expected an object, found list"),
    "no column of models": (
        '{"title": "a"}',
        "expected a column 'model'; the columns are: 'title'",
    ),
    "no name": ('{"id": null}', "expected a model's name, of at most 200 plain characters"),
    "a number as name": ('{"id": 3}', "expected a model's name, of at most 200 plain characters"),
    "a control character": ('{"id": "a\\u0007b"}', "expected a model's name, of at most 200"),
    "too long a name": (json.dumps({"id": "a" * 201}), "expected a model's name, of at most 200"),
    "too deep": ("[" * 100_000, "is no JSON: "),
}


@pytest.mark.parametrize(("line", "said"), WRONG_LINES.values(), ids=WRONG_LINES.keys())
def test_a_line_that_cannot_be_read_is_a_fault_and_the_next_is_read(
    tmp_path: Path, line: str, said: str
) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(f'{line}\n\n{{"id": "codestral"}}\n')
    fault, row = read(file)
    assert isinstance(fault, Fault)
    assert str(fault).startswith(f"rows.jsonl:1: {said}")
    assert (row.place.line, isinstance(row, Mention) and row.name) == (3, "codestral")


def test_a_record_that_cannot_be_read_is_a_fault_and_the_next_is_read(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text(f"licence,model\nmit,codestral\nmit\nmit,{'x' * 200_000}\n\nmit,llama3.1:8b\n")
    assert [row.name if isinstance(row, Mention) else str(row) for row in read(file)] == [
        "codestral",
        "rows.csv:3: expected 2 fields, found 1",
        "rows.csv:4: cannot be read as a row: field larger than field limit (131072)",
        "llama3.1:8b",
    ]


def test_what_is_declared_in_lists_and_in_a_hubs_tags_counts(tmp_path: Path) -> None:
    file = tmp_path / "rows.ndjson"
    rows = [
        {"id": "a", "license": ["mit", "apache-2.0", "mit"], "base_model": ["x/y", "z"]},
        {"id": "b", "tags": ["gguf", "license:llama3.1", "base_model:quantized:meta-llama/L"]},
        {"id": "c", "license": "gemma", "tags": ["license:mit"]},
        {"id": "d", "base_model": "x/y, z", "license": None, "tags": None},
    ]
    file.write_text("\n".join(map(json.dumps, rows)))
    assert [(m.declared, m.bases) for m in read(file) if isinstance(m, Mention)] == [
        (("mit", "apache-2.0"), ("x/y", "z")),
        (("llama3.1",), ("meta-llama/L",)),
        (("gemma",), ()),
        ((), ("x/y", "z")),
    ]


def test_a_folder_is_read_in_order_and_what_is_hidden_is_not(tmp_path: Path) -> None:
    (tmp_path / "b" / ".git").mkdir(parents=True)
    row: list[Row] = [("codestral", None, None)]
    as_lines(tmp_path / "c.jsonl", row)
    as_csv(tmp_path / "b" / "a.csv", row)
    as_lines(tmp_path / "b" / ".git" / "x.jsonl", row)
    as_lines(tmp_path / "_old.jsonl", row)
    (tmp_path / "README.md").write_text("rows")
    assert [table.shown for table in tables_in(tmp_path, "in")] == ["in/b/a.csv", "in/c.jsonl"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("gone.csv", None, "gone.csv: no such file or folder"),
        ("a.xlsx", "x", "a.xlsx: expected a file of .parquet, .jsonl, .ndjson, .csv, .tsv"),
        ("a.parquet", "x" * 50, "a.parquet: is no Parquet file: "),
        (
            "a.csv",
            "title;size\n",
            "a.csv: expected a column 'model'; the columns are: 'title;size'",
        ),
        ("a.csv", "", "a.csv: expected a column 'model'; the columns are: none"),
    ],
)
def test_a_file_without_rows_is_told_before_anything_is_judged(
    tmp_path: Path, name: str, content: str | None, said: str
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_text(content)
    with pytest.raises(KnowledgeError) as refused:
        tables_in(file, name)
    assert str(refused.value).startswith(said)


def test_a_column_is_named_by_the_user(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("Weights in use,model\ncodestral,x\n")
    (row,) = read(file, "weights in use")
    assert isinstance(row, Mention)
    assert row.name == "codestral"
    with pytest.raises(KnowledgeError, match="expected a column 'nope'; the columns are: "):
        tables_in(file, "a.csv", "nope")
