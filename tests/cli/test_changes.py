"""relax, what-if and compare on the command line: what they print, and how they exit."""

from __future__ import annotations

import json

import jsonschema
import pytest

from tests.cli.runner import Command

DAY = ("--on", "2026-11-23")
CODE = ("--modality", "code", "--use", "commercial", *DAY)
NOTHING = ("--modality", "code", "--language", "fr", "--use", "unrestricted", "--vram", "3", *DAY)


def of_shape(whyllm: Command, noun: str, text: str) -> dict[str, object]:
    data: dict[str, object] = json.loads(text)
    jsonschema.Draft202012Validator(json.loads(whyllm("schema", noun).out)).validate(data)
    return data


def test_relax_tells_what_conflicts_and_what_to_give_up(whyllm: Command) -> None:
    shown = whyllm("relax", *NOTHING)
    assert (shown.code, shown.err) == (0, "")
    text = " ".join(shown.out.split())
    assert "No model meets modality = code mostly and language = fr together." in text
    assert "Give up or loosen modality = code mostly: 19 models" in text
    assert "Give up or loosen language = fr: 2 models" in text
    assert "No longer ask for language = fr. Admits Qwen2.5-Coder 0.5B Instruct" in text


def test_recommend_points_to_relax_which_answers_on_it(whyllm: Command) -> None:
    shown = whyllm("recommend", *NOTHING)
    assert shown.code == 1
    assert "`whyllm relax` tells what to give up" in shown.out
    assert whyllm("relax").out == whyllm("relax", *NOTHING).out


def test_relax_as_json_is_ordered_by_the_users_cost(whyllm: Command) -> None:
    for dear, first in (("modality", "language"), ("language", "modality")):
        shown = whyllm("relax", *NOTHING, "--cost", f"{dear}=3", "--format", "json")
        data = of_shape(whyllm, "relaxation", shown.out)
        found = [(r["constraints"][0]["axis"], r["cost"]) for r in data["relaxations"]]  # type: ignore[attr-defined]
        assert found == [(first, 1.0), (dear, 3.0)]


def test_relax_where_something_remains(whyllm: Command) -> None:
    shown = whyllm("relax", *CODE)
    assert shown.code == 0
    assert "models remain, so nothing need be given up." in shown.out


def test_what_if_holds_the_fresh_answer_whole(whyllm: Command) -> None:
    whyllm("recommend", *CODE)
    shown = whyllm("what-if", "--set", "use=research", "--set", "vram=16", "--format", "json")
    data = of_shape(whyllm, "what-if", shown.out)
    fresh = whyllm("recommend", "--modality", "code", "--use", "research", "--vram", "16", *DAY,
                   "--format", "json", "--no-remember")  # fmt: skip
    assert data["consultation"] == json.loads(fresh.out)
    assert data["set"] == {"use": "research", "vram": 16.0}
    assert "codestral-22b-v0.1" in [turn["model"] for turn in data["enters"]]  # type: ignore[attr-defined]


def test_what_if_tells_who_enters_and_why(whyllm: Command) -> None:
    whyllm("recommend", *CODE)
    shown = whyllm("what-if", "--set", "use=research")
    assert (shown.code, shown.err) == (0, "")
    text = " ".join(shown.out.split())
    assert "What if: use = research" in text
    assert "Enters (2):" in text
    assert (
        "Codestral 22B v0.1 from excluded to kept; no longer: Codestral 22B v0.1 is under" in text
    )


def test_what_if_states_an_axis_no_longer(whyllm: Command) -> None:
    whyllm("recommend", *CODE)
    data = json.loads(whyllm("what-if", "--set", "use=", "--format", "json").out)
    assert data["set"] == {"use": None}
    assert data["consultation"]["need"] == {"modality": "code"}


def test_what_if_nothing_remains_is_a_negative_answer(whyllm: Command) -> None:
    whyllm("recommend", *CODE)
    shown = whyllm("what-if", "--set", "vram=0.5")
    assert shown.code == 1
    assert "Then: no model remains" in shown.out


def test_compare_names_the_clause_on_either_side(whyllm: Command) -> None:
    shown = whyllm("compare", "codestral", "Devstral Small 2", *CODE)
    assert (shown.code, shown.err) == (0, "")
    text = " ".join(shown.out.split())
    assert (
        "Codestral 22B v0.1 is excluded. Devstral Small 2 24B Instruct 2512 is shortlisted" in text
    )
    assert "stands before the other, by verdict." in text
    assert "whereas Apache 2.0, section 2: commercial use is yes" in text
    data = whyllm("compare", "codestral", "Devstral Small 2", *CODE, "--format", "json").out
    assert of_shape(whyllm, "comparison", data)["decided_by"] == "verdict"


def test_the_proof_comes_in_three_lengths(whyllm: Command) -> None:
    line, short, full = (
        whyllm("why", "deepseek-v3", "--task", "chat", "--vram", "24", *DAY, "--proof", length).out
        for length in ("line", "short", "full")
    )
    cause = "HW-010 DeepSeek-V3 671B needs 271.9 GB even at Q2_K; of your 24 GB of GPU memory, 21.6"
    for text in (line, short, full):
        assert cause in " ".join(text.split())
    assert "You state GPU memory = 24" not in line
    assert "You state GPU memory = 24" in short
    assert "MEM-050" not in short
    assert "MEM-050  Of 24 GB of GPU memory, 21.6 GB are usable." in full


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["what-if"], "Missing option '--set'"),
        (["what-if", "--set", "use"], "--set use: expected AXIS=VALUE, such as use=research"),
        (["what-if", "--set", "uses=research"], "unknown axis 'uses'; did you mean use?"),
        (["what-if", "--set", "use=resaerch"], "did you mean research?"),
        (["what-if", "--set", "vram=lots"], "vram: found 'lots', expected a number of gigabytes"),
        (["what-if", "--set", "use=research", "--set", "use=internal"], "use is set twice"),
        (["what-if", "--set", "tools=perhaps"], "--set tools=perhaps: expected true or false"),
        (["relax", "--cost", "vram"], "--cost vram: expected a number of at least 0 after ="),
        (["relax", "--cost", "ram=-1"], "--cost ram=-1: expected a number of at least 0 after ="),
        (["relax", "--cost", "vrm=2"], "unknown axis 'vrm'; did you mean"),
        (["compare", "codestral", "codestral:22b"], "both names mean Codestral 22B v0.1"),
        (["compare", "codestral"], "Missing argument 'B'"),
        (["compare", "codestral", "codestrel"], "unknown model 'codestrel'"),
    ],
    ids=lambda x: " ".join(x) if isinstance(x, list) else "",
)
def test_a_wrong_question_gets_one_line_and_exit_two(
    whyllm: Command, words: list[str], complaint: str
) -> None:
    shown = whyllm(*words)
    assert shown.code == 2
    assert shown.out == ""
    assert complaint in shown.err
    assert shown.err.count("\n") == 1
