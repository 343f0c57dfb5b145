"""Questions in words: which are read and how, which are not and what is said of them.

The questions are in read.yaml and refused.yaml.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from whyllm.cli.knowledge import name_index
from whyllm.engine.asking.question import AskedInWords, UnreadQuestionError
from whyllm.engine.asking.reader import LONGEST_QUESTION, read_question
from whyllm.engine.asking.vocabulary import LANGUAGES, vocabulary
from whyllm.engine.cataloguing import catalogue
from whyllm.engine.errors import QUESTION_ERRORS
from whyllm.engine.need import Need
from whyllm.kb.loader import load
from whyllm.kb.yaml_file import read_yaml

FOLDER = Path(__file__).parent
READ: list[dict[str, Any]] = read_yaml(FOLDER / "read.yaml").data
REFUSED: list[dict[str, str]] = read_yaml(FOLDER / "refused.yaml").data
MODELS = catalogue(load())
INDEX = name_index(MODELS)


def readings() -> list[tuple[str, AskedInWords]]:
    return [
        (
            question,
            AskedInWords(
                group["reads"]["kind"],
                tuple(group["reads"].get("models", ())),
                Need.of(group["reads"].get("changes", {})).stated,
                language,
            ),
        )
        for group in READ
        for language in LANGUAGES
        for question in group[language]
    ]


def test_there_are_questions_enough() -> None:
    first = READ[0]
    assert first["reads"] == {"kind": "why", "models": ["codestral-22b-v0.1"]}
    assert min(len(set(first["en"])), len(set(first["fr"]))) >= 20
    assert len({question for question, _ in readings()}) >= 240
    assert len(REFUSED) >= 35


@pytest.mark.parametrize(("question", "expected"), readings())
def test_a_question_is_read(question: str, expected: AskedInWords) -> None:
    read = read_question(question, INDEX.resolve)
    either = "compare"  # `Compare X avec Y` and `X ou Y` are told apart by one word, or by none
    assert read == expected or (expected.kind == either and read.kind == either)


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case["asks"])
def test_what_is_not_understood_is_not_answered(case: dict[str, str]) -> None:
    with pytest.raises(QUESTION_ERRORS) as error:
        read_question(case["asks"], INDEX.resolve)
    assert case["says"] in str(error.value)
    assert "\n" not in str(error.value)
