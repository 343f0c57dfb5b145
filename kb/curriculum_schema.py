"""The shapes of what teaches: lessons with their claims, the glossary, and cases to predict."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from whyllm.kb.schema import Answer, Entry, Evidence, Label, Slug, Text

CheckName = Literal[
    "falls", "stays", "ends-at", "out-of-scope", "needs-more", "value", "clause", "bound-by",
    "leads", "publishers",
]  # fmt: skip
"""How a claim is bound to the knowledge or to the engine; engine/lessons/checks.py has them all."""


class LessonClaim(Entry):
    """A sentence of a lesson that is checked whenever it is shown."""

    says: Text = Field(description="the sentence; {value} and {other} are filled by the check")
    check: CheckName
    need: dict[str, Answer] = Field(default_factory=dict, description="axes of a need")
    model: Slug | None = None
    than: Slug | None = Field(None, description="another model, to compare with")
    rules: tuple[str, ...] = Field((), description="rules that exclude the model, all of them")
    node: str | None = Field(None, description="a node of the course's tree")
    field: str | None = Field(None, description="a field of a variant")
    equals: Answer | None = None
    licence: str | None = None
    clause: str | None = Field(None, description="a clause of terms.yaml")
    dimension: str | None = None
    leader: str | None = Field(None, description="a family or a publisher")


class LessonStep(Entry):
    """A part of a lesson; `of` names what its text begins with."""

    id: Slug
    title: Label
    text: tuple[Text, ...] = ()
    node: str | None = Field(None, description="a node of the tree: drawn, with those who fall")
    axis: Slug | None = Field(None, description="one of the nine axes, with its consequence")
    warning: Slug | None = Field(None, description="a warning on benchmarks")
    takeaway: Slug | None = Field(None, description="a takeaway of the chapter")
    compare: tuple[Slug, ...] = Field((), description="variants that are set side by side")
    fields: tuple[str, ...] = Field((), description="fields that are compared")
    memory: tuple[Slug, ...] = Field((), description="variants whose memory is reckoned")
    licences: tuple[str, ...] = Field((), description="licences that are set side by side")
    clauses: tuple[str, ...] = Field((), description="clauses that are compared")
    explains: Slug | None = Field(None, description="a variant whose exclusion is worked through")
    need: dict[str, Answer] = Field(default_factory=dict, description="the need of that case")
    claims: tuple[LessonClaim, ...] = ()


class Lesson(Entry):
    """A lesson of the curriculum."""

    id: Slug
    title: Label
    steps: tuple[LessonStep, ...] = Field(min_length=1)


class GlossaryTerm(Entry):
    """A word of the field, beside the vocabularies of terms.yaml."""

    id: Slug
    term: Label
    text: Text
    evidence: Evidence


class PredictionCase(Entry):
    """A case that a class predicts, step by step."""

    id: Slug
    title: Label
    need: dict[str, Answer]
