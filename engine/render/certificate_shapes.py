"""The JSON of certificates and of what checks them, as types; see shapes.py."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict  # pydantic asks for it below Python 3.12


class CertifiedKnowledgeJson(TypedDict):
    """Which knowledge was relied on."""

    version: str
    digest: str


class CertifiedFiringJson(TypedDict):
    """One rule that fired; a fact is `{"type": …, slot: value, …}`."""

    rule: str
    bindings: dict[str, Any]
    premises: list[dict[str, Any]]
    absences: list[dict[str, Any]]
    conclusions: list[dict[str, Any]]


class CertificateJson(TypedDict):
    """`whyllm.certificate/1`: an answer with all that it follows from.

    `scope` is `catalogue`, or `model` where the model `about` is judged alone. `given` are the
    facts of the question, `facts` all facts that some firing rests on and none concluded. `proof`
    has a tree for each cause: `{"firing": its place in the trace, "premises": […]}`, down to
    `{"fact": …}`.
    """

    schema: str
    rulebook: str
    rules_digest: str
    kb: CertifiedKnowledgeJson
    on: str
    need: dict[str, Any]
    scope: str
    about: str | None
    given: list[dict[str, Any]]
    facts: list[dict[str, Any]]
    trace: list[CertifiedFiringJson]
    outcome: str
    kept: list[str]
    excluded: list[str]
    undecided: list[str]
    shortlist: list[str]
    verdict: str | None
    proof: list[dict[str, Any]]


class DeclaredAxisJson(TypedDict):
    """An axis of the need: its values where they are few, and whether it takes a list of them."""

    choices: list[str]
    repeatable: bool


class DeclaredStageJson(TypedDict):
    """A stage: its rules in order, each with `rule`, `when` and `concludes`."""

    stage: str
    rules: list[dict[str, Any]]


class DeclarationJson(TypedDict):
    """`whyllm.declaration/1`: a rulebook as data, with the axes that a need may state."""

    schema: str
    rulebook: str
    shortlist_by: str
    axes: dict[str, DeclaredAxisJson]
    stages: list[DeclaredStageJson]


class KnownJson(TypedDict):
    """`whyllm.known/1`: the known facts, and how a shortlist is made of merits.

    `question` are the facts that the need and the day assert.
    """

    schema: str
    version: str
    digest: str
    criteria: list[str]
    shortlist_length: int
    common: list[dict[str, Any]]
    of_licence: dict[str, list[dict[str, Any]]]
    of_model: dict[str, list[dict[str, Any]]]


class VerificationJson(TypedDict):
    """`whyllm.verification/1`: whether a certificate follows, and if not, each reason in a line."""

    schema: str
    file: str
    accepted: bool
    problems: list[str]
    kb: CertifiedKnowledgeJson
