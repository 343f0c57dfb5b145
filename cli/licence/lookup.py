"""From what people write to the licences that they mean, or to a refusal with what it can mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from whyllm.cli.exits import WrongQuestionError, tell
from whyllm.cli.suggestions import close_to
from whyllm.engine.cataloguing import catalogue
from whyllm.kb.draft.licence_tag import licence_of_tag
from whyllm.kb.errors import UnknownNameError
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.schema import Licence, Model
from whyllm.kb.search import words_of

PRIVATE = "LicenseRef-"
MOST_READINGS = 12
ALIKE = 70
_SILENT = frozenset({"licence", "license", "agreement", "the", "version", "terms"})


@dataclass(frozen=True)
class Meant:
    """What a name means: a licence, or the licences that bind the model of that name."""

    asked: str
    licences: tuple[Licence, ...]
    model: Model | None = None


def licences_meant(kb: KnowledgeBase, name: str) -> Meant:
    """What a name means: an id, a hub's tag or a licence's name first, then a model's name.

    WrongQuestionError if it means nothing, several licences, or a model of unknown licence.
    """
    if not name.strip():
        raise WrongQuestionError("an empty name names no licence")
    found = _exactly(kb, name)
    if found is not None:
        return Meant(name, (found,))
    try:
        model = kb.models[catalogue(kb).names.resolve(name).model]
    except UnknownNameError as error:
        return _loosely(kb, name, error)
    binding = kb.binding_licences(model)
    if not binding:
        raise WrongQuestionError(f"the licence of {model.name} is not known")
    return Meant(name, tuple(kb.licences[key] for key in binding), model)


def _exactly(kb: KnowledgeBase, name: str) -> Licence | None:
    """The licence of that id, tag or name, also where other texts bear the name too."""
    key = licence_of_tag(name, kb.licences)
    if key is not None:
        _tell_of_family(kb, name, key)
        return kb.licences[key]
    folded = name.strip().casefold()
    named = [
        licence
        for licence in kb.licences.values()
        if folded
        in (
            licence.id.removeprefix(PRIVATE).casefold(),
            licence.name.casefold(),
            licence.short.casefold(),
        )
    ]
    return named[0] if len(named) == 1 else None


def _tell_of_family(kb: KnowledgeBase, name: str, key: str) -> None:
    """Say that a tag is no family, where models of the family of that name have other licences."""
    folded = name.strip().casefold()
    others = {
        licence
        for model in kb.models.values()
        if folded in (model.family, kb.families[model.family].name.casefold())
        for licence in kb.binding_licences(model)
    } - {key}
    if others:
        tell(
            f"{name} is read as the hub's tag of {kb.licences[key].short}; models of the family "
            f"{name} are also under {', '.join(x for x in kb.licences if x in others)}"
        )


def _loosely(kb: KnowledgeBase, name: str, error: UnknownNameError) -> Meant:
    """The one licence that has all words of the name or binds all models that it may mean."""
    asked = set(_words(name))
    same = [x for x in kb.licences.values() if asked in map(set, map(_words, (x.short, x.name)))]
    if len(same) == 1:
        return Meant(name, (same[0],))
    near = {key for key, licence in kb.licences.items() if asked and asked <= _all_words(licence)}
    if error.readings:
        near |= _binding(kb, error.readings)
    if len(near) == 1:
        return Meant(name, (kb.licences[near.pop()],))
    if near:
        known = [key for key in kb.licences if key in near]
        more = f" and {len(known) - MOST_READINGS} more" if len(known) > MOST_READINGS else ""
        raise WrongQuestionError(
            f"{name!r} can mean {len(known)} licences: {', '.join(known[:MOST_READINGS])}{more}"
        )
    spelt = {
        spelling: key
        for key, licence in kb.licences.items()
        for spelling in (key, licence.short, licence.name, *(tag.name for tag in licence.tags))
    }
    close = list(dict.fromkeys(spelt[match] for match in close_to(name, spelt, alike=ALIKE)))
    suggested = [*close, *(error.suggestions or error.bases or error.tuned)[:2]]
    hint = f"; did you mean {' or '.join(suggested)}?" if suggested else ""
    raise WrongQuestionError(f"{name!r} names no known licence and no known model{hint}")


def _binding(kb: KnowledgeBase, readings: Iterable[str]) -> set[str]:
    named = {model.name: model for model in kb.models.values()}
    return {key for name in readings if name in named for key in kb.binding_licences(named[name])}


def _all_words(licence: Licence) -> set[str]:
    return set(_words(f"{licence.id.removeprefix(PRIVATE)} {licence.short} {licence.name}"))


def _words(text: str) -> Iterable[str]:
    """The words of a name that tell it from others; 2.0 is 2."""
    bare = text.replace("-", " ").replace("_", " ").replace(":", " ")
    said = (word.removesuffix(".0") for word in words_of(bare))
    return (word for word in said if word not in _SILENT)
