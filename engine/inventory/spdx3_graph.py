"""Reads the models of an SPDX 3.0 document: AI packages in its graph, and their relationships."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from whyllm.engine.inventory.hub_address import hub_name, is_on_hub, page_name
from whyllm.engine.inventory.located_json import Located, text_of
from whyllm.engine.inventory.mention import Fault, Found, Mention, Place
from whyllm.engine.inventory.spdx_terms import SILENT, terms

LISTED = re.compile(r"https?://spdx\.org/licenses/([^/#]+?)(?:\.html|\.json)?")
_NOTHING = ("NoAssertionLicense", "NoneLicense")
_LICENCES = ("hasDeclaredLicense", "hasConcludedLicense")
_TO_BASE = ("descendantOf", "trainedOn")
_FROM_BASE = ("ancestorOf",)
LONGEST = 10_000
"""How long, in characters, an expression may be that a set of licences stands for."""

UNREADABLE = "a set of licences that holds itself, or is too large"


class _Graph:
    """The elements of a document by id, written in the graph or within one another."""

    def __init__(self, document: Located) -> None:
        self.elements: list[Located] = []
        self.by_id: dict[str, Located] = {}
        waiting: list[object] = [document]
        while waiting:
            value = waiting.pop()
            if isinstance(value, Located):
                self.elements.append(value)
                if _id(value):
                    self.by_id.setdefault(_id(value), value)
                waiting.extend(reversed(list(value.values())))
            elif isinstance(value, list):
                waiting.extend(reversed(value))
        self.told: dict[int, list[str]] = {}
        self.relations: defaultdict[str, list[tuple[str, object]]] = defaultdict(list)
        for element in self.elements:
            kind = _last(text_of(element.get("relationshipType")))
            if not kind:
                continue
            for target in _listed(element.get("to")):
                if kind in _FROM_BASE:
                    self.relations[_id(target)].append((kind, element.get("from")))
                else:
                    self.relations[_id(element.get("from"))].append((kind, target))

    def at(self, reference: object) -> Located | None:
        """The element that an id refers to, or that stands in its place."""
        return reference if isinstance(reference, Located) else self.by_id.get(_id(reference))

    def related(self, element: Located, *kinds: str) -> Iterator[object]:
        """What an element has relationships of some kinds to."""
        for kind, target in self.relations.get(_id(element), ()):
            if kind in kinds:
                yield target


def models(document: Located, shown: str) -> Iterator[Found]:
    """The AI packages of a document, and software packages whose address is a hub's."""
    graph = _Graph(document)
    for element in graph.elements:
        if not _is_model(element):
            continue
        place = Place(shown, element.line, element.column)
        name = _name(element)
        if not name.strip():
            yield Fault(place, "a model without a name: expected name")
            continue
        declared: list[str] = []
        for licence in graph.related(element, *_LICENCES):
            declared.extend(filter(None, _terms(graph, licence)))
        bases = [_name(base) for base in _bases(graph, element)]
        origins = tuple(base for base in dict.fromkeys(bases) if base not in ("", name))
        yield Mention(name, place, tuple(dict.fromkeys(declared)), origins)


def _bases(graph: _Graph, element: Located) -> Iterator[Located]:
    for reference in graph.related(element, *_TO_BASE, *_FROM_BASE):
        base = graph.at(reference)
        if base is not None and _kind(base) != "DatasetPackage":
            yield base


def _is_model(element: Located) -> bool:
    if _kind(element) == "AIPackage":
        return True
    address = text_of(element.get("software_packageUrl"))
    return _kind(element) == "Package" and (is_on_hub(address) or _page(element) is not None)


def _page(element: Located) -> str | None:
    return page_name(text_of(element.get("software_downloadLocation")))


def _name(element: Located) -> str:
    address = text_of(element.get("software_packageUrl"))
    return hub_name(address) or _page(element) or text_of(element.get("name"))


def _terms(graph: _Graph, reference: object) -> list[str]:
    """What a licence element declares; each is read once, and a set within itself is none."""
    element = graph.at(reference)
    if element is None or not _kind(element):
        address = _id(reference)
        found = LISTED.fullmatch(address)
        return [] if _last(address) in _NOTHING else [found[1] if found else address]
    if id(element) not in graph.told:
        graph.told[id(element)] = [UNREADABLE]
        told = _terms_of(graph, element)
        too_long = sum(map(len, told)) > LONGEST and _kind(element).endswith("LicenseSet")
        graph.told[id(element)] = [UNREADABLE] if too_long else told
    return graph.told[id(element)]


def _terms_of(graph: _Graph, element: Located) -> list[str]:
    kind = _kind(element)
    if kind == "LicenseExpression":
        texts = _texts(graph, element)
        return list(terms(text_of(element.get("simplelicensing_licenseExpression")), texts))
    if kind in ("ConjunctiveLicenseSet", "DisjunctiveLicenseSet"):
        members = _listed(element.get("expandedlicensing_member"))
        told = [_terms(graph, member) for member in members]
        if kind == "ConjunctiveLicenseSet":
            return list(dict.fromkeys(text for member in told for text in member))
        return [" OR ".join(dict.fromkeys(map(_joined, told)))]
    listed = LISTED.fullmatch(_id(element))
    return [listed[1]] if listed else _told(element)


def _joined(member: list[str]) -> str:
    """A member of a set of alternatives; one of which nothing is said stays an alternative."""
    if len(member) < 2:
        return "".join(member) or "NOASSERTION"
    return " AND ".join(f"({text})" if " OR " in text else text for text in member)


def _texts(graph: _Graph, expression: Located) -> dict[str, tuple[str, ...]]:
    """What an expression's own references stand for."""
    found = {}
    for entry in _listed(expression.get("simplelicensing_customIdToUri")):
        if isinstance(entry, Located):
            element = graph.at(entry.get("value"))
            told = tuple(_told(element)) if element is not None else ()
            if told:
                found[text_of(entry.get("key"))] = told
    return found


def _told(element: Located) -> list[str]:
    keys = ("name", "simplelicensing_licenseText", "expandedlicensing_licenseText")
    return [t for t in map(text_of, map(element.get, keys)) if t.strip() not in SILENT]


def _id(reference: object) -> str:
    if isinstance(reference, Located):
        return text_of(reference.get("spdxId") or reference.get("@id"))
    return text_of(reference)


def _kind(element: Located) -> str:
    return _last(text_of(element.get("type") or element.get("@type")))


def _last(name: str) -> str:
    return re.split(r"[_/:#]", name)[-1]


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
