"""An interview under way: on, back, changed, kept as JSON and taken up again."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from whyllm.cli.schema import json_schema
from whyllm.engine.interview.session import Answer, Session
from whyllm.engine.need import Need, NeedError

from tests.conftest import DAY

ANSWERS = [
    Answer("modality", {"modality": "code"}),
    Answer("machine", {"vram": 24.0}),
    Answer("deploy", {"deploy": ("product", "hosted")}),
    Answer("language", {}),
    Answer("tools", {"tools": True}),
]
sessions = st.builds(
    Session,
    rulebook=st.sampled_from(["expert", "course"]),
    on=st.sampled_from([None, DAY]),
    stated=st.sampled_from([Need.of({}), Need.of({"use": "research"})]),
    answers=st.lists(st.sampled_from(ANSWERS), unique_by=lambda a: a.question).map(tuple),
)


@given(sessions)
def test_it_comes_back_from_its_json_which_has_its_shape(session: Session) -> None:
    data = json.loads(json.dumps(session.as_json()))
    jsonschema.validate(data, json_schema("interview"))
    assert Session.from_json(data) == session


@given(sessions, st.sampled_from(ANSWERS))
def test_back_undoes_an_answer(session: Session, answer: Answer) -> None:
    session = session.without(answer.question)
    assert session.with_answer(answer).back() == session


@given(sessions, st.sampled_from(ANSWERS))
def test_an_answer_given_anew_stands_in_the_place_of_the_old(
    session: Session, answer: Answer
) -> None:
    anew = Answer(answer.question, {})
    given_before = [a.question for a in session.answers]
    changed = session.with_answer(anew)
    if answer.question in given_before:
        assert [a.question for a in changed.answers] == given_before
    assert answer.question in changed.passed
    assert not answer.sets.keys() & changed.need.stated.keys()


def test_the_first_question_has_nothing_before_it() -> None:
    with pytest.raises(ValueError, match="this is the first question"):
        Session("expert", None, Need.of({})).back()


GOOD: dict[str, Any] = {
    "schema": "whyllm.interview/1", "rulebook": "expert", "on": None, "stated": {},
    "answers": [{"question": "use", "sets": {"use": "research"}}],
}  # fmt: skip
WRONG: list[tuple[Any, str]] = [
    ([], "expected JSON of whyllm.interview/1"),
    ({**GOOD, "schema": "whyllm.review/1"}, "expected JSON of whyllm.interview/1"),
    ({**GOOD, "rulebook": "mine"}, "rulebook: expected one of expert, course"),
    ({**GOOD, "on": "soon"}, "on: found 'soon', expected a day as YYYY-MM-DD or null"),
    ({**GOOD, "on": 7}, "on: found 7"),
    ({**GOOD, "stated": None}, "stated: expected an object of axes and values"),
    ({**GOOD, "stated": {"vram": "much"}}, "stated: vram: found 'much'"),
    ({**GOOD, "answers": {}}, "answers: expected a list"),
    ({**GOOD, "answers": [3]}, "answers[0]: expected an object with `question` and `sets`"),
    (
        {**GOOD, "answers": [{"question": "use", "sets": {"uze": 1}}]},
        "answers[0].sets: unknown axis",
    ),
]


@pytest.mark.parametrize(("data", "complaint"), WRONG, ids=[text for _, text in WRONG])
def test_wrong_data_are_told(data: Any, complaint: str) -> None:
    with pytest.raises(NeedError) as refused:
        Session.from_json(data)
    assert complaint in str(refused.value)
