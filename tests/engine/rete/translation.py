"""The reference's rules in experta's language, on an experta engine with our two hooks."""

from __future__ import annotations

from functools import reduce
from operator import and_, or_
from typing import Any

from whyllm.engine.experta_shim import AND, EXISTS, FORALL, MATCH, NOT, OR, TEST, Fact, L, P, W
from whyllm.engine.experta_shim import KnowledgeEngine as ExpertaEngine
from whyllm.engine.experta_shim import Rule as ExpertaRule
from whyllm.engine.rete import AgendaStrategy, IndexedMatcher, RecentFirst

from tests.engine.rete.reference import TESTS, Action, Condition, Rule


class A(Fact):  # type: ignore[misc]
    pass


class B(Fact):  # type: ignore[misc]
    pass


class C(Fact):  # type: ignore[misc]
    pass


TYPES = {"A": A, "B": B, "C": C}


def as_experta(condition: Condition) -> Any:
    """The condition in experta's language."""
    kind, *parts = condition
    if kind == "fact":
        fact_type, fields, name = parts
        pattern = TYPES[fact_type](**{slot: _field(a) for slot, a in fields.items()})
        return pattern if name is None else name << pattern
    if kind == "test":
        variables, name = parts
        function = TESTS[name, len(variables)]
        text = f"lambda {', '.join(variables)}: function({', '.join(variables)})"
        return TEST(eval(text, {"function": function}))
    if kind == "forall":
        return FORALL(as_experta(parts[0]), *map(as_experta, parts[1]))
    if kind == "or":
        return OR(*(AND(*map(as_experta, alternative)) for alternative in parts[0]))
    wrapper = {"not": NOT, "exists": EXISTS, "and": AND}[kind]
    return wrapper(*map(as_experta, parts[0]))


def _field(alternatives: list[list[Condition]]) -> Any:
    return reduce(or_, (reduce(and_, map(_atom, atoms)) for atoms in alternatives))


def _atom(atom: Condition) -> Any:
    kind, *parts = atom
    if kind == "variable":
        return getattr(MATCH, parts[0])
    if kind == "other":
        return ~getattr(MATCH, parts[0])
    if kind == "not":
        return ~L(parts[0])
    if kind == "at least":
        return P(lambda value, least=parts[0]: value >= least)
    return W() if kind == "any" else L(parts[0])


class Engine(ExpertaEngine):  # type: ignore[misc]
    """An experta engine that knows the facts by the numbers of the reference."""

    __matcher__ = IndexedMatcher
    __strategy__ = AgendaStrategy

    def __init__(self) -> None:
        super().__init__()
        self.fired: list[Any] = []
        self.reset()

    def act(self, action: Action, bound: dict[str, Any]) -> None:
        """Change the facts as the reference does."""
        kind, *parts = action
        if kind == "declare":
            fact_type, slots = parts
            values = {s: bound[v] if isinstance(v, str) else v for s, v in slots.items()}
            if "n__k" in values:
                values["n"] = {"k": values.pop("n__k")}
            self.declare(TYPES[fact_type](**values))
        elif kind == "retract":
            if self.facts.get(bound[parts[0]]["__factid__"]) is bound[parts[0]]:
                self.retract(bound[parts[0]])
        else:
            found = [fact for fact in self.facts.values() if type(fact) is TYPES[parts[0]]]
            for fact in found[:1] if kind == "retract first" else found[-1:]:
                self.retract(fact)


def engine_of(rules: list[Rule], *, newest_first: bool) -> Engine:
    """An engine with the rules in their order; it notes each activation that fires."""
    body = {f"rule_{place}": _rule(place, rule) for place, rule in enumerate(rules)}
    strategy = RecentFirst if newest_first else AgendaStrategy
    engine: Engine = type("Made", (Engine,), {"__strategy__": strategy, **body})()
    return engine


def _rule(place: int, rule: Rule) -> ExpertaRule:
    def fire(engine: Engine, **bound: Any) -> None:
        engine.fired.append(engine.agenda.activations.last)
        for action in rule.then:
            engine.act(action, bound)

    fire.__name__ = f"rule_{place}"
    return ExpertaRule(*map(as_experta, rule.when), salience=rule.salience)(fire)
