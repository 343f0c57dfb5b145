"""What an undecided model waits for: each value is followed as verified knowledge would be."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from whyllm.engine.cataloguing import catalogue
from whyllm.engine.consulting import Consultant, Consultation
from whyllm.engine.explaining.open_questions import FOLLOWED, OpenQuestion, Outcome, open_questions
from whyllm.engine.facts import Undecided
from whyllm.engine.need import Need
from whyllm.engine.render.open_words import outcome_told
from whyllm.engine.stages import RULEBOOKS, rulebook
from whyllm.kb.loader import load

from tests.conftest import DAY

Ask = Callable[..., Consultation]

READ = {"source": "course", "confidence": "secondary"}
OMNI = "qwen3-omni-30b-a3b-instruct"
"""Its tool calling, languages, context, cutoff and licence are all unverified."""


def question(answer: Consultation, model: str, waiting_for: str) -> OpenQuestion:
    return next(q for q in open_questions(answer, model) if q.waiting_for == waiting_for)


def outcome(answer: Consultation, model: str, waiting_for: str, words: str) -> Outcome:
    """The one outcome whose value is told with the words."""
    found = question(answer, model, waiting_for).outcomes
    (wanted,) = [item for item in found if words in item.value]
    return wanted


def test_every_rule_that_leaves_a_model_undecided_is_followed() -> None:
    """A new rule of that kind must say what each value of its missing fact would lead to."""
    cards = {card.id: card for name in RULEBOOKS for card in rulebook(name).cards}
    assert {key for key, card in cards.items() if Undecided in card.concludes} == set(FOLLOWED)


@pytest.mark.parametrize(
    ("field", "value", "words", "need"),
    [
        ("tool_calling", "native", "native", {"task": "tools"}),
        ("context", 16_384, "16,384 to 32,767", {"min_context": 32_768, "context": 16_384}),
        ("cutoff", "2024-11", "end before", {"knows_until": "2024-12"}),
        ("licences", ["CC-BY-NC-4.0"], "CC BY-NC 4.0", {"use": "commercial"}),
    ],
)  # fmt: skip
def test_an_outcome_is_what_verified_knowledge_would_give(
    tmp_path: Path, ask: Ask, field: str, value: Any, words: str, need: dict[str, Any]
) -> None:
    supposed = next(
        item
        for q in open_questions(ask(**need), OMNI)
        for item in q.outcomes
        if q.waiting_for == field and words in item.value
    )
    file = tmp_path / "models" / "x.yaml"
    file.parent.mkdir()
    file.write_text(json.dumps([{"id": OMNI, field: value, "evidence": {field: READ}}]))
    verified = Consultant(catalogue(load([tmp_path])), only={OMNI}).consult(Need.of(need), DAY)
    verdict = verified.verdict(OMNI)
    assert supposed.verdict == ("kept" if verdict == "shortlisted" else verdict)
    if field != "licences":  # there the rules are those of the whole group
        firings = (*verified.excluded.get(OMNI, ()), *verified.undecided.get(OMNI, ()))
        assert set(supposed.rules) == {firing.rule for firing in firings}


def test_the_words_say_the_verdict_and_its_cause(ask: Ask) -> None:
    answer = ask(task="tools")
    native = outcome(answer, OMNI, "tool_calling", "native")
    none = outcome(answer, OMNI, "tool_calling", "none")
    assert outcome_told(native, answer.rulebook) == "If its tool calling is native: kept."
    assert outcome_told(none, answer.rulebook) == (
        "If it has none: excluded by TASK-030 (an agent needs native tool calling)."
    )


def test_a_date_known_by_its_month_may_lie_on_either_side_of_a_day(ask: Ask) -> None:
    """TASK-150: of June 2024, with the 15th wanted, the 14th is left; with the 1st, nothing is."""
    verdicts = [
        o.verdict for o in question(ask(knows_until="2024-06-15"), "phi-4", "cutoff").outcomes
    ]
    assert verdicts == ["kept", "excluded"]
    (only,) = question(ask(knows_until="2024-06-01"), "phi-4", "cutoff").outcomes
    assert only.verdict == "kept"


def test_the_largest_size_that_fits_is_found(ask: Ask) -> None:
    """A hair more excludes: weighed at Q2_K, the smallest step of the ladder."""
    answer = ask(vram=24)
    model = next(m for m, x in answer.undecided.items() if x[0].rule == "HW-020")
    fits, exceeds = question(answer, model, "params_b").outcomes
    assert (fits.verdict, exceeds.verdict) == ("kept", "excluded")
    assert exceeds.rules == ("HW-010",)
    limit = float(fits.value.split("at most ")[1].split()[0])
    assert 24 * 0.9 * 8 / 4 < limit < 24 * 0.9 * 8 / 2, "Q2_K stores a weight in 2 to 4 bits"


def test_every_known_licence_is_counted_once(ask: Ask) -> None:
    answer = ask(use="commercial")
    outcomes = question(answer, OMNI, "licences").outcomes
    shown = 0
    for item in outcomes:
        named, _, rest = item.value.partition(" or one of ")
        shown += named.count(",") + 1 + (int(rest.split()[0]) if rest else 0)
    assert shown == len(answer.catalogue.known.of_licence)
    assert {"kept", "excluded"} <= {item.verdict for item in outcomes}


def test_an_unread_clause_takes_each_value_that_others_have(ask: Ask) -> None:
    answer = ask(use="commercial")
    found = question(answer, "ai21-jamba-mini-1.5", "LicenseRef-Jamba-Open-Model: production_use")
    verdicts = {item.value.split()[-1]: item.verdict for item in found.outcomes}
    assert verdicts["no"] == "excluded"
    assert verdicts["yes"] == "undecided", "its thresholds were not read either"
    limits = question(answer, "ai21-jamba-mini-1.5", "LicenseRef-Jamba-Open-Model: thresholds")
    assert limits.outcomes[0].value == "there is no threshold of users or revenue"


def test_what_a_court_settles_goes_either_way_and_leaves_the_other_causes(ask: Ask) -> None:
    """Command R is bound by two such clauses at once: settling one leaves the other."""
    one = ask(use="internal")
    favour, against = open_questions(one, "c4ai-command-r-v01")[0].outcomes
    assert (favour.verdict, against.verdict) == ("kept", "excluded")
    assert against.rules == ("LIC-290",)
    two = ask(use="internal", train_on_outputs=True)
    favour, _ = question(two, "c4ai-command-r-v01", "whether internal use is commercial").outcomes
    assert (favour.verdict, favour.rules) == ("undecided", ("LIC-260",))


def test_a_model_that_is_excluded_too_stays_so_and_is_told_by_what(ask: Ask) -> None:
    answer = ask(task="tools", vram=1)
    assert answer.verdict(OMNI) == "excluded"
    assert outcome(answer, OMNI, "tool_calling", "native").rules == ("HW-010",)


def test_a_decided_model_has_no_open_questions(ask: Ask) -> None:
    answer = ask(modality="code")
    assert open_questions(answer, answer.shortlist[0]) == ()
    with pytest.raises(KeyError):
        open_questions(answer, "no-such-model")


def test_no_sentence_is_long(ask: Ask) -> None:
    axes = {"task": "tools", "use": "unrestricted", "train_on_outputs": True, "min_context": 9000}
    answer = ask(**axes, context=8000, knows_until="2024-12", vram=24)
    for model in list(answer.undecided)[:8]:
        for found in open_questions(answer, model):
            for item in found.outcomes:
                told = outcome_told(item, answer.rulebook)
                assert told.endswith(".")
                assert len(told.split()) <= 25, told
