"""A review as a CycloneDX bill: valid by the library, and the same when it is read back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from hypothesis import given, settings
from hypothesis import strategies as st
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.inventory.cyclonedx_bill import read
from whyllm.engine.inventory.mention import Mention, Place
from whyllm.engine.render.review import cyclonedx
from whyllm.engine.reviewing.finding import Item, Verdict

from tests.engine.reviewing.reviews import HOSTILE, LLAMA, LLAMA_LICENCE, judged, mixed, review

VALIDATOR = JsonStrictValidator(SchemaVersion.V1_6)
TEXT = "Acme Model Licence\n\n1. You may look.\n\t2. You may not touch.\n"


def bill_of(models: Catalogue, *found: Any) -> str:
    text = "".join(cyclonedx.pieces(review(models, *found)))
    assert VALIDATOR.validate_str(text) is None
    return text


def read_back(text: str) -> list[Mention]:
    found = list(read(text.encode(), "bill.json"))
    assert all(isinstance(mention, Mention) for mention in found), found
    return [mention for mention in found if isinstance(mention, Mention)]


def facts(mention: Mention) -> tuple[str, frozenset[str], frozenset[str]]:
    """What a verdict hangs on; a bill keeps no order of licences or ancestors."""
    return mention.name, frozenset(mention.declared), frozenset(mention.bases)


def components(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text)["components"]
    return found


@pytest.mark.parametrize(
    "declared",
    [
        (),
        ("MIT",),
        ("apache-2.0",),
        ("Apache-2.0 AND MIT",),
        ("Apache-2.0 OR MIT", "CC-BY-NC-4.0"),
        ("LicenseRef-acme",),
        ("Acme Model Licence",),
        (TEXT,),
        ("MIT", TEXT, "x" * 5000),
    ],
)
def test_licences_come_back_as_they_were_declared(
    models: Catalogue, declared: tuple[str, ...]
) -> None:
    for licences in ((), (LLAMA_LICENCE, "MIT")):
        item = judged("acme/x", declared=declared, licences=licences)
        (back,) = read_back(bill_of(models, item))
        assert facts(back) == facts(item.mention)


def test_a_known_model_keeps_its_name_and_gains_its_address(models: Catalogue) -> None:
    item = judged("llama3.1:8b", model=LLAMA, licences=(LLAMA_LICENCE,))
    text = bill_of(models, item)
    (component,) = components(text)
    assert component["purl"] == "pkg:huggingface/meta-llama/Llama-3.1-8B-Instruct"
    assert [back.name for back in read_back(text)] == ["llama3.1:8b"]


def test_licences_that_bind_are_filled_in_as_concluded(models: Catalogue) -> None:
    item = judged("x", model=LLAMA, declared=("MIT",), licences=("MIT", LLAMA_LICENCE))
    (component,) = components(bill_of(models, item))
    told = {
        (licence.get("id") or licence["name"]): licence["acknowledgement"]
        for licence in (choice["license"] for choice in component["licenses"])
    }
    assert told == {"MIT": "declared", LLAMA_LICENCE: "concluded"}
    (filled,) = [c["license"] for c in component["licenses"] if "name" in c["license"]]
    assert filled["url"].startswith("https://")


def test_what_it_was_found_to_be_made_from_is_an_ancestor_and_no_declaration(
    models: Catalogue,
) -> None:
    item = judged("acme/tune", bases=("acme/base",), made_from=(LLAMA,))
    text = bill_of(models, item)
    (component,) = components(text)
    assert sorted(a["name"] for a in component["pedigree"]["ancestors"]) == [
        "acme/base",
        "meta-llama/Llama-3.1-8B-Instruct",
    ]
    assert read_back(text)[0].bases == ("acme/base",)


def test_a_model_is_listed_once_with_all_of_its_places(models: Catalogue) -> None:
    places = [Place("a.py", 3), Place("b.py", 9), Place("c.bin")]
    (component,) = components(bill_of(models, *[judged("x", place=place) for place in places]))
    told = [(o["location"], o.get("line")) for o in component["evidence"]["occurrences"]]
    assert sorted(told) == [("a.py", 3), ("b.py", 9), ("c.bin", None)]


def test_the_same_name_under_other_terms_is_another_component(models: Catalogue) -> None:
    items = [judged("x", declared=("MIT",)), judged("x", declared=("Apache-2.0",))]
    back = read_back(bill_of(models, *items))
    assert {facts(b) for b in back} == {facts(item.mention) for item in items}


def test_the_verdict_and_its_reasons_are_properties(models: Catalogue) -> None:
    (_, forbidden, *_) = sorted(components(bill_of(models, *mixed())), key=lambda c: c["name"])
    told = [(p["name"], p["value"]) for p in forbidden["properties"]]
    assert forbidden["name"] == "acme/secret"
    assert ("whyllm:verdict", Verdict.UNKNOWN.value) in told
    assert ("whyllm:unrecognised", "acme") in told


def test_the_same_review_gives_the_same_bytes_and_another_another_serial(
    models: Catalogue,
) -> None:
    once, again = (bill_of(models, *mixed()) for _ in range(2))
    other = bill_of(models, judged("x"))
    assert once == again
    assert json.loads(once)["serialNumber"] != json.loads(other)["serialNumber"]
    assert json.loads(once)["metadata"]["timestamp"].startswith("2026-11-23")


NAMES = st.one_of(
    st.sampled_from([name for name in HOSTILE if name.strip()]),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=30).filter(str.strip),
)
TERMS = st.one_of(
    st.sampled_from(["MIT", "apache-2.0", "MIT OR GPL-2.0-only", "LicenseRef-a", TEXT, "other"]),
    NAMES,
)


def test_whatever_the_names_and_terms_a_bill_reads_back_the_same(models: Catalogue) -> None:
    terms, bases = st.lists(TERMS, max_size=4), st.lists(NAMES, max_size=3)

    @given(st.lists(st.tuples(NAMES, terms, bases, st.booleans()), max_size=4))
    @settings(max_examples=30, deadline=None)
    def reads_back(said: list[tuple[str, list[str], list[str], bool]]) -> None:
        items: list[Item] = [
            judged(
                name,
                declared=tuple(dict.fromkeys(declared)),
                bases=tuple(dict.fromkeys(base for base in bases if base != name)),
                model=LLAMA if known else None,
                licences=(LLAMA_LICENCE,) if known else (),
            )
            for name, declared, bases, known in said
        ]
        back = read_back(bill_of(models, *items))
        assert {facts(mention) for mention in back} == {facts(item.mention) for item in items}

    reads_back()
