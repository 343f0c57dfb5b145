"""The checks that claims are bound to: each says whether a claim holds, and on what that rests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from whyllm.engine.lessons.world import World
from whyllm.kb.curriculum_schema import LessonClaim


@dataclass(frozen=True)
class Found:
    """Whether a claim holds, its evidence, and the values that its sentence shows."""

    holds: bool
    evidence: tuple[str, ...]
    values: Mapping[str, str] = field(default_factory=dict)


class ClaimError(Exception):
    """A claim that lacks what its check needs: a fault of the curriculum."""


Check = Callable[[World, LessonClaim], Found]


def found(world: World, claim: LessonClaim) -> Found:
    """What the check of a claim finds; ClaimError where the claim lacks what it needs."""
    return CHECKS[claim.check](world, claim)


def _falls(world: World, claim: LessonClaim) -> Found:
    """The model is excluded by exactly those rules, whatever else is looked at."""
    model = _stated(claim, "model")
    answered = world.judged(model, claim.need)
    rules = {firing.rule for firing in answered.excluded.get(model, ())}
    sentences = tuple(
        f"{firing.rule}: {answered.sentence(firing)}" for firing in answered.excluded.get(model, ())
    )
    return Found(bool(claim.rules) and rules == set(claim.rules), sentences)


def _stays(world: World, claim: LessonClaim) -> Found:
    model = _stated(claim, "model")
    verdict = world.judged(model, claim.need).verdict(model)
    name = world.words.name("model", model)
    return Found(verdict in ("kept", "shortlisted"), (f"{name} is {verdict}.",))


def _ends_at(world: World, claim: LessonClaim) -> Found:
    path = world.course(claim.need).path
    return Found(path[-1] == _stated(claim, "node"), (" → ".join(path),))


def _out_of_scope(world: World, claim: LessonClaim) -> Found:
    answered = world.judged(None, claim.need)
    rules = [
        f"{firing.rule}: {answered.sentence(firing)}"
        for firing, _ in answered.trace.concluding("OutOfScope")
    ]
    return Found(answered.outcome == "out-of-scope", tuple(rules))


def _needs_more(world: World, claim: LessonClaim) -> Found:
    one = world.memory(_stated(claim, "model")).total_gb
    other = world.memory(_stated(claim, "than")).total_gb
    values = {"value": f"{one:g}", "other": f"{other:g}"}
    return Found(one > other, ("MEM-030", "MEM-040"), values)


def _value(world: World, claim: LessonClaim) -> Found:
    """The field is known and verified, and is what the claim says, if it says what."""
    name = _stated(claim, "field")
    model = world.kb.models[_stated(claim, "model")]
    value = getattr(model, name)
    evidence = model.evidence_for(name)
    holds = value is not None and evidence.verified and claim.equals in (None, value)
    source = world.kb.sources[evidence.source].title
    return Found(holds, (source,), {"value": f"{value:g}" if _number(value) else str(value)})


def _clause(world: World, claim: LessonClaim) -> Found:
    licence = world.kb.licences[_stated(claim, "licence")]
    clause = licence.clauses[_stated(claim, "clause")]
    section = f"{licence.short}, section {clause.section}" if clause.section else licence.short
    return Found(clause.value == claim.equals, (section,))


def _bound_by(world: World, claim: LessonClaim) -> Found:
    model = world.kb.models[_stated(claim, "model")]
    licence = world.kb.licences[_stated(claim, "licence")]
    bound = world.kb.binding_licences(model)
    named = tuple(world.kb.licences[key].name for key in bound)
    return Found(licence.id in bound, named, {"value": licence.name})


def _leads(world: World, claim: LessonClaim) -> Found:
    dimension = world.kb.dimensions[_stated(claim, "dimension")]
    leaders = {leader.family or leader.publisher for leader in dimension.leaders}
    return Found(claim.leader in leaders, (dimension.why or dimension.label,))


def _publishers(world: World, claim: LessonClaim) -> Found:
    eight = [p.name for p in world.kb.publishers.values() if p.role == "publisher"]
    return Found(len(eight) == claim.equals, (", ".join(eight),), {"value": str(len(eight))})


CHECKS: Mapping[str, Check] = {
    "falls": _falls,
    "stays": _stays,
    "ends-at": _ends_at,
    "out-of-scope": _out_of_scope,
    "needs-more": _needs_more,
    "value": _value,
    "clause": _clause,
    "bound-by": _bound_by,
    "leads": _leads,
    "publishers": _publishers,
}
"""Check -> the function that carries it out."""


def _stated(claim: LessonClaim, name: str) -> str:
    value = getattr(claim, name)
    if not isinstance(value, str):
        raise ClaimError(f"{claim.says!r}: the check {claim.check} needs {name}")
    return value


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
