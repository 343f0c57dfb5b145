"""What was measured head to head decides where it can, says so, and decides nothing elsewhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from whyllm.engine import compiled
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.cataloguing import catalogue
from whyllm.engine.certificate import certificate_of_answer
from whyllm.engine.checker import check
from whyllm.engine.compiled import compiled_catalogue
from whyllm.engine.consulting import Consultation, consult
from whyllm.engine.declared import declared_rulebook, known_facts
from whyllm.engine.explaining.bearing import bearing
from whyllm.engine.explaining.comparison import compare
from whyllm.engine.explaining.first import first
from whyllm.engine.explaining.stability import stability
from whyllm.engine.facts import Outdid, Session
from whyllm.engine.knowledge import on_this_machine
from whyllm.engine.need import Need
from whyllm.engine.stages import rulebook
from whyllm.engine.this_machine import identity, this_computer
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.measurement_schema import Measurement

from tests.engine.measuring.made import HERE, measured

DAY = dt.date(2026, 11, 23)
CODE = {"modality": "code", "vram": 24.0, "use": "commercial"}

DEVSTRAL = "devstral-small-2-24b-instruct-2512"
QWEN = "qwen3-coder-30b-a3b-instruct"
MELLUM = "mellum2-12b-a2.5b-instruct"
MAMBA = "mamba-codestral-7b-v0.1"
HUGE = "qwen3-coder-480b-a35b-instruct"
CHATTING = ("qwen3.8-27b", "granite-4.2-30b")
GOOD, FAIR, BAD = ({"passed": passed} for passed in ([True] * 2, [True, False], [False] * 2))

Know = Callable[..., Catalogue]


@pytest.fixture(scope="module")
def few(kb: KnowledgeBase) -> KnowledgeBase:
    """The built-in knowledge with a few models, and what these were made from."""
    found = dict.fromkeys((DEVSTRAL, QWEN, MELLUM, MAMBA, HUGE, *CHATTING))
    for model in list(found):
        found.update(dict.fromkeys(base.id for base in kb.bases_of(kb.models[model])))
    return replace(kb, models={key: kb.models[key] for key in found})


@pytest.fixture(scope="module")
def know(few: KnowledgeBase) -> Know:
    """The catalogue of these models with measurements, on this machine."""

    def knowing(*measurements: Measurement) -> Catalogue:
        known = replace(few, measurements={m.id: m for m in measurements})
        return on_this_machine(catalogue(known))

    return knowing


@pytest.fixture(scope="module")
def unmeasured(know: Know) -> Catalogue:
    """The same without any measurement."""
    return know()


def here(outcomes: dict[str, Any], **said: Any) -> Measurement:
    """A measurement of this machine."""
    return measured(outcomes, machine=this_computer().model_dump(), **said)


def asked(models: Catalogue, on: dt.date = DAY, book: str = "expert", **axes: Any) -> Consultation:
    return consult(Need.of(axes or CODE), models, book, on)


def reasons(answer: Consultation, model: str, *rules: str) -> list[str]:
    return [
        answer.sentence(firing)
        for firing in answer.trace.firings
        if firing.rule in rules and any(f.get("model") == model for f in firing.conclusions)
    ]


def test_without_a_measurement_the_claims_of_others_order(unmeasured: Catalogue) -> None:
    assert list(asked(unmeasured).shortlist) == [DEVSTRAL, QWEN, MELLUM, MAMBA]


def test_who_did_better_comes_first_and_says_why(know: Know) -> None:
    answer = asked(know(here({DEVSTRAL: [FAIR], MELLUM: [GOOD]})))
    assert list(answer.shortlist[:3]) == [MELLUM, DEVSTRAL, QWEN]
    assert reasons(answer, MELLUM, "PREF-160") == [
        "Mellum2 12B-A2.5B Instruct outdid Devstral Small 2 24B Instruct 2512 on your own prompts "
        "(checks passed in a hundred: 100 to 50), measured on this machine on 2026-11-23 at Q4_K_M."
    ]
    firing = next(f for f in answer.trace.firings if f.rule == "PREF-160")
    assert "your measurement of 2026-11-23 (monday)" in answer.words.sources(
        firing, answer.rulebook
    )


def test_of_three_each_in_its_place(know: Know) -> None:
    answer = asked(know(here({DEVSTRAL: [BAD], QWEN: [FAIR], MELLUM: [GOOD]})))
    assert list(answer.shortlist[:3]) == [MELLUM, QWEN, DEVSTRAL]


def test_the_comparison_names_it_as_what_decides(know: Know) -> None:
    found = compare(asked(know(here({DEVSTRAL: [FAIR], QWEN: [GOOD]}))), DEVSTRAL, QWEN)
    assert (found.better, found.decided_by) == (QWEN, "measured")
    assert [d.cause.rule for d in found.deciding] == ["PREF-160"]


def test_it_decides_before_who_leads_by_evidence(know: Know, unmeasured: Catalogue) -> None:
    need = {"task": "chat", "vram": 24.0}
    first, second, *_ = asked(unmeasured, **need).shortlist
    assert reasons(asked(unmeasured, **need), first, "PREF-150")
    session = here({first: [BAD], second: [GOOD]}, work={"axis": "task", "value": "chat"})
    assert list(asked(know(session), **need).shortlist[:2]) == [second, first]


ELSEWHERE = {"id": HERE, "system": "Linux", "architecture": "arm64", "processor": "", "cores": 4,
             "ram_gb": 8.0, "gpus": []}  # fmt: skip
REMOTE = {model: {"local": False} for model in (DEVSTRAL, MELLUM)}
OTHER = "Your measurement of 2026-11-23 (monday) was taken"
NOTHING: dict[str, tuple[dict[str, Any], dict[str, Any], str | None]] = {
    "another machine": (
        {"machine": ELSEWHERE},
        {},
        f"{OTHER} on another machine than this one: it decides nothing here.",
    ),
    "a server elsewhere": (
        {"candidate": REMOTE},
        {},
        f"{OTHER} on another machine than this one: it decides nothing here.",
    ),
    "another quantisation": (
        {"quantisations": {DEVSTRAL: "Q8_0", MELLUM: "Q8_0"}},
        {},
        f"{OTHER} at Q8_0; you ask for Q4_K_M: it decides nothing here.",
    ),
    "past its shelf life": (
        {},
        {"on": dt.date(2027, 5, 23)},
        f"{OTHER} at least 6 months ago: it decides nothing; measure again.",
    ),
    "asked as of an earlier day": ({}, {"on": dt.date(2026, 11, 22)}, None),
    "for other work": ({"work": {"axis": "task", "value": "chat"}}, {}, None),
    "for no stated work": ({"work": None}, {}, None),
    "one quantisation unknown": ({"quantisations": {MELLUM: None}}, {}, None),
    "two quantisations": ({"quantisations": {MELLUM: "Q8_0"}}, {}, None),
}


@pytest.mark.parametrize("name", NOTHING)
def test_where_it_decides_nothing(name: str, know: Know, unmeasured: Catalogue) -> None:
    said, question, told = NOTHING[name]
    outcomes = {DEVSTRAL: [FAIR], MELLUM: [GOOD]}
    session = measured(outcomes, **said) if "machine" in said else here(outcomes, **said)
    answer = asked(know(session), **question)
    assert answer.shortlist == asked(unmeasured, **question).shortlist
    assert not reasons(answer, MELLUM, "PREF-160")
    found = reasons(answer, "", "CAV-230", "CAV-240", "CAV-250")
    assert list(dict.fromkeys(found)) == ([told] if told else [])


def test_nothing_is_compared_with_a_model_that_fell(know: Know) -> None:
    answer = asked(know(here({HUGE: [BAD], MELLUM: [GOOD]})))
    assert answer.verdict(HUGE) == "excluded"
    assert list(answer.shortlist[:3]) == [DEVSTRAL, QWEN, MELLUM]


def test_a_model_that_the_catalogue_does_not_know_is_passed_over(know: Know) -> None:
    models = know(here({"of-another-edition": [BAD], DEVSTRAL: [FAIR], MELLUM: [GOOD]}))
    pairs = [(x["model"], x["rival"]) for x in models.known.common if isinstance(x, Outdid)]
    assert pairs == [(MELLUM, DEVSTRAL)]


def test_a_later_session_replaces_those_that_share_a_model(know: Know) -> None:
    first = here({DEVSTRAL: [FAIR], MELLUM: [GOOD]})
    later = here({DEVSTRAL: [GOOD], QWEN: [BAD]}, id="tuesday", began="2026-11-24T09:00:00Z")
    models = know(later, first)
    assert [x["session"] for x in models.known.common if isinstance(x, Session)] == ["tuesday"]
    other = later.model_copy(update={"work": None})
    assert [x["session"] for x in know(first, other).known.common if isinstance(x, Session)] == [
        "monday"
    ]


@pytest.mark.parametrize("how", ["ended early", "one alone answered"])
def test_a_session_without_a_comparison_replaces_nothing(know: Know, how: str) -> None:
    first = here({DEVSTRAL: [FAIR], MELLUM: [GOOD]})
    said: dict[str, Any] = {"id": "tuesday", "began": "2026-11-24T09:00:00Z"}
    if how == "ended early":
        later = here({DEVSTRAL: [GOOD], MELLUM: [BAD]}, interrupted=True, **said)
    else:
        later = here({DEVSTRAL: [GOOD], MELLUM: [{"fault": "no server"}]}, **said)
    assert asked(know(first, later)).shortlist[0] == MELLUM


def test_two_sessions_without_a_shared_model_are_not_compared(know: Know) -> None:
    """The winners of both stand before the rest, in the order that they have without sessions."""
    one = here({DEVSTRAL: [FAIR], MAMBA: [BAD]})
    two = here({MELLUM: [GOOD], QWEN: [BAD]}, id="tuesday")
    answer = asked(know(one, two))
    assert list(answer.shortlist) == [DEVSTRAL, MELLUM, QWEN, MAMBA]


def test_the_chapters_rulebook_is_not_touched(know: Know, unmeasured: Catalogue) -> None:
    known = know(here({DEVSTRAL: [FAIR], MELLUM: [GOOD]}))
    answer, before = (asked(m, book="course", modality="code") for m in (known, unmeasured))
    assert answer.shortlist == before.shortlist
    assert [f.rule for f in answer.trace.firings] == [f.rule for f in before.trace.firings]


def test_the_checker_follows_it(know: Know) -> None:
    models = know(here({DEVSTRAL: [FAIR], MELLUM: [GOOD]}))
    certificate = certificate_of_answer(asked(models))
    rules, known = declared_rulebook(rulebook("expert")), known_facts(models)
    assert check(certificate, rules, known) == []  # type: ignore[arg-type]
    certificate["shortlist"] = [DEVSTRAL, *certificate["shortlist"][1:]]
    assert check(certificate, rules, known)  # type: ignore[arg-type]


def test_a_compiled_catalogue_holds_it(
    know: Know, few: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "user_cache_path", lambda _: tmp_path)
    session = here({DEVSTRAL: [FAIR], MELLUM: [GOOD]})
    built = catalogue(replace(few, measurements={session.id: session}))
    compiled_catalogue([], lambda: built, {})

    def not_called() -> Catalogue:
        raise AssertionError("the cache should have been read")

    assert compiled_catalogue([], not_called, {}) == built


def test_the_machine_is_the_same_each_time_and_nameless() -> None:
    told = this_computer()
    assert told.id == identity() == this_computer().id
    assert told.cores >= 1
    assert told.ram_gb >= 1


def test_a_number_moves_no_further_than_the_measured_order_holds(know: Know) -> None:
    """Memory in which the rival does not fit leaves nothing to compare, and another order."""
    models = know(here({DEVSTRAL: [GOOD], QWEN: [FAIR], MELLUM: [BAD]}))
    answer = asked(models)
    (interval,) = stability(answer).intervals
    for beyond in (interval.below, interval.above):
        if beyond is not None:
            after = asked(models, **{**CODE, "vram": beyond.value}).shortlist
            assert after == beyond.shortlist != answer.shortlist
    assert asked(models, **{**CODE, "vram": interval.least}).shortlist == answer.shortlist


def test_what_the_merits_of_a_model_hang_on(know: Know) -> None:
    models = know(here({DEVSTRAL: [GOOD], QWEN: [FAIR], MELLUM: [BAD]}))
    bears = bearing(models)
    assert bears.on(DEVSTRAL) >= {QWEN, MELLUM}
    assert bears.with_bearing([QWEN]) >= {QWEN, MELLUM}
    assert DEVSTRAL not in bears.on(QWEN), "who did better than it changes nothing of its merits"
    assert bears.most_measured == {DEVSTRAL: 2, QWEN: 1}


def test_a_change_of_quantisation_lets_the_measurement_decide(know: Know) -> None:
    models = know(here({DEVSTRAL: [BAD], MELLUM: [GOOD]}))
    answer = asked(models, **{**CODE, "vram": 48.0, "quant": "Q8_0"})
    assert answer.shortlist[0] == DEVSTRAL
    fixes = [fix.set for fix in first(answer, MELLUM).fixes]
    assert {"quant": "Q4_K_M"} in fixes
    after = consult(answer.need.with_changes({"quant": "Q4_K_M"}), models, "expert", DAY)
    assert after.shortlist[0] == MELLUM
