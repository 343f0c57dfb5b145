"""Which models are measured: those named, with what servers call them, or the last shortlist."""

from __future__ import annotations

import re
from collections.abc import Sequence

from whyllm.cli.exits import WrongQuestionError, tell
from whyllm.cli.last import Question
from whyllm.cli.names import resolved
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.consulting import consult
from whyllm.engine.measuring.server import (
    AddressError,
    Api,
    Endpoint,
    endpoint,
    usual_endpoint,
)
from whyllm.engine.measuring.session import Contender
from whyllm.kb.measurement_schema import MOST_CANDIDATES, Work

_CANDIDATE = re.compile(r"(?P<model>[^=]+?)(?:=(?P<served>.+?))?(?:@(?P<url>https?://\S+))?")

LONGEST = 400
"""Characters of a candidate with its name and address."""


def contenders(
    words: Sequence[str],
    question: Question,
    catalogue: Catalogue,
    stated: str | None,
    api: Api | None,
) -> tuple[Contender, ...]:
    """The candidates of the command line, or the first of the shortlist on the question.

    A word is MODEL, MODEL=NAME, MODEL@URL or MODEL=NAME@URL; NAME is what the server serves.
    """
    try:
        usual = endpoint(stated) if stated else usual_endpoint()
        if words:
            found = [_contender(word, catalogue, usual, api) for word in words]
        else:
            found = [
                Contender(model, _names(model, model, catalogue), usual, api)
                for model in _shortlisted(question, catalogue)
            ]
    except AddressError as error:
        raise WrongQuestionError(str(error)) from None
    models = [contender.model for contender in found]
    twice = next((model for model in models if models.count(model) > 1), None)
    if twice is not None:
        raise WrongQuestionError(f"{catalogue.models[twice].name} is named twice")
    if not 2 <= len(models) <= MOST_CANDIDATES:
        raise WrongQuestionError(
            f"found {len(models)} model{'' if len(models) == 1 else 's'}, expected "
            f"2 to {MOST_CANDIDATES} to put head to head"
        )
    return tuple(found)


def work_of(question: Question) -> Work | None:
    """What the prompts are work for, by the need: its task, else its modality."""
    for axis in ("task", "modality"):
        for value in question.need.values(axis):
            return Work(axis=axis, value=str(value))
    return None


def _contender(word: str, catalogue: Catalogue, usual: Endpoint, api: Api | None) -> Contender:
    parts = _CANDIDATE.fullmatch(word)
    if parts is None or len(word) > LONGEST:
        word = word if len(word) <= LONGEST else f"{word[:LONGEST]}…"
        raise WrongQuestionError(f"{word}: expected MODEL, MODEL=NAME, MODEL@URL or MODEL=NAME@URL")
    model = resolved(parts["model"], catalogue)
    served = (parts["served"],) if parts["served"] else _names(parts["model"], model, catalogue)
    return Contender(model, served, endpoint(parts["url"]) if parts["url"] else usual, api)


def _names(typed: str, model: str, catalogue: Catalogue) -> tuple[str, ...]:
    """The names by which a server may serve a model, the likeliest first."""
    entry = catalogue.models[model]
    return tuple(dict.fromkeys(filter(None, (typed, entry.ollama, entry.hf_repo, model))))


def _shortlisted(question: Question, catalogue: Catalogue) -> list[str]:
    consultation = consult(question.need, catalogue, question.rulebook, question.on)
    chosen = list(consultation.shortlist)
    if len(chosen) < 2:
        raise WrongQuestionError(
            f"the shortlist has {len(chosen)} model{'' if len(chosen) == 1 else 's'}: name two or "
            "three models to put head to head"
        )
    if len(chosen) > MOST_CANDIDATES:
        left = [catalogue.models[model].name for model in chosen[MOST_CANDIDATES:]]
        tell(f"the first {MOST_CANDIDATES} of the shortlist are measured, {', '.join(left)} is not")
    return chosen[:MOST_CANDIDATES]
