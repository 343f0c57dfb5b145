"""Runs the command in this process and gives back its whole output and exit code."""

from __future__ import annotations

import datetime as dt
import gc
import io
import sys
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from whyllm.cli.program import main
from whyllm.engine import consulting
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.consulting import Consultant, Consultation
from whyllm.engine.need import Need


@dataclass(frozen=True)
class Result:
    out: str
    err: str
    code: int


class _AskedOnce(Consultant):
    """A consultant who is asked each question once, where a command makes one for a need.

    The tests put the same questions many times over; the latest answers, which are frozen, are
    kept, as the page keeps them for its visitors.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        rulebook: str = "expert",
        only: Collection[str] | None = None,
        for_need: Need | None = None,
    ) -> None:
        self._asked_of = None
        if for_need is None or only is not None:
            super().__init__(catalogue, rulebook, only, for_need)
        else:
            book = consulting.rulebook_named(rulebook)
            self._asked_of = _ById(catalogue), _ById(book), rulebook

    def consult(
        self, need: Need, on: dt.date | None = None, *, examine: Collection[str] = ()
    ) -> Consultation:
        if self._asked_of is None:
            return super().consult(need, on, examine=examine)
        stated = tuple(need.stated.items())
        return _answer(*self._asked_of, stated, on or dt.date.today(), tuple(examine))


@dataclass(frozen=True, eq=False)
class _ById:
    """Something that only its identity tells apart."""

    it: Any

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and self.it is other.it

    def __hash__(self) -> int:
        return id(self.it)


@lru_cache(maxsize=48)
def _answer(
    catalogue: _ById,
    book: _ById,
    rulebook: str,
    stated: tuple[Any, ...],
    on: dt.date,
    examine: tuple[str, ...],
) -> Consultation:
    need = Need(dict(stated))
    return Consultant(catalogue.it, rulebook, for_need=need).consult(need, on, examine=examine)


class Command:
    """The command with a state folder of its own, on a fixed day."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self._patch = monkeypatch
        for name in ("XDG_STATE_HOME", "XDG_DATA_HOME", "HOME"):
            monkeypatch.setenv(name, str(folder))
        monkeypatch.setenv("COLUMNS", "100")
        for name in ("NO_COLOR", "WHYLLM_KB"):
            monkeypatch.delenv(name, raising=False)
        self.state = folder / "whyllm" / "questions"
        self.measurements = folder / "whyllm" / "measured" / "measurements"

    def __call__(self, *words: str) -> Result:
        out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
        self._patch.setattr(sys, "stdout", out)
        self._patch.setattr(sys, "stderr", err)
        self._patch.setattr(consulting, "Consultant", _AskedOnce)
        try:
            main(list(words))
        except SystemExit as end:
            code = int(end.code or 0)
        finally:
            self._patch.setattr(consulting, "Consultant", Consultant)
            gc.enable()
            out.flush()
        return Result(out.buffer.getvalue().decode(), err.getvalue(), code)  # type: ignore[attr-defined]
