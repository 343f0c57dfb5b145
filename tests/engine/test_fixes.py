"""Each smallest fix admits the model, no part of it does, and none is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations, product
from typing import Any

import pytest
from whyllm.engine import facts as f
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.consulting import Consultant, Consultation
from whyllm.engine.explaining.explanation import explain
from whyllm.engine.explaining.fixes import Fix, ways_out
from whyllm.engine.need import AXES, DEPLOYMENTS, TASKS, USES, Need

from tests.conftest import DAY
from tests.engine.needs import random_need

Ask = Callable[..., Consultation]
Admits = Callable[[Mapping[str, Any]], bool]

RECKONED = ("vram", "unified", "ram", "context", "quant")
UNIT = {"vram": -0.1, "unified": -0.1, "ram": -0.1, "context": 1, "min_context": 1,
        "monthly_active_users": 1, "annual_revenue_usd": 1}  # fmt: skip
"""One step from a fix back towards what was stated."""


def case(models: Catalogue, seed: int) -> tuple[Need, str, str]:
    """A need, a model and a rulebook, the same for the same seed."""
    names = list(models.models)
    return Need.of(random_need(1000 + seed)), names[seed * 29 % len(names)], (
        "course" if seed % 6 == 5 else "expert"
    )  # fmt: skip


def admitting(models: Catalogue, need: Need, model: str, rulebook: str) -> Admits:
    """Whether the model is kept under a change of the need, asked afresh and of it alone."""
    consultant = Consultant(models, rulebook, only={model})

    def admits(change: Mapping[str, Any]) -> bool:
        verdict = consultant.consult(need.with_changes(change), DAY).verdict(model)
        return verdict in ("kept", "shortlisted")

    return admits


@pytest.mark.seeds("fixes", 1)
def test_a_fix_admits_and_is_minimal(models: Catalogue, seed: int) -> None:
    need, model, rulebook = case(models, seed)
    admits = admitting(models, need, model, rulebook)
    answer = Consultant(models, rulebook, only={model}).consult(need, DAY)
    if answer.verdict(model) in ("kept", "shortlisted"):
        assert explain(answer, model).fixes == ()
        return
    for fix in ways_out(answer, model).fixes:
        assert admits(fix.set), fix
        for size in range(len(fix.set)):
            for part in combinations(fix.set.items(), size):
                assert not admits(dict(part)), (fix, part)
        for axis, value in fix.set.items():
            if axis in UNIT and value is not None:
                less = round(value + UNIT[axis], 1)
                assert not admits({**fix.set, axis: less}), (fix, axis, less)
        assert fix.text.endswith(".")


def grid(models: Catalogue, need: Need, model: str) -> dict[str, list[Any]]:
    """Replies to try on each axis: all there are, or numbers well beside each other."""
    facts = models.known.of_model[model]
    values: dict[str, list[Any]] = {
        "modality": [x["modality"] for x in facts if isinstance(x, f.Serves)],
        "task": list(TASKS),
        "use": list(USES),
        "vram": [4, 16, 60, 2000],
        "unified": [8, 40, 3000],
        "ram": [6, 30, 3000],
        "context": [1, 3000, 20_000, 100_000],
        "quant": ["Q8_0", "Q4_K_M", "Q2_K"],
        "monthly_active_users": [0, 10**6, 10**8, 7 * 10**8],
        "annual_revenue_usd": [0, 10**6, 10**7, 10**8, 10**9],
        "min_context": [1, 8192, 32_768],
        "knows_until": [x["date"] for x in facts if isinstance(x, f.Cutoff)],
        "region": ["US"],
    }
    tried: dict[str, list[Any]] = {}
    for axis in need.stated:
        stated = need.values(axis)
        if AXES[axis].repeatable:
            tried[axis] = [[v for v in stated if v != w] or None for w in stated]
        else:
            tried[axis] = [v for v in values.get(axis, []) if v != stated[0]]
            hidden = axis in ("region", "monthly_active_users", "annual_revenue_usd")
            tried[axis] += [] if hidden else [None]
    if need.stated.keys() & {"task", "language"} and "modality" not in need.stated:
        tried["modality"] = values["modality"]
    if "deploy" not in need.stated:
        tried["deploy"] = [[d] for d in DEPLOYMENTS]
    if "use" not in need.stated:
        tried["use"] = list(USES)
    if "vram" in need.stated and "unified" not in need.stated and "ram" not in need.stated:
        tried["ram"] = values["ram"]
    return tried


def changes(tried: Mapping[str, list[Any]]) -> Iterator[dict[str, Any]]:
    """Every change of one or two axes."""
    for size in (1, 2):
        for axes in combinations(tried, size):
            for chosen in product(*(tried[axis] for axis in axes)):
                yield dict(zip(axes, chosen, strict=True))


def covers(fix: Fix, change: Mapping[str, Any], need: Need) -> bool:
    """Whether the fix does no more than the change: less far, or what the change only drops."""

    def as_far(axis: str) -> bool:
        value, other = fix.set[axis], change[axis]
        if other is None or value == other:
            return True
        if AXES[axis].repeatable:
            return value is not None and set(other) <= set(value)
        if axis in UNIT and value is not None:
            return bool(other >= value if UNIT[axis] < 0 else other <= value)
        return False

    reckoned = set(change) & set(RECKONED)
    return all(
        (axis in change and as_far(axis)) or (axis in RECKONED and reckoned) for axis in fix.set
    )


@pytest.mark.seeds("fixes", 1)
def test_no_fix_is_missing(models: Catalogue, seed: int) -> None:
    """Whatever change of one or two axes admits the model, some fix is within it."""
    need, model, rulebook = case(models, seed)
    answer = Consultant(models, rulebook, only={model}).consult(need, DAY)
    if answer.verdict(model) in ("kept", "shortlisted"):
        return
    admits = admitting(models, need, model, rulebook)
    fixes = ways_out(answer, model).fixes
    for change in changes(grid(models, need, model)):
        if admits(change):
            assert any(covers(fix, change, need) for fix in fixes), (change, fixes)


def test_codestral_is_admitted_by_research(ask: Ask) -> None:
    explanation = explain(ask(modality="code", use="commercial"), "codestral-22b-v0.1")
    assert {"use": "research"} in [dict(fix.set) for fix in explanation.fixes]


def test_memory_is_raised_to_what_the_smallest_quantisation_needs(
    models: Catalogue, ask: Ask
) -> None:
    """And main memory beside the GPU is the other way."""
    explanation = explain(ask(task="chat", vram=24), "deepseek-v3")
    assert [set(fix.set) for fix in explanation.fixes] == [{"ram"}, {"vram"}]
    needed = explanation.causes[0].text
    assert "271.9 GB even at Q2_K" in needed
    (vram,) = [fix.set["vram"] for fix in explanation.fixes if "vram" in fix.set]
    assert vram * 0.9 >= 271.9 > (vram - 0.1) * 0.9, "a share of 0.9 of the GPU is usable"


def test_choices_in_parts_that_nothing_ties_together_combine(ask: Ask) -> None:
    """Six things stand against it; each fix takes one choice from each of four parts."""
    answer = ask(modality="text", task="tools", use="commercial", vram=8, deploy=["hosted"])
    explanation = explain(answer, "codestral-22b-v0.1")
    assert {c.rule for c in explanation.causes} == {
        "MOD-010", "TASK-030", "HW-010", "LIC-020", "LIC-030", "LIC-110",
    }  # fmt: skip
    assert explanation.ways_out is not None
    axes = [{axis for fix in part for axis in fix.set} for part in explanation.ways_out.parts]
    assert sorted(map(sorted, axes)) == [["deploy"], ["modality", "task"], ["ram", "vram"], ["use"]]
    assert len(explanation.fixes) == explanation.ways_out.count
    for fix in explanation.fixes:
        assert {"modality", "task", "use", "deploy"} < set(fix.set)


def test_what_no_need_can_mend_has_no_fix(ask: Ask) -> None:
    explanation = explain(ask(modality="text"), "ministral-3b-2410")
    assert "MOD-050" in {cause.rule for cause in explanation.causes}
    assert explanation.fixes == ()


def test_a_fact_of_the_user_is_changed_and_never_hidden(ask: Ask) -> None:
    """To keep silent about the region is no remedy; to be elsewhere is one."""
    explanation = explain(ask(modality="vision", region="FR"), "llama-3.2-11b-vision-instruct")
    assert [dict(fix.set) for fix in explanation.fixes] == [{"region": "US"}]
    assert explanation.fixes[0].text == "Be in US, or anywhere else outside the European Union."


def test_a_kept_model_is_explained_by_its_merits(ask: Ask) -> None:
    answer = ask(task="tools", vram=24)
    explanation = explain(answer, answer.shortlist[0])
    assert explanation.verdict == "shortlisted"
    assert {"PREF-010", "PREF-150"} <= {cause.rule for cause in explanation.causes}
    assert explanation.fixes == ()
