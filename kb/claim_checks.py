"""Whether a variant's own entry contradicts a claim, topic by topic.

Topics of opinion (specialty, role, innovation) and of names are not held against any field. An
unknown field contradicts nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.schema import Claim, Model, later

SIZE_TOLERANCE = 0.2
"""The size in a name is rounded, and often leaves out the encoder: Qwen2-VL 7B has 8.29e9."""

_SINCE = re.compile(r"native-since-(.+)")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)B")
_ACTIVE = re.compile(r"(\d+(?:\.\d+)?)B-active")
_RANGE = re.compile(r"(\d+(?:\.\d+)?)B-to-(\d+(?:\.\d+)?)B")
_AT_MOST = re.compile(r"up-to-(\d+(?:\.\d+)?)B")


def contradicted_field(kb: KnowledgeBase, claim: Claim, model: Model) -> str | None:
    """The field of the variant that contradicts the claim, if one does."""
    check = _CHECKS.get(claim.topic)
    return check(kb, claim, model) if check else None


def covering(kb: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """Each licence that claims name, with each licence of the catalogue that it covers."""
    for group in kb.terms.licence_group:
        for member in group.values or ():
            if member in kb.licences:
                yield group.id, member


def _values(claim: Claim) -> tuple[str, ...]:
    return claim.value if isinstance(claim.value, tuple) else (str(claim.value),)


def _licence(kb: KnowledgeBase, claim: Claim, model: Model) -> str | None:
    covered = set(covering(kb))
    held = model.licences or ()
    fails = any((said, own) not in covered for said in _values(claim) for own in held)
    return "licences" if fails else None


def _tool_calling(kb: KnowledgeBase, claim: Claim, model: Model) -> str | None:
    if model.tool_calling == "unknown":
        return None
    said = str(claim.value)
    since = _SINCE.fullmatch(said)
    if since:
        order = kb.families[model.family].generations
        if model.generation not in order or since[1] not in order:
            return None
        native = order.index(str(model.generation)) >= order.index(since[1])
        said = "native" if native else "none"
    return "tool_calling" if said != model.tool_calling else None


def _cutoff(_: KnowledgeBase, claim: Claim, model: Model) -> str | None:
    if model.cutoff is None:
        return None
    said = str(claim.value)
    return "cutoff" if later(said, model.cutoff) or later(model.cutoff, said) else None


def _architecture(kb: KnowledgeBase, claim: Claim, model: Model) -> str | None:
    known = {term.id for term in kb.terms.architecture}
    for said in _values(claim):
        if said in known and said != model.architecture:
            return "architecture"
        total, active = _SIZE.fullmatch(said), _ACTIVE.fullmatch(said)
        if total and not _near(model.params_b, total[1]):
            return "params_b"
        if active and not _near(model.active_params_b, active[1]):
            return "active_params_b"
    return None


def _size(_: KnowledgeBase, claim: Claim, model: Model) -> str | None:
    """The variant is none of the sizes that the family is said to come in."""
    if model.params_b is None or any(_allows(said, model.params_b) for said in _values(claim)):
        return None
    return "params_b"


def _allows(said: str, params_b: float) -> bool:
    exact, span, most = _SIZE.fullmatch(said), _RANGE.fullmatch(said), _AT_MOST.fullmatch(said)
    if exact:
        return _near(params_b, exact[1])
    if span:
        least = float(span[1]) * (1 - SIZE_TOLERANCE)
        return least <= params_b <= float(span[2]) * (1 + SIZE_TOLERANCE)
    return most is None or params_b <= float(most[1]) * (1 + SIZE_TOLERANCE)


def _near(params_b: float | None, said: str) -> bool:
    return params_b is None or abs(params_b - float(said)) <= SIZE_TOLERANCE * float(said)


_CHECKS: dict[str, Callable[[KnowledgeBase, Claim, Model], str | None]] = {
    "licence": _licence,
    "tool-calling": _tool_calling,
    "cutoff": _cutoff,
    "architecture": _architecture,
    "size": _size,
}
