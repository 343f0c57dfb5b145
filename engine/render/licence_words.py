"""The parts of a licence in words: sections, thresholds, territories, duties."""

from __future__ import annotations

from collections.abc import Iterable

from whyllm.engine.words import number, section_words
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.schema import Clause, Duty, Licence, Term, Territory, Threshold

SILENT = "-"
"""The section of a clause on which the text says nothing."""


def label(terms: Iterable[Term], key: str) -> str:
    """The label of a term, or the key itself where the vocabulary has none."""
    return next((term.label for term in terms if term.id == key), key)


def section(text: str) -> str:
    """Where a clause stands: `section 2`, a heading, or that it stands nowhere."""
    return "no section" if text == SILENT else section_words(text)


def threshold_words(kb: KnowledgeBase, threshold: Threshold) -> str:
    """Above which number of whom, and when they are counted."""
    counted = label(kb.terms.basis, threshold.basis)
    date = f" ({threshold.date})" if threshold.date else ""
    measure = label(kb.terms.measure, threshold.measure)
    return f"above {number(threshold.limit)} {measure}, {counted}{date}"


def threshold_effect(kb: KnowledgeBase, threshold: Threshold) -> str:
    """What happens above a threshold, and in which use."""
    effect = label(kb.terms.effect, threshold.effect)
    use = label(kb.terms.counts_in, threshold.counts_in)
    return f"{effect}; it counts in {use}"


def territory_words(kb: KnowledgeBase, territory: Territory) -> str:
    """Which places are left out, for which models."""
    places = [
        kb.places[key].label if key in kb.places else country(key) for key in territory.excludes
    ]
    scope = "" if territory.covers == "all" else ", for multimodal models"
    return f"not in {', '.join(places)}{scope}"


def country(code: str) -> str:
    """The name of a country in English, the code itself where CLDR has none."""
    from babel import Locale

    name = Locale("en").territories.get(code, code)
    return str(name)


def trigger_words(kb: KnowledgeBase, duty: Duty) -> str:
    """When a duty falls due."""
    return ", ".join(label(kb.terms.trigger, trigger) for trigger in duty.triggers)


def confidence_of(licence: Licence, part: Clause | Threshold | Territory) -> str:
    """How well a part is known: its own confidence, else the licence's."""
    return part.confidence or licence.evidence.confidence
