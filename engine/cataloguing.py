"""From the KnowledgeBase to the catalogue: everything that the engine takes of it."""

from __future__ import annotations

from collections.abc import Iterable

from whyllm.engine.assertions import EVERYWHERE, known_facts
from whyllm.engine.catalogue import (
    Catalogue,
    EdgeEntry,
    MisconceptionEntry,
    ModelEntry,
    NodeEntry,
    OutsideEntry,
    QuestionEntry,
    Source,
)
from whyllm.engine.measured import session_titles
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.schema import Model, Term


def catalogue(kb: KnowledgeBase) -> Catalogue:
    """Everything that the engine takes from the knowledge base, in one noun."""
    return Catalogue(
        version=kb.edition.version,
        digest=kb.digest,
        known=known_facts(kb),
        models={key: _entry(kb, model) for key, model in kb.models.items()},
        labels=_labels(kb),
        sources={
            **{key: Source(s.id, s.title, s.url) for key, s in kb.sources.items()},
            **{key: Source(key, title, None) for key, title in session_titles(kb).items()},
        },
        criteria=tuple(criterion.id for criterion in kb.preferences.criteria),
        shortlist_length=kb.preferences.shortlist_length,
        quantisations=tuple(kb.quantisations),
        countries=frozenset(kb.places[EVERYWHERE].members) | set(kb.places) - {EVERYWHERE},
        outside={
            o.modality: OutsideEntry(o.label, o.why, o.examples, o.libraries)
            for o in kb.outside.values()
        },
        nodes={node.id: NodeEntry(node.shape, node.label) for node in kb.tree.nodes},
        edges=tuple(
            EdgeEntry(edge.source, edge.target, edge.label or "", edge.replies)
            for edge in kb.tree.edges
        ),
        questions=tuple(
            QuestionEntry(
                q.id,
                q.text,
                q.explains,
                q.typed,
                tuple((reply.label, reply.sets) for reply in q.replies),
            )
            for q in kb.questions.values()
        ),
        misconceptions={
            key: MisconceptionEntry(m.label, m.text, m.evidence.source)
            for key, m in kb.misconceptions.items()
        },
    )


def _entry(kb: KnowledgeBase, model: Model) -> ModelEntry:
    names = (model.name, model.id, model.hf_repo, model.ollama, *model.aliases)
    return ModelEntry(
        id=model.id,
        name=model.name,
        family=model.family,
        tuning=model.tuning,
        licences=tuple(kb.binding_licences(model)),
        hf_repo=model.hf_repo,
        ollama=model.ollama,
        spellings=tuple(dict.fromkeys(name for name in names if name)),
        base_repo=model.base_repo if model.evidence_for("base_repo").verified else None,
        publisher=kb.publisher_of(model).name,
    )


def _labels(kb: KnowledgeBase) -> dict[str, dict[str, str]]:
    def terms(vocabulary: Iterable[Term]) -> dict[str, str]:
        return {term.id: term.label for term in vocabulary}

    words = kb.terms
    duties = {f"{key}/{d.id}": d for key, lic in kb.licences.items() for d in lic.duties}
    licences = kb.licences
    return {
        "model": {key: model.name for key, model in kb.models.items()},
        "family": {key: family.name for key, family in kb.families.items()},
        "licence": {
            **{key: licence.short for key, licence in licences.items()},
            **terms(words.licence_group),
        },
        "licence_name": {key: licence.name for key, licence in licences.items()},
        "licence_version": {key: x.version for key, x in licences.items() if x.version},
        "licence_url": {key: licence.url for key, licence in licences.items() if licence.url},
        "duty": {key: duty.text for key, duty in duties.items()},
        "notice": {key: duty.notice for key, duty in duties.items() if duty.notice},
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
        "counts_in": terms(words.counts_in),
        "trigger": terms(words.trigger),
        "measure": terms(words.measure),
        "basis": terms(words.basis),
        "effect": terms(words.effect),
        "movement": terms(words.movement),
        "axis": terms(words.axis),
        "figure": terms(words.figure),
        "session": session_titles(kb),
        "place": {key: place.label for key, place in kb.places.items()},
    }
