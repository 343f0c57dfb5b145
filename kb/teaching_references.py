"""Whether what the interview, the lessons and the cases name exists."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.reference import Problem, missing


def teaching_references(kb: KnowledgeBase) -> Iterator[Problem]:
    """All broken references of what teaches."""
    yield from _questions(kb)
    yield from _curriculum(kb)


def _questions(kb: KnowledgeBase) -> Iterator[Problem]:
    axes = [term.id for term in kb.terms.axis]
    for key, question in kb.questions.items():
        if question.typed is not None:
            yield from missing("questions", key, ("typed",), question.typed, axes, "axis")
        for i, reply in enumerate(question.replies):
            for axis in reply.sets:
                within = ("replies", i, "sets", axis)
                yield from missing("questions", key, within, axis, axes, "axis")


def _curriculum(kb: KnowledgeBase) -> Iterator[Problem]:
    nodes = [node.id for node in kb.tree.nodes]
    clauses = [term.id for term in kb.terms.clause]
    axes = [term.id for term in kb.terms.axis]
    warnings = [warning.id for warning in kb.lessons.benchmark_warnings]
    takeaways = [takeaway.id for takeaway in kb.lessons.takeaways]
    leaders = [*kb.families, *kb.publishers]
    for case in kb.cases.values():
        for axis in case.need:
            yield from missing("cases", case.id, ("need", axis), axis, axes, "axis")
    for lesson in kb.curriculum.values():
        for i, step in enumerate(lesson.steps):
            where: tuple[str | int, ...] = ("steps", i)
            named: list[tuple[str, str | None, Collection[str], str]] = [
                ("node", step.node, nodes, "node"),
                ("axis", step.axis, kb.axes, "axis of difference"),
                ("warning", step.warning, warnings, "warning"),
                ("takeaway", step.takeaway, takeaways, "takeaway"),
                ("explains", step.explains, kb.models, "model"),
                *(("compare", key, kb.models, "model") for key in step.compare),
                *(("memory", key, kb.models, "model") for key in step.memory),
                *(("licences", key, kb.licences, "licence") for key in step.licences),
                *(("clauses", key, clauses, "clause") for key in step.clauses),
            ]
            for claim in step.claims:
                named += [
                    ("claims", claim.model, kb.models, "model"),
                    ("claims", claim.than, kb.models, "model"),
                    ("claims", claim.node, nodes, "node"),
                    ("claims", claim.licence, kb.licences, "licence"),
                    ("claims", claim.clause, clauses, "clause"),
                    ("claims", claim.dimension, kb.dimensions, "dimension"),
                    ("claims", claim.leader, leaders, "family or publisher"),
                    *(("claims", axis, axes, "axis") for axis in claim.need),
                ]
            for key, found, known, what in named:
                if found is not None:
                    yield from missing("curriculum", lesson.id, (*where, key), found, known, what)
