"""A review as an SPDX 2.3 document in JSON, which says the same terms when it is read back.

A licence that is no SPDX expression becomes a licence reference with its words as the text. What
the review adds of its own knowledge stands in licenseConcluded and in relationships, whose comments
say so, by which the reader tells it from what was declared.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from whyllm.engine.inventory.spdx_bill import CONCLUDED, MODEL_REFERENCE
from whyllm.engine.render.review.stock import Entry, address_of, entries, origins, plain, told
from whyllm.engine.render.review.tool import NAME, version

if TYPE_CHECKING:
    from spdx_tools.spdx.model import Document, Package, Relationship
    from whyllm.engine.reviewing.finding import Review

LONGEST = 1000
"""How many characters of words may be an expression; more are a text."""


def pieces(review: Review) -> Iterator[str]:
    """The document as JSON, a package for each model as named and declared; reads the review.

    The same review gives the same bytes: the namespace is derived from what is said, and the
    document is dated on the day of the review.
    """
    from spdx_tools.spdx.jsonschema.document_converter import DocumentConverter

    document = DocumentConverter().convert(_Writer(review).document())
    yield from json.JSONEncoder(indent=2).iterencode(document)
    yield "\n"


class _Writer:
    """The parts of one document, and the licences that it has to explain."""

    def __init__(self, review: Review) -> None:
        self.review = review
        self.date = dt.datetime.combine(review.on, dt.time())
        self.references: dict[str, str] = {}  # a licence's words by its reference
        self.packages: list[Package] = []
        self.relationships: list[Relationship] = []
        self.annotations: list[Any] = []

    def document(self) -> Document:
        from spdx_tools.spdx.model import Actor, ActorType, CreationInfo, Document

        listed = entries(self.review)
        for number, entry in enumerate(listed, 1):
            self._add(entry, f"SPDXRef-model-{number}")
        said = [[e.name, e.declared, e.bases, list(told(e)), list(map(str, e.places))]
                for e in listed]  # fmt: skip
        words = json.dumps([said, self.review.catalogue.digest, self.review.on.isoformat()])
        digest = hashlib.sha256(words.encode()).hexdigest()
        identity = uuid.uuid5(uuid.NAMESPACE_OID, digest)
        return Document(
            CreationInfo(
                spdx_version="SPDX-2.3",
                spdx_id="SPDXRef-DOCUMENT",
                name="Models of a licence review",
                document_namespace=f"urn:uuid:{identity}",
                creators=[Actor(ActorType.TOOL, f"{NAME}-{version()}")],
                created=self.date,
            ),
            packages=self.packages,
            relationships=self.relationships,
            annotations=self.annotations,
            extracted_licensing_info=self._explained(),
        )

    def _add(self, entry: Entry, identity: str) -> None:
        from spdx_tools.spdx.model import (
            Actor,
            ActorType,
            Annotation,
            AnnotationType,
            Relationship,
            RelationshipType,
        )

        repository = entry.model.hf_repo if entry.model else None
        package = _package(entry.name, identity)
        if repository:
            package.download_location = f"https://huggingface.co/{repository}"
        package.external_references = list(_references(entry.name, repository))
        package.license_declared = self._expression(entry.declared)
        package.license_concluded = self._expression((*entry.declared, *entry.known))
        package.license_comment = f"{CONCLUDED} from the declaration and from what is known"
        places = ", ".join(map(str, entry.places))
        package.source_info = plain(f"Named in {places}")
        self.packages.append(package)
        self.relationships.append(
            Relationship("SPDXRef-DOCUMENT", RelationshipType.DESCRIBES, identity)
        )
        for number, (name, said) in enumerate(origins(entry, self.review.catalogue), 1):
            base = f"{identity}-base-{number}"
            self.packages.append(_package(name, base))
            comment = None if said else f"{CONCLUDED} from what is known"
            kind = RelationshipType.DESCENDANT_OF
            self.relationships.append(Relationship(identity, kind, base, comment))
        words = "\n".join(f"{name}: {value}" for name, value in told(entry))
        by = Actor(ActorType.TOOL, f"{NAME}-{version()}")
        self.annotations.append(
            Annotation(identity, AnnotationType.OTHER, by, self.date, plain(words))
        )

    def _expression(self, licences: tuple[str, ...]) -> Any:
        """All of them in force together as one expression; no assertion where there is none."""
        from spdx_tools.common.spdx_licensing import spdx_licensing
        from spdx_tools.spdx.model import SpdxNoAssertion

        parts = dict.fromkeys(map(self._part, filter(str.strip, licences)))
        joined = " AND ".join(f"({part})" for part in parts)
        return spdx_licensing.parse(joined) if joined else SpdxNoAssertion()

    def _part(self, licence: str) -> str:
        """A licence as part of an expression: as it is written, or by reference to its words."""
        if _listed(licence):
            return licence
        words = licence.encode("utf-8", "surrogatepass")
        reference = f"LicenseRef-{hashlib.sha256(words).hexdigest()[:16]}"
        if licence.startswith("LicenseRef-") and _is_reference(licence):
            reference = licence
        self.references[reference] = plain(licence)
        return reference

    def _explained(self) -> list[Any]:
        from spdx_tools.spdx.model import ExtractedLicensingInfo

        found = []
        for reference, words in sorted(self.references.items()):
            address = address_of(words, self.review.catalogue)
            also = [address] if address else []
            found.append(ExtractedLicensingInfo(reference, words, cross_references=also))
        return found


def _package(name: str, identity: str) -> Package:
    from spdx_tools.spdx.model import Package, SpdxNoAssertion

    return Package(identity, plain(name), SpdxNoAssertion(), files_analyzed=False)


def _references(name: str, repository: str | None) -> Iterator[Any]:
    from spdx_tools.spdx.model import ExternalPackageRef, ExternalPackageRefCategory

    locator = quote(plain(name), safe="/")
    yield ExternalPackageRef(ExternalPackageRefCategory.OTHER, MODEL_REFERENCE, locator)
    if repository:
        address = f"pkg:huggingface/{repository}"
        yield ExternalPackageRef(ExternalPackageRefCategory.PACKAGE_MANAGER, "purl", address)


def _listed(licence: str) -> bool:
    """Whether it is an expression of licences and exceptions that SPDX lists."""
    from license_expression import ExpressionError
    from spdx_tools.common.spdx_licensing import spdx_licensing

    if len(licence) > LONGEST:
        return False
    try:
        return spdx_licensing.parse(licence, validate=True, strict=True) is not None
    except ExpressionError:
        return False


def _is_reference(licence: str) -> bool:
    return re.fullmatch(r"LicenseRef-[A-Za-z0-9.-]+", licence) is not None
