"""What can be wrong with knowledge or with a name: one line that says what, where and what else."""

from __future__ import annotations

from pathlib import Path


def printable(text: str) -> str:
    """The text with escapes in place of what could steer a terminal or cannot be written."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


class QuestionError(Exception):
    """A question that cannot be answered as it stands; one line says what, where, what instead."""


class KnowledgeError(QuestionError):
    """A data file that cannot be used: where, what was found and what is expected."""

    def __init__(self, message: str, file: Path | None = None, line: int | None = None) -> None:
        where = "" if file is None else f"{file}:{line}: " if line else f"{file}: "
        super().__init__(where + message)
        self.message = message
        self.file = file
        self.line = line

    def in_overlay(self) -> KnowledgeError:
        """The same fault, told as one of an overlay and not of the built-in knowledge."""
        fault = KnowledgeError(self.message, self.file, self.line)
        fault.args = (f"overlay {self}",)
        return fault


class UnknownNameError(QuestionError):
    """A name that no entry bears, or that several do, by the names to show.

    `readings` are all that an ambiguous name can mean, or the known models of a `family`; `bases`
    what a fine-tune seems to be made from, `tuned` what was made from weights before tuning,
    `suggestions` what an unknown name may have meant.
    """

    def __init__(
        self,
        message: str,
        suggestions: tuple[str, ...] = (),
        readings: tuple[str, ...] = (),
        bases: tuple[str, ...] = (),
        tuned: tuple[str, ...] = (),
        family: bool = False,
    ) -> None:
        super().__init__(message)
        self.suggestions = suggestions
        self.readings = readings
        self.bases = bases
        self.tuned = tuned
        self.family = family
