"""The verdicts of a licence review, against a table that was read from the licences."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from whyllm.engine.knowledge import answering_catalogue
from whyllm.engine.reviewing.finding import Item, Verdict

from tests.engine.reviewing.judged import reviewed, said

FOLDER = Path(__file__).parent


def _table(name: str) -> Any:
    import yaml

    return yaml.safe_load((FOLDER / name).read_text())  # the tables use anchors, for like verdicts


TABLE = _table("verdicts.yaml")
NAMES = _table("names.yaml")


def verdict_of(item: Item) -> Any:
    """A verdict as the table writes it."""
    found = item.finding
    if found.verdict is Verdict.CONDITIONAL:
        return {"conditional": sorted({condition.axis for condition in found.depends_on})}
    return str(found.verdict)


def _hangs_on_what_was_not_read(row: dict[str, Any], need: dict[str, Any]) -> bool:
    numbers = need.keys() & {"monthly_active_users", "annual_revenue_usd"}
    counted = bool(numbers) or need.get("use") in ("commercial", "internal")
    asked = {"territory": "region" in need, "thresholds": counted}
    return any(asked[part] for part in row.get("unread", ()))


@pytest.mark.parametrize("need", TABLE["needs"])
def test_each_model_has_the_verdict_that_its_licences_give(need: str) -> None:
    rows = [row for row in TABLE["models"] if need in row["verdicts"]]
    items = reviewed([said(row["name"]) for row in rows], **TABLE["needs"][need]).items()
    wrong = []
    for row, item in zip(rows, items, strict=True):
        wanted = row["verdicts"][need]
        if isinstance(wanted, dict):
            wanted = {"conditional": sorted(wanted["conditional"])}
        if row.get("from_memory") or _hangs_on_what_was_not_read(row, TABLE["needs"][need]):
            wanted = "forbidden" if verdict_of(item) == wanted == "forbidden" else "unknown"
        if verdict_of(item) != wanted:
            wrong.append(f"{row['name']}: expected {wanted}, found {verdict_of(item)}")
    assert not wrong, "\n".join(wrong)


def test_the_table_is_wide_enough() -> None:
    assert len(TABLE["models"]) >= 30
    assert {"commercial", "internal", "research"} <= set(TABLE["needs"])
    told = {str(v) if isinstance(v, str) else "conditional"
            for row in TABLE["models"] for v in row["verdicts"].values()}  # fmt: skip
    assert told == set(map(str, Verdict))


def test_the_licences_that_bind_are_those_of_the_table() -> None:
    items = reviewed([said(row["name"]) for row in TABLE["models"]], use="commercial").items()
    wrong = [
        f"{row['name']}: expected {row['licences']}, found {item.finding.licences}"
        for row, item in zip(TABLE["models"], items, strict=True)
        if sorted(row["licences"] or ()) != sorted(item.finding.licences)
    ]
    assert not wrong, "\n".join(wrong)


@cache
def _commercially() -> tuple[dict[str, Item], dict[str, Item]]:
    """The items of all names, and those of the variants that they mean by their repositories."""
    models = answering_catalogue(()).models
    means = {row["means"] for row in NAMES} - {None}
    exact = {model: models[model].hf_repo or models[model].name for model in sorted(means)}
    items = reviewed([said(row["name"]) for row in NAMES], use="commercial").items()
    known = reviewed(map(said, exact.values()), use="commercial").items()
    return (
        {row["name"]: item for row, item in zip(NAMES, items, strict=True)},
        dict(zip(exact, known, strict=True)),
    )


@pytest.mark.parametrize("row", NAMES, ids=lambda row: row["name"])
def test_a_name_means_the_weights_that_it_names_and_no_others(row: dict[str, Any]) -> None:
    items, known = _commercially()
    found = items[row["name"]].finding
    assert found.model == row["means"], row["because"]
    if found.model is not None:
        assert found.verdict == known[found.model].finding.verdict
