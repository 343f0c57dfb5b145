"""Keys of quiz items by other ways than the generators': the tree's edges, bytes, every reply.

From an item only its case and the values of its options are read, never its key.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from itertools import combinations
from typing import Any

from whyllm.engine.catalogue import Catalogue
from whyllm.engine.consulting import Consultant, Consultation, consult
from whyllm.engine.need import AXES, Need
from whyllm.engine.quiz.item import Item
from whyllm.kb.knowledge import KnowledgeBase

from tests.conftest import DAY

Value = Any


class ByHand:
    """Works out which options of an item are right."""

    def __init__(self, kb: KnowledgeBase, models: Catalogue) -> None:
        self.kb = kb
        self.models = models
        self.exclusions = lru_cache(maxsize=2)(self._exclusions)

    def _exclusions(self, need: str) -> set[tuple[Value, str]]:
        """Model and rule, for each exclusion by a need in JSON."""
        trace = consult(Need.of(json.loads(need)), self.models, on=DAY).trace
        return {
            (fact["model"], firing.rule)
            for firing in trace.firings
            for fact in firing.conclusions
            if fact.type == "Excluded"
        }

    def right(self, item: Item) -> list[Value]:
        """The values of the options that are right, in the order of the options."""
        holds = WAYS[item.kind]
        return [o.value for o in item.options if holds(self, item.case, o.value)]

    def judged(self, need: dict[str, Any], *only: str) -> Consultation:
        """Judged anew, by a consultant that nothing was asked before."""
        return Consultant(self.models, only=only).consult(Need.of(need), DAY)

    def keeps(self, need: dict[str, Any], model: str) -> bool:
        return model in self.judged(need, model).kept

    def branch(self, case: Any, value: Value) -> bool:
        tree = self.kb.tree
        axis = next(node.axis for node in tree.nodes if node.id == case["node"])
        reply = self.machine_class(case["need"]) if axis == "machine" else case["need"].get(axis)
        return any(
            edge.source == case["node"] and edge.target == value and reply in (edge.replies or ())
            for edge in tree.edges
        )

    def machine_class(self, need: dict[str, Any]) -> str:
        """The chapter's classes: a large GPU, else by main memory, which may be shared."""
        least = {c.id: c.at_least_gb for c in self.kb.hardware.classes}
        if need.get("vram", 0) >= least["big"]:
            return "big"
        return "mid" if max(need.get("ram", 0), need.get("unified", 0)) >= least["mid"] else "small"

    def cause(self, case: Any, value: Value) -> bool:
        """The rules that exclude the model where the whole catalogue is judged."""
        return (case["model"], value) in self.exclusions(json.dumps(case["need"]))

    def change(self, case: Any, value: Value) -> bool:
        return self.keeps({**case["need"], **value}, case["model"])

    def allowed(self, case: Any, value: Value) -> bool:
        return self.keeps(case["need"], value) and not self.refused_in_words(case["need"], value)

    def refused_in_words(self, need: dict[str, Any], model: str) -> bool:
        """Whether a licence plainly says no to the plan, read off its clauses."""
        asked = {"commercial": ["commercial_use"], "unrestricted": ["commercial_use"]}
        tags = asked.get(need["use"], []) + [
            tag
            for axis, reply, tag in (
                ("deploy", "redistribute", "redistribution"),
                ("deploy", "hosted", "hosting"),
            )
            if reply in need.get(axis, ())
        ]
        licences = self.kb.binding_licences(self.kb.models[model])
        clauses = [self.kb.licences[licence].clauses for licence in licences]
        return any(c[tag].value == "no" for c in clauses for tag in tags if tag in c)

    def fits(self, case: Any, value: Value) -> bool:
        need = case["need"]
        (memory,) = {"ram", "vram", "unified"} & set(need)
        usable = self.kb.constant(f"{memory}-share") * need[memory]
        return self.gigabytes(value, need) <= usable + 0.001

    def needed(self, case: Any, value: Value) -> bool:
        return abs(self.gigabytes(case["model"], case["need"]) - value) <= 0.051

    def gigabytes(self, model: str, need: dict[str, Any]) -> float:
        """Weights, cache and the rest, byte by byte."""
        known, quantisation = self.kb.models[model], self.kb.quantisations[need["quant"]]
        published = known.file_gb.get(need["quant"])
        if published is not None and known.evidence_for("file_gb").verified:
            weights = published * 1e9 + (known.projector_gb or 0) * 1e9
        else:
            assert known.params_b is not None
            bits = quantisation.bits_per_weight + quantisation.small_model_term / (
                known.params_b**0.5
            )
            weights = known.params_b * 1e9 * bits / 8
        cache = self.cache_bytes(model, need["context"])
        constant = self.kb.constant
        rest = constant("compute-base-gb") + constant("runtime-gb")
        rest += constant("compute-root-factor") * (weights / 1e9) ** 0.5
        return (weights + cache) / 1e9 + rest

    def cache_bytes(self, model: str, context: int) -> float:
        """Each layer's keys and values, layer by layer; by size where the shape is not known."""
        known = self.kb.models[model]
        shape = known.attention if known.evidence_for("attention").verified else None
        each = self.kb.constant("kv-bytes-per-value")
        if shape is not None and shape.kind == "state-space":
            return 0.0
        if shape is not None and shape.kind == "latent" and shape.latent_dim:
            return shape.layers * context * shape.latent_dim * each
        if shape is None or shape.kind == "latent" or not (shape.kv_heads and shape.head_dim):
            assert known.params_b is not None
            return (
                known.params_b
                * context
                / 1000
                * 1e9
                * self.kb.constant("kv-fallback-gb-per-1k-per-b")
            )
        wide = shape.global_layers if shape.kind == "sliding" and shape.window else None
        total = 0.0
        for layer in range(shape.layers):
            local = wide is not None and layer >= wide
            tokens = min(context, shape.window or context) if local else context
            total += tokens * shape.kv_heads * shape.head_dim * each * 2
        return total

    def scope(self, case: Any, value: Value) -> bool:
        """Whether its own file calls it another kind than a language model."""
        outside = self.kb.models[value].kind != "llm"
        return outside == (case["asked"] == "outside")

    def idle(self, case: Any, value: Value) -> bool:
        """Whether each reply keeps every candidate."""
        candidates, axis = case["candidates"], AXES[value]
        replies = case["replies"][value]
        assert set(axis.choices or [True]) == set(replies), "every reply counts"
        consultant = Consultant(self.models, only=candidates)
        for reply in replies:
            stated = [reply] if axis.repeatable else reply
            need = Need.of({**case["need"], value: stated})
            if set(consultant.consult(need, DAY).kept) != set(candidates):
                return False
        return True

    def no_smaller(self, item: Item) -> bool:
        """Whether no part of the right change admits the model, nor nothing at all."""
        (change,) = (option.value for option in item.options if option.right)
        parts = [
            dict(part) for size in range(len(change)) for part in combinations(change.items(), size)
        ]
        return not any(self.change(item.case, part) for part in parts)


WAYS: dict[str, Callable[[ByHand, Any, Value], bool]] = {
    "branch": ByHand.branch,
    "why-excluded": ByHand.cause,
    "all-causes": ByHand.cause,
    "smallest-change": ByHand.change,
    "which-licence": ByHand.allowed,
    "which-variant": ByHand.allowed,
    "fits-memory": ByHand.fits,
    "memory-needed": ByHand.needed,
    "llm-or-not": ByHand.scope,
    "irrelevant-question": ByHand.idle,
}
