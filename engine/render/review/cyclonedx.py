"""A review as a CycloneDX 1.6 bill of materials, which says the same when it is read back.

What the review adds of its own knowledge (licences that bind, models that a fine-tune was made
from) bears the property `whyllm:concluded`, by which the reader tells it from what was declared.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from whyllm.engine.inventory.cyclonedx_bill import CONCLUDED, NAMED
from whyllm.engine.render.review.stock import Entry, address_of, entries, origins, plain, told
from whyllm.engine.render.review.tool import NAME, version

if TYPE_CHECKING:
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component
    from whyllm.engine.catalogue import Catalogue
    from whyllm.engine.reviewing.finding import Review

LONGEST_NAME = 200
"""How long a licence's name may be; a longer one is its text, as is one of several lines."""


def pieces(review: Review) -> Iterator[str]:
    """The bill as JSON, a component for each model as named and declared; reads the review.

    The same review gives the same bytes: the serial number is derived from what is said, and the
    bill is dated on the day of the review.
    """
    from cyclonedx.output.json import JsonV1Dot6

    yield JsonV1Dot6(_bill(review)).output_as_string(indent=2)
    yield "\n"


def _bill(review: Review) -> Bom:
    import datetime as dt

    from cyclonedx.model.bom import Bom, BomMetaData
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.model.tool import ToolRepository

    listed = entries(review)
    digest = hashlib.sha256(review.catalogue.digest.encode())
    components = []
    for number, entry in enumerate(listed, 1):
        components.append(_component(entry, f"model-{number}", review))
        digest.update(repr((entry.name, entry.declared, entry.bases, entry.finding)).encode(
            "utf-8", "surrogatepass"))  # fmt: skip
        digest.update(repr(entry.places).encode("utf-8", "surrogatepass"))
    digest.update(review.on.isoformat().encode())
    tool = Component(type=ComponentType.APPLICATION, name=NAME, version=version())
    return Bom(
        components=components,
        serial_number=uuid.uuid5(uuid.NAMESPACE_OID, digest.hexdigest()),
        metadata=BomMetaData(
            timestamp=dt.datetime.combine(review.on, dt.time(), dt.UTC),
            tools=ToolRepository(components=[tool]),
        ),
    )


def _component(entry: Entry, reference: str, review: Review) -> Component:
    from cyclonedx.model import Property
    from cyclonedx.model.component import Component, ComponentType, Pedigree
    from cyclonedx.model.component_evidence import ComponentEvidence, Occurrence
    from packageurl import PackageURL

    repository = entry.model.hf_repo if entry.model else None
    made_from = enumerate(origins(entry, review.catalogue), 1)
    ancestors = [_ancestor(name, f"{reference}-base-{n}", said) for n, (name, said) in made_from]
    aside = repository not in (None, entry.name)  # a reader takes the address for the name
    properties = [Property(name=NAMED, value=plain(entry.name))] if aside else []
    properties += [Property(name=f"whyllm:{name}", value=plain(value))
                   for name, value in told(entry)]  # fmt: skip
    return Component(
        name=plain(entry.name),
        type=ComponentType.MACHINE_LEARNING_MODEL,
        bom_ref=reference,
        purl=PackageURL.from_string(f"pkg:huggingface/{repository}") if repository else None,
        licenses=_licences(entry, review.catalogue),
        pedigree=Pedigree(ancestors=ancestors) if ancestors else None,
        evidence=ComponentEvidence(
            occurrences=[
                Occurrence(
                    bom_ref=f"{reference}-at-{number}", location=plain(place.file), line=place.line
                )
                for number, place in enumerate(entry.places, 1)
            ]
        ),
        properties=properties,
    )


def _ancestor(name: str, reference: str, declared: bool) -> Component:
    from cyclonedx.model import Property
    from cyclonedx.model.component import Component, ComponentType

    return Component(
        name=plain(name),
        type=ComponentType.MACHINE_LEARNING_MODEL,
        bom_ref=reference,
        properties=[] if declared else [Property(name=CONCLUDED, value="made from")],
    )


def _licences(entry: Entry, catalogue: Catalogue) -> list[Any]:
    """The declared licences, and those that bind besides; an expression stands only alone."""
    from cyclonedx.model.license import LicenseAcknowledgement, LicenseExpression
    from cyclonedx.spdx import is_expression, is_supported_id

    known = entry.known
    declared = LicenseAcknowledgement.DECLARED
    if len(entry.declared) == 1 and not known:
        (only,) = entry.declared
        if not is_supported_id(only) and is_expression(only):
            return [LicenseExpression(only, acknowledgement=declared)]
    return [*(_declared(text) for text in entry.declared if text),
            *(_concluded(licence, catalogue) for licence in known)]  # fmt: skip


def _declared(text: str) -> Any:
    from cyclonedx.model import AttachedText
    from cyclonedx.model.license import DisjunctiveLicense, LicenseAcknowledgement
    from cyclonedx.spdx import is_supported_id

    declared = LicenseAcknowledgement.DECLARED
    if is_supported_id(text):
        return DisjunctiveLicense(id=text, acknowledgement=declared)
    if len(text) <= LONGEST_NAME and text.isprintable():
        return DisjunctiveLicense(name=text, acknowledgement=declared)
    handle = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return DisjunctiveLicense(
        name=f"LicenseRef-{handle}",
        text=AttachedText(content=plain(text)),
        acknowledgement=declared,
    )


def _concluded(licence: str, catalogue: Catalogue) -> Any:
    from cyclonedx.model import Property, XsUri
    from cyclonedx.model.license import DisjunctiveLicense, LicenseAcknowledgement
    from cyclonedx.spdx import is_supported_id

    address = address_of(licence, catalogue)
    listed = is_supported_id(licence)
    return DisjunctiveLicense(
        id=licence if listed else None,
        name=None if listed else licence,
        url=XsUri(address) if address else None,
        acknowledgement=LicenseAcknowledgement.CONCLUDED,
        properties=[Property(name=CONCLUDED, value="by the knowledge base")],
    )
