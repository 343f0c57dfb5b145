"""The one waist: a need and a catalogue in, a Consultation out, whichever rulebook judges."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from whyllm.engine import facts as f
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.machine import Machine
from whyllm.engine.need import Need, NeedError
from whyllm.engine.ranking import merits, ranked, shortlist
from whyllm.engine.relevance import read_types, relevant
from whyllm.engine.rulebook import Rulebook
from whyllm.engine.rules import need as need_rules
from whyllm.engine.stages import rulebook as rulebook_named
from whyllm.engine.support import Supports
from whyllm.engine.trace import FactRecord, Firing, Trace
from whyllm.engine.words import Words

SHORTLIST = "shortlist"
NOTHING_REMAINS = "nothing-remains"
OUT_OF_SCOPE = "out-of-scope"

NEED_RULES = Rulebook("need", "What the need asks for", need_rules.stages)


@dataclass(frozen=True)
class Consultation:
    """One question answered: who is kept, who is not and why, all read off the trace.

    `outcome` is shortlist, nothing-remains or out-of-scope. `path` holds the nodes passed by their
    ids, `leaf` the lines of the course's leaf at its end. `shortlist` and `kept` hold ids of
    models, the former in its order. `excluded` and `undecided` map a model to the firings that made
    it so; with `kept` they are the whole catalogue, each model once.
    """

    rulebook: Rulebook
    catalogue: Catalogue
    need: Need
    on: dt.date
    trace: Trace
    asked: tuple[FactRecord, ...]
    outcome: str
    path: tuple[str, ...]
    leaf: tuple[str, ...]
    shortlist: tuple[str, ...]
    kept: tuple[str, ...]
    excluded: dict[str, tuple[Firing, ...]]
    undecided: dict[str, tuple[Firing, ...]]

    def __repr__(self) -> str:
        return (
            f"<Consultation of {self.on.isoformat()} by the {self.rulebook.id} rulebook: "
            f"{self.outcome}, {len(self.kept)} kept, {len(self.excluded)} excluded, "
            f"{len(self.undecided)} undecided>"
        )

    @property
    def given(self) -> Iterator[f.WorkingFact]:
        """The facts that were declared: the need, the day, and what is known of the models."""
        yield from given_facts(self.need, self.on)
        yield from known_facts(self.catalogue, (*self.kept, *self.excluded, *self.undecided))

    @cached_property
    def blank(self) -> Machine:
        """The rulebook on an engine that knows nothing, to be fed facts of one's choice."""
        return Machine(self.rulebook)

    @cached_property
    def supports(self) -> Supports:
        """What the firings of the trace rest on."""
        return Supports(self.trace)

    @cached_property
    def words(self) -> Words:
        """Words for the catalogue of this consultation."""
        return Words(self.catalogue)

    @cached_property
    def ranking(self) -> tuple[str, ...]:
        """The kept models, the best first."""
        return tuple(_ranked(self.rulebook, self.trace, self.kept, self.catalogue))

    def sentence(self, firing: Firing) -> str:
        """The sentence of a firing."""
        return self.words.sentence(firing, self.rulebook)

    def verdict(self, model: str) -> str:
        """shortlisted, kept, excluded or undecided."""
        if model in self.excluded:
            return "excluded"
        if model in self.undecided:
            return "undecided"
        return "shortlisted" if model in self.shortlist else "kept"

    def about(self, model: str, *types: str) -> list[tuple[Firing, FactRecord]]:
        """The firings that concluded facts of the types about the model, in order."""
        return [pair for type_name in types for pair in self._concluded.get((type_name, model), ())]

    @cached_property
    def _concluded(self) -> dict[tuple[str, str], list[tuple[Firing, FactRecord]]]:
        """Type and model -> the firings that concluded it, in order."""
        found: dict[tuple[str, str], list[tuple[Firing, FactRecord]]] = {}
        for firing in self.trace.firings:
            for fact in firing.conclusions:
                found.setdefault((fact.type, str(fact.get("model"))), []).append((firing, fact))
        return found


class Consultant:
    """A rulebook that knows a catalogue, or some of its models, and can be asked many times.

    The facts of the catalogue are asserted once; each consultation adds the need's, and they are
    taken back with all that followed. Not for several threads at once. One that is made `for_need`
    answers that need only, and leaves out what cannot bear on it.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        rulebook: str = "expert",
        only: Collection[str] | None = None,
        for_need: Need | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.rulebook = rulebook_named(rulebook)
        self.models = {k: m for k, m in catalogue.models.items() if only is None or k in only}
        rules, known = self.rulebook, list(known_facts(catalogue, self.models))
        if for_need is not None:
            check_need(for_need, catalogue)
            asked = _asked_by(for_need, catalogue)
            given = [*asked, *given_facts(for_need, dt.date.min)]
            rules = relevant(rules, given, {f.Examined, *map(type, known)})
            needed = read_types(rules)
            known = [fact for fact in known if type(fact) in needed]
        self._machine = Machine(rules, known)

    def consult(
        self, need: Need, on: dt.date | None = None, *, examine: Collection[str] = ()
    ) -> Consultation:
        """Judge the models by the need on a day (today unless given).

        `examine` names models whose duties and caveats are wanted beside the shortlist's. Raises
        NeedError for a value that the catalogue does not know.
        """
        on = on or dt.date.today()
        catalogue, machine = self.catalogue, self._machine
        check_need(need, catalogue)
        machine.reset()
        machine.run(given_facts(need, on))
        trace = machine.trace()
        excluded = self._by_model(trace, "Excluded")
        undecided = {
            model: why
            for model, why in self._by_model(trace, "Undecided").items()
            if model not in excluded
        }
        kept = [m for m in self.models if m not in excluded and m not in undecided]
        outside = any(True for _ in trace.concluding("OutOfScope"))
        chosen = [] if outside else self._chosen(trace, kept)
        closely = dict.fromkeys([*chosen, *(m for m in examine if m in self.models)])
        machine.run([f.Examined(model=model) for model in closely])
        machine.check_absences()
        trace = machine.trace()
        path = _path(trace, self.rulebook, outside)
        return Consultation(
            rulebook=self.rulebook,
            catalogue=catalogue,
            need=need,
            on=on,
            trace=trace,
            asked=tuple(machine.facts(f.Asked)),
            outcome=OUT_OF_SCOPE if outside else SHORTLIST if kept else NOTHING_REMAINS,
            path=path,
            leaf=_leaf(path, catalogue),
            shortlist=tuple(chosen),
            kept=tuple(kept),
            excluded=excluded,
            undecided=undecided,
        )

    def _by_model(self, trace: Trace, type_name: str) -> dict[str, tuple[Firing, ...]]:
        """Model -> the firings that concluded the type about it, in the order of the rules."""
        place = {card.id: number for number, card in enumerate(self.rulebook.cards)}
        found: dict[str, list[Firing]] = {}
        for firing, fact in trace.concluding(type_name):
            found.setdefault(str(fact["model"]), []).append(firing)
        return {
            model: tuple(sorted(firings, key=lambda firing: place[firing.rule]))
            for model, firings in found.items()
        }

    def _chosen(self, trace: Trace, kept: list[str]) -> list[str]:
        """The shortlist, in order."""
        ranking = _ranked(self.rulebook, trace, kept, self.catalogue)
        family = {model: entry.family for model, entry in self.models.items()}
        return shortlist(ranking, family, self.catalogue.shortlist_length)


def consult(
    need: Need,
    catalogue: Catalogue,
    rulebook: str = "expert",
    on: dt.date | None = None,
    *,
    examine: Collection[str] = (),
) -> Consultation:
    """Judge the catalogue by the need once; see `Consultant.consult`."""
    return Consultant(catalogue, rulebook, for_need=need).consult(need, on, examine=examine)


def given_facts(need: Need, on: dt.date) -> list[f.WorkingFact]:
    """The need and the day as facts: one for each value that is stated."""
    stated = [
        f.Stated(axis=axis, value=value) for axis in need.stated for value in need.values(axis)
    ]
    return [*stated, f.Today(date=on.isoformat())]


def check_need(need: Need, catalogue: Catalogue) -> None:
    """Raise NeedError for a value that the catalogue does not know."""
    quantisation = need.stated.get("quant")
    if quantisation is not None and quantisation not in catalogue.quantisations:
        known = ", ".join(catalogue.quantisations)
        raise NeedError(f"quant: found {quantisation!r}, expected one of {known}")
    region = need.stated.get("region")
    if region is not None and region not in catalogue.countries:
        raise NeedError(f"region: found {region!r}, expected an ISO 3166 country such as FR, or EU")


def _asked_by(need: Need, catalogue: Catalogue) -> list[f.WorkingFact]:
    """What the rules on the need conclude from it, before any model is looked at."""
    machine = Machine(NEED_RULES, catalogue.known.common)
    machine.run(given_facts(need, dt.date.min))
    return [f.Asked(**dict(record.slots)) for record in machine.facts(f.Asked)]


def known_facts(catalogue: Catalogue, models: Collection[str]) -> Iterator[f.WorkingFact]:
    """The known facts of the models, of the licences that bind them, and those common to all."""
    known = catalogue.known
    licences = dict.fromkeys(
        str(fact["licence"])
        for model in models
        for fact in known.of_model[model]
        if isinstance(fact, f.Licensed)
    )
    yield from known.common
    for licence in licences:
        yield from known.of_licence[licence]
    for model in models:
        yield from known.of_model[model]


def _ranked(
    rulebook: Rulebook, trace: Trace, kept: Sequence[str], catalogue: Catalogue
) -> list[str]:
    """The kept models, best first: by the criteria, or in the course by the leaf."""
    if rulebook.id == "course":
        return _by_leaf(trace, kept, catalogue)
    return ranked(kept, catalogue.criteria, merits(trace))


def _by_leaf(trace: Trace, kept: Sequence[str], catalogue: Catalogue) -> list[str]:
    """The variants in the order of the leaf's lines; on one line the newest of the largest."""
    place: dict[str, int] = {}
    for _, named in trace.concluding("Named"):
        line = named["line"]
        assert isinstance(line, int)
        place.setdefault(str(named["model"]), line)
    facts = catalogue.known.of_model
    size = {m: max((float(x["total_b"]) for x in facts[m] if isinstance(x, f.Parameters)),
                   default=0.0) for m in kept}  # fmt: skip
    successors = {m: {str(x["newer"]) for x in facts[m] if isinstance(x, f.ReplacedBy)}
                  for m in kept}  # fmt: skip
    return sorted(
        kept, key=lambda m: (place.get(m, 0), bool(successors[m] & set(kept)), -size[m], m)
    )


def _path(trace: Trace, book: Rulebook, outside: bool) -> tuple[str, ...]:
    """The nodes passed: those of the flowchart, or the stages by which the expert judges models."""
    passed = [str(fact["node"]) for _, fact in trace.concluding("At")]
    if passed:
        return tuple(dict.fromkeys(passed))
    stages = [stage.id for stage in book.stages if stage not in need_rules.stages]
    return tuple(stages[:1] if outside else stages[: stages.index("preference") + 1])


def _leaf(path: Sequence[str], catalogue: Catalogue) -> tuple[str, ...]:
    """The label lines of the last leaf or end that the path passes; none while it has not."""
    for node in reversed(path):
        entry = catalogue.nodes.get(node)
        if entry is not None and entry.shape in ("leaf", "end"):
            return tuple(entry.label.split("<br/>"))
    return ()
