"""The duties of an examined model: what its licences ask, each once, with when it falls due."""

from __future__ import annotations

from dataclasses import dataclass

from whyllm.engine.consulting import Consultation
from whyllm.engine.trace import FactRecord


@dataclass(frozen=True, slots=True)
class Duty:
    """What a licence asks in return; `id` is `<licence>/<duty>`, `trigger` is in words."""

    id: str
    text: str
    licence: str
    section: str
    trigger: str


def duties_of(consultation: Consultation, model: str) -> list[Duty]:
    """The duties of a model that was examined, in the order in which they were concluded."""
    words = consultation.words
    triggers: dict[str, dict[str, None]] = {}
    concluded: dict[str, FactRecord] = {}
    for _, fact in consultation.about(model, "Obliged"):
        key = str(fact["duty"])
        concluded.setdefault(key, fact)
        triggers.setdefault(key, {})[words.name("trigger", fact["trigger"])] = None
    return [
        Duty(
            id=key,
            text=words.name("duty", key),
            licence=str(fact["licence"]),
            section=str(fact["section"]),
            trigger=", ".join(triggers[key]),
        )
        for key, fact in concluded.items()
    ]
