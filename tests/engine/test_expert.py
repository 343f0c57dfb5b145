"""The expert rulebook on the real catalogue: the cases that the tool exists for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.consulting import Consultation, consult
from whyllm.engine.need import Need, NeedError

Ask = Callable[..., Consultation]


def rules_against(answer: Consultation, model: str) -> set[str]:
    return {firing.rule for firing in answer.excluded.get(model, ())}


def test_codestral_falls_for_commercial_use_by_its_clause(ask: Ask) -> None:
    answer = ask(modality="code", use="commercial")
    assert 3 <= len(answer.shortlist) <= 4
    assert rules_against(answer, "codestral-22b-v0.1") == {"LIC-020", "LIC-030"}
    for firing in answer.excluded["codestral-22b-v0.1"]:
        assert firing.values["section"] == "3.2"
        assert firing.values["licence"] == "LicenseRef-MNPL-0.1"


@pytest.mark.parametrize("use", ["research", "personal"])
def test_codestral_stays_for_research(ask: Ask, use: str) -> None:
    assert "codestral-22b-v0.1" in ask(modality="code", use=use).kept


def test_internal_use_is_production_under_the_non_production_licence(ask: Ask) -> None:
    assert rules_against(ask(modality="code", use="internal"), "codestral-22b-v0.1") == {"LIC-090"}


def test_the_variants_own_card_prevails_over_the_course(ask: Ask) -> None:
    """The chapter counts DeepSeek-Coder as MIT; its weights are under the DeepSeek licence."""
    model = "deepseek-coder-33b-instruct"
    unrestricted = ask(modality="code", use="unrestricted", examine=(model,))
    assert "LIC-060" in rules_against(unrestricted, model)
    commercial = ask(modality="code", use="commercial", examine=(model,))
    assert model in commercial.kept
    told = [commercial.sentence(f) for f, x in commercial.about(model, "Caveat")]
    assert any("The course puts DeepSeek-Coder under MIT" in text for text in told)


def test_a_70b_class_machine_is_no_home_for_671b(ask: Ask) -> None:
    need = {"modality": "text", "task": "chat", "vram": 24}
    assert "deepseek-v3" in ask("course", **need).kept
    answer = ask(**need)
    assert rules_against(answer, "deepseek-v3") == {"HW-010"}
    (firing,) = answer.excluded["deepseek-v3"]
    text = answer.sentence(firing)
    assert f"{firing.values['needed']:.1f} GB" in text
    assert "21.6 GB are usable" in text
    assert float(str(firing.values["needed"])) > 200


def test_eight_gigabytes_keep_a_small_distillation(ask: Ask) -> None:
    answer = ask(task="reasoning", ram=8)
    assert "deepseek-r1-distill-qwen-1.5b" in answer.kept
    assert "HW-010" in rules_against(answer, "deepseek-r1")


@pytest.mark.parametrize("modality", ["image-generation", "text-to-speech"])
def test_out_of_scope_keeps_nothing(ask: Ask, modality: str) -> None:
    answer = ask(modality=modality)
    assert answer.outcome == "out-of-scope"
    assert answer.kept == answer.shortlist == ()


def test_base_terms_bind_a_derivative(ask: Ask) -> None:
    """R1-Distill-Llama-8B is tagged MIT, and the Llama 3.1 terms bind it all the same."""
    answer = ask(task="reasoning", monthly_active_users=800_000_000)
    assert "LIC-190" in rules_against(answer, "deepseek-r1-distill-llama-8b")
    assert "LIC-190" not in rules_against(answer, "deepseek-r1-distill-qwen-7b")


@pytest.mark.parametrize(("users", "falls"), [(700_000_000, False), (700_000_001, True)])
def test_the_threshold_itself_is_allowed(ask: Ask, users: int, falls: bool) -> None:
    answer = ask(use="commercial", monthly_active_users=users)
    assert ("LIC-190" in rules_against(answer, "llama-3.1-8b-instruct")) is falls


@pytest.mark.parametrize(("region", "falls"), [("FR", True), ("EU", True), ("US", False)])
def test_the_eu_exclusion_touches_multimodal_models_only(
    ask: Ask, region: str, falls: bool
) -> None:
    answer = ask(use="commercial", region=region)
    assert ("LIC-240" in rules_against(answer, "llama-3.2-11b-vision-instruct")) is falls
    assert "llama-3.2-3b-instruct" in answer.kept


def test_revenue_ends_a_community_licence(ask: Ask) -> None:
    small = ask(use="commercial", annual_revenue_usd=1_000_000)
    large = ask(use="commercial", annual_revenue_usd=1_000_001)
    touched = [m for m in large.excluded if "LIC-200" in rules_against(large, m)]
    assert touched
    assert not [m for m in touched if "LIC-200" in rules_against(small, m)]


@pytest.mark.parametrize(("use", "falls"), [("commercial", True), ("research", False)])
def test_some_thresholds_count_in_commercial_use_only(ask: Ask, use: str, falls: bool) -> None:
    """Qwen's clause counts users "at any time that you use the model commercially"; Llama's any."""
    answer = ask(use=use, monthly_active_users=800_000_000)
    assert ("LIC-180" in rules_against(answer, "qwen2.5-72b-instruct")) is falls
    assert "LIC-190" in rules_against(answer, "llama-3.1-8b-instruct")


def test_users_of_a_month_do_not_tell_those_of_a_day(ask: Ask) -> None:
    answer = ask(use="commercial", monthly_active_users=800_000_000)
    assert {f.rule for f in answer.undecided["minicpm-v-2-6"]} == {"LIC-280"}


def test_an_unread_threshold_is_no_permission(ask: Ask) -> None:
    """Falcon 180B's thresholds were not read: commercial use stays open, research does not."""
    assert "falcon-180b-chat" in ask(use="commercial").undecided
    assert "falcon-180b-chat" in ask(use="research").kept


def test_an_agent_needs_native_tool_calling(ask: Ask) -> None:
    answer = ask(task="tools")
    assert "TASK-030" in rules_against(answer, "gemma-2-2b-it")
    assert "llama-3.1-8b-instruct" in answer.kept


def test_an_unknown_licence_is_undecided_never_allowed(models: Catalogue, ask: Ask) -> None:
    answer = ask(use="commercial")
    for model, entry in models.models.items():
        if not entry.licences:
            assert model not in answer.kept, model


def test_a_mixture_of_experts_is_sized_by_all_its_parameters(ask: Ask) -> None:
    """Mixtral 8x7B works with 13 billion parameters a token and needs room for 46.7."""
    answer = ask(vram=24)
    sizes = {
        fact["quantisation"]: fact["weights_gb"]
        for _, fact in answer.about("mixtral-8x7b-instruct-v0.1", "Requires")
    }
    assert float(str(sizes["Q4_K_M"])) > 25


def test_the_largest_quantisation_that_fits_is_taken_and_told(ask: Ask) -> None:
    model = "llama-3.3-70b-instruct"
    answer = ask(vram=48, task="chat", examine=(model,))
    ((_, runs),) = answer.about(model, "Runs")
    assert runs["quantisation"] == "Q4_0"  # 43.1 GB; 43.2 of 48 are usable
    assert "CAV-020" in {f.rule for f, _ in answer.about(model, "Caveat")}


def test_no_model_is_offered_in_a_format_that_it_is_not_published_in(ask: Ask) -> None:
    """MXFP4 is the format of gpt-oss alone."""
    answer = ask(vram=8, quant="Q4_K_M")
    assert "MXFP4" not in {x["quantisation"] for _, x in answer.trace.concluding("Runs")}


def test_a_processor_is_named_as_slow(ask: Ask) -> None:
    answer = ask(ram=16, task="chat")
    rules = {f.rule for f, _ in answer.about(answer.shortlist[0], "Caveat")}
    assert "CAV-030" in rules


def test_a_gpu_is_preferred_to_main_memory(ask: Ask) -> None:
    answer = ask(ram=64, vram=24, task="chat")
    for _, runs in answer.trace.concluding("Runs"):
        if runs["memory"] == "ram":
            fits = [x["memory"] for _, x in answer.about(str(runs["model"]), "Fits")]
            assert "vram" not in fits


@pytest.mark.parametrize(("day", "stale"), [("2026-10-31", False), ("2026-11-01", True)])
def test_a_claim_of_leadership_ages(models: Catalogue, day: str, stale: bool) -> None:
    """The table is of May 2026; six months make a benchmark stale, says the chapter itself."""
    need = Need.of({"modality": "code"})
    answer = consult(need, models, on=dt.date.fromisoformat(day))
    topics = {fact["topic"] for _, fact in answer.trace.concluding("Caveat")}
    assert ("stale-leadership" in topics) is stale


def test_one_candidate_a_family(models: Catalogue, ask: Ask) -> None:
    for need in ({}, {"task": "chat", "vram": 24}, {"modality": "code"}, {"task": "tools"}):
        families = [models.models[m].family for m in ask(**need).shortlist]
        assert len(set(families)) == len(families) <= 4


def test_multilingual_asks_for_french_unless_told_otherwise(ask: Ask) -> None:
    asked = {(a["axis"], a["value"], a["origin"]) for a in ask(task="multilingual").asked}
    assert ("language", "fr", "default") in asked
    told = {(a["axis"], a["value"]) for a in ask(task="multilingual", language=["de"]).asked}
    assert ("language", "fr") not in told
    assert ("language", "de") in told


@pytest.mark.parametrize(
    ("axes", "complaint"),
    [
        ({"quant": "Q9_X"}, "quant: found 'Q9_X', expected one of F16"),
        ({"region": "XX"}, "region: found 'XX', expected an ISO 3166 country"),
        ({"context": 10**5000}, "context: found a number of too many digits"),
        ({"language": [10**5000]}, "language: found a number of too many digits"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused(
    ask: Ask, axes: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(NeedError, match=complaint):
        ask(**axes)
