"""Where a kept model stands and why; and what would put a model first, confirmed and minimal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Any

import pytest
from whyllm.engine.consult import Consultation
from whyllm.engine.explain.first import First, first
from whyllm.engine.explain.place import place_of
from whyllm.engine.ranking import merits

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
    answer = ask(modality="code", use="commercial", vram=48)
    model = "codestral-22b-v0.1"
    assert answer.verdict(model) == "excluded"
    found = first(answer, model)
    for fix in found.fixes:
        assert stands_first(ask, answer, model, fix.set), fix
        for size in range(len(fix.set)):
            for part in combinations(fix.set.items(), size):
                assert not stands_first(ask, answer, model, dict(part)), (fix, part)
    assert found.fixes or found.singles > 20, "what finds nothing tells how much it tried"


def test_a_language_is_asked_for_beside_those_that_are(ask: Ask) -> None:
    """A change may add a value to a repeatable axis and keep the values that stand there."""
    answer = ask(modality="text", language=["fr"], vram=24)
    found = [fix.set["language"] for m in answer.shortlist[1:]
             for fix in first(answer, m).fixes if "language" in fix.set]  # fmt: skip
    assert any(languages and "fr" in languages and len(languages) > 1 for languages in found)


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
    assert {ahead.criterion for ahead in last.behind} == {"leaf"}


def test_an_excluded_model_has_no_place(ask: Ask) -> None:
    assert place_of(ask(modality="code", use="commercial"), "codestral-22b-v0.1") is None
