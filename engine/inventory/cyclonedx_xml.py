"""A CycloneDX bill in XML as the same bill in JSON, as far as models, terms and origins go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from whyllm.engine.inventory.located_json import Located
from whyllm.engine.inventory.located_xml import Tree

NAMESPACE = "http://cyclonedx.org/schema/bom/"


def as_json(tree: Tree) -> Located:
    """The bill's `specVersion`, `metadata.component` and `components`."""
    root = tree.root
    bill = Located({"bomFormat": "CycloneDX", "specVersion": _version(root)})
    bill.line, bill.column = tree.place_of(root)
    bill["metadata"] = Located()
    for metadata in _children(root, "metadata"):
        for component in _children(metadata, "component"):
            bill["metadata"]["component"] = _component(component, tree)
    bill["components"] = _components(root, "components", tree)
    return bill


def _version(root: Element) -> str:
    namespace = root.tag.rpartition("}")[0].lstrip("{")
    return namespace.removeprefix(NAMESPACE) if namespace.startswith(NAMESPACE) else ""


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _children(element: Element, *path: str) -> Iterator[Element]:
    """The elements at the end of a path of names, whatever their namespace."""
    for child in element:
        if _local(child) == path[0]:
            if len(path) == 1:
                yield child
            else:
                yield from _children(child, *path[1:])


def _texts(element: Element, *names: str) -> dict[str, Any]:
    """The texts of the children of these names, the last of each."""
    return {
        _local(child): (child.text or "").strip() for child in element if _local(child) in names
    }


def _components(element: Element, holder: str, tree: Tree) -> list[Located]:
    return [_component(found, tree) for found in _children(element, holder, "component")]


def _component(element: Element, tree: Tree) -> Located:
    found = Located({"type": element.get("type", "")})
    found.update(_texts(element, "name", "group", "purl"))
    named = next(_children(element, "name"), element)
    found.line, found.column = tree.place_of(named)
    found["licenses"] = [
        licence
        for holder in _children(element, "licenses")
        for child in holder
        if (licence := _licence(child))
    ]
    found["pedigree"] = Located()
    for pedigree in _children(element, "pedigree"):
        found["pedigree"]["ancestors"] = _components(pedigree, "ancestors", tree)
    found["properties"] = _properties(element)
    for card in _children(element, "modelCard"):
        parameters = Located()
        for given in _children(card, "modelParameters"):
            parameters.update({_local(child): (child.text or "").strip() for child in given})
        found["modelCard"] = Located(
            {"modelParameters": parameters, "properties": _properties(card)}
        )
    found["components"] = _components(element, "components", tree)
    return found


def _licence(element: Element) -> Located | None:
    """`{"expression"}` or `{"license"}`; none for another element."""
    if _local(element) == "expression":
        return Located({"expression": (element.text or "").strip()})
    if _local(element) == "expression-detailed":
        return Located({"expression": element.get("expression", "")})
    if _local(element) != "license":
        return None
    licence = Located(_texts(element, "id", "name"))
    for text in _children(element, "text"):
        attached = {"content": (text.text or "").strip(), "encoding": text.get("encoding")}
        licence["text"] = Located(attached)
    licence["properties"] = _properties(element)
    return Located({"license": licence})


def _properties(element: Element) -> list[Located]:
    return [
        Located({"name": found.get("name", ""), "value": (found.text or "").strip()})
        for found in _children(element, "properties", "property")
    ]
