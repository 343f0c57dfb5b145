"""What readers hand over: a model named somewhere, or what could not be read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was found; line and column count from 1, columns in characters.

    `file` is the path as the user gave it, or beneath the folder that the user gave; the address
    of a server; none of them is made absolute.
    """

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)


@dataclass(frozen=True, slots=True)
class Mention:
    """One occurrence of a model's name, with what its place says of its terms.

    `declared` holds the licences that are declared for it, all in force together, each as it was
    written: an SPDX id or expression, a hub's tag, a licence's name or its whole text. `bases` are
    the models that it is declared to be made from. A name that is not `stated` to be a model's (a
    string in a program) counts only where it is one that the knowledge base knows. Where it is
    said `to_ollama`, a name without a tag means what Ollama serves by default.
    """

    name: str
    place: Place
    declared: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    stated: bool = True
    to_ollama: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """An input, or a part of one, that could not be read: where, and what was expected."""

    place: Place
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


Found = Mention | Fault
