"""Every rule can be declared as data; what it declares is what it does."""

from __future__ import annotations

import inspect
import itertools
import json
import random
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from whyllm.engine import facts as f
from whyllm.engine.checker import FUNCTIONS, evaluate, parsed
from whyllm.engine.declared import declared_rule, declared_rulebook
from whyllm.engine.experta_shim import MATCH, NOT, TEST, L
from whyllm.engine.expressions import NAMED
from whyllm.engine.rulebook import RuleCard, RuleError
from whyllm.engine.stages import RULEBOOKS, rulebook

CARDS = {card.id: card for name in RULEBOOKS for card in rulebook(name).cards}


@pytest.mark.parametrize("rule", CARDS)
def test_every_rule_is_declared_whole(rule: str) -> None:
    """Each element of its condition and each fact that it yields stands in the declaration."""
    card = CARDS[rule]
    declared = declared_rule(card)
    assert len(declared["when"]) == len(card.when)
    assert [e["fact"] for e in declared["when"] if "fact" in e] == [t.__name__ for t in card.reads]
    assert [e["no"] for e in declared["when"] if "no" in e] == [t.__name__ for t in card.negates]
    assert len(declared["concludes"]) == inspect.getsource(card.body).count("    yield ")
    json.dumps(declared, allow_nan=False)


def values_for(card: RuleCard, chance: random.Random) -> dict[str, Any]:
    """Values for a body's parameters, by their annotated types."""
    makers = {
        "str": lambda: chance.choice(["2024", "2024-05", "2025-11-30", "Q4_K_M"]),
        "int": lambda: chance.randint(1, 200),
        "float": lambda: chance.uniform(0.1, 500),
        "bool": lambda: chance.random() < 0.5,
    }
    dates = {"date", "made", "read", "wanted"}
    return {
        name: chance.choice(["2024", "2024-05", "2025-11-30"])
        if name in dates
        else makers[str(parameter.annotation).split(" | ")[0]]()
        for name, parameter in inspect.signature(card.body).parameters.items()
    }


@pytest.mark.parametrize("rule", CARDS)
def test_declared_conclusions_are_those_of_the_body(rule: str) -> None:
    card, chance = CARDS[rule], random.Random(rule)
    for _ in range(20):
        values = values_for(card, chance)
        made = [
            {"type": type(fact).__name__, **{slot: fact[slot] for slot in type(fact).slots()}}
            for fact in card.body(**values)
        ]
        declared = []
        for new in declared_rule(card)["concludes"]:
            slots = {slot: evaluate(parsed(e), values) for slot, e in new["slots"].items()}
            declared.append({"type": new["type"], **slots})
        assert json.dumps(declared) == json.dumps(made)


def test_a_rulebook_names_its_axes_stages_and_order() -> None:
    expert, course = (declared_rulebook(rulebook(name)) for name in ("expert", "course"))
    assert (expert["shortlist_by"], course["shortlist_by"]) == ("merits", "leaf")
    tasks = ["reasoning", "multilingual", "tools", "chat"]
    assert expert["axes"]["task"] == {"choices": tasks, "repeatable": False}
    assert expert["axes"]["language"] == {"choices": [], "repeatable": True}
    assert [s["stage"] for s in course["stages"]] == [s.id for s in rulebook("course").stages]


def figures(chance: random.Random, function: str) -> Iterator[tuple[Any, ...]]:
    """Arguments that the rules may hand to a function."""
    dates = ["2024", "2024-05", "2024-05-17", "2024-06-01", "2025-01", "2025-12-31"]
    if function in ("months_between", "too_early", "too_coarse"):
        yield from itertools.product(dates, repeat=2)
    elif function == "primary_subtag":
        yield from (("fr",), ("fr-CA",), ("ZH-Hans-CN",))
    elif function == "month_count":
        yield from ((date,) for date in dates)
    elif function == "cache_gb":
        for kind in ("grouped", "sliding", "latent", "state-space"):
            for window, wide in ((-1, -1), (4096, -1), (1024, 7), (10**6, 0)):
                shape = (kind, chance.randint(8, 99), 8, 128, window, wide, 576)
                yield shape, chance.choice([1, 4096, 131_072]), chance.choice([2.0, 1.0625])
    else:
        for _ in range(200):
            count = {"round": 1}.get(function, 4 if function == "overhead_gb" else 3)
            yield tuple(chance.uniform(0.01, 900) for _ in range(count))


@pytest.mark.parametrize(
    ("path", "name"), [item for item in NAMED.items() if item[1] != "CacheShape"]
)
def test_the_checkers_own_functions_agree(path: str, name: str) -> None:
    """To the last bit: figures are compared as they are written."""
    module, _, function = path.rpartition(".")
    real = getattr(import_module(module), function)
    shape_of = import_module("whyllm.engine.memory").CacheShape
    for arguments in figures(random.Random(name), name):
        shaped = [shape_of(*a) if isinstance(a, tuple) else a for a in arguments]
        own, theirs = FUNCTIONS[name](*arguments), real(*shaped)
        assert repr(own if name != "months_between" else int(own)) == repr(
            theirs if name != "months_between" else int(theirs)
        )


def test_the_checker_has_exactly_the_named_functions() -> None:
    assert set(FUNCTIONS) == set(NAMED.values())


# What cannot be declared

LIMIT = 5


def two(model: str, tokens: int) -> Any:
    """A docstring is no statement."""
    doubled = tokens * 2
    yield f.Weights(model=f"{model}-x", quantisation="Q", gigabytes=helped(doubled, plus=0.5))


def helped(value: float, plus: float) -> float:
    more = value + plus
    return round(more / LIMIT, 3)


def card_of(body: Any, *when: Any) -> RuleCard:
    read = f.ContextLength(model=MATCH.model, tokens=MATCH.tokens)
    concluded = (f.Weights, f.Excluded)
    return RuleCard("X-010", "", "x", (read, *when), "", concluded, (), body)


def test_names_constants_and_helpers_are_put_in() -> None:
    limit = 7
    declared = declared_rule(
        card_of(
            two,
            TEST(lambda tokens: tokens > limit * LIMIT), TEST(lambda tokens: tokens != LIMIT),
            NOT(f.Cutoff(model=MATCH.model)),
            f.Tuned(model=MATCH.model, tuning=MATCH.tuning & ~L("base") & ~(L("a") | L("b"))),
            f.Speaks(language=L("fr") | L("de")),
        )
    )  # fmt: skip
    assert [e["test"] for e in declared["when"] if "test" in e] == [
        "tokens > 7 * 5", "tokens != 5"]  # fmt: skip
    assert {"no": "Cutoff", "slots": {"model": {"var": "model"}}} in declared["when"]
    tuned = {"model": {"var": "model"}, "tuning": {"var": "tuning", "none": ["base", "a", "b"]}}
    assert {"fact": "Tuned", "slots": tuned} in declared["when"]
    assert {"fact": "Speaks", "slots": {"language": {"any": ["fr", "de"]}}} in declared["when"]
    (new,) = declared["concludes"]
    assert new["slots"] == {
        "model": "f'{model}-x'",
        "quantisation": "'Q'",
        "gigabytes": "round((tokens * 2 + 0.5) / 5, 3)",
    }


def branches(model: str, tokens: int) -> Any:
    if tokens:
        yield f.Excluded(model=model)


def loops(model: str, tokens: int) -> Any:
    yield from [f.Excluded(model=model)]


def undeclared(model: str, tokens: int) -> Any:
    yield f.Kept(model=model)


def reads_a_clock(model: str, tokens: int) -> Any:
    yield f.Excluded(model=str(object()))


def lacks_a_slot(model: str, tokens: int) -> Any:
    yield f.Weights(model=model, quantisation="Q")


def indexes(model: str, tokens: int) -> Any:
    yield f.Excluded(model=model[:3])


def stands_for_no_constant(model: str, tokens: int) -> Any:
    yield f.Excluded(model=CARDS)


def excluded(model: str, tokens: int) -> Any:
    yield f.Excluded(model=model)


@pytest.mark.parametrize(
    ("body", "when", "complaint"),
    [
        (branches, (), "expected an assignment or a yield"),
        (loops, (), "expected an assignment or a yield"),
        (undeclared, (), "yields Kept, which it does not declare"),
        (reads_a_clock, (), "expected a function of the rules or one with a name"),
        (lacks_a_slot, (), "expected the slots model, quantisation, gigabytes"),
        (indexes, (), "no expression that can be declared"),
        (stands_for_no_constant, (), "which is no constant"),
        (excluded, (TEST(lambda tokens: tokens in (1, 2)),), "no expression that can be declared"),
        (excluded, (f.Model(model=~MATCH.model),), "is no literal"),
        (excluded, (f.Model(model=L("a") | MATCH.model),), "is no literal"),
        (excluded, (f.Model(model=MATCH.a & MATCH.b),), "two limits of one kind"),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_what_cannot_be_declared_is_refused(body: Any, when: Any, complaint: str) -> None:
    with pytest.raises(RuleError, match=f"X-010: .*{complaint}"):
        declared_rule(card_of(body, *when))
