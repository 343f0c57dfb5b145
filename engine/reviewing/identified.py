"""Identifies what a review judges: from a name and what is declared beside it to a Subject."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from whyllm.engine.catalogue import Catalogue
from whyllm.engine.reviewing.declared import Declaration, Recogniser
from whyllm.engine.reviewing.reading import Reader, Reading
from whyllm.engine.reviewing.subject import Subject
from whyllm.kb.names import NameIndex

REMEMBERED = 20_000
"""Names whose reading is kept for their next mention, and so is the memory that a review takes."""


@dataclass(frozen=True, slots=True)
class Identified:
    """What a mention means: its name, its declared licences, and the weights, if several each."""

    reading: Reading
    declaration: Declaration
    subjects: tuple[Subject, ...]


class Identifier:
    """Reads names and declarations by a catalogue; `recogniser` is called when one is needed."""

    def __init__(
        self, catalogue: Catalogue, names: NameIndex, recogniser: Callable[[], Recogniser]
    ) -> None:
        self._licences = {model: entry.licences for model, entry in catalogue.models.items()}
        self._reader = Reader(catalogue, names)
        self._make_recogniser = recogniser
        self._read = lru_cache(REMEMBERED)(self._reader.read)
        self._declared = lru_cache(REMEMBERED)(self._recognised)

    def identified(
        self, name: str, declared: Sequence[str], bases: Sequence[str], to_ollama: bool
    ) -> Identified:
        """What a name and what is declared beside it mean together."""
        reading, declaration = self.reading(name, to_ollama), self.declaration(declared)
        return Identified(reading, declaration, self.subjects(reading, declaration, bases))

    def is_one(self, name: str) -> bool:
        """Whether a string that nobody states to be a model's name is one."""
        return self._reader.is_one(name)

    def reading(self, name: str, to_ollama: bool = False) -> Reading:
        """What a name means; Ollama takes one without a tag for its latest."""
        if to_ollama and not {":", "/"} & set(name):
            latest = self._read(f"{name}:latest")
            if latest.models:
                return latest
        return self._read(name)

    def declaration(self, declared: Sequence[str]) -> Declaration:
        """The licences that a file or a card declares."""
        return self._declared(tuple(declared)) if declared else Declaration()

    def _recognised(self, declared: tuple[str, ...]) -> Declaration:
        return self._recogniser.read(declared)

    def subjects(
        self, reading: Reading, declaration: Declaration, bases: Sequence[str]
    ) -> tuple[Subject, ...]:
        """The weights that are meant, under what is declared of them: one for each reading."""
        known, open_base = self._bases(reading, bases)
        unrecognised = bool(declaration.unrecognised)
        if not reading.models:
            nobody_says = open_base or not bases
            return (Subject(None, known, nobody_says, declaration.known, unrecognised),)
        return tuple(
            Subject(model, known, False, declaration.known, unrecognised)
            for model in reading.models
        )

    def _bases(self, reading: Reading, bases: Sequence[str]) -> tuple[tuple[str, ...], bool]:
        """The variants that weights are declared to be made from, and whether others are open.

        Of a base that is ambiguous any reading will do while all are under the same licences.
        Known weights have known bases: only one under other licences is news of them.
        """
        known: dict[str, None] = {}
        open_base = False
        for base in bases:
            models = self._read(base).models
            if len({self._licences[model] for model in models}) != 1:
                open_base = True
            elif not self._is_no_news(models[0], reading.models):
                known[models[0]] = None
        return tuple(known), open_base

    def _is_no_news(self, base: str, models: Sequence[str]) -> bool:
        licences = set(self._licences[base])
        return any(licences <= set(self._licences[model]) for model in models)

    @cached_property
    def _recogniser(self) -> Recogniser:
        return self._make_recogniser()
