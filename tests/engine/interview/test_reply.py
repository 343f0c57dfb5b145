"""What people type at a question, and how it is read."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whyllm.engine.interview.choice import Question, Reply
from whyllm.engine.interview.reply import ReplyError, read_reply
from whyllm.engine.need import Need


def question(name: str, typed: str | None, *replies: tuple[str, dict[str, Any]]) -> Question:
    numbered = tuple(Reply(n, label, sets, (), ()) for n, (label, sets) in enumerate(replies, 1))
    return Question(name, "?", "…", typed, numbered, (), 1.0)


MACHINE = question(
    "machine", "vram", ("A laptop with 8 GB", {"ram": 8}), ("A GPU with 24 GB", {"vram": 24}),
    ("Memory is no concern", {}),
)  # fmt: skip
DEPLOY = question(
    "deploy", None, ("Inside only", {"deploy": "internal"}),
    ("In a product", {"deploy": "product"}), ("Over a network", {"deploy": "hosted"}),
)  # fmt: skip
LANGUAGE = question("language", "language", ("French", {"language": "fr"}), ("None", {}))
REGION = question(
    "region", "region", ("In the Union", {"region": "EU"}), ("In China", {"region": "CN"})
)
USE = question("use", None, ("For gain", {"use": "commercial"}), ("Inside", {"use": "internal"}))

READ: list[tuple[Question, str, dict[str, Any]]] = [
    (MACHINE, "1", {"ram": 8.0}),
    (MACHINE, " 2 ", {"vram": 24.0}),
    (MACHINE, "3", {}),
    (MACHINE, "12", {"vram": 12.0}),
    (MACHINE, "12 GB", {"vram": 12.0}),
    (MACHINE, "=2", {"vram": 2.0}),
    (MACHINE, "ram=64", {"ram": 64.0}),
    (MACHINE, "RAM = 64 gb", {"ram": 64.0}),
    (MACHINE, "no concern", {}),
    (DEPLOY, "2", {"deploy": ["product"]}),
    (DEPLOY, "1,3", {"deploy": ["internal", "hosted"]}),
    (DEPLOY, "3 2", {"deploy": ["hosted", "product"]}),
    (DEPLOY, "hosted", {"deploy": ["hosted"]}),
    (DEPLOY, "network", {"deploy": ["hosted"]}),
    (LANGUAGE, "french", {"language": ["fr"]}),
    (LANGUAGE, "pt-BR", {"language": ["pt-BR"]}),
    (LANGUAGE, "ja, ko", {"language": ["ja", "ko"]}),
    (REGION, "jp", {"region": "JP"}),
    (USE, "COMMERCIAL", {"use": "commercial"}),
]


@pytest.mark.parametrize(("asked", "typed", "stated"), READ, ids=lambda x: str(x)[:24])
def test_read(asked: Question, typed: str, stated: dict[str, Any]) -> None:
    assert Need.of(read_reply(asked, typed).sets).as_json() == stated


REFUSED: list[tuple[Question, str, str]] = [
    (MACHINE, "much", "vram: found 'much', expected a number of gigabytes"),
    (MACHINE, "-3", "expected a number of gigabytes greater than 0"),
    (MACHINE, "1 2", "expected one reply; these exclude each other"),
    (MACHINE, "use=research", "expected a value of ram or vram"),
    (MACHINE, "a", "could be any of the replies 1, 2"),
    (DEPLOY, "4", "expected a number from 1 to 3"),
    (DEPLOY, "0", "expected a number from 1 to 3"),
    (DEPLOY, "in", "could be any of the replies 1, 2"),
    (DEPLOY, "nothing of that", "expected a number from 1 to 3, or some words of a reply"),
    (REGION, "Japan", "expected a two-letter ISO 3166 country"),
    (REGION, "in", "could be any of the replies 1, 2"),
]


@pytest.mark.parametrize(("asked", "typed", "complaint"), REFUSED, ids=lambda x: str(x)[:24])
def test_refused(asked: Question, typed: str, complaint: str) -> None:
    with pytest.raises(ReplyError) as refused:
        read_reply(asked, typed)
    assert complaint in str(refused.value)
    assert "\n" not in str(refused.value)


@given(st.sampled_from([MACHINE, DEPLOY, LANGUAGE, REGION, USE]), st.text(max_size=30))
def test_whatever_is_typed_is_an_answer_to_that_question_or_refused(
    asked: Question, typed: str
) -> None:
    try:
        answer = read_reply(asked, typed)
    except ReplyError:
        return
    axes = {axis for reply in asked.replies for axis in reply.sets} | {asked.typed}
    assert answer.question == asked.id
    assert answer.sets.keys() <= axes
    assert Need.of(answer.sets).stated == answer.sets
