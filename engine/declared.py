"""A rulebook and the known facts as plain data: all that a checker needs to judge for itself."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Any

from whyllm.engine.catalogue import Catalogue
from whyllm.engine.conditions import constraints
from whyllm.engine.experta_shim import NOT, TEST, AllOf, AnyOf, Fact, L, Not, W
from whyllm.engine.expressions import conclusions, test_expression
from whyllm.engine.facts import WorkingFact
from whyllm.engine.machine import fact_record
from whyllm.engine.need import AXES
from whyllm.engine.render.certificate_shapes import DeclarationJson, KnownJson
from whyllm.engine.rulebook import Rulebook, RuleCard, RuleError

_SHORTLIST_ORDER = {"course": "leaf"}
"""By what a rulebook orders its shortlist, where that is not by merits."""


def declared_rulebook(book: Rulebook) -> DeclarationJson:
    """`whyllm.declaration/1`: stages in order, each rule with condition and conclusions as data.

    An element of `when` is `{"fact": type, "slots"}`, `{"no": type, "slots"}` or `{"test"}`. What
    a slot may hold is said by `is` (the literal), `any` and `none` (literals) and `var` (the
    variable that it binds). Tests and concluded slots are expressions (see expressions.py). Raises
    RuleError for a rule that does more than can be declared.
    """
    return {
        "schema": "whyllm.declaration/1",
        "rulebook": book.id,
        "shortlist_by": _SHORTLIST_ORDER.get(book.id, "merits"),
        "axes": {
            name: {"choices": list(axis.choices), "repeatable": axis.repeatable}
            for name, axis in AXES.items()
        },
        "stages": [
            {"stage": stage.id, "rules": [declared_rule(card) for card in stage.cards]}
            for stage in book.stages
        ],
    }


@cache
def rules_digest(book_id: str) -> str:
    """The SHA-256 of a rulebook's declaration, keys sorted, without blanks."""
    from whyllm.engine.stages import rulebook

    return digest_of(declared_rulebook(rulebook(book_id)))


def digest_of(declaration: DeclarationJson) -> str:
    """The SHA-256 of a declaration, keys sorted, without blanks."""
    text = json.dumps(declaration, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def declared_rule(card: RuleCard) -> dict[str, Any]:
    """One rule as data: `rule`, `when`, `concludes`."""
    try:
        return {
            "rule": card.id,
            "when": [_element(element) for element in card.when],
            "concludes": [
                {"type": _declared(kind, card), "slots": slots}
                for kind, slots in conclusions(card.body)
            ],
        }
    except RuleError as error:
        raise RuleError(f"{card.id}: {error}") from None


def known_facts(catalogue: Catalogue) -> KnownJson:
    """`whyllm.known/1`: what a catalogue lets the rules rely on."""
    known = catalogue.known
    return {
        "schema": "whyllm.known/1",
        "version": catalogue.version,
        "digest": catalogue.digest,
        "criteria": list(catalogue.criteria),
        "shortlist_length": catalogue.shortlist_length,
        "common": [_fact(fact) for fact in known.common],
        "of_licence": {key: [_fact(x) for x in facts] for key, facts in known.of_licence.items()},
        "of_model": {key: [_fact(x) for x in facts] for key, facts in known.of_model.items()},
    }


def _fact(fact: WorkingFact) -> dict[str, Any]:
    return fact_record(fact).as_json()


def _declared(kind: type[WorkingFact], card: RuleCard) -> str:
    if kind not in card.concludes:
        raise RuleError(f"it yields {kind.__name__}, which it does not declare")
    return kind.__name__


def _element(element: Any) -> dict[str, Any]:
    if isinstance(element, TEST):
        return {"test": test_expression(element[0])}
    if isinstance(element, NOT):
        return {"no": type(element[0]).__name__, "slots": _slots(element[0])}
    return {"fact": type(element).__name__, "slots": _slots(element)}


def _slots(pattern: Fact) -> dict[str, Any]:
    return {slot: _limits(constraint) for slot, constraint in constraints(pattern)}


def _limits(constraint: Any) -> dict[str, Any]:
    """What a slot may hold: any of `is`, `any` and `none` (literals), `var` (what it binds)."""
    if isinstance(constraint, W):
        return {"var": constraint.__bind__} if constraint.__bind__ else {}
    if isinstance(constraint, AllOf):
        limits: dict[str, Any] = {}
        for part in constraint:
            for kind, value in _limits(part).items():
                if kind in limits and kind != "none":
                    raise RuleError(f"two limits of one kind in {constraint!r}")
                limits[kind] = [*limits.get("none", []), *value] if kind == "none" else value
        return limits
    if isinstance(constraint, AnyOf):
        return {"any": [_literal(part) for part in constraint]}
    if isinstance(constraint, Not):
        refused = constraint[0]
        return {
            "none": [_literal(x) for x in (refused if isinstance(refused, AnyOf) else [refused])]
        }
    return {"is": _literal(constraint)}


def _literal(constraint: Any) -> Any:
    value = constraint.value if isinstance(constraint, L) else constraint
    if type(value) not in (str, int, float, bool) or getattr(constraint, "__bind__", None):
        raise RuleError(f"{constraint!r} is no literal")
    return value
