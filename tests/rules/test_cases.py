"""Every rule does what its cases say: it fires, concludes and says so, or stays silent."""

from __future__ import annotations

import pytest
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.rulebook import Rulebook, Stage
from whyllm.engine.words import Words

from tests.rules.case_files import Case, all_cards, all_cases, run_alone

CASES = all_cases()
SILENT = [case for case in CASES if not case.fires]
CARDS = all_cards()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.name}")
def test_case(case: Case, models: Catalogue) -> None:
    card = CARDS[case.rule]
    trace = run_alone(card, case.given)
    concluded = [{fact.type: dict(fact.slots)} for f in trace.firings for fact in f.conclusions]
    if not case.fires:
        assert concluded == []
        return
    assert len(concluded) == len(case.concludes)
    for wanted in case.concludes:
        ((type_name, slots),) = wanted.items()
        assert any(
            fact.keys() == {type_name} and slots.items() <= fact[type_name].items()
            for fact in concluded
        ), f"{wanted} not among {concluded}"
    book = Rulebook("one", "One rule", (Stage(card.stage, "ONE", "?", [card]),))
    assert Words(models).sentence(trace.firings[0], book) == case.says


@pytest.mark.parametrize("rule", CARDS)
def test_every_rule_has_a_case_that_fires_and_a_near_miss(rule: str) -> None:
    kinds = {case.fires for case in CASES if case.rule == rule}
    assert kinds == {True, False}


@pytest.mark.parametrize("case", SILENT, ids=lambda c: f"{c.rule}: {c.name}")
def test_a_silent_case_is_a_near_miss(case: Case) -> None:
    """At most one fact is missing, added or changed against some case that fires."""
    given = {(type(f).__name__, tuple(sorted(f.as_dict().items(), key=str))) for f in case.given}
    distances = []
    for other in CASES:
        if other.rule == case.rule and other.fires:
            facts = {
                (type(f).__name__, tuple(sorted(f.as_dict().items(), key=str))) for f in other.given
            }
            distances.append(max(len(given - facts), len(facts - given)))
    assert min(distances) == 1
