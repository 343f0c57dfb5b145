"""The catalogue: facts ready to assert, and the names that people know for their ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from whyllm.engine.assertions import EVERYWHERE, KnownFacts, known_facts
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.schema import Model, Node, Term


@dataclass(frozen=True)
class ModelEntry:
    """What an answer shows of a variant beside its facts."""

    id: str
    name: str
    family: str
    licences: tuple[str, ...]
    hf_repo: str | None
    ollama: str | None
    spellings: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """A text that facts were read in."""

    id: str
    title: str
    url: str | None

    def __str__(self) -> str:
        return f"{self.title} <{self.url}>" if self.url else self.title


@dataclass(frozen=True)
class OutsideEntry:
    """What to use for a need that no language model serves."""

    label: str
    why: str
    examples: tuple[str, ...]
    libraries: tuple[str, ...]


@dataclass(frozen=True)
class Catalogue:
    """All that a consultation needs of the knowledge base.

    `labels` maps a vocabulary (see words.py) to its ids and their names.
    """

    version: str
    digest: str
    known: KnownFacts
    models: Mapping[str, ModelEntry]
    labels: Mapping[str, Mapping[str, str]]
    sources: Mapping[str, Source]
    criteria: tuple[str, ...]
    shortlist_length: int
    quantisations: tuple[str, ...]
    countries: frozenset[str]
    outside: Mapping[str, OutsideEntry]
    nodes: Mapping[str, Node]


def catalogue(kb: KnowledgeBase) -> Catalogue:
    """Everything that the engine takes from the knowledge base, in one noun."""
    return Catalogue(
        version=kb.edition.version,
        digest=kb.digest,
        known=known_facts(kb),
        models={key: _entry(kb, model) for key, model in kb.models.items()},
        labels=_labels(kb),
        sources={key: Source(s.id, s.title, s.url) for key, s in kb.sources.items()},
        criteria=tuple(criterion.id for criterion in kb.preferences.criteria),
        shortlist_length=kb.preferences.shortlist_length,
        quantisations=tuple(kb.quantisations),
        countries=frozenset(kb.places[EVERYWHERE].members) | set(kb.places) - {EVERYWHERE},
        outside={
            o.modality: OutsideEntry(o.label, o.why, o.examples, o.libraries)
            for o in kb.outside.values()
        },
        nodes={node.id: node for node in kb.tree.nodes},
    )


def _entry(kb: KnowledgeBase, model: Model) -> ModelEntry:
    names = (model.name, model.id, model.hf_repo, model.ollama, *model.aliases)
    return ModelEntry(
        id=model.id,
        name=model.name,
        family=model.family,
        licences=tuple(kb.binding_licences(model)),
        hf_repo=model.hf_repo,
        ollama=model.ollama,
        spellings=tuple(dict.fromkeys(name for name in names if name)),
    )


def _labels(kb: KnowledgeBase) -> dict[str, dict[str, str]]:
    def terms(vocabulary: Iterable[Term]) -> dict[str, str]:
        return {term.id: term.label for term in vocabulary}

    words = kb.terms
    duties = {f"{key}/{d.id}": d.text for key, lic in kb.licences.items() for d in lic.duties}
    return {
        "model": {key: model.name for key, model in kb.models.items()},
        "family": {key: family.name for key, family in kb.families.items()},
        "licence": {
            **{key: licence.short for key, licence in kb.licences.items()},
            **terms(words.licence_group),
        },
        "duty": duties,
        "dimension": {key: dimension.label for key, dimension in kb.dimensions.items()},
        "warning": {w.id: w.title for w in kb.lessons.benchmark_warnings},
        "criterion": {c.id: c.label for c in kb.preferences.criteria},
        "modality": terms(words.modality),
        "task": terms(words.task),
        "use": terms(words.use),
        "deploy": terms(words.deploy),
        "kind": terms(words.kind),
        "tuning": terms(words.tuning),
        "attention": terms(words.attention),
        "clause": terms((*words.clause, *words.part)),
        "trigger": terms(words.trigger),
        "measure": terms(words.measure),
        "basis": terms(words.basis),
        "effect": terms(words.effect),
        "movement": terms(words.movement),
        "axis": terms(words.axis),
        "place": {key: place.label for key, place in kb.places.items()},
    }
