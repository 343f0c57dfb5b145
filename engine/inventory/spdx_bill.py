"""Reads the models of an SPDX bill of materials in JSON: 2.2 and 2.3 here, 3.0 in spdx3_graph.py.

The members are read as the standard documents them, since the library that knows the standard
refuses a whole document for one fault; its check is asked for the first violation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from whyllm.engine.inventory.hub_address import hub_name, is_on_hub, page_name
from whyllm.engine.inventory.located_json import (
    Located,
    UnreadableError,
    objects,
    parse,
    shortened,
    text_of,
)
from whyllm.engine.inventory.mention import Fault, Found, Mention, Place
from whyllm.engine.inventory.spdx_terms import SILENT, terms

VERSIONS = ("SPDX-2.2", "SPDX-2.3")
CHECKED = 1_000_000
"""A document of more bytes is read and not checked by the library, which is slow."""

MODEL_REFERENCE = "machine-learning-model"
"""The type of an external reference that says of a package: a model, and its name as a locator."""

CONCLUDED = "whyllm:concluded"
"""How a licence comment, or that of a relationship, begins where a review added what it knows."""

Texts = dict[str, tuple[str, ...]]


def read(data: bytes, shown: str) -> Iterator[Found]:
    """The models of a document, and its faults; a faulty one is read as far as possible."""
    try:
        document, faults = parse(data, shown)
    except UnreadableError as error:
        yield error.fault
        return
    yield from faults
    if isinstance(document, Located) and "spdxVersion" not in document and "@context" in document:
        from whyllm.engine.inventory.spdx3_graph import models

        yield from models(document, shown)
        return
    version = document.get("spdxVersion") if isinstance(document, Located) else None
    if version not in VERSIONS:
        wanted = f"expected SPDX 3.0 in JSON-LD, or {' or '.join(VERSIONS)}"
        yield Fault(Place(shown, 1), f"spdxVersion: found {shortened(version)}, {wanted}")
    if isinstance(document, Located):
        yield from _violation(data, document, shown)
        yield from _models(document, shown)


def _models(document: Located, shown: str) -> Iterator[Found]:
    packages = objects(document.get("packages"))
    texts = extracted(document)
    names = {text_of(package.get("SPDXID")): name_of(package) for package in packages}
    bases = _bases(document, names)
    for package in packages:
        if not is_model(package):
            continue
        place = Place(shown, package.line, package.column)
        name = name_of(package)
        if not name.strip():
            yield Fault(place, "a model without a name: expected name")
            continue
        made_from = bases[text_of(package.get("SPDXID"))]
        origins = tuple(base for base in dict.fromkeys(made_from) if base not in ("", name))
        yield Mention(name, place, declared(package, texts), origins)


def is_model(package: Located) -> bool:
    """Whether a package is a model, by a reference, its address, its purpose or its download."""
    purpose = text_of(package.get("primaryPackagePurpose")).upper()
    return bool("MODEL" in purpose or any(_named_by_references(package)) or _page(package))


def _page(package: Located) -> str | None:
    return page_name(text_of(package.get("downloadLocation")))


def _named_by_references(package: Located) -> tuple[str, str]:
    """The names by reference and by package address, "" where there is none."""
    named = address = ""
    for reference in objects(package.get("externalRefs")):
        kind, locator = (text_of(reference.get(k)) for k in ("referenceType", "referenceLocator"))
        if kind == MODEL_REFERENCE:
            named = unquote(locator)
        elif is_on_hub(locator):
            address = hub_name(locator) or text_of(package.get("name"))
    return named, address


def name_of(package: Located) -> str:
    """The name by reference, by package address, by download address; else the package's own."""
    named, address = _named_by_references(package)
    return named or address or _page(package) or text_of(package.get("name"))


def extracted(document: Located) -> Texts:
    """What the document says of each licence that it refers to: its name, and its text."""
    found: Texts = {}
    for info in objects(document.get("hasExtractedLicensingInfos")):
        key, name, text = (text_of(info.get(k)) for k in ("licenseId", "name", "extractedText"))
        told = tuple(part for part in (name, text) if part.strip() not in SILENT)
        if key and told:
            found[key] = told
    return found


def declared(package: Located, texts: Texts) -> tuple[str, ...]:
    """The licences that a package is declared and concluded to be under; those of a review not."""
    found = list(terms(text_of(package.get("licenseDeclared")), texts))
    if not text_of(package.get("licenseComments")).startswith(CONCLUDED):
        found += terms(text_of(package.get("licenseConcluded")), texts)
    return tuple(dict.fromkeys(found))


_TO_BASE = frozenset({"DESCENDANT_OF", "GENERATED_FROM"})
_FROM_BASE = frozenset({"ANCESTOR_OF", "GENERATES"})


def _bases(document: Located, names: dict[str, str]) -> defaultdict[str, list[str]]:
    """By the id of a package, the names of those that it is related to as made from them."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for relation in objects(document.get("relationships")):
        one, other = (text_of(relation.get(k)) for k in ("spdxElementId", "relatedSpdxElement"))
        kind = text_of(relation.get("relationshipType")).upper()
        if text_of(relation.get("comment")).startswith(CONCLUDED):
            continue
        if kind in _TO_BASE:
            found[one].append(names.get(other, ""))
        elif kind in _FROM_BASE:
            found[other].append(names.get(one, ""))
    return found


def _violation(data: bytes, document: Located, shown: str) -> Iterator[Fault]:
    """A fault for the first violation of the standard that the library finds."""
    if len(data) > CHECKED or document.get("spdxVersion") not in VERSIONS:
        return
    text = _first_violation(document)
    if text:
        plain = " ".join(text.split())[:240]
        yield Fault(Place(shown, 1), f"breaks {document['spdxVersion']}: {plain}")


def _first_violation(document: dict[str, Any]) -> str | None:
    from spdx_tools.spdx.parser.error import SPDXParsingError
    from spdx_tools.spdx.parser.jsonlikedict.json_like_dict_parser import JsonLikeDictParser
    from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

    try:
        messages = validate_full_spdx_document(JsonLikeDictParser().parse(document))
    except SPDXParsingError as error:
        return str(error.get_messages()[0])
    except Exception as error:  # the library trips over members of a wrong type
        return f"{type(error).__name__}: {error}"
    return messages[0].validation_message if messages else None
