"""Each smallest fix admits the model, and no part of it does."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pytest
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.consult import Consultant, Consultation
from whyllm.engine.explain.explanation import explain
from whyllm.engine.need import Need

from tests.conftest import DAY
from tests.engine.needs import random_need

Ask = Callable[..., Consultation]


def admits(models: Catalogue, need: Need, model: str) -> bool:
    answer = Consultant(models, only={model}).consult(need, DAY)
    return answer.verdict(model) in ("kept", "shortlisted")


@pytest.mark.parametrize("seed", range(12))
def test_a_fix_admits_and_is_minimal(models: Catalogue, seed: int) -> None:
    need = Need.of(random_need(1000 + seed))
    model = list(models.models)[seed * 13 % len(models.models)]
    answer = Consultant(models, only={model}).consult(need, DAY)
    for fix in explain(answer, model).fixes:
        assert admits(models, need.with_changes(fix.set), model), fix
        for size in range(len(fix.set)):
            for part in combinations(fix.set.items(), size):
                assert not admits(models, need.with_changes(dict(part)), model), (fix, part)
        assert fix.text.endswith(".")


def test_codestral_is_admitted_by_research(ask: Ask) -> None:
    explanation = explain(ask(modality="code", use="commercial"), "codestral-22b-v0.1")
    assert {"use": "research"} in [dict(fix.set) for fix in explanation.fixes]


def test_memory_is_raised_to_what_the_smallest_quantisation_needs(
    models: Catalogue, ask: Ask
) -> None:
    model = "deepseek-v3"
    explanation = explain(ask(task="chat", vram=24), model)
    (fix,) = [fix for fix in explanation.fixes if fix.set.get("vram")]
    need = Need.of({"task": "chat", "vram": fix.set["vram"]})
    assert admits(models, need, model)
    assert not admits(models, need.with_changes({"vram": fix.set["vram"] - 0.1}), model)


def test_each_cause_must_be_cleared(ask: Ask) -> None:
    """Five things stand against it, so each fix changes five axes."""
    answer = ask(modality="text", task="tools", use="commercial", vram=8, deploy=["hosted"])
    explanation = explain(answer, "codestral-22b-v0.1")
    assert {c.rule for c in explanation.causes} == {
        "MOD-010", "TASK-030", "HW-010", "LIC-020", "LIC-030", "LIC-110",
    }  # fmt: skip
    assert explanation.fixes
    for fix in explanation.fixes:
        assert {"modality", "task", "vram", "use", "deploy"} == set(fix.set)


def test_what_no_need_can_mend_has_no_fix(ask: Ask) -> None:
    explanation = explain(ask(modality="text"), "ministral-3b-2410")
    assert "MOD-050" in {cause.rule for cause in explanation.causes}
    assert explanation.fixes == ()


def test_a_kept_model_is_explained_by_its_merits(ask: Ask) -> None:
    answer = ask(task="tools", vram=24)
    explanation = explain(answer, answer.shortlist[0])
    assert explanation.verdict == "shortlisted"
    assert {"PREF-010", "PREF-150"} <= {cause.rule for cause in explanation.causes}
    assert explanation.fixes == ()
