"""Questions in words: which are read and how, which are not and what is said of them.

The questions are in read.yaml and refused.yaml.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest
from babel import Locale
from hypothesis import given, settings
from hypothesis import strategies as st
from whyllm.engine.asking.question import AskedInWords, Kind, UnreadQuestionError
from whyllm.engine.asking.reader import LONGEST_QUESTION, read_question
from whyllm.engine.asking.vocabulary import LANGUAGES, vocabulary
from whyllm.engine.cataloguing import catalogue
from whyllm.engine.errors import QuestionError
from whyllm.engine.need import Need
from whyllm.kb.loader import load
from whyllm.kb.yaml_file import read_yaml

FOLDER = Path(__file__).parent
READ: list[dict[str, Any]] = read_yaml(FOLDER / "read.yaml").data
REFUSED: list[dict[str, str]] = read_yaml(FOLDER / "refused.yaml").data
MODELS = catalogue(load())
INDEX = MODELS.names


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
    assert read_question(question, INDEX.resolve) == expected


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case["asks"])
def test_what_is_not_understood_is_not_answered(case: dict[str, str]) -> None:
    with pytest.raises(QuestionError) as error:
        read_question(case["asks"], INDEX.resolve)
    assert case["says"] in str(error.value)
    assert "\n" not in str(error.value)


EXAMPLES = [
    (example, kind, language)
    for language in LANGUAGES
    for kind, examples in vocabulary(language).examples.items()
    for example in examples
]


@pytest.mark.parametrize(("example", "kind", "language"), EXAMPLES)
def test_an_example_is_read_as_what_it_is_an_example_of(
    example: str, kind: str, language: str
) -> None:
    read = read_question(example, INDEX.resolve)
    assert (read.kind, read.language) == (kind, language)


def test_the_languages_show_the_same_kinds() -> None:
    kinds = [set(vocabulary(language).examples) for language in LANGUAGES]
    assert all(shown == set(get_args(Kind)) for shown in kinds)


@pytest.mark.parametrize("frame", ["Why was {} excluded?", "Pourquoi {} a-t-il été exclu ?"])
def test_every_model_can_be_asked_about_by_its_own_name(frame: str) -> None:
    for model, entry in MODELS.models.items():
        read = read_question(frame.format(entry.name), INDEX.resolve)
        assert (read.kind, read.models, read.changes) == ("why", (model,), {}), entry.name


def test_every_country_and_language_of_the_needs_is_known_by_name() -> None:
    for question, region in (("in Japan", "JP"), ("in Germany", "DE"), ("in South Korea", "KR")):
        read = read_question(f"Can I use Codestral {question}?", INDEX.resolve)
        assert read.changes == {"region": region}
    for code in ("fr", "de", "es", "it", "pt", "zh", "ja", "ar", "ko", "ru", "nl", "pl"):
        for language, frame in (("en", "Which model in {}?"), ("fr", "Quel modèle en {} ?")):
            name = Locale(language).languages[code]
            read = read_question(frame.format(name), INDEX.resolve)
            assert read.changes == {"language": (code,)}, name


@pytest.mark.parametrize(
    ("said", "gigabytes"),
    [
        ("24 GB", 24), ("24GB", 24), ("24 Go", 24), ("24 gigabytes", 24), ("24 gigaoctets", 24),
        ("7.5 GB", 7.5), ("7,5 Go", 7.5), ("512 MB", 0.512), ("1,024 GB", 1024),
        ("16 GiB", 17.18), ("1\u202f024 Go", 1024),
    ],
)  # fmt: skip
def test_memory_in_any_spelling(said: str, gigabytes: float) -> None:
    for frame in ("Which model with {} of RAM?", "Quel modèle avec {} de RAM ?"):
        assert read_question(frame.format(said), INDEX.resolve).changes == {"ram": gigabytes}


@pytest.mark.parametrize(
    ("said", "users"),
    [
        ("200 million", 200_000_000), ("200M", 200_000_000), ("200,000,000", 200_000_000),
        ("200 000 000", 200_000_000), ("200\u00a0000\u00a0000", 200_000_000),
        ("0,2 milliard", 200_000_000), ("1.5 million", 1_500_000), ("1,5 million", 1_500_000),
        ("700k", 700_000), ("1'000'000", 1_000_000), ("1.000.000", 1_000_000), ("42", 42),
    ],
)  # fmt: skip
def test_a_number_in_any_spelling(said: str, users: int) -> None:
    read = read_question(f"Can I use Codestral with {said} users?", INDEX.resolve)
    assert read.changes == {"monthly_active_users": users}


@pytest.mark.parametrize(
    ("said", "dollars"),
    [("2 M$", 2e6), ("$2M", 2e6), ("2 million dollars", 2e6), ("$ 2,000,000", 2e6),
     ("US$ 1.5 billion", 1.5e9), ("a million dollars", 1e6), ("500k USD", 5e5)],
)  # fmt: skip
def test_a_revenue_in_any_spelling(said: str, dollars: float) -> None:
    read = read_question(f"Can I use Codestral with {said} of revenue?", INDEX.resolve)
    assert read.changes == {"annual_revenue_usd": int(dollars)}


def test_a_long_question_is_refused_before_it_is_read() -> None:
    with pytest.raises(UnreadQuestionError, match="at most 300 characters"):
        read_question("why " * LONGEST_QUESTION, INDEX.resolve)


@settings(deadline=None)  # the first question of a process loads the grammar
@given(
    st.lists(
        st.sampled_from(
            [
                "why",
                "codestral",
                "et",
                "if",
                "24 GB",
                "(",
                "@",
                "\0",
                "or",
                "vram",
                "pourquoi",
                "not",
                "phi 4",
                "what",
                "in",
                "français",
            ]
        )
    )
)
def test_any_words_are_read_or_refused_in_one_line(words: list[str]) -> None:
    line = " ".join(words)
    try:
        said = read_question(line, INDEX.resolve).kind
    except QuestionError as error:
        said = str(error)
    assert said in get_args(Kind) or (said.isprintable() and len(said) > 20)
