"""What can be wrong with knowledge or with a name: one line that says what, where and what else."""

from __future__ import annotations

from pathlib import Path


class KnowledgeError(Exception):
    """A data file that cannot be used: where, what was found and what is expected."""

    def __init__(self, message: str, file: Path | None = None, line: int | None = None) -> None:
        where = "" if file is None else f"{file}:{line}: " if line else f"{file}: "
        super().__init__(where + message)
        self.file = file
        self.line = line


class UnknownNameError(Exception):
    """A name that no entry bears, or that several do, by the names to show.

    `readings` are all that an ambiguous name can mean, `bases` what a fine-tune seems to be made
    from, `suggestions` what an unknown name may have meant.
    """

    def __init__(
        self,
        message: str,
        suggestions: tuple[str, ...] = (),
        readings: tuple[str, ...] = (),
        bases: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.suggestions = suggestions
        self.readings = readings
        self.bases = bases
