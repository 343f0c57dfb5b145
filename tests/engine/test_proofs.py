"""Proofs: the engine fed only a proof's leaves concludes the same, and needs every one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import combinations
from random import Random
from typing import Any

import pytest
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.consulting import Consultant, Consultation, given_facts, known_facts
from whyllm.engine.explaining.explanation import explain
from whyllm.engine.explaining.guards import guards, working_fact
from whyllm.engine.explaining.proof import LENGTHS, proof_of
from whyllm.engine.machine import Machine
from whyllm.engine.need import Need
from whyllm.engine.rulebook import Rulebook
from whyllm.engine.stages import RULEBOOKS, rulebook
from whyllm.engine.support import Supports
from whyllm.engine.trace import FactRecord, Firing, Trace

from tests.conftest import DAY
from tests.engine.needs import random_need

BATCH = 25
MODELS = 48
"""Models that the random needs are put to, in turn."""

CONCLUSIONS = {"Excluded", "Undecided", "Kept", "Merit", "Asked", "OutOfScope", "Named"}


@cache
def fed(book: str) -> Machine:
    """An engine that knows nothing of itself."""
    return Machine(rulebook(book))


@pytest.fixture(scope="module")
def alone(models: Catalogue) -> Any:
    """Consults one model, the same for the same seed."""
    names = sorted(models.models)[:: len(models.models) // MODELS]
    made: dict[tuple[str, str], Consultant] = {}

    def consult(book: str, seed: int) -> tuple[Consultation, str]:
        model = names[seed % len(names)]
        if (book, model) not in made:
            made[book, model] = Consultant(models, book, only={model})
        answer = made[book, model].consult(Need.of(random_need(seed)), DAY)
        vars(answer)["blank"] = fed(book)  # one blank engine serves all: to make one takes long
        return answer, model

    return consult


def drawn_from(leaves: Iterable[FactRecord], book: str) -> Trace:
    machine = fed(book)
    machine.reset()
    machine.run(working_fact(leaf) for leaf in leaves)
    return machine.trace()


def holds_in(whole: Consultation, firing: Firing, trace: Trace) -> bool:
    """Whether what a firing rests on in a smaller run is so in the whole one: absences too."""
    return all(
        any(step == recorded for recorded in whole.trace.firings if recorded.rule == step.rule)
        for step in (firing, *Supports(trace).of(firing).drawn_by.values())
    )


@pytest.mark.seeds("needs", BATCH)
def test_leaves_are_enough_and_each_is_needed(alone: Any, seed: int) -> None:
    for need in range(seed, seed + BATCH):
        book = RULEBOOKS[need % 5 == 0]
        whole, _ = alone(book, need)
        wanted = CONCLUSIONS if need % 10 < 2 else {"Excluded", "Undecided", "Kept"}
        for firing in whole.trace.firings:
            if not wanted & {fact.type for fact in firing.conclusions}:
                continue
            support = whole.supports.of(firing)
            leaves = (*support.given, *guards(firing, support, whole))
            assert firing in drawn_from(leaves, book).firings, (need, firing.rule)
            for leaf in leaves:
                less = drawn_from([other for other in leaves if other != leaf], book)
                for conclusion in firing.conclusions:
                    for other in less.justifications(conclusion):
                        assert not holds_in(whole, other, less), (need, firing.rule, leaf)


def causes(consultation: Consultation, model: str) -> set[tuple[Any, ...]]:
    """What stands against a model, without what the user stated."""
    return {
        (f.rule, *(p for p in f.premises if p.type not in ("Asked", "Usable", "Smallest")))
        for f, _ in consultation.about(model, "Excluded", "Undecided")
    }


@pytest.mark.seeds("needs", 15)
def test_causes_are_those_of_the_conditions_one_by_one(models: Catalogue, seed: int) -> None:
    """By brute force: a cause comes up under at most three statements and outlasts any other one.

    No rule reads more than three statements at once: a memory, a context and a quantisation.
    """
    chance = Random(seed)
    axes = random_need(seed)
    axes = {axis: axes[axis] for axis in chance.sample(sorted(axes), min(5, len(axes)))}
    model = chance.choice(sorted(models.models))
    consultant = Consultant(models, only={model})
    whole = causes(consultant.consult(Need.of(axes), DAY), model)
    under = {
        subset: causes(consultant.consult(Need.of({a: axes[a] for a in subset}), DAY), model)
        for size in range(len(axes) + 1)
        for subset in combinations(sorted(axes), size)
    }
    found = {
        cause
        for subset, there in under.items()
        if len(subset) <= 3
        for cause in there
        if all(cause in more for other, more in under.items() if set(subset) <= set(other))
    }
    assert found == whole


def shuffled(book: Rulebook, chance: Random) -> Rulebook:
    stages = []
    for stage in book.stages:
        cards = list(stage.cards)
        chance.shuffle(cards)
        stages.append(replace(stage, cards=cards))
    return replace(book, stages=tuple(stages))


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_rules_constraints_and_facts_changes_no_cause(
    models: Catalogue, seed: int
) -> None:
    chance = Random(seed)
    names = chance.sample(sorted(models.models), 25)
    need = Need.of(random_need(300 + seed))
    facts = [*given_facts(need, DAY), *known_facts(models, names)]

    def judged(book: Rulebook) -> set[tuple[str, frozenset[FactRecord], frozenset[FactRecord]]]:
        machine = Machine(book)
        machine.run(facts)
        return {
            (f.rule, frozenset(f.premises), frozenset(f.conclusions))
            for f in machine.trace().firings
        }

    in_order = judged(rulebook("expert"))
    chance.shuffle(facts)
    assert judged(shuffled(rulebook("expert"), chance)) == in_order


@pytest.mark.seeds("needs", 12)
def test_the_three_lengths_are_one_tree(alone: Any, seed: int) -> None:
    whole, model = alone("expert", seed)
    for proof in explain(whole, model).proofs:
        line, short, full = (proof.told(length) for length in LENGTHS)
        assert line.text == short.text == full.text == proof.text
        assert not line.premises
        assert not line.absences
        assert [leaf.fact for leaf in short.premises] == [leaf.fact for leaf in full.leaves()]
        assert short.absences == full.all_absences()
        assert all(leaf.rule is None and leaf.source for leaf in short.premises)


def statements(texts: Iterable[str]) -> Iterator[str]:
    """The sentences of texts; a full stop within a number or a name ends none."""
    for text in texts:
        yield from (part for part in text.replace("? ", ". ").split(". ") if part)


def test_explanations_read_well(alone: Any) -> None:
    """No placeholder is left, no sentence has over 25 words, every number is one of the firing."""
    for seed in range(0, 300, 6):
        whole, model = alone(RULEBOOKS[seed % 4 == 0], seed)
        explanation = explain(whole, model)
        texts = [cause.text for cause in explanation.causes]
        texts += [leaf.text for proof in explanation.proofs for leaf in proof.leaves()]
        texts += [text for proof in explanation.proofs for text in proof.all_absences()]
        texts += [fix.text for part in getattr(explanation.ways_out, "parts", ()) for fix in part]
        for sentence in statements(texts):
            assert "{" not in sentence
            assert "LicenseRef" not in sentence
            assert len(sentence.split()) <= 25, sentence
        for firing, cause in zip(explanation.firings, explanation.causes, strict=True):
            values = [*firing.values.values(), *(v for c in firing.conclusions for _, v in c.slots)]
            numbers = {
                whole.words.name("", value)
                for value in values
                if isinstance(value, int | float) and not isinstance(value, bool)
            }
            told = [w for w in cause.text.replace("(", " ").split() if w[0].isdigit()]
            names = " ".join(whole.words.name(k, v) for k, v in firing.bindings)
            for word in told:
                plain = word.rstrip(".,;:)")
                assert plain in numbers or plain in names or plain in str(values), (word, cause)


def test_a_changed_rule_changes_every_explanation_that_cites_it(alone: Any) -> None:
    cited: set[str] = set()
    for seed in range(0, 120, 4):
        whole, model = alone("expert", seed)
        for firing in explain(whole, model).firings:
            card = whole.rulebook.card(firing.rule)
            other = replace(card, because=f"Changed: {card.because}")
            stages = tuple(
                replace(s, cards=[other if c is card else c for c in s.cards])
                for s in whole.rulebook.stages
            )
            changed = replace(whole, rulebook=replace(whole.rulebook, stages=stages))
            before, after = proof_of(firing, whole), proof_of(firing, changed)
            assert after.text == f"Changed: {before.text[0].lower()}{before.text[1:]}" or (
                after.text == f"Changed: {before.text}"
            )
            cited.add(firing.rule)
    assert len(cited) > 12, "the needs cite rules of many kinds"
