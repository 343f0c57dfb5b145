"""A review as an SPDX 2.3 document: valid by the library, and of the same terms when read back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spdx_tools.spdx.parser.jsonlikedict.json_like_dict_parser import JsonLikeDictParser
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.inventory.mention import Mention
from whyllm.engine.inventory.spdx_bill import read
from whyllm.engine.render.review import spdx

from tests.engine.reviewing.reviews import HOSTILE, LLAMA, LLAMA_LICENCE, judged, mixed, review

TEXT = "Acme Model Licence\n\n1. You may look.\n\t2. You may not touch.\n"


def document_of(models: Catalogue, *found: Any) -> str:
    text = "".join(spdx.pieces(review(models, *found)))
    assert validate_full_spdx_document(JsonLikeDictParser().parse(json.loads(text))) == []
    return text


def read_back(text: str) -> list[Mention]:
    found = list(read(text.encode(), "bill.json"))
    assert all(isinstance(mention, Mention) for mention in found), found
    return [mention for mention in found if isinstance(mention, Mention)]


@pytest.mark.parametrize(
    ("declared", "back"),
    [
        ((), ()),
        (("MIT",), ("MIT",)),
        (("apache-2.0",), ("Apache-2.0",)),  # SPDX ids are the same in any case
        (("Apache-2.0 AND MIT",), ("Apache-2.0", "MIT")),  # in force together either way
        (("Apache-2.0 OR MIT", "CC-BY-NC-4.0"), ("Apache-2.0 OR MIT", "CC-BY-NC-4.0")),
        (("LicenseRef-acme",), ("LicenseRef-acme",)),
        (("LicenseRef-a_b c",), ("LicenseRef-a_b c",)),
        (("Acme Model Licence", TEXT), ("Acme Model Licence", TEXT)),
    ],
)
def test_terms_come_back_as_they_were_declared(
    models: Catalogue, declared: tuple[str, ...], back: tuple[str, ...]
) -> None:
    for licences in ((), (LLAMA_LICENCE, "MIT")):
        item = judged("acme/x", declared=declared, bases=("acme/base",), licences=licences)
        (mention,) = read_back(document_of(models, item))
        assert (mention.name, mention.bases) == ("acme/x", ("acme/base",))
        assert set(mention.declared) == set(back)


def test_licences_that_bind_are_concluded_and_explained(models: Catalogue) -> None:
    item = judged("llama3.1:8b", model=LLAMA, declared=("MIT",), licences=(LLAMA_LICENCE,))
    held = json.loads(document_of(models, item))
    (package,) = held["packages"]
    assert package["licenseDeclared"] == "MIT"
    assert package["licenseConcluded"] == f"MIT AND {LLAMA_LICENCE}"
    assert package["downloadLocation"].endswith("/meta-llama/Llama-3.1-8B-Instruct")
    (explained,) = held["hasExtractedLicensingInfos"]
    assert explained["seeAlsos"][0].startswith("https://")
    assert read_back(json.dumps(held))[0].name == "llama3.1:8b"


def test_what_it_was_found_to_be_made_from_is_no_declaration(models: Catalogue) -> None:
    item = judged("acme/tune", bases=("acme/base",), made_from=(LLAMA,))
    text = document_of(models, item)
    kinds = [r["relationshipType"] for r in json.loads(text)["relationships"]]
    assert kinds.count("DESCENDANT_OF") == 2
    assert read_back(text)[0].bases == ("acme/base",)


def test_the_verdict_and_the_places_are_told(models: Catalogue) -> None:
    packages = {p["name"]: p for p in json.loads(document_of(models, *mixed()))["packages"]}
    codestral = packages["Codestral 22B"]
    assert codestral["sourceInfo"] == "Named in a b/ü%.py:7:4"
    assert codestral["annotations"][0]["comment"].startswith("verdict: forbidden\n")


def test_the_same_review_gives_the_same_bytes_and_another_another_namespace(
    models: Catalogue,
) -> None:
    once, again = (document_of(models, *mixed()) for _ in range(2))
    other = document_of(models, judged("x"))
    assert once == again
    assert json.loads(once)["documentNamespace"] != json.loads(other)["documentNamespace"]


NAMES = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=30).filter(str.strip),
)


def test_whatever_the_names_a_document_reads_back_the_same(models: Catalogue) -> None:
    @given(
        st.lists(st.tuples(NAMES, st.lists(NAMES, max_size=3, unique=True)), min_size=1, max_size=4)
    )
    @settings(max_examples=20, deadline=None)
    def reads_back(said: list[tuple[str, list[str]]]) -> None:
        items = [judged(n, bases=tuple(b for b in bases if b != n)) for n, bases in said]
        back = {(m.name, frozenset(m.bases)) for m in read_back(document_of(models, *items))}
        assert back == {(i.mention.name, frozenset(i.mention.bases)) for i in items}

    reads_back()


def test_whatever_words_declare_the_terms_they_come_back(models: Catalogue) -> None:
    @given(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    @settings(max_examples=20, deadline=None)
    def reads_back(said: list[str]) -> None:
        declared = tuple(f"terms: {words}" for words in said)  # never an SPDX expression
        (mention,) = read_back(document_of(models, judged("x", declared=declared)))
        assert set(mention.declared) == set(declared)

    reads_back()
