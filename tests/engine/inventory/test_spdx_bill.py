"""Models in SPDX documents: 2.3 packages, 3.0 graphs that the official model makes, broken ones."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

import pytest
from spdx_python_model import v3_0_1 as spdx3
from whyllm.engine.inventory import spdx_bill
from whyllm.engine.inventory.mention import Fault, Mention


def found(document: Any) -> list[Mention | Fault]:
    data = document if isinstance(document, bytes) else json.dumps(document, indent=1).encode()
    return list(spdx_bill.read(data, "bill"))


def models(document: Any) -> list[Mention]:
    return [mention for mention in found(document) if isinstance(mention, Mention)]


def faults(document: Any) -> list[str]:
    return [str(fault) for fault in found(document) if isinstance(fault, Fault)]


def document(*packages: dict[str, Any], **said: Any) -> dict[str, Any]:
    """A valid document of 2.3 that holds these packages."""
    described = [
        {
            "spdxElementId": "SPDXRef-DOCUMENT",
            "relationshipType": "DESCRIBES",
            "relatedSpdxElement": package["SPDXID"],
        }
        for package in packages
    ]
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": "d",
        "documentNamespace": "https://example.org/d",
        "creationInfo": {"created": "2026-01-01T00:00:00Z", "creators": ["Tool: t"]},
        "packages": list(packages),
        **said,
        "relationships": [*described, *said.get("relationships", [])],
    }


def package(name: str = "m", **said: Any) -> dict[str, Any]:
    return {
        "SPDXID": f"SPDXRef-{name}",
        "name": name,
        "downloadLocation": "https://huggingface.co/acme/" + name,
        "filesAnalyzed": False,
        **said,
    }


def purl(address: str) -> list[dict[str, str]]:
    kind = {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl"}
    return [{**kind, "referenceLocator": address}]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({}, "acme/m"),
        ({"downloadLocation": "git+https://huggingface.co/acme/m.git@main"}, "acme/m"),
        ({"downloadLocation": "https://hf.co/acme/m/tree/main"}, "acme/m"),
        (
            {"downloadLocation": "NOASSERTION", "externalRefs": purl("pkg:huggingface/Org/N@a")},
            "Org/N",
        ),
    ],
)
def test_what_shows_a_model_and_its_name(said: dict[str, Any], name: str) -> None:
    held = document(package(**said))
    assert faults(held) == []
    assert [mention.name for mention in models(held)] == [name]


@pytest.mark.parametrize(
    "address",
    [
        "NOASSERTION",
        "https://huggingface.co/datasets/acme/m",
        "https://huggingface.co/docs/hub",
        "https://example.org/huggingface.co/acme/m",
    ],
)
def test_what_is_no_model(address: str) -> None:
    assert models(document(package(downloadLocation=address))) == []


def test_licences_declared_and_concluded_are_in_force_together() -> None:
    (mention,) = models(
        document(package(licenseDeclared="MIT AND Apache-2.0", licenseConcluded="CC-BY-NC-4.0"))
    )
    assert mention.declared == ("MIT", "Apache-2.0", "CC-BY-NC-4.0")


@pytest.mark.parametrize("silent", ["NOASSERTION", "NONE"])
def test_no_assertion_declares_nothing(silent: str) -> None:
    held = document(package(licenseDeclared=silent, licenseConcluded=silent))
    assert models(held)[0].declared == ()


def test_a_choice_stays_one_expression() -> None:
    (mention,) = models(document(package(licenseDeclared="MIT OR CC-BY-NC-4.0")))
    assert mention.declared == ("MIT OR CC-BY-NC-4.0",)


def test_a_reference_stands_for_its_name_and_text() -> None:
    info = {"licenseId": "LicenseRef-1", "name": "Acme Terms", "extractedText": "No use."}
    held = document(
        package(licenseDeclared="MIT AND LicenseRef-1"), hasExtractedLicensingInfos=[info]
    )
    assert faults(held) == []
    assert models(held)[0].declared == ("MIT", "Acme Terms", "No use.")


def test_what_is_no_expression_is_handed_on_as_it_stands() -> None:
    held = document(package(licenseDeclared="see ((the LICENSE"))
    assert models(held)[0].declared == ("see ((the LICENSE",)
    assert len(faults(held)) == 1


def test_relationships_name_the_bases() -> None:
    def related(one: str, kind: str, other: str) -> dict[str, str]:
        return {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}

    relationships = [
        related("SPDXRef-m", "DESCENDANT_OF", "SPDXRef-a"),
        related("SPDXRef-b", "ANCESTOR_OF", "SPDXRef-m"),
        related("SPDXRef-m", "CONTAINS", "SPDXRef-c"),
    ]
    held = document(*map(package, "mabc"), relationships=relationships)
    assert models(held)[0].bases == ("acme/a", "acme/b")


def test_a_mention_points_at_the_line_of_its_name() -> None:
    held = document(package("a"), package("b"))
    lines = json.dumps(held, indent=1).splitlines()
    for mention, name in zip(models(held), "ab", strict=True):
        assert lines[(mention.place.line or 0) - 1].strip() == f'"name": "{name}",'


def test_a_document_that_breaks_the_standard_is_told_and_read() -> None:
    held = document(package(), creationInfo={"created": "yesterday", "creators": []})
    assert [mention.name for mention in models(held)] == ["acme/m"]
    (fault,) = faults(held)
    assert fault.startswith("bill:1: breaks SPDX-2.3:")


@pytest.mark.parametrize("version", ["SPDX-1.2", "SPDX-9", "", None, 2.3])
def test_an_unknown_version_is_told_and_read(version: object) -> None:
    held = document(package(), spdxVersion=version)
    assert [mention.name for mention in models(held)] == ["acme/m"]
    assert "expected SPDX 3.0 in JSON-LD, or SPDX-2.2 or SPDX-2.3" in faults(held)[0]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b'{"spdxVersion": "SPDX-2.3",\n "packages": [', "bill:2:15: is no JSON"),
        (b"[]", "bill:1: spdxVersion: found null"),
        (b"[" * 100_000, "bill: nests too deeply"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(data: bytes, told: str) -> None:
    (fault,) = faults(data)
    assert fault.startswith(told)


@pytest.mark.parametrize(
    "wrong",
    [
        {"packages": [package(externalRefs=[1, {}], summary=[], licenseDeclared=7)]},
        {"packages": {"a": 1}, "relationships": 3, "hasExtractedLicensingInfos": "x"},
        {"packages": [package(licenseDeclared="(" * 5000)]},
    ],
)
def test_members_of_a_wrong_type_break_nothing_and_are_told(wrong: dict[str, Any]) -> None:
    assert faults({**document(), **wrong})


# SPDX 3.0: documents are made by the standard's own Python model.


class Graph:
    """A document in the making."""

    def __init__(self) -> None:
        day = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        self.info = spdx3.CreationInfo(specVersion="3.0.1", created=day)
        self.elements: list[Any] = [self.info]
        self.info.createdBy = [self.add(spdx3.Person, "me", name="me")]

    def add(self, kind: Any, key: str, **said: Any) -> Any:
        element = kind(_id=f"https://example.org/{key}", creationInfo=self.info, **said)
        self.elements.append(element)
        return element

    def relate(self, one: Any, kind: str, *others: Any) -> None:
        type_ = getattr(spdx3.RelationshipType, kind)
        key = f"r{len(self.elements)}"
        self.add(spdx3.Relationship, key, from_=one, to=list(others), relationshipType=type_)

    def expression(self, key: str, text: str) -> Any:
        kind = spdx3.simplelicensing_LicenseExpression
        return self.add(kind, key, simplelicensing_licenseExpression=text)

    def data(self) -> bytes:
        out = io.BytesIO()
        spdx3.JSONLDSerializer().write(spdx3.SHACLObjectSet(self.elements), out, indent=1)
        return out.getvalue()


def test_an_ai_package_with_its_licences_and_bases_is_read() -> None:
    graph = Graph()
    model = graph.add(spdx3.ai_AIPackage, "m", name="tuned")
    base = graph.add(spdx3.ai_AIPackage, "b", name="b", software_packageUrl="pkg:huggingface/x/y")
    older = graph.add(spdx3.ai_AIPackage, "o", name="older")
    data = graph.add(spdx3.dataset_DatasetPackage, "d", name="corpus",
                     dataset_datasetType=[spdx3.dataset_DatasetType.text])  # fmt: skip
    text = graph.add(
        spdx3.simplelicensing_SimpleLicensingText, "t", simplelicensing_licenseText="No use."
    )
    terms = graph.expression("e", "MIT AND LicenseRef-x")
    entry = spdx3.DictionaryEntry(key="LicenseRef-x", value="https://example.org/t")
    terms.simplelicensing_customIdToUri = [entry]
    graph.relate(model, "hasDeclaredLicense", terms)
    graph.relate(model, "hasConcludedLicense", graph.expression("c", "CC-BY-NC-4.0"), text)
    graph.relate(model, "descendantOf", base)
    graph.relate(older, "ancestorOf", model)
    graph.relate(model, "trainedOn", data)
    assert faults(graph.data()) == []
    told = {m.name: (set(m.declared), set(m.bases)) for m in models(graph.data())}
    assert told == {
        "tuned": ({"MIT", "No use.", "CC-BY-NC-4.0"}, {"x/y", "older"}),
        "x/y": (set(), set()),
        "older": (set(), set()),
    }


def test_sets_of_licences_are_read_by_their_kind() -> None:
    graph = Graph()
    model = graph.add(spdx3.ai_AIPackage, "m", name="m")
    mit, nc, gpl = (graph.expression(k, t) for k, t in
                    (("1", "MIT"), ("2", "CC-BY-NC-4.0"), ("3", "GPL-2.0-only")))  # fmt: skip
    either = graph.add(
        spdx3.expandedlicensing_DisjunctiveLicenseSet, "or", expandedlicensing_member=[mit, nc]
    )
    both = graph.add(
        spdx3.expandedlicensing_ConjunctiveLicenseSet, "and", expandedlicensing_member=[either, gpl]
    )
    graph.relate(model, "hasDeclaredLicense", both)
    (mention,) = models(graph.data())
    told = {frozenset(text.split(" OR ")) for text in mention.declared}
    assert told == {frozenset({"GPL-2.0-only"}), frozenset({"MIT", "CC-BY-NC-4.0"})}


def relation(to: object) -> dict[str, Any]:
    related = {"type": "Relationship", "relationshipType": "hasDeclaredLicense"}
    return {**related, "spdxId": "r", "from": "m", "to": to}


def graph_of(*elements: dict[str, Any]) -> dict[str, Any]:
    model = {"type": "ai_AIPackage", "spdxId": "m", "name": "m"}
    return {"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
            "@graph": [model, *elements]}  # fmt: skip


@pytest.mark.parametrize(
    ("to", "declared"),
    [
        (["https://spdx.org/licenses/MIT"], ("MIT",)),
        ("https://spdx.org/licenses/Apache-2.0.html", ("Apache-2.0",)),
        (["expandedlicensing_NoAssertionLicense"], ()),
        (["https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/NoneLicense"], ()),
        (["https://example.org/terms"], ("https://example.org/terms",)),
        ([{"type": "simplelicensing_LicenseExpression",
           "simplelicensing_licenseExpression": "MIT"}], ("MIT",)),
        (None, ()),
        (7, ("",)),
    ],
)  # fmt: skip
def test_a_licence_is_read_by_address_or_in_place(to: object, declared: tuple[str, ...]) -> None:
    (mention,) = models(graph_of(relation(to)))
    assert mention.declared == tuple(filter(None, declared))


def test_sets_within_themselves_and_within_one_another_come_to_an_end() -> None:
    sets = [
        {"type": "expandedlicensing_DisjunctiveLicenseSet", "spdxId": f"s{n}",
         "expandedlicensing_member": [f"s{(n + k) % 60}" for k in range(1, 8)]}
        for n in range(60)
    ]  # fmt: skip
    (mention,) = models(graph_of(relation(["s0"]), *sets))
    assert any("holds itself, or is too large" in text for text in mention.declared)
