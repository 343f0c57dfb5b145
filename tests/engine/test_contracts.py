"""Contracts that every rule of both rulebooks keeps, whoever writes the next one."""

from __future__ import annotations

import string

import pytest
from whyllm.engine import facts as fact_types
from whyllm.engine.conditions import constraints, is_literal, negated_patterns, variable_of
from whyllm.engine.facts import Derived, WorkingFact
from whyllm.engine.rulebook import RuleCard, RuleError, Stage
from whyllm.engine.stages import RULEBOOKS, rulebook
from whyllm.kb.knowledge import KnowledgeBase

CARDS = [(name, card) for name in RULEBOOKS for card in rulebook(name).cards]
IDS = [f"{name}: {card.id}" for name, card in CARDS]
TYPES = [t for t in vars(fact_types).values() if isinstance(t, type) and issubclass(t, WorkingFact)]


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


every_rule = pytest.mark.parametrize(("book", "card"), CARDS, ids=IDS)


def test_ids_are_unique() -> None:
    cards = {id(card): card for _, card in CARDS}.values()
    assert len({card.id for card in cards}) == len(cards)


@pytest.mark.parametrize("name", RULEBOOKS)
def test_a_stage_asks_a_question_and_has_rules(name: str) -> None:
    for stage in rulebook(name).stages:
        assert stage.question.endswith("?")
        assert stage.cards


@every_rule
def test_the_id_bears_the_prefix_of_its_stage(book: str, card: RuleCard) -> None:
    prefix = {stage.id: stage.prefix for stage in rulebook(book).stages}[card.stage]
    assert card.id.startswith(f"{prefix}-")
    assert card.id[-1] == "0", "rules are numbered in tens, so that one can be put between"


@every_rule
def test_the_teaching_text_is_whole(book: str, card: RuleCard) -> None:
    teaching = card.teaching
    assert list(teaching) == ["", "Example", "Does not say"]
    assert all(len(text) > 10 and text.endswith((".", "?")) for text in teaching.values())
    assert not card.title.endswith(".")
    assert len(card.because.split()) <= 30


@every_rule
def test_the_card_is_sound(book: str, card: RuleCard) -> None:
    card.check()


@every_rule
def test_it_concludes_derived_facts_only(book: str, card: RuleCard) -> None:
    assert card.concludes
    assert all(issubclass(fact, Derived) for fact in card.concludes)


@every_rule
def test_facts_flow_forward(book: str, card: RuleCard) -> None:
    """It reads what its own or an earlier stage concludes, and negates what an earlier one does."""
    stages = [stage.id for stage in rulebook(book).stages]
    concluded_at: dict[type, int] = {}
    for place, stage in enumerate(rulebook(book).stages):
        for other in stage.cards:
            for fact in other.concludes:
                concluded_at[fact] = max(place, concluded_at.get(fact, 0))
    own = stages.index(card.stage)
    for fact in card.reads:
        assert concluded_at.get(fact, -1) <= own, f"{fact.__name__} is concluded later"
    for fact in card.negates:
        assert concluded_at.get(fact, -1) < own, f"{fact.__name__} may still be concluded"


@every_rule
def test_what_it_reads_is_given_or_concluded_by_some_rule(book: str, card: RuleCard) -> None:
    concluded = {fact for other in rulebook(book).cards for fact in other.concludes}
    for fact in (*card.reads, *card.negates):
        assert fact in concluded or not issubclass(fact, Derived), fact.__name__


@every_rule
def test_negations_are_told_by_value(book: str, card: RuleCard) -> None:
    """An absence must be recordable: each slot a literal or a bound variable."""
    for pattern in negated_patterns(card.when):
        for _, constraint in constraints(pattern):
            assert is_literal(constraint) or variable_of(constraint)


@every_rule
def test_an_absence_can_be_told(book: str, card: RuleCard) -> None:
    for pattern in negated_patterns(card.when):
        named = {slot: "x" for slot, _ in constraints(pattern)}
        templates = [t for t in type(pattern).denies if placeholders(t) <= named.keys()]
        assert templates, f"{type(pattern).__name__} by {', '.join(named)}"
        assert placeholders(templates[0]) == named.keys(), "each slot of the pattern is told"


@every_rule
def test_its_extra_sources_exist(book: str, card: RuleCard, kb: KnowledgeBase) -> None:
    assert set(card.sources) <= set(kb.sources)


@every_rule
def test_a_licence_cause_names_its_section(book: str, card: RuleCard) -> None:
    reads = {fact.__name__ for fact in card.reads}
    if reads & {"Clause", "Threshold", "Exclusion"} and "Excluded" in {
        fact.__name__ for fact in card.concludes
    }:
        assert "section" in card.placeholders


@pytest.mark.parametrize("fact", TYPES, ids=lambda t: t.__name__)
def test_a_fact_can_be_told(fact: type[WorkingFact]) -> None:
    if fact.slots():
        assert fact.__doc__
        if fact.says or fact.__name__ not in ("WorkingFact", "Known", "Derived"):
            values = dict.fromkeys(fact.slots(), "x")
            assert fact.says.format(**values)


def body(model: str) -> object:
    """Nothing.

    ## Example
    None.

    ## Does not say
    Anything.
    """
    yield fact_types.Kept(model=model)


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"because": "{model} and {nobody}"}, "nothing binds the placeholder {nobody}"),
        ({"when": "test"}, "nothing binds 'modle', which a TEST reads"),
        ({"when": "not"}, "nothing binds 'other', which a NOT reads"),
        ({"when": "slot"}, "Model has no slot 'modle'"),
        ({"when": "extra"}, "the body takes ['model'], the condition binds ['model', 'family']"),
        ({"rule_id": "LIC-010"}, "a rule of stage modality is named MOD-nnn"),
    ],
    ids=lambda x: str(x),
)
def test_a_rule_that_contradicts_itself_is_refused(changed: dict[str, str], complaint: str) -> None:
    from whyllm.engine.experta_shim import MATCH, NOT, TEST

    pattern = fact_types.Model(model=MATCH.model)
    conditions = {
        "": [pattern],
        "test": [pattern, TEST(lambda modle: modle)],
        "not": [pattern, NOT(fact_types.Kept(model=MATCH.other))],
        "slot": [fact_types.Model(modle=MATCH.model)],
        "extra": [fact_types.Model(model=MATCH.model, family=MATCH.family)],
    }
    stage = Stage("modality", "MOD", "?")
    with pytest.raises(RuleError) as error:
        stage.rule(
            changed.get("rule_id", "MOD-010"),
            "A title",
            when=conditions[changed.get("when", "")],
            because=changed.get("because", "{model}."),
            concludes=[fact_types.Kept],
        )(body)  # type: ignore[arg-type]
    assert complaint in str(error.value)


def test_an_id_is_given_once() -> None:
    from whyllm.engine.experta_shim import MATCH

    stage = Stage("modality", "MOD", "?")
    for attempt in range(2):
        register = stage.rule(
            "MOD-010",
            "A title",
            when=[fact_types.Model(model=MATCH.model)],
            because="{model}.",
            concludes=[fact_types.Kept],
        )
        if attempt == 0:
            register(body)  # type: ignore[arg-type]
        else:
            with pytest.raises(RuleError, match="the id is taken"):
                register(body)  # type: ignore[arg-type]
