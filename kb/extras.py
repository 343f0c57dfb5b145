"""Imports the libraries that only an extra brings; one that is missing is told in one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from whyllm.kb.errors import QuestionError


class MissingLibraryError(QuestionError):
    """A library that is not installed, or not as it is needed: where, and what to install.

    `sentence` says it without the place, for whoever tells the place apart from it.
    """

    def __init__(self, library: str, extra: str, where: object = None) -> None:
        self.library = library
        self.extra = extra
        self.sentence = f"needs the library {library}: pip install 'whyllm[{extra}]'"
        super().__init__(f"{where}: {self.sentence}" if where else self.sentence)


@contextmanager
def from_extra(extra: str, where: object = None) -> Iterator[None]:
    """Import what only that extra of the package brings; a fault names it and how to get it.

        with from_extra("web", "serve"):
            import uvicorn
            from whyllm.cli.web.app import application

    `where` is the command or the input that the library is for. Nothing but imports belongs in
    the block. MissingLibraryError is a QuestionError, so that a command need not catch it. A module
    of whyllm's own that cannot be imported is a fault of the program and goes through as it is.
    """
    try:
        yield
    except ImportError as error:
        library = (error.name or "").partition(".")[0]
        if library in ("", "whyllm"):
            raise
        raise MissingLibraryError(library, extra, where) from error
