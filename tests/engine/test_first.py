"""Where a kept model stands and why; and what would put a model first, confirmed and minimal."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from rich.console import Console
from whyllm.engine.consulting import Consultation
from whyllm.engine.explaining.constraints import Constraint, changed
from whyllm.engine.explaining.explanation import explain
from whyllm.engine.explaining.first import First, first, moves
from whyllm.engine.explaining.judge import Judge
from whyllm.engine.explaining.place import place_of
from whyllm.engine.need import Need
from whyllm.engine.ranking import merits
from whyllm.engine.render.standing_text import print_standing

Ask = Callable[..., Consultation]


def stands_first(ask: Ask, answer: Consultation, model: str, change: Mapping[str, Any]) -> bool:
    """Whether the model stands first on the whole catalogue after a change, asked afresh."""
    need = answer.need.with_changes(change)
    return ask(answer.rulebook.id, **need.as_json()).shortlist[:1] == (model,)


@pytest.fixture(scope="module")
def mellum(ask: Ask) -> tuple[Consultation, First]:
    """Kept, third of the list, behind larger models for code."""
    answer = ask(modality="code", use="commercial", vram=24)
    return answer, first(answer, "mellum2-12b-a2.5b-instruct")


def test_each_change_puts_the_model_first(ask: Ask, mellum: tuple[Consultation, First]) -> None:
    answer, found = mellum
    assert found.fixes
    for fix in found.fixes:
        assert stands_first(ask, answer, found.model, fix.set), fix
        assert fix.text.endswith(".")


def test_no_lesser_memory_change_is_enough(ask: Ask, mellum: tuple[Consultation, First]) -> None:
    """Of a number, the nearest to the stated one is told."""
    answer, found = mellum
    (lowered,) = [fix.set["vram"] for fix in found.fixes if set(fix.set) == {"vram"}]
    assert lowered < 24
    assert not stands_first(ask, answer, found.model, {"vram": round(lowered + 0.1, 1)})


def test_an_excluded_model_is_admitted_and_put_first(ask: Ask) -> None:
    """No part of a change is enough, not the admission alone either."""
    answer = ask(modality="code", use="commercial", vram=8)
    model = "devstral-small-2-24b-instruct-2512"
    assert answer.verdict(model) == "excluded"
    found = first(answer, model)
    assert {"vram"} in [set(fix.set) for fix in found.fixes]
    for fix in found.fixes:
        assert stands_first(ask, answer, model, fix.set), fix
        for size in range(len(fix.set)):
            for part in combinations(fix.set.items(), size):
                assert not stands_first(ask, answer, model, dict(part)), (fix, part)


def test_a_value_may_be_asked_for_beside_those_that_are() -> None:
    """On a repeatable axis a change can add, drop and replace."""
    need = Need.of({"language": ["fr", "de"]})
    added = {Constraint("language", None): "sw"}
    assert changed(need, added).values("language") == ("fr", "de", "sw")
    assert changed(need, {Constraint("language", "fr"): None, **added}).values("language") == (
        "de",
        "sw",
    )


def test_what_is_tried_leaves_the_facts_of_the_user_alone(ask: Ask) -> None:
    """Each reply that the model could bear is tried, and each stated one is given up."""
    answer = ask(modality="code", language=["fr"], vram=24, region="FR", annual_revenue_usd=5)
    tried = list(moves(Judge(answer, "mellum2-12b-a2.5b-instruct")))
    axes = {constraint.axis for change in tried for constraint in change}
    assert axes.isdisjoint({"region", "annual_revenue_usd", "monthly_active_users"})
    assert {Constraint("vram", 24.0): None} in tried
    assert {Constraint("language", None): "en"} in tried
    assert {Constraint("use", None): "research"} in tried
    assert {Constraint("min_context", None): 131_072} in tried


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (First("phi-4", (), False, True, 35, 490, True), "35 single changes and 490 pairs"),
        (First("phi-4", (), False, True, 35, 1200, False), "not every pair"),
        (First("phi-4", (), False, False, 0, 0, True), "keeps Phi-4 14B at all"),
    ],
)
def test_what_finds_nothing_tells_how_much_was_tried(ask: Ask, found: First, says: str) -> None:
    """That no change was found is no proof that none would do."""
    console = Console(file=io.StringIO(), width=200)
    print_standing(console, replace(explain(ask(modality="text"), "phi-4"), first=found))
    told = console.file.getvalue()  # type: ignore[attr-defined]
    assert says in told
    assert "impossible" not in told


def test_what_stands_first_needs_no_change(ask: Ask) -> None:
    answer = ask(modality="code", vram=24)
    assert first(answer, answer.shortlist[0]).already
    assert first(answer, answer.shortlist[0]).fixes == ()


def test_what_no_need_admits_is_said_to_be_so(ask: Ask) -> None:
    """Its weights are not published."""
    found = first(ask(modality="text"), "ministral-3b-2410")
    assert (found.admitted, found.fixes) == (False, ())


def test_the_criterion_is_the_first_on_which_the_two_differ(ask: Ask) -> None:
    answer = ask(task="chat", vram=24, use="commercial")
    levels, order = merits(answer.trace), answer.catalogue.criteria
    for place, model in enumerate(answer.ranking[:40], 1):
        found = place_of(answer, model)
        assert found is not None
        assert (found.place, found.of) == (place, len(answer.kept))
        before = [m for m in answer.shortlist if m in answer.ranking[: place - 1]]
        assert [ahead.model for ahead in found.behind] == before
        for ahead in found.behind:
            theirs, its = levels[ahead.model], levels[model]
            differing = [c for c in order if theirs.get(c, 0) != its.get(c, 0)]
            assert [ahead.criterion] == (differing[:1] or ["id"])
            if differing:
                assert theirs.get(ahead.criterion, 0) > its.get(ahead.criterion, 0)


def test_both_sides_of_the_criterion_are_told(ask: Ask) -> None:
    answer = ask(modality="code", use="commercial", vram=24)
    found = place_of(answer, "mellum2-12b-a2.5b-instruct")
    assert found is not None
    assert found.behind[0].text == (
        "Devstral Small 2 24B Instruct 2512 stands before it by this criterion: larger size class. "
        "Devstral Small 2 24B Instruct 2512 has 24 billion parameters. "
        "Mellum2 12B-A2.5B Instruct has 12.2 billion parameters."
    )


def test_a_family_is_represented_by_its_best_placed_variant(ask: Ask) -> None:
    answer = ask(modality="code", vram=24)
    family = {m: entry.family for m, entry in answer.catalogue.models.items()}
    beside = next(
        m for m in answer.ranking
        if m not in answer.shortlist and family[m] in {family[x] for x in answer.shortlist}
    )  # fmt: skip
    found = place_of(answer, beside)
    assert found is not None
    (own,) = [ahead for ahead in found.behind if ahead.same_family]
    assert family[own.model] == family[beside]


def test_the_course_orders_by_its_leaf(ask: Ask) -> None:
    answer = ask("course", modality="code", vram=24)
    last = place_of(answer, answer.ranking[-1])
    assert last is not None
    line = {
        model: next(fact["line"] for _, fact in answer.about(model, "Named"))
        for model in answer.ranking
    }
    assert last.behind
    for ahead in last.behind:
        same = line[ahead.model] == line[answer.ranking[-1]]
        assert ahead.criterion == ("nothing" if same else "leaf")
        assert ("newest of the largest" if same else "the order of the leaf") in ahead.text


def test_an_excluded_model_has_no_place(ask: Ask) -> None:
    assert place_of(ask(modality="code", use="commercial"), "codestral-22b-v0.1") is None
