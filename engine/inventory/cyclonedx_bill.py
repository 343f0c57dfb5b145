"""Reads the models of a CycloneDX bill of materials, 1.4 to 1.7, in JSON or in XML.

The members are read as the standard documents them. The library that knows the standard refuses a
whole bill for one member that it does not know, and it knows no model card; of it come the schemas,
by which a bill is checked, and the package addresses.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any

from whyllm.engine.inventory.hub_address import hub_name, is_on_hub
from whyllm.engine.inventory.located_json import (
    Located,
    UnreadableError,
    objects,
    parse,
    shortened,
    text_of,
)
from whyllm.engine.inventory.mention import Fault, Found, Mention, Place

VERSIONS = ("1.4", "1.5", "1.6", "1.7")
CHECKED = 4_000_000
"""A larger bill is read and not checked by its schema, which takes a minute for ten megabytes."""

MODEL = "machine-learning-model"
CONCLUDED = "whyllm:concluded"
"""The property of a licence or an ancestor that a review added: no declaration, and not read."""

NAMED = "whyllm:name"
"""The property that says how a model was named where a review found it."""

_BASE = frozenset({"basemodel", "basemodels", "finetunedfrom", "parentmodel"})
"""Last words of properties that name what a model was made from, letters alone."""

_HANDLE = re.compile(r"(?:DocumentRef-[^:]*:)?LicenseRef-\S*")
"""A licence's name that only refers to its text."""


def read(data: bytes, shown: str) -> Iterator[Found]:
    """The models of a bill, nested ones and the bill's own subject too, and what is wrong with it.

    A bill that breaks its schema is read as far as possible, and a fault names the first violation.
    """
    try:
        if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            bill, faults = _from_xml(data, shown)
        else:
            bill, faults = parse(data, shown)
    except UnreadableError as error:
        yield error.fault
        return
    yield from faults
    if not isinstance(bill, Located):
        yield Fault(Place(shown, 1), "is no CycloneDX bill: expected an object")
        return
    yield from _violations(data, bill, shown)
    metadata = bill.get("metadata")
    subject = metadata.get("component") if isinstance(metadata, Located) else None
    for component in [*objects([subject]), *objects(bill.get("components"))]:
        yield from _component(component, shown)


def _from_xml(data: bytes, shown: str) -> tuple[Located, list[Fault]]:
    from whyllm.engine.inventory.cyclonedx_xml import as_json
    from whyllm.engine.inventory.located_xml import parse as parse_xml

    return as_json(parse_xml(data, shown)), []


def _component(component: Located, shown: str) -> Iterator[Found]:
    """A component and all that are nested in it, in the order of the bill."""
    waiting = [component]
    while waiting:
        found = waiting.pop()
        if _is_model(found):
            yield from _mention(found, shown)
        nested = objects(found.get("components"))
        waiting.extend(reversed([*_telling_ancestors(found), *nested]))


def _telling_ancestors(component: Located) -> list[Located]:
    """The ancestors that a bill declares terms of: these would be lost in a list of names."""
    if not _is_model(component):
        return []
    return [Located({**a, "type": MODEL}, line=a.line, column=a.column)
            for a in _parents(component) if _declared(a)]  # fmt: skip


def _is_model(component: Located) -> bool:
    if component.get("type") == MODEL or isinstance(component.get("modelCard"), Located):
        return True
    return component.get("type") != "data" and is_on_hub(text_of(component.get("purl")))


def _mention(component: Located, shown: str) -> Iterator[Found]:
    place = Place(shown, component.line, component.column)
    address = text_of(component.get("purl"))
    if is_on_hub(address) and hub_name(address) is None:
        yield Fault(place, f"purl: {shortened(address)} is no package address")
    name = _name(component)
    if name.strip():
        yield Mention(name, place, _declared(component), _bases(component, name))
    else:
        yield Fault(place, "a model without a name: expected name, or purl")


def _name(component: Located) -> str:
    """How a review found it named; else its name on a hub; else group and name."""
    named = [value for name, value in _properties(component) if name == NAMED and value]
    if named:
        return named[0]
    on_hub = hub_name(text_of(component.get("purl")))
    if on_hub:
        return on_hub
    name, group = (text_of(component.get(key)) for key in ("name", "group"))
    return f"{group}/{name}" if group and name else name


def _properties(holder: Any) -> Iterator[tuple[str, str]]:
    if isinstance(holder, Located):
        for item in objects(holder.get("properties")):
            yield text_of(item.get("name")), text_of(item.get("value"))


def _declared(component: Located) -> tuple[str, ...]:
    """The licences that the bill itself states, in its order, each once."""
    stated = component.get("licenses")
    found: list[str] = []
    for item in stated if isinstance(stated, list) else [stated]:
        found.extend(_licence(item))
    return tuple(dict.fromkeys(filter(None, found)))


def _licence(item: object) -> list[str]:
    """Id, expression or name, and a text that no id speaks for; nothing of what a review added."""
    if not isinstance(item, Located):
        return [text_of(item)]
    licence = item.get("license")
    if not isinstance(licence, Located):
        return [text_of(item.get("expression")), text_of(licence)]
    if any(name == CONCLUDED for name, _ in _properties(licence)):
        return []
    expression, id_ = text_of(item.get("expression")), text_of(licence.get("id"))
    name, text = text_of(licence.get("name")), _attached(licence.get("text"))
    if id_:
        return [expression, id_]
    return [expression, "" if text and _HANDLE.fullmatch(name) else name, text]


def _attached(text: object) -> str:
    """The content of an attached text, decoded; "" if there is none."""
    if not isinstance(text, Located):
        return text_of(text)
    content = text_of(text.get("content"))
    if text.get("encoding") == "base64":
        try:
            return base64.b64decode(content, validate=True).decode("utf-8", "replace").strip()
        except (binascii.Error, ValueError):
            return content
    return content


def _bases(component: Located, name: str) -> tuple[str, ...]:
    """The models that it is made from: by pedigree, by model card, by property."""
    bases = [_name(ancestor) for ancestor in _ancestors(component)]
    card = component.get("modelCard")
    holders = [component, card] if isinstance(card, Located) else [component]
    if isinstance(card, Located) and isinstance(card.get("modelParameters"), Located):
        parameters = card["modelParameters"]
        holders.append(parameters)
        for key, value in parameters.items():
            if _is_base(key):
                bases += [text_of(v) for v in (value if isinstance(value, list) else [value])]
    for holder in holders:
        for key, value in _properties(holder):
            if _is_base(key):
                bases += [part.strip() for part in value.split(",")]
    return tuple(base for base in dict.fromkeys(bases) if base and base != name)


def _is_base(key: str) -> bool:
    last = re.split(r"[:./]", key)[-1]
    return re.sub(r"[^a-z]", "", last.lower()) in _BASE


def _ancestors(component: Located) -> list[Located]:
    """The ancestors of a component and theirs, without those that a review added."""
    found = _parents(component)
    for ancestor in found:  # which grows as it is gone through
        found.extend(_parents(ancestor))
    return found


def _parents(component: Located) -> list[Located]:
    pedigree = component.get("pedigree")
    ancestors = objects(pedigree.get("ancestors")) if isinstance(pedigree, Located) else []
    return [a for a in ancestors if all(name != CONCLUDED for name, _ in _properties(a))]


def _violations(data: bytes, bill: Located, shown: str) -> Iterator[Fault]:
    """A fault for an unknown version, or for the first violation of the version's schema."""
    version = text_of(bill.get("specVersion"))
    if bill.get("bomFormat") != "CycloneDX" or version not in VERSIONS:
        said = shortened(bill.get("specVersion"))
        wanted = f"expected a CycloneDX bill of version {', '.join(VERSIONS)}"
        yield Fault(
            Place(shown, 1), f"specVersion: found {said}, {wanted}; read as far as possible"
        )
        return
    if len(data) > CHECKED:
        return
    from whyllm.engine.inventory.cyclonedx_schema import first_violation

    violation = first_violation(data, version)
    if violation:
        line, text = violation
        yield Fault(Place(shown, line), f"breaks the schema of CycloneDX {version}: {text}")
