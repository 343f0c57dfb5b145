"""Finds what a question mentions by name: models, languages and countries."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

from whyllm.engine.asking.patterns import MODEL, NAMED, fold
from whyllm.engine.asking.vocabulary import Vocabulary
from whyllm.kb.errors import UnknownNameError
from whyllm.kb.names import Resolution
from whyllm.kb.spelling import TUNED

Resolve = Callable[[str], Resolution]

LONGEST_NAME = 8
"""Words of a model's name."""

LONGEST_PLACE = 6
SHORTEST_PLACE = 4
"""Letters of a name of CLDR that is worth finding: *Ha* and *Bas* are words of other meaning."""


def with_models(
    words: list[str], vocabulary: Vocabulary, resolve: Resolve
) -> tuple[str, tuple[str, ...]]:
    """The folded question with a number in place of each model, and the models' ids.

    The longest run of words that names a variant counts. Raises UnknownNameError where the longest
    that names anything is ambiguous, or where a repository or a tag has no variant.
    """
    folded, models, at = "", [], 0
    while at < len(words):
        found = _name_at(words, at, vocabulary, resolve)
        if found is None:
            folded += fold(words[at])
            at += 1
            continue
        model, at = found
        if model not in models:
            models.append(model)
        folded += f"{MODEL}{models.index(model)} "
    return folded, tuple(models)


def _name_at(
    words: list[str], at: int, vocabulary: Vocabulary, resolve: Resolve
) -> tuple[str, int] | None:
    """The variant that a name beginning there means, and where the name ends."""
    if _says(words[at], vocabulary.form_words) or not any(map(str.isalpha, words[at])):
        return None
    refusal: UnknownNameError | None = None
    for end in range(min(len(words), at + LONGEST_NAME), at, -1):
        name = " ".join(words[at:end])
        parted = end - at > 1 and any(_joins(w, vocabulary) for w in words[at:end])
        if parted or _says(name, vocabulary.words):  # *transcribe* is a model too, but not here
            continue
        try:
            model = resolve(name).model
        except UnknownNameError as error:
            named = error.readings or (end == at + 1 and _is_address(name, error))
            refusal = refusal or (error if named else None)
            continue
        if refusal is not None:
            break
        return model, _without_idle_end(words, at, end, vocabulary, resolve)
    if refusal is not None:
        raise refusal
    return None


def _is_address(name: str, error: UnknownNameError) -> bool:
    """Whether a word can be nothing but a name: it has the form of a repository or a tag."""
    return "/" in name or ":" in name or (bool(error.bases or error.tuned) and "-" in name)


def _without_idle_end(
    words: list[str], at: int, end: int, vocabulary: Vocabulary, resolve: Resolve
) -> int:
    """The end of a name without words of the question that the name does not need."""
    model = resolve(" ".join(words[at:end])).model
    quant = vocabulary.amounts.slots["quant"]
    while end > at + 1 and (
        _says(words[end - 1], vocabulary.form_words - TUNED)
        or _matches(quant, fold(words[end - 1]))
    ):
        try:
            if resolve(" ".join(words[at : end - 1])).model != model:
                break
        except UnknownNameError:
            break
        end -= 1
    return end


def _matches(expression: str, text: str) -> bool:
    return re.fullmatch(expression, text) is not None


def _joins(word: str, vocabulary: Vocabulary) -> bool:
    """Whether a word parts a name from the next; a capital letter, as in Command A, does not."""
    return word.islower() and _says(word, vocabulary.joining_words)


def _says(word: str, known: frozenset[str]) -> bool:
    """Whether a word as written is made of known ones alone."""
    return set(fold(word).split()) <= known


def with_names(folded: str, vocabulary: Vocabulary) -> str:
    """The folded question with a sign in place of each language and country."""
    known = _names(vocabulary.language)
    words, found, at = folded.split(), "", 0
    while at < len(words):
        for end in range(min(len(words), at + LONGEST_PLACE), at, -1):
            said = "".join(f"{word} " for word in words[at:end])
            named = known.get(said)
            if named is not None:
                found += f"{named[0]}{NAMED}{named[1]}{NAMED}{'_'.join(words[at:end])} "
                at = end
                break
        else:
            found += f"{words[at]} "
            at += 1
    return found


def without_names(folded: str) -> str:
    """The words again, where no phrase asked for the language or the country."""
    return "".join(
        f"{word.rpartition(NAMED)[2].replace('_', ' ') if NAMED in word else word} "
        for word in folded.split()
    )


@cache
def _names(language: str) -> Mapping[str, tuple[str, str]]:
    """Names of languages and countries in a language, folded -> what it is, and its code."""
    from babel import Locale  # CLDR's names in any language; only a question asks for them
    from whyllm.engine.asking.vocabulary import vocabulary

    own, locale = vocabulary(language), Locale(language)
    names: dict[str, tuple[str, str]] = {}
    kinds: tuple[tuple[str, Mapping[str, str], int], ...] = (
        ("region", locale.territories, 2),
        ("language", locale.languages, 3),
    )
    for kind, known, longest in kinds:
        for code, name in known.items():
            tag, said = code.replace("_", "-"), fold(name)
            if "(" in name or not tag.partition("-")[0].isalpha():
                continue
            if len(tag.partition("-")[0]) <= longest and len(said) > SHORTEST_PLACE:
                names[_without_silent(said, own)] = (kind, tag)
    names |= {_without_silent(n, own): ("region", code) for n, code in own.places.items()}
    names |= {_without_silent(n, own): ("language", code) for n, code in own.languages.items()}
    return {n: named for n, named in names.items() if n and not set(n.split()) <= own.words}


def _without_silent(said: str, own: Vocabulary) -> str:
    return "".join(f"{word} " for word in said.split() if word not in own.silent)
