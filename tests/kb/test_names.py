"""What people and files write, and the variant that they mean, or what is said instead.

The names are in names/resolved.yaml and names/refused.yaml.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from whyllm.engine.cataloguing import catalogue
from whyllm.kb.errors import UnknownNameError
from whyllm.kb.loader import load
from whyllm.kb.names import NameIndex, Resolution
from whyllm.kb.yaml_file import read_yaml

NAMES = Path(__file__).parent / "names"
RESOLVED: dict[str, dict[str, list[str]]] = read_yaml(NAMES / "resolved.yaml").data
REFUSED: dict[str, dict[str, list[str]]] = read_yaml(NAMES / "refused.yaml").data
MODELS = catalogue(load())
INDEX = MODELS.names


def resolved() -> list[tuple[str, str, bool]]:
    return [
        (name, model, kind == "repackaged")
        for model, kinds in RESOLVED.items()
        for kind, names in kinds.items()
        for name in names
    ]


def refused(kind: str) -> list[tuple[str, set[str]]]:
    return [
        (name, {MODELS.models[model].name for model in models})
        for name, models in REFUSED[kind].items()
    ]


def outcome(name: str) -> Resolution | UnknownNameError:
    try:
        return INDEX.resolve(name)
    except UnknownNameError as error:
        return error


def refusal(name: str) -> UnknownNameError:
    error = outcome(name)
    assert isinstance(error, UnknownNameError), error
    assert len(str(error).splitlines()) == 1
    return error


def test_there_are_names_enough() -> None:
    assert RESOLVED.keys() <= MODELS.models.keys()
    assert len(resolved()) >= 300
    assert sum(map(len, REFUSED.values())) >= 60


@pytest.mark.parametrize(("name", "model", "repackaged"), resolved())
def test_a_name_means_one_variant(name: str, model: str, repackaged: bool) -> None:
    assert INDEX.resolve(name) == Resolution(model, name, repackaged)


@pytest.mark.parametrize(("name", "readings"), refused("ambiguous"))
def test_an_ambiguous_name_lists_its_readings(name: str, readings: set[str]) -> None:
    error = refusal(name)
    assert set(error.readings) == readings
    assert error.readings[0] in str(error)


@pytest.mark.parametrize(("name", "bases"), refused("fine-tunes"))
def test_a_fine_tune_is_not_its_base(name: str, bases: set[str]) -> None:
    error = refusal(name)
    assert set(error.bases) == bases
    assert "looks like a fine-tune of" in str(error)
    assert "whose terms bind it too, but its own are not known" in str(error)


@pytest.mark.parametrize(("name", "tuned"), refused("base-weights"))
def test_base_weights_are_not_the_tuned_ones(name: str, tuned: set[str]) -> None:
    error = refusal(name)
    assert set(error.suggestions) == tuned
    assert "before any tuning" in str(error)


@pytest.mark.parametrize(("name", "hints"), refused("unknown"))
def test_what_nobody_bears_is_unknown_and_what_is_close_suggested(
    name: str, hints: set[str]
) -> None:
    error = refusal(name)
    assert str(error).startswith("unknown model ")
    assert hints <= set(error.suggestions)
    assert not error.readings
    assert not error.bases


@pytest.mark.parametrize("name", ["hermes3:8b", "vicuna:13b", "Yi-34B", "claude", "7b", "Q4_K_M"])
def test_what_is_close_to_nothing_gets_no_suggestion(name: str) -> None:
    assert refusal(name).suggestions == ()


@pytest.mark.parametrize("name", ["", "   "])
def test_an_empty_name_is_said_to_be_one(name: str) -> None:
    assert "an empty name names no model" in str(refusal(name))


def test_a_long_list_of_readings_is_cut_in_the_sentence_alone() -> None:
    error = refusal("gemma")
    assert len(error.readings) == 18
    assert str(error).endswith("Gemma 3 4B IT and 10 more")


def test_what_ollama_serves_without_a_tag_is_told() -> None:
    assert "(Ollama serves Gemma 3 4B IT by default)" in str(refusal("gemma3"))


OWN_NAMES = [
    (name, model)
    for model, entry in MODELS.models.items()
    for name in entry.spellings
    if name == entry.name or "/" in name or ":" in name
]
SPELLINGS = [(name, model) for model, entry in MODELS.models.items() for name in entry.spellings]


def test_every_variant_answers_to_its_own_names() -> None:
    for name, model in OWN_NAMES:
        for spelling in (name, f"  {name.upper()} "):
            assert INDEX.resolve(spelling) == Resolution(model, spelling.strip()), spelling


def test_an_id_means_its_variant_unless_ollama_serves_another_under_it() -> None:
    other = {model for model in MODELS.models if not means(model, model)}
    assert other == {"deepseek-r1", "deepseek-v4-flash"}


def means(name: str, model: str) -> bool:
    """Whether the name resolves to the variant; a refusal must name the variant all the same."""
    found = outcome(name)
    if isinstance(found, UnknownNameError):
        assert MODELS.models[model].name in (*found.readings, *found.suggestions), name
        return False
    assert found.model == model, name
    return True


MARKS = ["", "-GGUF", "-Q4_K_M", "-AWQ", "-GPTQ-Int4", "-4bit", "-FP8", "-exl2-4.0bpw",
         "-unsloth-bnb-4bit", "-NVFP4", "-mlx-8Bit"]  # fmt: skip
ENDINGS = [":q8_0", ".gguf", ".i1-IQ3_XXS.gguf", "-UD-Q4_K_XL-00001-of-00003.gguf"]
TAKEN = {name.lower() for name, _ in SPELLINGS}


@given(st.sampled_from(SPELLINGS), st.sampled_from(" -_"), st.data())
@settings(deadline=None)
def test_case_separators_and_marks_do_not_lead_to_another_variant(
    spelling: tuple[str, str], separator: str, data: st.DataObject
) -> None:
    name, model = spelling
    mark = data.draw(st.sampled_from(MARKS + ENDINGS if "/" in name else MARKS))
    case = data.draw(st.sampled_from([str.lower, str.upper, str.title, str]))
    changed = case(re.sub("[-_ ]+", separator, name)) + mark
    assume(changed.lower() not in TAKEN - {name.lower()})
    means(changed, model)


PIECES = st.sampled_from(
    [*"/:-_.@#?\\ \n", "https://", "models--", "llama", "3.1", "8b", "instruct", "gguf", "Q4_K_M",
     "-00001-of-00002", "hf.co/", "base", "text", "latest", "lora", "tree", "L3-", "²", "٣"]
)  # fmt: skip


@given(st.text() | st.lists(PIECES, max_size=12).map("".join))
@settings(deadline=None)
def test_whatever_the_text_it_resolves_or_is_refused_in_a_line(text: str) -> None:
    found = outcome(text)
    if isinstance(found, UnknownNameError):
        assert len(str(found).splitlines()) == 1
    else:
        assert found.model in MODELS.models


def test_names_from_elsewhere_need_no_families() -> None:
    index = NameIndex({"a": ["Sketch 7B Instruct"], "b": ["Sketch 7B Chat"]})
    with pytest.raises(UnknownNameError, match="can mean 2 models") as error:
        index.resolve("sketch 7b")
    assert error.value.readings == ("Sketch 7B Instruct", "Sketch 7B Chat")
