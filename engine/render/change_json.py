"""Answers on changed needs and on two models as JSON: what-if, relaxation, comparison."""

from __future__ import annotations

from collections.abc import Mapping

from whyllm.engine.explaining.change_words import constraint_told
from whyllm.engine.explaining.comparison import Comparison, Deciding
from whyllm.engine.explaining.constraints import Constraint
from whyllm.engine.explaining.explanation import Cause
from whyllm.engine.explaining.relaxation import Relaxation, Relaxations
from whyllm.engine.explaining.what_if import Move, Turn, WhatIf
from whyllm.engine.render.change_shapes import (
    ComparisonJson,
    ConstraintJson,
    DecidingJson,
    MoveJson,
    RelaxationJson,
    RelaxationsJson,
    TurnJson,
    WhatIfJson,
)
from whyllm.engine.render.consultation_json import consultation_json, knowledge
from whyllm.engine.render.shapes import CauseJson
from whyllm.engine.words import Words


def what_if_json(found: WhatIf, changes: Mapping[str, object]) -> WhatIfJson:
    """`whyllm.what-if/1`."""
    need = found.after.need.as_json()
    return {
        "schema": "whyllm.what-if/1",
        "need": found.before.need.as_json(),
        "set": {axis: need.get(axis) for axis in changes},
        "shortlist": list(found.before.shortlist),
        "enters": [_turn(turn) for turn in found.enters],
        "leaves": [_turn(turn) for turn in found.leaves],
        "opens": [_turn(turn) for turn in found.opens],
        "moves": [_move(move) for move in found.moves],
        "consultation": consultation_json(found.after),
    }


def relaxations_json(found: Relaxations) -> RelaxationsJson:
    """`whyllm.relaxation/1`."""
    consultation, words = found.consultation, found.consultation.words
    return {
        "schema": "whyllm.relaxation/1",
        "rulebook": consultation.rulebook.id,
        "on": consultation.on.isoformat(),
        "need": consultation.need.as_json(),
        "outcome": consultation.outcome,
        "relaxations": [_relaxation(item, words) for item in found.relaxations],
        "conflicts": [[_constraint(c, words) for c in conflict] for conflict in found.conflicts],
        "kb": knowledge(consultation),
    }


def comparison_json(found: Comparison) -> ComparisonJson:
    """`whyllm.comparison/1`."""
    consultation = found.consultation
    models = consultation.catalogue.models
    return {
        "schema": "whyllm.comparison/1",
        "rulebook": consultation.rulebook.id,
        "on": consultation.on.isoformat(),
        "need": consultation.need.as_json(),
        "models": [
            {"model": m, "name": models[m].name, "verdict": consultation.verdict(m)}
            for m in found.models
        ],
        "better": found.better,
        "decided_by": found.decided_by,
        "deciding": [_deciding(item) for item in found.deciding],
        "kb": knowledge(consultation),
    }


def _cause(cause: Cause) -> CauseJson:
    return cause.as_json()  # type: ignore[return-value]


def _turn(turn: Turn) -> TurnJson:
    return {
        "model": turn.model,
        "before": turn.before,
        "after": turn.after,
        "because": [_cause(cause) for cause in turn.because],
    }


def _move(move: Move) -> MoveJson:
    return {
        "model": move.model,
        "before": move.before,
        "after": move.after,
        "gone": list(move.gone),
        "come": list(move.come),
        "because": [_cause(cause) for cause in move.because],
        "no_longer": [_cause(cause) for cause in move.no_longer],
    }


def _constraint(constraint: Constraint, words: Words) -> ConstraintJson:
    return {
        "axis": constraint.axis,
        "value": constraint.value,
        "text": constraint_told(words, constraint),
    }


def _relaxation(found: Relaxation, words: Words) -> RelaxationJson:
    return {
        "constraints": [_constraint(c, words) for c in found.constraints],
        "cost": found.cost,
        "gains": list(found.gains),
        "ways": [
            {"model": way.model, "fix": way.fix.as_json()}  # type: ignore[typeddict-item]
            for way in found.ways
        ],
    }


def _deciding(found: Deciding) -> DecidingJson:
    return {
        "model": found.model,
        **_cause(found.cause),
        "counterpart": [
            leaf.as_json()  # type: ignore[misc]
            for leaf in found.counterpart
        ],
    }
