"""Models in CycloneDX bills: every version, both forms, and bills that lie, break or attack."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cyclonedx.model import AttachedText
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType, Pedigree
from cyclonedx.model.license import DisjunctiveLicense, LicenseExpression
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL
from whyllm.engine.inventory import cyclonedx_bill, located_json
from whyllm.engine.inventory.mention import Fault, Mention

MODEL = ComponentType.MACHINE_LEARNING_MODEL


def found(bill: str | bytes | dict[str, Any]) -> list[Mention | Fault]:
    if isinstance(bill, dict):
        bill = json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, **bill})
    return list(cyclonedx_bill.read(bill.encode() if isinstance(bill, str) else bill, "bill"))


def models(bill: str | bytes | dict[str, Any]) -> list[Mention]:
    return [mention for mention in found(bill) if isinstance(mention, Mention)]


def faults(bill: str | bytes | dict[str, Any]) -> list[str]:
    return [str(fault) for fault in found(bill) if isinstance(fault, Fault)]


def model(**said: Any) -> dict[str, Any]:
    return {"components": [{"type": "machine-learning-model", "name": "m", **said}]}


@pytest.mark.parametrize("form", [OutputFormat.JSON, OutputFormat.XML])
@pytest.mark.parametrize("version", ["1.4", "1.5", "1.6", "1.7"])
def test_what_the_library_writes_is_read(version: str, form: OutputFormat) -> None:
    kind = ComponentType.LIBRARY if version == "1.4" else MODEL  # 1.4 knows no models
    base = Component(name="base", group="acme", type=kind)
    tuned = Component(
        name="Llama-Tuned",
        group="acme",
        version="3",
        type=kind,
        purl=PackageURL("huggingface", "acme", "Llama-Tuned", "0A1B"),
        licenses=[
            DisjunctiveLicense(id="Apache-2.0"),
            DisjunctiveLicense(name="Acme Terms", text=AttachedText(content="No use at all.")),
        ],
        pedigree=Pedigree(ancestors=[base]),
    )
    joined = Component(
        name="app",
        components=[Component(name="inner", type=kind, purl=PackageURL("ollama", "", "phi3", "3b"),
                              licenses=[LicenseExpression("MIT OR Apache-2.0")])],
    )  # fmt: skip
    bom = Bom(components=[tuned, joined, Component(name="requests")])
    text = make_outputter(bom, form, SchemaVersion.from_version(version)).output_as_string(indent=2)
    assert faults(text) == []
    told = {m.name: (frozenset(m.declared), m.bases) for m in models(text)}
    assert told == {
        "acme/Llama-Tuned": (
            frozenset({"Apache-2.0", "Acme Terms", "No use at all."}),
            ("acme/base",),
        ),
        "phi3:3b": (frozenset({"MIT OR Apache-2.0"}), ()),
    }
    for mention in models(text):
        line = text.splitlines()[(mention.place.line or 0) - 1]
        assert mention.name.split("/")[-1].split(":")[0] in line or "inner" in line


XML = """<?xml version="1.0" encoding="UTF-8"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.5" version="1">
  <metadata><component type="machine-learning-model"><name>subject</name></component></metadata>
  <components>
    <component type="machine-learning-model">
      <group>acme</group>
      <name>tuned</name>
      <licenses><license><name>LicenseRef-1</name>
        <text encoding="base64">Tm8gdXNlLg==</text></license></licenses>
      <modelCard><modelParameters><approach><type>supervised</type></approach></modelParameters>
        <properties><property name="acme:base_model">meta/x, meta/y</property></properties>
      </modelCard>
    </component>
  </components>
</bom>"""


def test_a_model_card_in_xml_is_read() -> None:
    subject, tuned = models(XML)
    assert subject.name == "subject"
    assert (tuned.name, tuned.declared) == ("acme/tuned", ("No use.",))
    assert tuned.bases == ("meta/x", "meta/y")
    assert (tuned.place.line, tuned.place.column) == (7, 7)


def test_a_model_card_in_json_is_read() -> None:
    card = {
        "modelParameters": {"approach": {"type": "supervised"}},
        "properties": [{"name": "hf:base_model", "value": "meta/x"}],
    }
    bill = model(modelCard=card)
    assert faults(bill) == []
    assert models(bill)[0].bases == ("meta/x",)
    unknown = model(modelCard={"modelParameters": {"baseModel": ["meta/y"]}})
    assert models(unknown)[0].bases == ("meta/y",)
    assert "modelParameters" in faults(unknown)[0]


@pytest.mark.parametrize(
    ("component", "name"),
    [
        ({"type": "library", "name": "x", "purl": "pkg:huggingface/Org/Name@ab"}, "Org/Name"),
        ({"type": "library", "name": "x", "purl": "pkg:huggingface/gpt2"}, "gpt2"),
        ({"type": "library", "name": "x", "purl": "pkg:ollama/llama3.1@8b"}, "llama3.1:8b"),
        ({"type": "library", "name": "x", "modelCard": {}}, "x"),
        ({"type": "machine-learning-model", "name": "x", "version": "2"}, "x"),
        ({"type": "machine-learning-model", "name": "x", "purl": "pkg:pypi/y"}, "x"),
    ],
)
def test_what_shows_a_model_and_its_name(component: dict[str, Any], name: str) -> None:
    assert [m.name for m in models({"components": [component]})] == [name]


@pytest.mark.parametrize(
    "component",
    [
        {"type": "library", "name": "transformers", "purl": "pkg:pypi/transformers"},
        {"type": "library", "name": "x", "purl": "pkg:github/huggingface/transformers"},
        {"type": "data", "name": "squad", "purl": "pkg:huggingface/datasets/squad"},
    ],
)
def test_what_is_no_model(component: dict[str, Any]) -> None:
    assert models({"components": [component]}) == []


def test_an_ancestor_that_declares_terms_is_not_lost() -> None:
    ancestor = {"type": "library", "name": "base", "licenses": [{"license": {"id": "MIT"}}]}
    bill = model(pedigree={"ancestors": [ancestor]})
    assert [(m.name, m.declared, m.bases) for m in models(bill)] == [
        ("m", (), ("base",)),
        ("base", ("MIT",), ()),
    ]


def test_what_a_review_concluded_is_no_declaration() -> None:
    mark = [{"name": "whyllm:concluded", "value": "x"}]
    licences = [{"license": {"id": "MIT"}}, {"license": {"name": "n", "properties": mark}}]
    ancestor = {"type": "library", "name": "base", "properties": mark}
    (mention,) = models(model(licenses=licences, pedigree={"ancestors": [ancestor]}))
    assert (mention.declared, mention.bases) == (("MIT",), ())


@pytest.mark.parametrize("version", ["1.3", "9.9", "", None, 1.6, "1.6; x"])
def test_an_unknown_version_is_told_and_read(version: object) -> None:
    bill = {"specVersion": version, **model()}
    assert [m.name for m in models(bill)] == ["m"]
    assert "expected a CycloneDX bill of version 1.4, 1.5, 1.6, 1.7" in faults(bill)[0]


def test_a_bill_of_1_4_that_lists_models_lies_and_is_read() -> None:
    bill = {"specVersion": "1.4", **model()}
    assert [m.name for m in models(bill)] == ["m"]
    (fault,) = faults(bill)
    assert fault.startswith("bill: breaks the schema of CycloneDX 1.4: $.components[0].type")


def test_xml_that_breaks_its_schema_is_told_and_read() -> None:
    wrong = XML.replace("<group>acme</group>", "<colour>red</colour>")
    assert [m.name for m in models(wrong)] == ["subject", "tuned"]
    (fault,) = faults(wrong)
    assert fault.startswith("bill:6: breaks the schema of CycloneDX 1.5")
    assert "colour" in fault


@pytest.mark.parametrize(
    ("bill", "told"),
    [
        (b'{"bomFormat": "CycloneDX",\n "components": [', "bill:2:17: is no JSON"),
        (b'{"bomFormat": "Cyc', "bill:1:15: is no JSON"),
        (b"", "bill:1:1: is no JSON"),
        (b"[]", "bill:1: is no CycloneDX bill: expected an object"),
        (b'{"a": "\xff"}', "bill:1: is no text"),
        (b'{"a":' * 100_000, "bill: nests too deeply"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "bill: holds what cannot be read"),
        (XML[:300].encode(), "bill:7:16: is no XML"),
        (b"<a>" * 100_000, "bill:1: nests deeper"),
        (b"<?xml version='1.0' encoding='x-none'?><bom/>", "bill:1: unknown encoding"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(bill: bytes, told: str) -> None:
    (fault,) = faults(bill)
    assert fault.startswith(told)


BOMB = """<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "xxxxxxxxxx">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>"""
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY c SYSTEM "file:///etc/hostname">]>'
FETCHED = '<?xml version="1.0"?><!DOCTYPE b SYSTEM "http://127.0.0.1:9/b.dtd">'


@pytest.mark.parametrize("head", [BOMB, OUTSIDE, FETCHED])
def test_entities_and_document_types_are_refused(head: str) -> None:
    (fault,) = found(head + XML.partition("?>")[2].replace("subject", "&c;"))
    assert "refused" in str(fault)


def test_an_oversized_bill_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(located_json, "LARGEST", 100)
    for bill in (XML, json.dumps(model(description="x" * 100))):
        (fault,) = faults(bill)
        assert "a bill of materials has at most 100" in fault


def test_a_key_said_twice_is_told() -> None:
    text = '{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [\n{"type": \
"machine-learning-model", "name": "a", "licenses": [{"license": {"id": "CC-BY-NC-4.0"}}], \
"licenses": []}]}'
    assert 'the key "licenses" is said twice' in faults(text)[0]
    assert faults(text)[0].startswith("bill:2:")


@pytest.mark.parametrize(
    "wrong",
    [
        {"components": {"name": "m"}},
        {"components": [None, 1, "x", []]},
        {"metadata": [], "components": [{"type": ["machine-learning-model"]}]},
        model(licenses="MIT"),
        model(licenses=[{"license": {"id": 7, "name": [], "text": 3}}]),
        model(
            licenses=[{"license": {"name": "n", "text": {"content": "%", "encoding": "base64"}}}]
        ),
        model(pedigree=[], properties={}, modelCard=[], components=7, purl=9),
        model(pedigree={"ancestors": [{"name": {}}]}),
        model(purl="pkg:huggingface/"),
        model(name=None),
        model(name=" "),
        model(name="\ud800"),
    ],
)
def test_members_of_a_wrong_type_break_nothing_and_are_told(wrong: dict[str, Any]) -> None:
    assert faults(wrong) or models(wrong)
    for mention in models(wrong):
        assert mention.name.encode()


def test_a_model_without_a_name_is_told() -> None:
    assert any("a model without a name" in fault for fault in faults(model(name="")))


def test_ancestors_that_have_ancestors_are_each_told_once() -> None:
    oldest: dict[str, Any] = {"type": "library", "name": "0", "licenses": [{"license": "MIT"}]}
    for number in range(1, 40):
        oldest = {**oldest, "name": str(number), "pedigree": {"ancestors": [oldest]}}
    names = [m.name for m in models(model(pedigree={"ancestors": [oldest]}))]
    assert names == ["m", *(str(number) for number in reversed(range(40)))]
