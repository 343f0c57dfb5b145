"""The knowledge: publishers, their families and variants, the licences, who was made from whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whyllm.engine.graph.elements import (
    EdgeKind,
    NodeKind,
    add_edge,
    add_node,
    new_graph,
)
from whyllm.engine.graph.links import model_card

if TYPE_CHECKING:
    from whyllm.engine.graph.elements import DecisionGraph
    from whyllm.kb.knowledge import KnowledgeBase


def knowledge_graph(kb: KnowledgeBase) -> DecisionGraph:
    """Publisher, family, variant, licence; a variant leads to the one it was made from.

    Ids of the four kinds may coincide, so each is told with its kind, `family:codestral`, but for a
    variant, which bears its own.
    """
    graph = new_graph(
        "kb",
        "The knowledge",
        f"{len(kb.models)} variants of {len(kb.families)} families by publisher, the licences that "
        "bind them, and what they were made from.",
        "LR",
    )
    families: dict[str, list[str]] = {}
    for model in kb.models.values():
        families.setdefault(model.family, []).append(model.id)
    for publisher in kb.publishers.values():
        made = [f for f in kb.families.values() if f.publisher == publisher.id and f.id in families]
        if not made:
            continue
        add_node(graph, f"publisher:{publisher.id}", NodeKind.PUBLISHER, publisher.name,
                 note=publisher.country or "")  # fmt: skip
        for family in made:
            node = f"family:{family.id}"
            add_node(graph, node, NodeKind.FAMILY, family.name, note=family.specialty or "")
            add_edge(graph, f"publisher:{publisher.id}", node, EdgeKind.HOLDS)
            for variant in families[family.id]:
                _add_variant(graph, kb, variant)
                add_edge(graph, node, variant, EdgeKind.HOLDS)
    for model in kb.models.values():
        if model.base is not None:
            add_edge(graph, model.id, model.base, EdgeKind.MADE_FROM, "made from")
    return graph


def _add_variant(graph: DecisionGraph, kb: KnowledgeBase, model_id: str) -> None:
    model = kb.models[model_id]
    size = f"{model.params_b:g} billion parameters" if model.params_b else ""
    add_node(graph, model.id, NodeKind.MODEL, model.name, note=size,
             url=model_card(model.hf_repo))  # fmt: skip
    for licence in dict.fromkeys(model.licences or ()):
        _add_licence(graph, kb, licence)
        add_edge(graph, model.id, f"licence:{licence}", EdgeKind.LICENSED)
    for licence, base in kb.inherited_licences(model).items():
        _add_licence(graph, kb, licence)
        add_edge(graph, model.id, f"licence:{licence}", EdgeKind.LICENSED, f"through {base}")


def _add_licence(graph: DecisionGraph, kb: KnowledgeBase, licence_id: str) -> None:
    node = f"licence:{licence_id}"
    if node not in graph:
        licence = kb.licences[licence_id]
        add_node(graph, node, NodeKind.LICENCE, licence.name, note=licence_id,
                 url=licence.url or "")  # fmt: skip
