"""A case to predict asks along the path, and what it reveals is what the rules do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from whyllm.engine.consulting import Consultation
from whyllm.engine.lessons.prediction import prediction_steps
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.loader import load

Ask = Callable[..., Consultation]

CASES = {case.id: dict(case.need) for case in load().cases.values()}


@pytest.mark.parametrize("case", CASES)
def test_in_the_course_each_question_on_the_path_is_asked_and_its_branch_is_right(
    kb: KnowledgeBase, ask: Ask, case: str
) -> None:
    answered = ask("course", **CASES[case])
    steps = prediction_steps(answered)
    asking = {node.id for node in kb.tree.nodes if node.axis}
    assert [step.place for step in steps] == [n for n in answered.path[:-1] if n in asking]
    for step in steps:
        following = answered.path[answered.path.index(step.place) + 1]
        label = next(
            edge.label
            for edge in kb.tree.edges
            if (edge.source, edge.target) == (step.place, following)
        )
        assert label is not None
        assert step.options[step.right] == ", ".join(label.split("<br/>"))
        assert step.reveal[0].startswith("CRS-110: ")


@pytest.mark.parametrize("case", list(CASES)[::3])
def test_with_the_expert_the_numbers_count_down_to_the_answer(ask: Ask, case: str) -> None:
    answered = ask("expert", **CASES[case])
    steps = prediction_steps(answered)
    assert steps
    for step in steps:
        assert len(set(step.options)) == len(step.options)
        assert step.reveal
    left = int(steps[-1].options[steps[-1].right])
    assert left == len(answered.kept) + len(answered.undecided)


def test_the_same_case_is_asked_the_same_way(ask: Ask) -> None:
    answered = ask("expert", **CASES["laptop-chat"])
    assert prediction_steps(answered) == prediction_steps(answered)
