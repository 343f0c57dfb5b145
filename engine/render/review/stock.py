"""The models of a review as a bill of materials lists them: each once, with all of its places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from whyllm.engine.inventory.mention import Place

if TYPE_CHECKING:
    from whyllm.engine.catalogue import Catalogue, ModelEntry
    from whyllm.engine.reviewing.finding import Finding, Review


@dataclass
class Entry:
    """A model as named and declared, what is said of it, and where it is named."""

    name: str
    declared: tuple[str, ...]
    bases: tuple[str, ...]
    finding: Finding
    model: ModelEntry | None
    places: list[Place] = field(default_factory=list)

    @property
    def known(self) -> list[str]:
        """The licences that bind it and are not declared in these words."""
        return [licence for licence in self.finding.licences if licence not in self.declared]


def entries(review: Review) -> list[Entry]:
    """What a bill lists, in the order in which the review first named it; reads the review."""
    found: dict[object, Entry] = {}
    for item in review.items():
        mention, finding = item.mention, item.finding
        key = (mention.name, mention.declared, mention.bases, finding)
        if key not in found:
            model = review.catalogue.models.get(finding.model or "")
            found[key] = Entry(mention.name, mention.declared, mention.bases, finding, model)
        if mention.place not in found[key].places[-1:]:
            found[key].places.append(mention.place)
    return list(found.values())


def told(entry: Entry) -> Iterator[tuple[str, str]]:
    """What the review says of an entry, as names and values; the same name may come twice."""
    finding = entry.finding
    yield "verdict", finding.verdict.value
    if finding.model:
        yield "model", finding.model
    for licence in finding.licences:
        yield "licence", licence
    for text in finding.unrecognised:
        yield "unrecognised", text
    for cause in (*finding.causes, *finding.contradictions):
        yield "because", f"{cause.rule} {cause.text}"
    for condition in finding.depends_on:
        yield "depends-on", f"{condition.axis}: {condition.text}"
    for duty in finding.duties:
        yield "duty", f"{duty.text} ({duty.section}; {duty.trigger})"


def origins(entry: Entry, catalogue: Catalogue) -> Iterator[tuple[str, bool]]:
    """The names of what it is made from, and whether they are declared."""
    for base in entry.bases:
        yield base, True
    for model in entry.finding.made_from:
        known = catalogue.models.get(model)
        name = known.hf_repo or known.name if known else model
        if name not in entry.bases:
            yield name, False


def plain(text: str) -> str:
    """A text that any encoding of Unicode can hold: a lone surrogate is no letter."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def address_of(licence: str, catalogue: Catalogue) -> str | None:
    """Where the text of a licence was read, none if that is not known."""
    for fact in catalogue.known.of_licence.get(licence, ()):
        source = catalogue.sources.get(fact.get("source", ""))
        if source is not None and source.url:
            return source.url
    return None
