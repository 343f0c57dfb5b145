"""What a mention is taken to be: known weights, or unknown ones by what is said of them.

A subject turns into facts, so that the rules judge it as they judge the catalogue: what is declared
binds beside what is known, and what nobody said is unverified.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from whyllm.engine import facts as f
from whyllm.engine.catalogue import Catalogue, KnownFacts, ModelEntry, Source
from whyllm.engine.facts import WorkingFact

UNKNOWN = "model-under-review"
"""The id by which the rules know weights that the catalogue does not hold."""

DECLARATION = "declaration"
"""The source of what files, cards and bills of materials declare."""

NOT_SAID = ("tuning", "tool_calling", "languages", "context", "cutoff", "params_b")
"""What no declaration says of weights, whatever is known of those that they are made from."""


@dataclass(frozen=True)
class Subject:
    """The weights that are judged, whatever they are called.

    `model`: the catalogue's variant whose weights these are, if any. `bases`: variants that they
    are said to be made from; `open_base`: made from something unknown, or nobody says from what.
    `declared`: licence ids; `unrecognised`: whether something else is declared beside them.
    """

    model: str | None = None
    bases: tuple[str, ...] = ()
    open_base: bool = False
    declared: tuple[str, ...] = ()
    unrecognised: bool = False

    @property
    def as_catalogued(self) -> bool:
        """Whether the catalogue says all that is known of it."""
        said = self.bases or self.declared or self.unrecognised
        return self.model is not None and not said

    @property
    def id(self) -> str:
        """The id that facts about it bear where it is judged alone."""
        return self.model or UNKNOWN


def with_subjects(catalogue: Catalogue, subjects: Mapping[str, Subject]) -> Catalogue:
    """The catalogue with the facts of the subjects in it, each under the id that it is given."""
    known, labels = catalogue.known, catalogue.labels
    entries = {key: _entry(catalogue, subject) for key, subject in subjects.items()}
    facts = {key: tuple(_facts(catalogue, key, subject)) for key, subject in subjects.items()}
    names = {key: entry.name for key, entry in entries.items()}
    return replace(
        catalogue,
        known=KnownFacts({**known.of_model, **facts}, known.of_licence, known.common),
        models={**catalogue.models, **entries},
        labels={
            **labels,
            "model": {**labels["model"], **names},
            "family": {**labels["family"], "": "(not stated)"},
        },
        sources={**catalogue.sources, DECLARATION: _DECLARED_IN},
    )


_DECLARED_IN = Source(DECLARATION, "what is declared where the model was found", None)


def called(catalogue: Catalogue, names: Mapping[str, str]) -> Catalogue:
    """The catalogue in which weights under review, by id, bear names; sentences quote these."""
    quoted = {key: f"“{name}”" for key, name in names.items()}
    entries = {key: replace(catalogue.models[key], name=name) for key, name in names.items()}
    labels = catalogue.labels
    return replace(
        catalogue,
        models={**catalogue.models, **entries},
        labels={**labels, "model": {**labels["model"], **quoted}},
    )


def _entry(catalogue: Catalogue, subject: Subject) -> ModelEntry:
    own = catalogue.models.get(subject.model or "")
    inherited = [key for base in subject.bases for key in catalogue.models[base].licences]
    licences = dict.fromkeys((*(own.licences if own else ()), *subject.declared, *inherited))
    if own is not None:
        return replace(own, licences=tuple(licences))
    nearest = catalogue.models[subject.bases[0]] if subject.bases else None
    return ModelEntry(
        id=UNKNOWN,
        name=UNKNOWN,
        family=nearest.family if nearest else "",
        tuning=nearest.tuning if nearest else "",
        licences=tuple(licences),
        hf_repo=None,
        ollama=None,
        spellings=(),
        base_repo=None,
        publisher="",
    )


def _facts(catalogue: Catalogue, key: str, subject: Subject) -> Iterator[WorkingFact]:
    """What is known and declared of a subject, as facts about the id `key`."""
    if subject.model is not None:
        yield from _known(catalogue, key, subject.model)
    else:
        yield _kind(catalogue, key, subject)
        for field in _not_said(subject):
            yield f.Unverified(model=key, field=field, source=DECLARATION)
    yield from _inherited(catalogue, key, subject)
    for licence in subject.declared:
        yield f.Licensed(model=key, licence=licence, through=f.DECLARED, source=DECLARATION)
    if subject.unrecognised:
        yield f.Unverified(model=key, field="declared_licence", source=DECLARATION)


def _known(catalogue: Catalogue, key: str, model: str) -> Iterator[WorkingFact]:
    """What is known of a variant, and what a policy rules on it, as facts about the id `key`."""
    ruled = [fact for fact in catalogue.known.common if fact.get("model") == model]
    if key == model:  # rulings stand among the facts that are common to all
        ruled = []
    for fact in (*catalogue.known.of_model[model], *ruled):
        yield fact.about(key)


def _kind(catalogue: Catalogue, key: str, subject: Subject) -> f.Model:
    """Weights that nobody knows are of the kind and family of the first that they are made from."""
    kind, family = "model", ""
    for base in subject.bases[:1]:
        (known,) = (fact for fact in catalogue.known.of_model[base] if isinstance(fact, f.Model))
        kind, family = known["kind"], known["family"]
    return f.Model(model=key, family=family, kind=kind, source=DECLARATION)


def _not_said(subject: Subject) -> Iterator[str]:
    """The fields that nobody stated of weights that the catalogue does not hold."""
    yield from NOT_SAID
    if not subject.bases:
        yield "modalities"
    if not subject.declared:
        yield "licences"


def _inherited(catalogue: Catalogue, key: str, subject: Subject) -> Iterator[WorkingFact]:
    """What comes from the bases, and whether one of them is not known."""
    open_base = subject.open_base
    for base in subject.bases:
        name = catalogue.models[base].name
        for fact in catalogue.known.of_model[base]:
            if isinstance(fact, f.Licensed):
                licence, source = fact["licence"], fact["source"]
                yield f.Licensed(model=key, licence=licence, through=name, source=source)
            elif isinstance(fact, f.Serves) and subject.model is None:
                yield fact.about(key)
            elif isinstance(fact, f.Unverified) and "licence" in str(fact["field"]):
                open_base = True
    if open_base:
        yield f.Unverified(model=key, field="base_licences", source=DECLARATION)
