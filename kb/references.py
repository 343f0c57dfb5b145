"""Whether every id and tag that an entry names exists, and no name is borne twice."""

from __future__ import annotations

from collections.abc import Iterator

from whyllm.kb.evidence import cited
from whyllm.kb.knowledge import ENTRIES_BY_ID, KnowledgeBase
from whyllm.kb.reference import Problem, missing
from whyllm.kb.schema import Claim, Model
from whyllm.kb.teaching_references import teaching_references


def check_references(kb: KnowledgeBase) -> Iterator[Problem]:
    """All broken references, in the order of the files."""
    yield from _evidence(kb)
    yield from _links(kb)
    yield from _model_names(kb)
    yield from _licence_tags(kb)
    yield from _licence_names(kb)
    yield from _tree(kb)
    yield from teaching_references(kb)


def _evidence(kb: KnowledgeBase) -> Iterator[Problem]:
    for kind in ENTRIES_BY_ID:
        for key, entry in getattr(kb, kind).items():
            for within, evidence in cited(entry):
                yield from missing(
                    kind, key, (*within, "source"), evidence.source, kb.sources, "source"
                )
    for kind in ("tree", "hardware", "lessons", "preferences"):
        for within, evidence in cited(getattr(kb, kind)):
            yield from missing(kind, "", (*within, "source"), evidence.source, kb.sources, "source")


def _links(kb: KnowledgeBase) -> Iterator[Problem]:
    for key, family in kb.families.items():
        yield from missing(
            "families", key, ("publisher",), family.publisher, kb.publishers, "publisher"
        )
    topics = [term.id for term in kb.terms.topic]
    subjects = [*kb.publishers, *kb.families, *kb.models]
    for key, claim in kb.claims.items():
        yield from missing("claims", key, ("topic",), claim.topic, topics, "topic")
        yield from missing(
            "claims", key, ("about",), claim.about, subjects, "publisher, family or model"
        )
        yield from _claim_scope(kb, key, claim)
    for shelf_place, shelf in enumerate(kb.lessons.shelf_life):
        where = ("shelf_life", shelf_place)
        for i, topic in enumerate(shelf.topics):
            yield from missing("lessons", "", (*where, "topics", i), topic, topics, "topic")
        for i, field in enumerate(shelf.fields):
            known = Model.model_fields
            yield from missing("lessons", "", (*where, "fields", i), field, known, "field")
    for key, dimension in kb.dimensions.items():
        for i, leader in enumerate(dimension.leaders):
            within = ("leaders", i, "family")
            yield from missing("dimensions", key, within, leader.family, kb.families, "family")
            within = ("leaders", i, "publisher")
            yield from missing(
                "dimensions", key, within, leader.publisher, kb.publishers, "publisher"
            )
    for key, standing in kb.standings.items():
        yield from missing(
            "standings", key, ("dimension",), standing.dimension, kb.dimensions, "dimension"
        )
        for i, name in enumerate(standing.models):
            yield from missing("standings", key, ("models", i), name, kb.models, "model")
    for key, model in kb.models.items():
        yield from _model_links(kb, key, model)


def _claim_scope(kb: KnowledgeBase, key: str, claim: Claim) -> Iterator[Problem]:
    if claim.generations:
        family = kb.families.get(claim.about)
        known = family.generations if family else ()
        for i, generation in enumerate(claim.generations):
            what = f"generation of {claim.about}"
            yield from missing("claims", key, ("generations", i), generation, known, what)
    modalities = [term.id for term in kb.terms.modality]
    yield from missing("claims", key, ("modality",), claim.modality, modalities, "modality")


def _model_links(kb: KnowledgeBase, key: str, model: Model) -> Iterator[Problem]:
    terms = kb.terms
    yield from missing("models", key, ("family",), model.family, kb.families, "family")
    tagged = {
        "kind": terms.kind,
        "architecture": terms.architecture,
        "tuning": terms.tuning,
    }
    for field, vocabulary in tagged.items():
        known = [term.id for term in vocabulary]
        yield from missing("models", key, (field,), getattr(model, field), known, field)
    if model.attention:
        known = [term.id for term in terms.attention]
        within = ("attention", "kind")
        yield from missing("models", key, within, model.attention.kind, known, "attention kind")
    known = [term.id for term in terms.modality]
    for i, modality in enumerate(model.modalities):
        yield from missing("models", key, ("modalities", i), modality, known, "modality")
    for quantisation in model.file_gb:
        within = ("file_gb", quantisation)
        yield from missing("models", key, within, quantisation, kb.quantisations, "quantisation")
    for field in ("licences", "base_licences"):
        for i, licence in enumerate(getattr(model, field) or ()):
            yield from missing("models", key, (field, i), licence, kb.licences, "licence")
    for field in ("base", "successor"):
        yield from missing("models", key, (field,), getattr(model, field), kb.models, "model")
    chain, seen = model, {key}
    while chain.base in kb.models:
        chain = kb.models[str(chain.base)]
        if chain.id in seen:
            yield Problem("models", key, ("base",), f"base: {key!r} is its own ancestor")
            break
        seen.add(chain.id)


def _model_names(kb: KnowledgeBase) -> Iterator[Problem]:
    borne: dict[str, str] = {}
    for key, model in kb.models.items():
        for name in {model.id, model.name, model.hf_repo, model.ollama, *model.aliases} - {None}:
            folded = str(name).casefold()
            other = borne.setdefault(folded, key)
            if other != key:
                for one, second in ((key, other), (other, key)):
                    yield Problem(
                        "models", one, (), f"the name {name!r} is also borne by {second!r}"
                    )
    yield from _base_repos(kb, borne)


def _base_repos(kb: KnowledgeBase, borne: dict[str, str]) -> Iterator[Problem]:
    """Weights before tuning that are a variant by themselves, or those of another variant.

    `borne` maps each name of a variant, folded, to its id.
    """
    for key, model in kb.models.items():
        if model.base_repo is None:
            continue
        repo = model.base_repo
        other = borne.get(repo.casefold())
        if other is not None:
            yield Problem(
                "models", key, ("base_repo",), f"base_repo: {repo!r} is also borne by {other!r}"
            )
        if other not in (None, key):
            yield Problem("models", other, (), f"{repo!r} is also the base_repo of {key!r}")
        borne.setdefault(repo.casefold(), key)


def _licence_names(kb: KnowledgeBase) -> Iterator[Problem]:
    borne = {key.casefold(): key for key in kb.licences}
    for key, licence in kb.licences.items():
        for i, tag in enumerate(licence.tags):
            other = borne.setdefault(tag.name.casefold(), key)
            if other != key:
                message = f"tags.{i}: the name {tag.name!r} is also borne by {other!r}"
                yield Problem("licences", key, ("tags", i, "name"), message)


def _licence_tags(kb: KnowledgeBase) -> Iterator[Problem]:
    clauses = {term.id: term for term in kb.terms.clause}
    for at, term in enumerate(kb.terms.clause):
        for i, chain in enumerate(term.order):
            for j, value in enumerate(chain):
                place = ("clause", at, "order", i, j)
                yield from missing("terms", "", place, value, term.values or (), "value")
    triggers = [term.id for term in kb.terms.trigger]
    measures = [term.id for term in kb.terms.measure]
    parts = [term.id for term in kb.terms.part]
    for key, licence in kb.licences.items():
        for tag, clause in licence.clauses.items():
            within: tuple[str | int, ...] = ("clauses", tag)
            yield from missing("licences", key, within, tag, clauses, "clause")
            if tag in clauses:
                values = clauses[tag].values or ()
                yield from missing(
                    "licences", key, (*within, "value"), clause.value, values, f"value of {tag}"
                )
        for tag in clauses:
            if tag not in licence.clauses:
                yield Problem(
                    "licences", key, ("clauses",), f"clauses: {tag} is missing (say unknown if so)"
                )
        for i, duty in enumerate(licence.duties):
            for j, trigger in enumerate(duty.triggers):
                within = ("duties", i, "triggers", j)
                yield from missing("licences", key, within, trigger, triggers, "trigger")
        for i, part in enumerate(licence.unread):
            yield from missing("licences", key, ("unread", i), part, parts, "part")
        for i, threshold in enumerate(licence.thresholds):
            within = ("thresholds", i, "measure")
            yield from missing("licences", key, within, threshold.measure, measures, "measure")
    axes = [term.id for term in kb.terms.axis]
    for decisive in kb.decisive:
        key = f"{decisive.axis}={decisive.value}"
        yield from missing("decisive", key, ("axis",), decisive.axis, axes, "axis")
        for i, tag in enumerate(decisive.clauses):
            known = [*clauses, *parts]
            yield from missing("decisive", key, ("clauses", i), tag, known, "clause or part")
        for i, tag in enumerate(decisive.triggers):
            yield from missing("decisive", key, ("triggers", i), tag, triggers, "trigger")


def _tree(kb: KnowledgeBase) -> Iterator[Problem]:
    nodes = {node.id: node for node in kb.tree.nodes}
    for i, edge in enumerate(kb.tree.edges):
        yield from missing("tree", "", ("edges", i, "source"), edge.source, nodes, "node")
        yield from missing("tree", "", ("edges", i, "target"), edge.target, nodes, "node")
    for i, leaf in enumerate(kb.tree.leaves):
        yield from missing("tree", "", ("leaves", i, "node"), leaf.node, nodes, "node")
        if leaf.node in nodes:
            lines = nodes[leaf.node].label.split("<br/>")
            yield from missing("tree", "", ("leaves", i, "label"), leaf.label, lines, "label line")
        for j, family in enumerate(leaf.families):
            within = ("leaves", i, "families", j)
            yield from missing("tree", "", within, family, kb.families, "family")
        for j, model in enumerate(leaf.models):
            within = ("leaves", i, "models", j)
            yield from missing("tree", "", within, model, kb.models, "model")
    for i, beside in enumerate(kb.tree.beside):
        for j, model in enumerate(beside.models):
            within = ("beside", i, "models", j)
            yield from missing("tree", "", within, model, kb.models, "model")
