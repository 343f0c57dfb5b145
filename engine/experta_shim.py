"""Imports experta 1.9.4 on Python 3.10 and later, and undoes what its import leaves behind."""

from __future__ import annotations

import collections
import collections.abc
import logging


def _import_experta() -> None:
    """Import frozendict and experta once.

    frozendict 1.2 reads `collections.Mapping`, which Python 3.10 removed: the alias is there only
    while it is imported. experta hides a failed import of its own parts, and calls
    `logging.basicConfig`, which would give every program that uses us a root handler.
    """
    handlers = list(logging.root.handlers)
    alias_needed = not hasattr(collections, "Mapping")
    if alias_needed:
        collections.Mapping = collections.abc.Mapping  # type: ignore[attr-defined]
    try:
        import frozendict  # noqa: F401
    finally:
        if alias_needed:
            del collections.Mapping  # type: ignore[attr-defined]
    import experta

    for handler in [h for h in logging.root.handlers if h not in handlers]:
        logging.root.removeHandler(handler)
    if not hasattr(experta, "KnowledgeEngine"):
        raise ImportError("experta was imported only in part: its own imports failed")


_import_experta()

from experta import (  # noqa: E402
    AND,
    AS,
    EXISTS,
    FORALL,
    MATCH,
    NOT,
    OR,
    TEST,
    Fact,
    InitialFact,
    KnowledgeEngine,
    L,
    P,
    Rule,
    W,
)
from experta.abstract import Matcher, Strategy  # noqa: E402
from experta.activation import Activation  # noqa: E402
from experta.agenda import Agenda  # noqa: E402
from experta.factlist import FactList  # noqa: E402
from experta.fieldconstraint import ANDFC as AllOf  # noqa: E402
from experta.fieldconstraint import NOTFC as Not  # noqa: E402
from experta.fieldconstraint import ORFC as AnyOf  # noqa: E402
from experta.fieldconstraint import FieldConstraint  # noqa: E402
from experta.utils import freeze  # noqa: E402

__all__ = [
    "AND",
    "AS",
    "EXISTS",
    "FORALL",
    "MATCH",
    "NOT",
    "OR",
    "TEST",
    "Activation",
    "Agenda",
    "AllOf",
    "AnyOf",
    "Fact",
    "FactList",
    "FieldConstraint",
    "InitialFact",
    "KnowledgeEngine",
    "L",
    "Matcher",
    "Not",
    "P",
    "Rule",
    "Strategy",
    "W",
    "freeze",
]
