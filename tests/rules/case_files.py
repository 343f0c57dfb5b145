"""Rule cases: YAML that says what a rule concludes and says, and what it passes by in silence.

A case lists facts as `Type: {slot: value}`. Slots that a case does not name hold a neutral value,
since the rule does not read them: that is what the case says by leaving them out.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whyllm.engine import facts as fact_types
from whyllm.engine.facts import WorkingFact
from whyllm.engine.machine import Machine
from whyllm.engine.rulebook import Rulebook, RuleCard, Stage
from whyllm.engine.stages import rulebook
from whyllm.engine.trace import Trace
from whyllm.kb.yaml_file import read_yaml

CASES = Path(__file__).parent / "cases"
NEUTRAL: dict[type, Any] = {str: "-", int: 0, float: 0.0, bool: False}


@dataclass(frozen=True)
class Case:
    rule: str
    name: str
    fires: bool
    given: tuple[WorkingFact, ...]
    concludes: tuple[dict[str, Any], ...]
    says: str | None


def all_cards() -> dict[str, RuleCard]:
    return {card.id: card for name in ("expert", "course") for card in rulebook(name).cards}


def all_cases() -> list[Case]:
    found = []
    for path in sorted(CASES.glob("*/*.yaml")):
        data = read_yaml(path).data
        assert data.keys() <= {"rule", "fires", "silent"}, path
        assert path.stem == data["rule"], path
        for kind in ("fires", "silent"):
            for name, case in (data.get(kind) or {}).items():
                assert case.keys() <= {"given", "concludes", "says"}, (path, name)
                found.append(
                    Case(
                        rule=data["rule"],
                        name=name,
                        fires=kind == "fires",
                        given=tuple(_fact(x) for x in case["given"]),
                        concludes=tuple(case.get("concludes") or ()),
                        says=case.get("says"),
                    )
                )
    return found


def _fact(written: dict[str, dict[str, Any]]) -> WorkingFact:
    ((type_name, slots),) = written.items()
    fact_type: type[WorkingFact] = getattr(fact_types, type_name)
    values = {}
    for slot, wanted in fact_type.slots().items():
        value = slots.get(slot, "stated" if slot == "origin" else None)
        options = getattr(wanted, "__args__", (wanted,))
        if value is None:
            value = NEUTRAL[options[0]]
        if isinstance(value, int) and not isinstance(value, bool) and int not in options:
            value = float(value)
        values[slot] = value
    unknown = slots.keys() - values.keys()
    assert not unknown, f"{type_name} has no slot {unknown}"
    return fact_type(**values)


def run_alone(card: RuleCard, facts: tuple[WorkingFact, ...]) -> Trace:
    """Fire one rule by itself on the facts of a case."""
    machine = Machine(Rulebook("one", "One rule", (Stage(card.stage, "ONE", "?", [card]),)))
    machine.run(facts)
    return machine.trace()
