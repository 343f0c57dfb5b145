"""Every claim of every lesson holds, the lessons cover the chapter, and a lost rule is noticed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from whyllm.engine import consulting
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.consulting import Consultation
from whyllm.engine.lessons.checks import CHECKS, ClaimError, found
from whyllm.engine.lessons.lesson import Lesson
from whyllm.engine.lessons.teacher import Teacher
from whyllm.engine.lessons.tree_walk import need_at
from whyllm.engine.lessons.world import World
from whyllm.engine.stages import rulebook
from whyllm.kb.curriculum_schema import LessonClaim
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.loader import load

from tests.conftest import DAY
from tests.engine.mutated_rules import lost, mutated

Ask = Callable[..., Consultation]


def claims() -> Iterator[tuple[str, LessonClaim]]:
    for lesson in load().curriculum.values():
        for step in lesson.steps:
            for number, claim in enumerate(step.claims, 1):
                yield f"{lesson.id}/{step.id}/{number}", claim


CLAIMS = dict(claims())


@pytest.fixture(scope="module")
def world(kb: KnowledgeBase, models: Catalogue) -> World:
    return World(kb, models, DAY)


@pytest.fixture(scope="module")
def lessons(kb: KnowledgeBase, models: Catalogue) -> dict[str, Lesson]:
    return {lesson.id: lesson for lesson in Teacher(kb, models, DAY).lessons()}


@pytest.mark.parametrize("place", CLAIMS)
def test_a_claim_holds_and_shows_its_evidence(world: World, place: str) -> None:
    result = found(world, CLAIMS[place])
    assert result.holds, result.evidence
    assert result.evidence


def test_every_kind_of_check_is_used_and_no_claim_is_written_with_a_gap(
    lessons: dict[str, Lesson],
) -> None:
    assert {claim.check for claim in CLAIMS.values()} == set(CHECKS)
    told = [c.says for x in lessons.values() for step in x.steps for c in step.claims]
    assert len(told) == len(CLAIMS)
    assert not [says for says in told if "{" in says]


WRONG: list[dict[str, object]] = [
    {"check": "falls", "model": "qwen2.5-7b-instruct", "need": {"use": "commercial"},
     "rules": ["LIC-020"]},
    {"check": "falls", "model": "codestral-22b-v0.1", "need": {"use": "commercial"},
     "rules": ["LIC-020"]},
    {"check": "stays", "model": "codestral-22b-v0.1", "need": {"use": "commercial"}},
    {"check": "ends-at", "need": {"modality": "speech"}, "node": "VLM"},
    {"check": "out-of-scope", "need": {"modality": "code"}},
    {"check": "needs-more", "model": "llama-3.1-8b-instruct", "than": "deepseek-v3"},
    {"check": "value", "model": "deepseek-v3", "field": "params_b", "equals": 37.0},
    {"check": "clause", "licence": "MIT", "clause": "commercial_use", "equals": "no"},
    {"check": "bound-by", "model": "codestral-22b-v0.1", "licence": "Apache-2.0"},
    {"check": "leads", "dimension": "code", "leader": "mistral-ai"},
    {"check": "publishers", "equals": 9},
]  # fmt: skip


@pytest.mark.parametrize("claim", WRONG, ids=[f"{c['check']}-{n}" for n, c in enumerate(WRONG)])
def test_a_wrong_claim_does_not_hold(world: World, claim: dict[str, object]) -> None:
    assert not found(world, LessonClaim.model_validate({"says": "…", **claim})).holds


def test_a_claim_that_lacks_what_its_check_needs_is_a_fault(world: World) -> None:
    claim = LessonClaim.model_validate({"says": "…", "check": "stays"})
    with pytest.raises(ClaimError, match="the check stays needs model"):
        found(world, claim)


def test_each_part_of_the_chapter_has_a_step(kb: KnowledgeBase) -> None:
    steps = [step for lesson in kb.curriculum.values() for step in lesson.steps]
    covered = {
        "node": [node.id for node in kb.tree.nodes],
        "axis": list(kb.axes),
        "warning": [warning.id for warning in kb.lessons.benchmark_warnings],
        "takeaway": [takeaway.id for takeaway in kb.lessons.takeaways],
    }
    for field, wanted in covered.items():
        named = [value for step in steps if (value := getattr(step, field)) is not None]
        assert sorted(named) == sorted(wanted), field


def test_those_who_fall_at_a_node_are_those_of_two_whole_consultations(
    kb: KnowledgeBase, lessons: dict[str, Lesson], ask: Ask
) -> None:
    for told, step in zip(kb.curriculum["tree"].steps, lessons["tree"].steps, strict=True):
        assert told.node is not None
        before, after = need_at(kb, told.node)
        was, now = ask("course", **before), ask("course", **after)
        assert step.path[-1] == told.node
        assert step.left == len(now.kept)
        assert {f.model for f in step.falls} == set(was.kept) - set(now.kept)
        for fallen in step.falls:
            assert list(fallen.rules) == list(
                dict.fromkeys(firing.rule for firing in now.excluded[fallen.model])
            )


def test_the_arithmetic_adds_up(lessons: dict[str, Lesson]) -> None:
    (memory,) = (step for step in lessons["moe"].steps if step.id == "memory")
    assert memory.table
    for _, _, *parts, total in memory.table.rows:
        assert sum(map(float, parts)) == pytest.approx(float(total), rel=1e-3)


@pytest.mark.parametrize(
    ("book", "rule", "mutation", "broken"),
    [
        ("expert", "LIC-020", lost, "tree/free/1"),
        ("expert", "LIC-190", lost, "licences/thresholds/1"),
        ("expert", "MOD-010", lost, "not-llm/embeddings/1"),
        ("expert", "MOD-040", lost, "not-llm/images/1"),
        ("expert", "TASK-010", lost, "tree/reasoning/1"),
        ("expert", "HW-010", lost, "tree/mid/1"),
        ("course", "CRS-110", lost, "tree/modality/2"),
        ("course", "CRS-120", lost, "takeaways/follow/1"),
    ],
)
def test_a_mutated_rule_breaks_a_lesson(
    kb: KnowledgeBase,
    models: Catalogue,
    monkeypatch: pytest.MonkeyPatch,
    book: str,
    rule: str,
    mutation: Callable[..., object],
    broken: str | None,
) -> None:
    changed = mutated(rulebook(book), rule, mutation)  # type: ignore[arg-type]
    monkeypatch.setattr(
        consulting, "rulebook_named", lambda name: changed if name == book else rulebook(name)
    )
    world = World(kb, models, DAY)
    places = CLAIMS if broken is None else [broken]
    fails = [place for place in places if not found(world, CLAIMS[place]).holds]
    assert (fails == [broken]) if broken else fails == []


def test_a_changed_fact_breaks_a_lesson(kb: KnowledgeBase, models: Catalogue) -> None:
    codestral = kb.models["codestral-22b-v0.1"].model_copy(update={"licences": ("Apache-2.0",)})
    changed = replace(kb, models={**kb.models, codestral.id: codestral})
    world = World(changed, models, DAY)
    assert not found(world, CLAIMS["licences/traps/1"]).holds
