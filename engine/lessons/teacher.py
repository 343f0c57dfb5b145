"""Makes lessons of the curriculum: fills in texts, tables and pictures, and checks the claims."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from whyllm.engine.catalogue import Catalogue
from whyllm.engine.lessons.checks import found
from whyllm.engine.lessons.lesson import Claim, Fallen, Lesson, Step, Table
from whyllm.engine.lessons.tree_walk import need_at
from whyllm.engine.lessons.world import World
from whyllm.kb.curriculum_schema import LessonClaim, LessonStep
from whyllm.kb.knowledge import KnowledgeBase

QUANTISATIONS = ("F16", "Q8_0", "Q4_K_M")
"""Those that the chapter names."""

FIELDS = {
    "licences": "licences",
    "architecture": "architecture",
    "params_b": "parameters, 1e9",
    "active_params_b": "active parameters, 1e9",
    "modalities": "modalities",
    "tool_calling": "native tool calling",
    "tuning": "tuning",
    "cutoff": "knowledge cutoff",
}
"""Fields of a variant that lessons compare, and their names."""

VOCABULARY = {"architecture": "architecture", "modalities": "modality", "tuning": "tuning"}
"""Fields whose values are terms of a vocabulary."""


class Teacher:
    """Knows the curriculum of a knowledge base. Not for several threads at once."""

    def __init__(self, kb: KnowledgeBase, catalogue: Catalogue, on: dt.date) -> None:
        self._world = World(kb, catalogue, on)
        self._kb = kb

    def lessons(self) -> tuple[Lesson, ...]:
        """All lessons, in the order of the curriculum."""
        return tuple(map(self.lesson, self._kb.curriculum))

    def lesson(self, id_: str) -> Lesson:
        """One lesson; KeyError for an unknown one."""
        told = self._kb.curriculum[id_]
        return Lesson(told.id, told.title, tuple(map(self._step, told.steps)))

    def _step(self, told: LessonStep) -> Step:
        path, falls, left = self._at(told.node)
        return Step(
            id=told.id,
            title=told.title,
            paragraphs=(*self._base_text(told), *told.text, *self._worked(told)),
            table=self._table(told),
            path=path,
            falls=falls,
            left=left,
            claims=tuple(map(self._claim, told.claims)),
        )

    def _claim(self, told: LessonClaim) -> Claim:
        result = found(self._world, told)
        return Claim(told.says.format(**result.values), told.check, result.holds, result.evidence)

    def _base_text(self, told: LessonStep) -> Iterator[str]:
        """The text of the knowledge that the step begins with."""
        teaching = self._kb.lessons
        if told.axis is not None:
            yield self._kb.axes[told.axis].consequence
        for wanted, known in (
            (told.warning, teaching.benchmark_warnings),
            (told.takeaway, teaching.takeaways),
        ):
            yield from (entry.text for entry in known if entry.id == wanted)

    def _worked(self, told: LessonStep) -> Iterator[str]:
        """One exclusion, from the facts over the rule to the conclusion."""
        if told.explains is None:
            return
        world = self._world
        answered = world.judged(told.explains, told.need)
        for firing in answered.excluded.get(told.explains, ()):
            facts = "; ".join(world.words.fact(premise) for premise in firing.premises)
            yield f"Facts: {facts}."
            yield f"Rule {firing.rule} fires: {answered.sentence(firing)}"

    def _table(self, told: LessonStep) -> Table | None:
        if told.compare:
            return self._compared(told)
        if told.licences:
            return self._licences(told)
        if told.memory:
            return self._memory(told)
        return None

    def _compared(self, told: LessonStep) -> Table:
        models = [self._kb.models[key] for key in told.compare]
        rows = [
            (FIELDS[name], *(self._shown(name, getattr(model, name)) for model in models))
            for name in told.fields
        ]
        return Table(("fact", *(m.name for m in models)), tuple(rows))

    def _shown(self, name: str, value: object) -> str:
        """A value of a field in words."""
        if isinstance(value, tuple | list):
            return ", ".join(self._shown(name, item) for item in value)
        if isinstance(value, float):
            return f"{value:g}"
        if value is None:
            return "not known"
        if name == "licences":
            return self._kb.licences[str(value)].short
        for term in getattr(self._kb.terms, VOCABULARY.get(name, ""), ()):
            if term.id == value:
                return str(term.label)
        return str(value)

    def _licences(self, told: LessonStep) -> Table:
        licences = [self._kb.licences[key] for key in told.licences]
        labels = {term.id: term.label for term in self._kb.terms.clause}
        rows = [
            (
                labels[tag],
                *(
                    f"{clause.value} (section {clause.section})"
                    if (clause := licence.clauses[tag]).section not in (None, "-")
                    else clause.value
                    for licence in licences
                ),
            )
            for tag in told.clauses
        ]
        return Table(("clause", *(licence.short for licence in licences)), tuple(rows))

    def _memory(self, told: LessonStep) -> Table:
        rows = []
        for key in told.memory:
            for quantisation in QUANTISATIONS:
                need = self._world.memory(key, quantisation)
                rows.append(
                    (
                        self._kb.models[key].name,
                        quantisation,
                        f"{need.weights_gb:g}",
                        f"{need.cache_gb:g}",
                        f"{need.overhead_gb:g}",
                        f"{need.total_gb:g}",
                    )
                )
        head = ("model", "quantisation", "weights, GB", "cache, GB", "buffers and runtime, GB",
                "total, GB")  # fmt: skip
        return Table(head, tuple(rows))

    def _at(self, node: str | None) -> tuple[tuple[str, ...], tuple[Fallen, ...], int | None]:
        """The path to a node of the tree, who falls by the last reply to it, and how many stay."""
        if node is None:
            return (), (), None
        before, after = need_at(self._kb, node)
        was, now = self._world.course(before), self._world.course(after)
        names = self._world.catalogue.models
        falls = tuple(
            Fallen(model, names[model].name, tuple(dict.fromkeys(f.rule for f in firings)))
            for model, firings in now.excluded.items()
            if model not in was.excluded
        )
        path = now.path[: now.path.index(node) + 1]
        return path, falls, len(now.kept)
