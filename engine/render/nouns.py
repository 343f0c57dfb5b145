"""The nouns of the answers: what each `whyllm.<noun>/1` is shaped like."""

from __future__ import annotations

from typing import Any

from whyllm.engine.measuring.votes import VotesFile
from whyllm.engine.render.certificate_shapes import (
    CertificateJson,
    DeclarationJson,
    KnownJson,
    VerificationJson,
)
from whyllm.engine.render.change_shapes import (
    ComparisonJson,
    RelaxationsJson,
    WhatIfJson,
)
from whyllm.engine.render.fleet_shapes import FleetJson
from whyllm.engine.render.graph_shapes import GraphJson
from whyllm.engine.render.interview_shapes import InterviewJson
from whyllm.engine.render.inventory_shapes import (
    ConflictsJson,
    ExportJson,
    ListJson,
    SearchJson,
    SourcesJson,
    StaleJson,
)
from whyllm.engine.render.lesson_shapes import (
    GlossaryJson,
    LessonJson,
    LessonsJson,
    PredictionJson,
)
from whyllm.engine.render.licence_shapes import (
    LicenceComparisonJson,
    LicenceJson,
    LicenceSetJson,
    LicencesJson,
    LicenceTextJson,
)
from whyllm.engine.render.quiz_shapes import QuizJson
from whyllm.engine.render.review.shapes import ReviewJson
from whyllm.engine.render.shapes import (
    CheckJson,
    ConsultationJson,
    EntryJson,
    ExplanationJson,
    HistoryJson,
    ModelJson,
    RuleJson,
    RulesJson,
)
from whyllm.engine.render.stability_shapes import StabilityJson
from whyllm.kb.measurement_schema import Measurement

NOUNS: dict[str, Any] = {
    "consultation": ConsultationJson,
    "explanation": ExplanationJson,
    "certificate": CertificateJson,
    "verification": VerificationJson,
    "declaration": DeclarationJson,
    "known": KnownJson,
    "rule": RuleJson,
    "rules": RulesJson,
    "model": ModelJson,
    "licence": LicenceJson,
    "licences": LicencesJson,
    "licence-set": LicenceSetJson,
    "licence-comparison": LicenceComparisonJson,
    "licence-text": LicenceTextJson,
    "publisher": EntryJson,
    "family": EntryJson,
    "check": CheckJson,
    "list": ListJson,
    "search": SearchJson,
    "conflicts": ConflictsJson,
    "sources": SourcesJson,
    "stale": StaleJson,
    "export": ExportJson,
    "graph": GraphJson,
    "history": HistoryJson,
    "interview": InterviewJson,
    "lesson": LessonJson,
    "lessons": LessonsJson,
    "glossary": GlossaryJson,
    "prediction": PredictionJson,
    "stability": StabilityJson,
    "what-if": WhatIfJson,
    "relaxation": RelaxationsJson,
    "comparison": ComparisonJson,
    "review": ReviewJson,
    "fleet": FleetJson,
    "quiz": QuizJson,
    "measurement": Measurement,
    "votes": VotesFile,
}
