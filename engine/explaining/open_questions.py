"""Open questions: what would follow from each value that a missing fact could have.

Each hypothesis is judged by the engine: the fact stands in the model's world in place of what says
that it is not known. What the user or a court must settle is no fact of the knowledge base; there
the verdict is read off the other causes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from whyllm.engine import facts as f
from whyllm.engine.consulting import Consultation, given_facts, known_facts
from whyllm.engine.facts import WorkingFact
from whyllm.engine.machine import Machine, fact_record
from whyllm.engine.trace import FactRecord, Firing

KEPT, EXCLUDED, UNDECIDED = "kept", "excluded", "undecided"

HYPOTHETICAL = "whyllm-judgement"
"""The source of a fact that is only supposed."""

BASE = "its base model"

TENTHS_OF_A_BILLION = 10
MOST_TENTHS = 1_000_000
"""More parameters than any model has, in tenths of 1e9."""

SHOWN = 2
"""Licences that are named of a group."""


@dataclass(frozen=True)
class Outcome:
    """What follows when the missing fact turns out so: the verdict, and the rules that draw it.

    No rules where the model is kept. `rules` of a group of licences are those of any of them.
    """

    value: str
    verdict: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class OpenQuestion:
    """A fact that the verdict waits for, the firing that says so, and what could come of it."""

    waiting_for: str
    firing: Firing
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class _Hypothesis:
    """A value in words, and the facts that would be known; none for an answer of `no`."""

    value: str
    facts: tuple[WorkingFact, ...]


class _World:
    """What is known of one model, in which supposed facts can take the place of others."""

    def __init__(self, consultation: Consultation, model: str) -> None:
        self.consultation = consultation
        self.model = model
        self.words = consultation.words
        self.catalogue = consultation.catalogue
        known = list(known_facts(self.catalogue, [model]))
        self.records = {fact_record(fact): fact for fact in known}
        self.open = [fact for fact in known if type(fact) in (f.Unverified, f.Unread, f.Cutoff)]
        stays = [fact for fact in known if fact not in self.open]
        self._machine = Machine(consultation.rulebook, stays)

    def asked(self, *axes: str) -> list[FactRecord]:
        """What is asked for on some axes."""
        return [fact for fact in self.consultation.asked if fact["axis"] in axes]

    def judged(
        self, without: Collection[FactRecord], supposed: Sequence[WorkingFact]
    ) -> tuple[str, tuple[Firing, ...]]:
        """The verdict with supposed facts in place of others, and the firings that it rests on."""
        self._machine.reset()
        stays = [fact for fact in self.open if fact_record(fact) not in without]
        need, on = self.consultation.need, self.consultation.on
        self._machine.run([*stays, *supposed, *given_facts(need, on)])
        trace = self._machine.trace()
        for verdict, type_name in ((EXCLUDED, "Excluded"), (UNDECIDED, "Undecided")):
            firings = dict.fromkeys(firing for firing, _ in trace.concluding(type_name))
            if firings:
                return verdict, tuple(firings)
        return KEPT, ()


def open_questions(consultation: Consultation, model: str) -> tuple[OpenQuestion, ...]:
    """The facts that the verdict on a model waits for, each once; also where it is excluded too.

    KeyError for a model outside the catalogue.
    """
    if model not in consultation.catalogue.models:
        raise KeyError(model)
    firings = dict.fromkeys(firing for firing, _ in consultation.about(model, "Undecided"))
    if not firings:
        return ()
    world = _World(consultation, model)
    found: dict[tuple[str, tuple[Outcome, ...]], OpenQuestion] = {}
    for firing in firings:
        waiting_for = str(firing.conclusions[0]["waiting_for"])
        outcomes = tuple(FOLLOWED[firing.rule](world, firing))
        found.setdefault((waiting_for, outcomes), OpenQuestion(waiting_for, firing, outcomes))
    return tuple(found.values())


Follow = Callable[[_World, Firing], Iterator[Outcome]]
Suppose = Callable[[_World, Firing], Iterator[_Hypothesis]]


def _outcome(
    world: _World, value: str, without: Collection[FactRecord], supposed: Sequence[WorkingFact]
) -> Outcome:
    verdict, firings = world.judged(without, supposed)
    return Outcome(value, verdict, tuple(dict.fromkeys(firing.rule for firing in firings)))


def _by_engine(suppose: Suppose) -> Follow:
    """Follow each hypothesis in place of the premise that says what is not known."""

    def follow(world: _World, firing: Firing) -> Iterator[Outcome]:
        unknown = [p for p in firing.premises if p.type in ("Unverified", "Unread", "Cutoff")]
        for hypothesis in suppose(world, firing):
            yield _outcome(world, hypothesis.value, unknown, hypothesis.facts)

    return follow


def _modalities(world: _World, firing: Firing) -> Iterator[_Hypothesis]:
    modality = str(firing.values["modality"])
    name = world.words.name("modality", modality)
    served = f.Serves(model=world.model, modality=modality, source=HYPOTHETICAL)
    yield _Hypothesis(f"it serves {name}", (served,))
    yield _Hypothesis(f"it does not serve {name}", ())


def _tunings(world: _World, _: Firing) -> Iterator[_Hypothesis]:
    for tuning, label in world.catalogue.labels["tuning"].items():
        fact = f.Tuned(model=world.model, tuning=tuning, source=HYPOTHETICAL)
        yield _Hypothesis(f"it is {label}", (fact,))


def _tool_calling(world: _World, _: Firing) -> Iterator[_Hypothesis]:
    for value, text in (("native", "its tool calling is native"), ("none", "it has none")):
        fact = f.ToolCalling(model=world.model, value=value, source=HYPOTHETICAL)
        yield _Hypothesis(text, (fact,))


def _languages(world: _World, firing: Firing) -> Iterator[_Hypothesis]:
    """The language of the firing, with the others that are asked for taken as mastered."""
    wanted = list(dict.fromkeys(str(fact["value"]) for fact in world.asked("language")))
    speaks = {
        language: f.Speaks(model=world.model, language=language, source=HYPOTHETICAL)
        for language in wanted
    }
    this = str(firing.values["language"])
    name = world.words.name("language", this)
    others = tuple(fact for language, fact in speaks.items() if language != this)
    besides = " and the other languages asked for" if others else ""
    yield _Hypothesis(f"it masters {name}{besides}", tuple(speaks.values()))
    yield _Hypothesis(f"it does not master {name}", others)


def _contexts(world: _World, _: Firing) -> Iterator[_Hypothesis]:
    """Each stretch between the contexts that are asked for."""
    asked = [a for a in world.asked("context", "min_context") if a["origin"] == "stated"]
    wanted = sorted({int(str(fact["value"])) for fact in asked})

    def supposed(text: str, tokens: int) -> _Hypothesis:
        fact = f.ContextLength(model=world.model, tokens=tokens, source=HYPOTHETICAL)
        return _Hypothesis(f"it accepts {text} tokens", (fact,))

    yield supposed(f"at least {wanted[-1]:,}", wanted[-1])
    for less, more in zip(reversed(wanted[:-1]), reversed(wanted[1:]), strict=True):
        yield supposed(f"{less:,} to {more - 1:,}", less)
    if wanted[0] > 1:
        yield supposed(f"fewer than {wanted[0]:,}", wanted[0] - 1)


def _cutoffs(world: _World, firing: Firing) -> Iterator[_Hypothesis]:
    """The wanted date, and the one before it as far as it agrees with what is known."""
    wanted = str(firing.values["wanted"])
    known = str(firing.values.get("date", ""))

    def supposed(text: str, date: str) -> _Hypothesis:
        fact = f.Cutoff(model=world.model, date=date, source=HYPOTHETICAL)
        return _Hypothesis(f"its training data {text} {wanted}", (fact,))

    yield supposed("reach", wanted)
    before = _date_before(wanted)
    if before.startswith(known):
        yield supposed("end before", before)


def _date_before(date: str) -> str:
    """The date one step earlier, at the same precision: 2024-01 -> 2023-12."""
    year, month, day = (*map(int, date.split("-")), 1, 1)[:3]
    earlier = dt.date(year, month, day) - dt.timedelta(days=1)
    return f"{year - 1:04}" if len(date) == 4 else earlier.isoformat()[: len(date)]


def _sizes(world: _World, _: Firing) -> Iterator[Outcome]:
    """Up to which size it fits, found by bisection."""
    unknown = [
        record
        for record, fact in world.records.items()
        if isinstance(fact, f.Unverified) and fact["field"] == "params_b"
    ]

    def outcome(value: str, tenths: int) -> Outcome:
        billions = tenths / TENTHS_OF_A_BILLION
        fact = f.Parameters(
            model=world.model, total_b=billions, active_b=billions, source=HYPOTHETICAL
        )
        return _outcome(world, value, unknown, (fact,))

    def fits(tenths: int) -> bool:
        return "HW-010" not in outcome("", tenths).rules

    if fits(MOST_TENTHS):
        yield outcome("it has any number of parameters", MOST_TENTHS)
        return
    least, most = 0, MOST_TENTHS
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (middle, most) if fits(middle) else (least, middle)
    if least == 0:
        yield outcome("it has any number of parameters", most)
        return
    limit = world.words.name("params_b", least / TENTHS_OF_A_BILLION)
    yield outcome(f"it has at most {limit} billion parameters", least)
    yield outcome(f"it has more than {limit} billion parameters", most)


def _licences(world: _World, firing: Firing) -> Iterator[Outcome]:
    """Every licence that is known, grouped by what it would lead to."""
    unknown = [p for p in firing.premises if p.type == "Unverified"]
    through = BASE if firing.values["field"] == "base_licences" else f.OWN_CARD

    def bound_by(licence: str) -> list[WorkingFact]:
        binds = f.Licensed(model=world.model, licence=licence, through=through, source=HYPOTHETICAL)
        return [binds, *world.catalogue.known.of_licence[licence]]

    supposed = {licence: bound_by(licence) for licence in world.catalogue.known.of_licence}
    yield from _grouped(world, "the licence is", unknown, supposed)


def _clauses(world: _World, firing: Firing) -> Iterator[Outcome]:
    """Each value that other licences have for the clause; for a part, their limits."""
    (unknown,) = (p for p in firing.premises if p.type == "Unread")
    licence, tag = str(unknown["licence"]), str(unknown["tag"])
    name = world.words.name("clause", tag)
    of_licence = world.catalogue.known.of_licence
    if tag in _PARTS:
        yield _outcome(world, f"there is no {_PARTS[tag][1]}", [unknown], [])
        limits = {
            other: own
            for other, facts in of_licence.items()
            if (own := [_readdressed(x, licence) for x in facts if isinstance(x, _PARTS[tag][0])])
        }
        yield from _grouped(world, f"the {name} are as in", [unknown], limits)
        return
    clauses = [x for facts in of_licence.values() for x in facts if isinstance(x, f.Clause)]
    for value in dict.fromkeys(str(x["value"]) for x in clauses if x["tag"] == tag):
        clause = f.Clause(licence=licence, tag=tag, value=value, section="-", source=HYPOTHETICAL)
        yield _outcome(world, f"its clause on {name} says {value}", [unknown], [clause])


def _readdressed(fact: WorkingFact, licence: str) -> WorkingFact:
    """The same limit, as one of another licence."""
    slots = {slot: fact[slot] for slot in type(fact).slots()}
    return type(fact)(**{**slots, "licence": licence})


_PARTS = {
    "thresholds": (f.Threshold, "threshold of users or revenue"),
    "territory": (f.Exclusion, "excluded territory"),
}
"""Parts of a licence that are told by facts of their own: the fact type, and one of them."""


def _grouped(
    world: _World,
    what: str,
    without: Collection[FactRecord],
    supposed: Mapping[str, Sequence[WorkingFact]],
) -> Iterator[Outcome]:
    """The licences whose facts are supposed, grouped by verdict."""
    groups: dict[str, dict[str, tuple[str, ...]]] = {}
    for licence, facts in supposed.items():
        found = _outcome(world, "", without, facts)
        groups.setdefault(found.verdict, {})[licence] = found.rules
    for verdict, rules in groups.items():
        names = [world.words.name("licence", licence) for licence in list(rules)[:SHOWN]]
        rest = len(rules) - len(names)
        named = ", ".join(names) + (f" or one of {rest} more" if rest else "")
        by = dict.fromkeys(rule for found in rules.values() for rule in found)
        yield Outcome(f"{what} {named}", verdict, tuple(by))


def _settled(in_favour: str, against: str) -> Follow:
    """What follows once the user or a court has settled it: without that cause, or by it."""

    def follow(world: _World, firing: Firing) -> Iterator[Outcome]:
        consultation, model = world.consultation, world.model
        verdict, left = KEPT, []
        for type_name, found in (("Undecided", UNDECIDED), ("Excluded", EXCLUDED)):
            others = [x for x, _ in consultation.about(model, type_name) if x is not firing]
            if others:
                verdict, left = found, others
        yield Outcome(in_favour, verdict, tuple(dict.fromkeys(x.rule for x in left)))
        yield Outcome(against, EXCLUDED, (firing.rule,))

    return follow


FOLLOWED: Mapping[str, Follow] = {
    "MOD-020": _by_engine(_modalities),
    "TASK-040": _by_engine(_tool_calling),
    "TASK-060": _by_engine(_tool_calling),
    "TASK-080": _by_engine(_languages),
    "TASK-110": _by_engine(_contexts),
    "TASK-130": _by_engine(_cutoffs),
    "TASK-140": _by_engine(_tunings),
    "TASK-150": _by_engine(_cutoffs),
    "HW-020": _sizes,
    "LIC-010": _licences,
    "LIC-250": _clauses,
    "LIC-340": _clauses,
    "LIC-350": _clauses,
    "LIC-160": _settled("your model does not compete", "your model competes"),
    "LIC-220": _settled("no month passes the limit", "a month passes the limit"),
    "LIC-260": _settled("internal training is not commercial", "internal training is commercial"),
    "LIC-280": _settled("no day passes the limit", "a day passes the limit"),
    "LIC-420": _settled("it is approved", "it is not approved"),
    "LIC-290": _settled("internal use is not commercial", "internal use is commercial"),
}
"""Rule that leaves a model undecided -> how each value of the missing fact is followed."""
