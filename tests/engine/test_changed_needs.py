"""Relaxations, conflicts, what-if and comparison, each against the engine asked afresh."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from itertools import combinations

import pytest
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.consulting import NOTHING_REMAINS, Consultation, consult
from whyllm.engine.explaining.comparison import compare
from whyllm.engine.explaining.constraints import Constraint, changed, constraints_of
from whyllm.engine.explaining.lattice import minimal_hitting_sets
from whyllm.engine.explaining.relaxation import relaxations
from whyllm.engine.explaining.what_if import what_if
from whyllm.engine.need import Need, NeedError
from whyllm.engine.ranking import merits, ranked
from whyllm.engine.render.consultation_json import consultation_json

from tests.conftest import DAY
from tests.engine.needs import random_need

Ask = Callable[..., Consultation]

NOTHING_REMAINS_SEEDS = (2, 7, 23, 26, 57)


def given_up(answer: Consultation, ask: Ask, constraints: Iterable[Constraint]) -> Consultation:
    """The answer once the constraints are stated no longer."""
    need = changed(answer.need, dict.fromkeys(constraints))
    return ask(**need.stated)


def test_the_seeds_leave_nothing(ask: Ask) -> None:
    for seed in NOTHING_REMAINS_SEEDS:
        assert ask(**random_need(seed)).outcome == NOTHING_REMAINS, seed


@pytest.mark.parametrize(
    "seed",
    [
        *NOTHING_REMAINS_SEEDS[:2],
        *(pytest.param(seed, marks=pytest.mark.long) for seed in NOTHING_REMAINS_SEEDS[2:]),
    ],
)
def test_relaxations_and_conflicts_are_minimal_and_each_others_duals(ask: Ask, seed: int) -> None:
    answer = ask(**random_need(seed))
    found = relaxations(answer)
    members = constraints_of(answer.need)
    assert found.relaxations
    for relaxation in found.relaxations:
        kept = given_up(answer, ask, relaxation.constraints).kept
        assert set(relaxation.gains) == set(kept), "it is enough, and gains what it says"
        for part in combinations(relaxation.constraints, len(relaxation.constraints) - 1):
            assert not given_up(answer, ask, part).kept, (relaxation, part)
        for way in relaxation.ways:
            assert way.model in ask(**answer.need.with_changes(way.fix.set).stated).kept, way
    assert found.conflicts
    for conflict in found.conflicts:
        others = [c for c in members if c not in conflict]
        assert not given_up(answer, ask, others).kept, "together they leave nothing"
        for constraint in conflict:
            assert given_up(answer, ask, [*others, constraint]).kept, (conflict, constraint)
    points = [frozenset(r.constraints) for r in found.relaxations]
    duals = [frozenset(conflict) for conflict in found.conflicts]
    assert minimal_hitting_sets(points, members) == duals
    assert set(minimal_hitting_sets(duals, members)) == set(points)


def test_the_cheapest_relaxation_comes_first(ask: Ask) -> None:
    """Without a cost each constraint costs one; the user may say what is dear."""
    answer = ask(modality="text", task="reasoning", vram=2, use="unrestricted",
                 knows_until="2025-06")  # fmt: skip
    axes = {tuple(c.axis for c in r.constraints) for r in relaxations(answer).relaxations}
    assert axes == {("vram",), ("knows_until",)}
    for dear, first in (("vram", "knows_until"), ("knows_until", "vram")):
        found = relaxations(answer, {dear: 5.0}).relaxations
        assert [c.axis for c in found[0].constraints] == [first]
        assert [r.cost for r in found] == [1.0, 5.0]


def test_the_least_memory_that_admits_some_model_is_told_first(ask: Ask) -> None:
    answer = ask(modality="text", task="reasoning", vram=2, use="unrestricted",
                 knows_until="2025-06")  # fmt: skip
    (memory,) = [r for r in relaxations(answer).relaxations if r.constraints[0].axis == "vram"]
    (least, *_) = (float(str(way.fix.set["vram"])) for way in memory.ways)
    assert ask(**{**answer.need.stated, "vram": least}).kept
    assert not ask(**{**answer.need.stated, "vram": round(least - 0.1, 1)}).kept


def test_where_something_remains_nothing_need_be_given_up(ask: Ask) -> None:
    found = relaxations(ask(modality="code", use="commercial"))
    assert (found.relaxations, found.conflicts) == ((), ())


def test_too_many_constraints_are_refused(ask: Ask) -> None:
    tags = [f"{a}{b}" for a in "qxz" for b in "abcdefghi"]
    with pytest.raises(NeedError, match="at most 24 can be weighed"):
        relaxations(ask(language=tags, modality="text"))


@pytest.mark.parametrize("rulebook", ["expert", "course"])
@pytest.mark.parametrize("seed", range(5))
def test_what_if_is_a_fresh_answer(models: Catalogue, rulebook: str, seed: int) -> None:
    """Byte for byte; and each model turns as the two answers say."""
    before = consult(Need.of(random_need(seed)), models, rulebook, DAY)
    other = random_need(900 + seed)
    changes = {**dict.fromkeys(list(before.need.stated)[:1]), **dict(list(other.items())[:2])}
    found = what_if(before, changes)
    fresh = consult(Need.of({**random_need(seed), **changes}), models, rulebook, DAY)
    assert json.dumps(consultation_json(found.after)) == json.dumps(consultation_json(fresh))
    assert {t.model for t in found.enters} == set(fresh.kept) - set(before.kept)
    assert {t.model for t in found.leaves} == set(before.kept) - set(fresh.kept)
    assert all(turn.because for turn in (*found.enters, *found.leaves, *found.opens))
    places = {m.model: m.after for m in found.moves}
    for model in {*before.shortlist, *fresh.shortlist}:
        listed = [list(x.shortlist).index(model) if model in x.shortlist else None
                  for x in (before, fresh)]  # fmt: skip
        assert (model in places) == (listed[0] != listed[1])


def test_what_if_nothing_is_set_changes_nothing(ask: Ask) -> None:
    found = what_if(ask(modality="code"), {})
    assert (found.enters, found.leaves, found.opens, found.moves) == ((), (), (), ())


def test_research_lets_codestral_in_since_two_clauses_bind_no_longer(ask: Ask) -> None:
    found = what_if(ask(modality="code", use="commercial"), {"use": "research"})
    (codestral,) = [turn for turn in found.enters if turn.model == "codestral-22b-v0.1"]
    assert [cause.rule for cause in codestral.because] == ["LIC-020", "LIC-030"]
    assert (codestral.before, codestral.after) == ("excluded", "kept")


def test_a_verdict_decides_with_the_clause_on_either_side(ask: Ask) -> None:
    one, other = "codestral-22b-v0.1", "devstral-small-2-24b-instruct-2512"
    found = compare(ask(modality="code", use="commercial"), one, other)
    assert (found.better, found.decided_by) == (other, "verdict")
    assert [(d.model, d.cause.rule) for d in found.deciding] == [(one, "LIC-020"), (one, "LIC-030")]
    assert [point.text for point in found.deciding[0].counterpart] == [
        "Apache 2.0, section 2: commercial use is yes"
    ]


@pytest.mark.parametrize("seed", range(0, 60, 6))
def test_of_two_kept_models_the_first_criterion_that_differs_decides(ask: Ask, seed: int) -> None:
    answer = ask(**random_need(seed))
    levels, criteria = merits(answer.trace), answer.catalogue.criteria
    for one, other in list(combinations(answer.kept, 2))[:: max(1, len(answer.kept) // 3)][:60]:
        found = compare(answer, one, other)
        own = {m: [levels.get(m, {}).get(c, 0) for c in criteria] for m in (one, other)}
        if own[one] == own[other]:
            assert (found.better, found.decided_by) == (None, "nothing")
            continue
        assert found.better == ranked((one, other), criteria, levels)[0]
        place = criteria.index(found.decided_by)
        assert own[one][:place] == own[other][:place]
        assert own[one][place] != own[other][place]
        assert {d.model for d in found.deciding} <= {one, other}
        assert found.deciding


def test_two_excluded_models_differ_by_the_causes_of_one_of_them(ask: Ask) -> None:
    found = compare(ask(modality="code", use="commercial"), "codestral-22b-v0.1", "phi-4")
    assert (found.better, found.decided_by) == (None, "nothing")
    assert [(d.model, d.cause.rule) for d in found.deciding] == [
        ("codestral-22b-v0.1", "LIC-020"),
        ("codestral-22b-v0.1", "LIC-030"),
        ("phi-4", "MOD-010"),
    ]


def test_a_model_is_not_compared_with_itself(ask: Ask) -> None:
    with pytest.raises(ValueError, match="compared with itself"):
        compare(ask(), "phi-4", "phi-4")
