"""The knowledge base as one frozen noun: every entry by id, with the digest of what was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from whyllm.kb import schema as s
from whyllm.kb.curriculum_schema import GlossaryTerm, Lesson, PredictionCase
from whyllm.kb.interview_schema import InterviewQuestion
from whyllm.kb.measurement_schema import Measurement

ENTRIES_BY_ID = (
    "publishers", "families", "models", "licences", "claims", "sources", "dimensions",
    "standings", "axes", "quantisations", "outside", "places",
    "misconceptions", "measurements",
)  # fmt: skip
"""The kinds of which the knowledge base has a mapping of entries by id."""


@dataclass(frozen=True)
class KnowledgeBase:
    """Everything that is known. Mappings keep the order of the files."""

    edition: s.Edition
    digest: str
    terms: s.Vocabulary
    sources: Mapping[str, s.Source]
    publishers: Mapping[str, s.Publisher]
    families: Mapping[str, s.Family]
    claims: Mapping[str, s.Claim]
    models: Mapping[str, s.Model]
    licences: Mapping[str, s.Licence]
    axes: Mapping[str, s.Axis]
    dimensions: Mapping[str, s.Dimension]
    standings: Mapping[str, s.Standing]
    tree: s.Tree
    hardware: s.Hardware
    quantisations: Mapping[str, s.Quantisation]
    lessons: s.Teaching
    misconceptions: Mapping[str, s.Misconception]
    outside: Mapping[str, s.Outside]
    preferences: s.Preferences
    decisive: tuple[s.Decisive, ...]
    places: Mapping[str, s.Place]
    questions: Mapping[str, InterviewQuestion]
    curriculum: Mapping[str, Lesson]
    glossary: Mapping[str, GlossaryTerm]
    cases: Mapping[str, PredictionCase]
    measurements: Mapping[str, Measurement]
    overlaid: Mapping[tuple[str, str], Mapping[str, Path]]
    """By kind and id: the fields that overlays said, each with the folder that said it last."""

    def constant(self, name: str) -> float:
        """The value of one constant of hardware.yaml; KeyError when there is none."""
        return next(c.value for c in self.hardware.constants if c.id == name)

    def publisher_of(self, model: s.Model) -> s.Publisher:
        """Who publishes the model's family."""
        return self.publishers[self.families[model.family].publisher]

    def bases_of(self, model: s.Model) -> Iterator[s.Model]:
        """The chain of base models in the catalogue, nearest first."""
        while model.base is not None:
            model = self.models[model.base]
            yield model

    def binding_licences(self, model: s.Model) -> list[str]:
        """The licences that bind the model: its own, then those through what it was made from."""
        return [*(model.licences or ()), *self.inherited_licences(model)]

    def open_base(self, model: s.Model) -> s.Model | None:
        """The nearest base whose own licence is not verified, so that its terms are unknown."""
        for base in self.bases_of(model):
            if base.licences is None or not base.evidence_for("licences").verified:
                return base
        return None

    def inherited_licences(self, model: s.Model) -> dict[str, str]:
        """Licences that bind the model through what it was made from, each with the base's name.

        A base that is not in the catalogue lends its terms by `base_licences` alone.
        """
        own = set(model.licences or ())
        found = {licence: "its base model" for licence in model.base_licences if licence not in own}
        for base in self.bases_of(model):
            if not base.evidence_for("licences").verified:
                continue
            for licence in (*(base.licences or ()), *base.base_licences):
                if licence not in own:
                    found[licence] = base.name
        return found
