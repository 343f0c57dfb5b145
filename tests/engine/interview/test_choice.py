"""The interview asks what decides most, tells truly what a reply would leave, and ends as a batch.

`--walks 1000` runs the campaign.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import pytest
from whyllm.engine.catalogue import Catalogue, QuestionEntry
from whyllm.engine.consulting import Consultant, Consultation
from whyllm.engine.interview.choice import Interviewer, axes_of
from whyllm.engine.interview.standings import Standings
from whyllm.engine.need import Need
from whyllm.engine.stages import rulebook

from tests.conftest import DAY
from tests.engine.interview.walks import sample, walk
from tests.engine.mutated_rules import lost, mutated

Ask = Callable[..., Consultation]

SMALL = 40
"""Variants of a catalogue in which every reply is tried by whole consultations."""


@pytest.fixture(scope="module")
def interviewer(models: Catalogue) -> Interviewer:
    return Interviewer(models, "expert", DAY)


def left(consultation: Consultation) -> tuple[set[str], set[str]]:
    return set(consultation.kept), set(consultation.undecided)


def test_a_walk_ends_with_the_batch_answer_and_every_count_on_its_way_was_true(
    request: pytest.FixtureRequest, interviewer: Interviewer, ask: Ask
) -> None:
    walks = request.config.getoption("--walks")
    for seed in range(walks):
        steps, session = walk(interviewer, seed)
        for step in steps if walks > 100 or seed % 3 == 0 else steps[-1:]:
            answer = ask(**step.need.with_changes(step.reply.sets).as_json())
            said = set(step.reply.kept), set(step.reply.undecided)
            assert said == left(answer), (seed, step.question.id, step.reply.label)
        kept, undecided = interviewer.remaining(session.need)
        assert (set(kept), set(undecided)) == left(ask(**session.need.as_json())), seed


@pytest.mark.parametrize("seed", range(4))
def test_no_question_is_asked_whose_replies_all_leave_the_same(
    interviewer: Interviewer, seed: int
) -> None:
    steps, _ = walk(interviewer, seed)
    for step in steps:
        assert len({(reply.kept, reply.undecided) for reply in step.question.replies}) > 1


def test_at_the_end_no_reply_to_any_question_would_change_the_answer(models: Catalogue) -> None:
    few = sample(models, SMALL)
    interviewer, consultant = Interviewer(few, "expert", DAY), Consultant(few)
    for seed in range(5):
        _, session = walk(interviewer, seed)
        end = consultant.consult(session.need, DAY)
        if end.outcome == "out-of-scope":
            continue
        for entry in few.questions:
            if entry.id in session.passed or axes_of(entry) & session.need.stated.keys():
                continue
            after = [
                left(consultant.consult(session.need.with_changes(sets), DAY))
                for _, sets in entry.replies
            ]
            assert all(found == after[0] for found in after), (seed, entry.id)


def test_the_mean_number_of_questions_is_near_that_of_the_greedy_choice_by_entropy(
    request: pytest.FixtureRequest, models: Catalogue
) -> None:
    """The greedy choice is worked out here again, by whole consultations alone."""
    few = sample(models, SMALL)
    interviewer, consultant = Interviewer(few, "expert", DAY), Consultant(few)
    judged: dict[tuple[object, ...], tuple[frozenset[str], frozenset[str], bool]] = {}

    def standing(need: Need) -> tuple[frozenset[str], frozenset[str], bool]:
        key = tuple(need.stated.items())
        if key not in judged:
            found = consultant.consult(need, DAY)
            outside = found.outcome == "out-of-scope"
            judged[key] = frozenset(found.kept), frozenset(found.undecided), outside
        return judged[key]

    def greedy(need: Need, passed: list[str]) -> QuestionEntry | None:
        if standing(need)[2]:
            return None
        best, most = None, -math.inf
        for entry in few.questions:
            stated = {axis for _, sets in entry.replies for axis in sets} | {entry.typed}
            if entry.id in passed or stated & need.stated.keys():
                continue
            after = [standing(need.with_changes(sets)) for _, sets in entry.replies]
            bits = -sum(math.log2(len(kept | open_) + 1) for kept, open_, _ in after) / len(after)
            if len(set(after)) > 1 and bits > most + 1e-9:
                best, most = entry, bits
        return best

    def questions(chosen: str, seed: int) -> int:
        """How many questions one way of choosing asks somebody with a mind of their own."""
        mind = random.Random(seed)
        replies = {entry.id: mind.randrange(len(entry.replies)) for entry in few.questions}
        need, passed, asked = Need.of({}), [], 0
        while True:
            if chosen == "ours":
                question = interviewer.question(need, passed)
                entry = next((q for q in few.questions if question and q.id == question.id), None)
            else:
                entry = greedy(need, passed)
            if entry is None:
                return asked
            asked += 1
            sets = entry.replies[replies[entry.id]][1]
            need = need.with_changes(sets)
            if not sets:
                passed.append(entry.id)

    walks = max(4, request.config.getoption("--walks") // 10)
    ours = sum(questions("ours", seed) for seed in range(walks))
    theirs = sum(questions("greedy", seed) for seed in range(walks))
    assert theirs >= walks
    assert ours <= 1.1 * theirs


def test_the_course_asks_by_its_tree(models: Catalogue) -> None:
    course = Interviewer(models, "course", DAY)
    need, asked = Need.of({}), []
    for reply in ("text", "chat", 16.0, "internal"):
        question = course.question(need)
        assert question is not None
        asked.append(question.text)
        (chosen,) = (r for r in question.replies if reply in r.sets.values())
        need = need.with_changes(chosen.sets)
    assert asked == ["Which modality?", "Task type?", "Which machine?", "Commercial use?"]
    assert course.question(need) is None


def test_a_need_out_of_scope_ends_the_interview(interviewer: Interviewer) -> None:
    assert interviewer.question(Need.of({"modality": "image-generation"})) is None


def test_a_question_names_the_rules_that_judge_by_it(interviewer: Interviewer) -> None:
    asked = {
        question.id: question for question in interviewer.questions(Need.of({"use": "commercial"}))
    }
    assert "HW-010" in asked["machine"].rules
    assert "LIC-230" in asked["region"].rules
    assert "LIC-020" not in asked["machine"].rules
    assert "use" not in asked


def test_what_is_passed_is_not_asked_again(interviewer: Interviewer) -> None:
    first = interviewer.question(Need.of({}))
    assert first is not None
    second = interviewer.question(Need.of({}), [first.id])
    assert second is not None
    assert second.id != first.id


def test_every_reply_of_the_data_is_a_need(models: Catalogue) -> None:
    for entry in models.questions:
        for label, sets in entry.replies:
            assert Need.of(sets).stated.keys() == sets.keys(), (entry.id, label)


def test_a_rule_that_is_lost_changes_what_a_question_leaves(models: Catalogue) -> None:
    """The counts come from the rules: without the rule the reply leaves more."""
    book, need = rulebook("expert"), Need.of({"use": "commercial"})
    whole = Standings(models, book, DAY).of(need)
    less = Standings(models, mutated(book, "LIC-020", lost), DAY).of(need)
    assert less.kept.bit_count() > whole.kept.bit_count()
