"""What people and files write, and the variant that they mean."""

from __future__ import annotations

import pytest
from whyllm.cli.knowledge import name_index
from whyllm.engine.catalogue import Catalogue
from whyllm.kb.errors import UnknownNameError
from whyllm.kb.names import NameIndex

SAME = {
    "llama-3.1-8b-instruct": """
        llama3.1:8b|Llama 3.1 8B|Llama 3.1:8b|LLAMA-3.1-8B|meta-llama/Llama-3.1-8B-Instruct
        meta-llama/Meta-Llama-3.1-8B-Instruct|llama3.1:8b-instruct-q4_K_M|llama3.1
    """,
    "codestral-22b-v0.1": "codestral|Codestral 22B|codestral:22b|mistralai/Codestral-22B-v0.1",
    "deepseek-r1-distill-qwen-7b": "deepseek-r1:7b|Qwen-7B-R1|DeepSeek-R1-Distill-Qwen-7B",
    "deepseek-r1-distill-llama-8b": "Llama-8B-R1|deepseek-ai/DeepSeek-R1-Distill-Llama-8B",
    "qwen2.5-coder-7b-instruct": "qwen2.5-coder:7b-instruct-q4_K_M|Qwen 2.5 Coder 7B",
    "phi-4": "phi4|phi-4|microsoft/phi-4|Phi-4 14B",
    "mistral-7b-instruct-v0.3": "mistral:7b|mistral",
}
REPACKAGED = {
    "unsloth/Meta-Llama-3.1-8B-Instruct-bnb-4bit": "llama-3.1-8b-instruct",
    "bartowski/Codestral-22B-v0.1-GGUF": "codestral-22b-v0.1",
    "TheBloke/Mixtral-8x7B-Instruct-v0.1-AWQ": "mixtral-8x7b-instruct-v0.1",
    "mlx-community/Qwen2.5-Coder-7B-Instruct-4bit": "qwen2.5-coder-7b-instruct",
    "Qwen2.5-72B-Instruct-GPTQ-Int4": "qwen2.5-72b-instruct",
}


@pytest.fixture(scope="module")
def names(models: Catalogue) -> NameIndex:
    return name_index(models)


SPELLINGS = [
    (spelling.strip(), model)
    for model, spellings in SAME.items()
    for line in spellings.strip().splitlines()
    for spelling in line.split("|")
]


@pytest.mark.parametrize(("spelling", "model"), SPELLINGS)
def test_spellings_of_one_variant(names: NameIndex, spelling: str, model: str) -> None:
    assert names.resolve(spelling).model == model


@pytest.mark.parametrize(("name", "model"), REPACKAGED.items())
def test_a_repackaging_is_its_base_and_says_so(names: NameIndex, name: str, model: str) -> None:
    found = names.resolve(name)
    assert (found.model, found.repackaged) == (model, True)


def test_every_variant_answers_to_each_of_its_names(names: NameIndex, models: Catalogue) -> None:
    for key, entry in models.models.items():
        for spelling in entry.spellings:
            assert names.resolve(spelling).model == key, spelling
            assert names.resolve(f"  {spelling.upper()} ").model == key, spelling


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("codestrel", "Codestral 22B v0.1"),
        ("lama 3.1 8b", "Llama 3.1 8B Instruct"),
        ("whisper", "Whisper large-v3"),
    ],
)
def test_what_is_close_is_suggested(names: NameIndex, name: str, hint: str) -> None:
    with pytest.raises(UnknownNameError) as error:
        names.resolve(name)
    assert hint in error.value.suggestions


@pytest.mark.parametrize("name", ["", "   ", "/", "gpt-5-turbo-ultra", "../../etc/passwd", "💥"])
def test_what_nobody_bears_is_unknown(names: NameIndex, name: str) -> None:
    with pytest.raises(UnknownNameError):
        names.resolve(name)


def test_a_fine_tune_is_not_its_base(names: NameIndex) -> None:
    with pytest.raises(UnknownNameError):
        names.resolve("someone/Llama-3.1-8B-Instruct-Uncensored-v2")


def test_an_ambiguous_name_lists_its_readings() -> None:
    index = NameIndex({"a": ["Sketch 7B Instruct"], "b": ["Sketch 7B Chat"]})
    with pytest.raises(UnknownNameError, match="can mean 2 models") as error:
        index.resolve("sketch 7b")
    assert error.value.suggestions == ("Sketch 7B Chat", "Sketch 7B Instruct")
