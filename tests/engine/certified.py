"""Certificates to check, with the rules and facts that a checker is given beside them."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from whyllm.engine.catalogue import Catalogue
from whyllm.engine.certificate import certificate_of_answer, certificate_of_verdict
from whyllm.engine.checker import check
from whyllm.engine.consulting import Consultation
from whyllm.engine.declared import declared_rulebook, known_facts
from whyllm.engine.need import Need
from whyllm.engine.stages import rulebook

from tests.conftest import DAY


@cache
def rules(name: str) -> dict[str, Any]:
    """A rulebook's declaration, as it is read from a file."""
    declared: dict[str, Any] = json.loads(json.dumps(declared_rulebook(rulebook(name))))
    return declared


class Verifier:
    """Checks certificates against a catalogue, whose facts it turns into data once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.known = json.loads(json.dumps(known_facts(catalogue)))

    def problems(self, certificate: dict[str, Any], book: str) -> list[str]:
        """What `whyllm verify` says of the certificate."""
        return check(certificate, rules(book), self.known)


def saved(consultation: Consultation) -> dict[str, Any]:
    """The certificate of a consultation, as it is read from its file."""
    data: dict[str, Any] = json.loads(json.dumps(certificate_of_answer(consultation)))
    return data


def saved_verdict(
    catalogue: Catalogue, book: str, axes: dict[str, Any], model: str
) -> dict[str, Any]:
    """The certificate of a verdict, as it is read from its file."""
    certificate = certificate_of_verdict(catalogue, book, Need.of(axes), DAY, model)
    data: dict[str, Any] = json.loads(json.dumps(certificate))
    return data
