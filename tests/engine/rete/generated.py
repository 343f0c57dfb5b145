"""Random rules and changes for hypothesis: every construct, small enough that failures shrink."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from tests.engine.rete.reference import Action, Condition, Rule

TYPES = ["A", "B", "C"]
SLOTS = ["v", "w", "n__k"]
NAMES = ["x", "y", "z"]
NUMBERS = st.integers(0, 2)
TYPE = st.sampled_from(TYPES)
KINDS = {  # conditions, by how deep they may still nest
    deep: st.sampled_from(["fact"] * 7 + ["test"] + nested)
    for deep, nested in ((False, []), (True, ["not", "not", "exists", "forall", "or", "and"]))
}
ATOMS = st.sampled_from(["variable"] * 6 + ["is", "not", "at least", "any", "other"])
ATOM_COUNT = st.sampled_from([1, 1, 1, 1, 2, 3])
SLOT_LISTS = st.lists(st.sampled_from(SLOTS), max_size=2, unique=True)
FILLED = st.sampled_from([SLOTS, SLOTS, SLOTS, SLOTS[:2], SLOTS[2:]])
EFFECT_COUNT = st.sampled_from([0, 0, 1, 2, 3])
EFFECTS = st.sampled_from(["declare", "declare", "retract", "retract first", "last"])
SALIENCES = st.sampled_from([0, 0, 0, 1])
RULE_COUNT = st.sampled_from([1, 1, 2, 2, 3, 4, 5, 6])
CHANGES = st.sampled_from(["declare"] * 5 + ["retract first", "retract last"])
STEPS = st.sampled_from([0, 0, 1, 1, 3])
Scope = dict[str, str]
"""Variable -> "number", "fact", or "taken" where only one alternative of an OR binds it."""


@dataclass(frozen=True)
class Case:
    """Rules, the changes from outside (single ones), and how many rules fire after each."""

    rules: list[Rule]
    newest_first: bool
    changes: list[tuple[Action, int]]


def _numbers(scope: Scope) -> list[str]:
    return [name for name, kind in scope.items() if kind == "number"]


@st.composite
def atoms(draw: st.DrawFn, scope: Scope) -> list[Condition]:
    """One to three atoms of a field; the variables that they bind are added to the scope."""
    found: list[Condition] = []
    for _ in range(draw(ATOM_COUNT)):
        kind = draw(ATOMS)
        if kind == "variable":
            free = [name for name in NAMES if scope.get(name) != "fact"]
            found.append((kind, draw(st.sampled_from(free))))
            scope[found[-1][1]] = "number"
        elif kind == "other":
            if _numbers(scope):
                found.append((kind, draw(st.sampled_from(_numbers(scope)))))
        elif kind == "any":
            found.append((kind,))
        else:
            found.append((kind, draw(NUMBERS)))
    return found or [("any",)]


@st.composite
def facts(draw: st.DrawFn, scope: Scope, may_name: bool = True) -> Condition:
    """A pattern; the variables that it binds are added to the scope."""
    fields = {}
    for slot in draw(SLOT_LISTS):
        if draw(st.integers(0, 5)):
            fields[slot] = [draw(atoms(scope))]
        else:  # an OR in the field: what only one alternative binds is not bound after it
            scopes = [dict(scope), dict(scope)]
            fields[slot] = [draw(atoms(inner)) for inner in scopes]
            scope.update(scopes[0].items() & scopes[1].items())
    name = None
    if may_name and draw(st.integers(0, 3)) == 0 and "f" not in scope:
        name = "f"
        scope[name] = "fact"
    return ("fact", draw(TYPE), fields, name)


@st.composite
def sequences(draw: st.DrawFn, scope: Scope, depth: int, length: int) -> list[Condition]:
    """Conditions one after another; the variables that they bind are added to the scope."""
    found: list[Condition] = []
    for _ in range(length):
        kind = draw(KINDS[depth > 0])
        if kind == "test" and _numbers(scope):
            some = st.lists(st.sampled_from(_numbers(scope)), min_size=1, max_size=2, unique=True)
            found.append((kind, tuple(draw(some)), draw(st.sampled_from(["even", "small"]))))
        elif kind in ("not", "exists"):
            inner = draw(sequences(dict(scope), depth - 1, draw(st.integers(1, 2))))
            found.append((kind, inner))
        elif kind == "and":
            found.append((kind, draw(sequences(scope, depth - 1, 2))))
        elif kind == "forall":
            within = dict(scope)
            first = draw(facts(within))
            found.append((kind, first, draw(sequences(within, depth - 1, draw(st.integers(1, 2))))))
        elif kind == "or":
            scopes = [dict(scope), dict(scope)]
            found.append((kind, [draw(sequences(one, depth - 1, 1)) for one in scopes]))
            scope.update(scopes[0].items() & scopes[1].items())
            if scopes[0].get("f") != scopes[1].get("f"):  # a fact is captured only once
                scope["f"] = "taken"
        else:
            found.append(draw(facts(scope)))
    return found


@st.composite
def declarations(draw: st.DrawFn, names: list[str]) -> Action:
    """The declaration of a fact, its slots filled with numbers and bound numbers."""
    values = st.one_of(NUMBERS, st.sampled_from(names)) if names else NUMBERS
    slots = draw(FILLED)
    return ("declare", draw(TYPE), {slot: draw(values) for slot in slots})


@st.composite
def rules(draw: st.DrawFn, shared: list[Condition], shared_scope: Scope) -> Rule:
    """A rule that begins with the shared conditions and may declare and retract."""
    scope = dict(shared_scope)
    when = shared + draw(sequences(scope, 2, draw(st.integers(1, 3))))
    then = []
    for _ in range(draw(EFFECT_COUNT)):
        kind = draw(EFFECTS)
        if kind == "declare":
            then.append(draw(declarations(_numbers(scope))))
        elif kind == "retract" and scope.get("f") == "fact":
            then.append((kind, "f"))
        else:
            which = "retract last" if kind == "last" else "retract first"
            then.append((which, draw(TYPE)))
    return Rule(when, then, draw(SALIENCES))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """One to six rules over shared fact types, and changes one at a time."""
    scope: Scope = {}
    shared = draw(sequences(scope, 1, draw(st.integers(0, 2))))
    number = draw(RULE_COUNT)
    found = [draw(rules(shared, scope)) for _ in range(number)]
    changes = []
    for place in range(draw(st.integers(4, 14))):
        kind = draw(CHANGES) if place > 4 else "declare"
        change = draw(declarations([])) if kind == "declare" else (kind, draw(TYPE))
        changes.append((change, draw(STEPS)))
    return Case(found, draw(st.booleans()), changes)
