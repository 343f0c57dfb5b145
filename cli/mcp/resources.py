"""The resources: rules and licences, by addresses of our own, as the JSON of the commands."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import mcp_types as protocol
from whyllm.cli.desk import Desk
from whyllm.cli.rules import card_of
from whyllm.engine.render.licence_json import licence_json, licences_json
from whyllm.engine.render.rule_words import rule_json, rules_json
from whyllm.engine.stages import RULEBOOKS, rulebook
from whyllm.kb.errors import UnknownNameError

JSON = "application/json"

MOST_COMPLETIONS = 100
"""That the protocol lets an answer hold."""


@dataclass(frozen=True)
class Shelf:
    """A collection at an address, and its items at addresses below it."""

    address: str
    title: str
    description: str
    item_title: str
    item_description: str
    all: Callable[[Desk], Mapping[str, Any]]
    one: Callable[[Desk, str], Mapping[str, Any]]
    ids: Callable[[Desk], list[str]]

    @property
    def item_address(self) -> str:
        """The address of an item, as a template."""
        return f"{self.address}/{{id}}"

    def listed(self) -> protocol.Resource:
        """The collection as the protocol lists it."""
        return protocol.Resource(
            name=self.address.removeprefix("whyllm://"),
            title=self.title,
            uri=self.address,
            description=self.description,
            mime_type=JSON,
        )

    def template(self) -> protocol.ResourceTemplate:
        """Its items as the protocol lists them."""
        return protocol.ResourceTemplate(
            name=self.item_title.lower(),
            title=self.item_title,
            uri_template=self.item_address,
            description=self.item_description,
            mime_type=JSON,
        )


def _rule_ids() -> list[str]:
    return list(dict.fromkeys(card.id for name in RULEBOOKS for card in rulebook(name).cards))


SHELVES = (
    Shelf(
        "whyllm://rules",
        "The rules",
        "The expert rulebook in the order in which its rules fire; as `whyllm rules list`.",
        "Rule",
        "One rule, such as LIC-020: its condition, its sentence, what it teaches and what it does "
        "not say; as `whyllm rules show`.",
        lambda _: rules_json(rulebook(RULEBOOKS[0])),
        lambda _, key: rule_json(*card_of(key)),
        lambda _: _rule_ids(),
    ),
    Shelf(
        "whyllm://licences",
        "The licences",
        "All known licences, with what they grant; as `whyllm licence list`.",
        "Licence",
        "One licence by its SPDX id, such as Apache-2.0, or a hub's tag: clauses with sections, "
        "thresholds, duties, the models that it binds; as `whyllm licence show`.",
        lambda desk: licences_json(desk.kb, [*desk.kb.licences.values()], None, None, None),
        lambda desk, key: licence_json(desk.kb, desk.licence(key)),
        lambda desk: [*desk.kb.licences],
    ),
)


def read(desk: Desk, uri: str) -> str:
    """The JSON at an address, as the command writes it; UnknownNameError for none."""
    for shelf in SHELVES:
        if uri == shelf.address:
            return _text(shelf.all(desk))
        if uri.startswith(f"{shelf.address}/"):
            return _text(shelf.one(desk, unquote(uri.removeprefix(f"{shelf.address}/"))))
    addresses = ", ".join(x for shelf in SHELVES for x in (shelf.address, shelf.item_address))
    raise UnknownNameError(f"no resource {uri!r}; expected one of {addresses}")


def completions(desk: Desk, template: str, begun: str) -> list[str]:
    """The ids with which an address can be completed: those that begin alike come first."""
    ids = next((shelf.ids(desk) for shelf in SHELVES if shelf.item_address == template), [])
    folded = begun.casefold()
    holding = [key for key in ids if folded in key.casefold()]
    return sorted(holding, key=lambda key: not key.casefold().startswith(folded))


def _text(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
