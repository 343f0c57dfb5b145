"""The matcher against brute force: the same agenda after every change, the same firing order.

`pytest tests/engine/rete --cases 100000` runs more of them; a failing case is made small.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from whyllm.engine.rete import Activation

from tests.engine.rete import reference
from tests.engine.rete.generated import Case, cases
from tests.engine.rete.translation import Engine, engine_of

SHARDS = 20


def seen(activation: Activation) -> tuple[Any, ...]:
    """Rule, facts by number and bindings: what the reference knows of an activation too."""
    context = {k: _number(v) for k, v in activation.context.items()}
    return (activation.rule.__name__, activation.ages, tuple(sorted(context.items())))


def wanted(engine: reference.Engine, identity: reference.Identity) -> tuple[Any, ...]:
    place, numbers, _ = identity
    bound = {k: _number(v) for k, v in engine.standing[identity].items()}
    return (f"rule_{place}", numbers, tuple(sorted(bound.items())))


def _number(value: Any) -> Any:
    """A bound fact as its number."""
    if isinstance(value, reference.Item):
        return value.number
    return value["__factid__"] if isinstance(value, dict) else value


def compare(ours: Engine, brute: reference.Engine) -> None:
    """Everything that stands, and what is pending in the order in which it will fire."""
    standing = sorted(map(seen, ours.matcher.activations()))
    assert standing == sorted(wanted(brute, identity) for identity in brute.standing)
    pending = [seen(activation) for activation in reversed(list(ours.agenda.activations))]
    assert pending == [wanted(brute, identity) for identity in brute.agenda()]


def check(case: Case) -> None:
    ours = engine_of(case.rules, newest_first=case.newest_first)
    brute = reference.Engine(case.rules, newest_first=case.newest_first)
    compare(ours, brute)
    for change, steps in case.changes:
        ours.act(change, {})
        brute.act(change, {})
        brute.observe()
        compare(ours, brute)
        for _ in range(steps):
            first = next(iter(brute.agenda()), None)
            expected = None if first is None else wanted(brute, first)
            count = len(ours.fired)
            ours.run(1)
            brute.fire()
            fired = [seen(activation) for activation in ours.fired[count:]]
            assert fired == ([] if expected is None else [expected])
            # experta takes up what the right-hand side changed when it next looks at the facts
            ours.strategy.update_agenda(ours.agenda, *ours.get_activations())
            compare(ours, brute)


@pytest.mark.parametrize("shard", range(SHARDS))
def test_the_matcher_agrees_with_brute_force(shard: int, case_count: int) -> None:
    @seed(shard)
    @settings(
        max_examples=case_count // SHARDS,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(cases())
    def agrees(case: Case) -> None:
        check(case)

    agrees()
