"""From what people and files write to the variant that they mean, or to an honest refusal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, replace

from whyllm.kb.bearers import Bearers
from whyllm.kb.errors import UnknownNameError
from whyllm.kb.spelling import (
    FINE_TUNED,
    LATEST,
    SILENT,
    TUNED,
    UNTUNED,
    Words,
    Written,
    in_full,
    key,
    letters,
    lowered,
    without,
    written,
)

CLOSE_ENOUGH = 70
CLOSE_TO_BEST = 10
MOST_SUGGESTIONS = 4
MOST_SHOWN = 8


@dataclass(frozen=True)
class Resolution:
    """A name resolved: the variant, and whether the name is that of a repackaging of it."""

    model: str
    name: str
    repackaged: bool = False


class NameIndex:
    """Finds variants by name.

    `spellings` maps each variant to the names that it bears, the one to show first: a name with a
    slash is a repository, one with a colon a tag of Ollama. `families` maps the name of a family
    to its variants, to tell a family from a model. `untuned` are the variants that follow no
    instructions, so that an instruct of them is another model. `base_repos` maps the repository of
    weights before tuning, which are no variant, to the variant that was tuned from them.
    """

    def __init__(
        self,
        spellings: Mapping[str, Iterable[str]],
        families: Mapping[str, Iterable[str]] | None = None,
        untuned: Iterable[str] = (),
        base_repos: Mapping[str, str] | None = None,
    ) -> None:
        self._untuned = frozenset(untuned)
        self._suggests = True
        self._base_repos: defaultdict[Words, set[str]] = defaultdict(set)
        for repo, model in (base_repos or {}).items():
            for words in written(repo).readings:
                self._base_repos[key(words)].add(model)
        self._bearers = Bearers(spellings)
        self._owners = frozenset().union(*self._bearers.owners.values())
        self._families = {
            key(words): tuple(members)
            for name, members in (families or {}).items()
            for words in written(name).readings
        }

    def without_suggestions(self) -> NameIndex:
        """The same, which looks for no names that an unknown one resembles: nobody reads them."""
        other = copy(self)
        other._suggests = False
        return other

    def resolve(self, name: str) -> Resolution:
        """The variant of that name; UnknownNameError if none or several bear it."""
        text = name.strip()
        if not text:
            raise UnknownNameError("an empty name names no model")
        literal = self._bearers.literal.get(lowered(text))
        if literal and lowered(text) not in self._bearers.served:
            return Resolution(literal, text)
        read = written(text, self._owners)
        if tuned := self._tuned_from(read):
            raise _untuned(text, self._shown(tuned))
        found = self._found(read)
        if len(found) != 1:
            raise self._refusal(text, read, found)
        (model,) = found
        if self._may_be_untuned(read, model):
            raise _untuned(text, self._shown(found))
        if self._is_tuned_further(read, model):
            raise self._derived(text, read, found)
        foreign = read.owner is not None and read.owner not in self._bearers.owners[model]
        return Resolution(model, text, read.packed or foreign)

    def _tuned_from(self, read: Written) -> set[str]:
        """The variants whose weights before tuning a repository or a file bears the name of.

        People leave the words of tuning out, so that what they say means the variant itself.
        """
        if read.form != "repository":
            return set()
        known = (self._base_repos.get(key(words), set()) for words in read.readings)
        return next(filter(None, known), set())

    def _found(self, read: Written) -> set[str]:
        for found in self._attempts(read):
            if found:
                return found
        return set()

    def _attempts(self, read: Written) -> Iterator[set[str]]:
        """From what the words say in full to what they leave out or add."""
        if read.form == "tag":
            yield from (self._tagged(words, read.packed) for words in read.readings)
        for spoken in (read.readings, tuple(without(words, SILENT) for words in read.readings)):
            yield from (self._called(words, read) for words in spoken)
            yield from (self._bearers.completed(words) for words in spoken if words)
        for words in read.readings:
            yield self._bearers.covered(words)
        for words in read.readings:
            yield self._bearers.tags.get(key(words), set())
            yield self._bearers.files.get(key(words), set())

    def _called(self, words: Words, read: Written) -> set[str]:
        """The variants of which these words are a name, with those that it fits as well."""
        known, bare = self._bearers, key(words)
        served = set() if read.form == "repository" else known.library.get(bare, set())
        if own := known.own.get(bare):
            return own if own & self._default(words) else own | served
        found = known.plain.get(bare, set())
        if len(found) != 1:
            found = found | known.aliases.get(bare, set())
            found = found.union(*(known.siblings(model, words) for model in found))
        return found | served

    def _tagged(self, words: Words, packed: bool) -> set[str]:
        """The variants of a tag of Ollama.

        A tag without a quantisation can move to newer weights, one with it stays: so a tag that
        is known only with a quantisation says no more without it than its words do.
        """
        known, bare = self._bearers, key(words)
        if LATEST.intersection(words):
            return self._default(without(words, LATEST))
        if packed and bare in known.files:
            return known.files[bare] | known.tags.get(bare, set())
        if bare in known.tags:
            return known.tags[bare]
        if bare in known.files:
            return known.completed(words) or known.files[bare]
        return known.tags.get(key(without(words, SILENT)), set())

    def _default(self, words: Words) -> set[str]:
        """What Ollama serves under a name without a tag, so far as it is known."""
        known, bare = self._bearers, key(words)
        served = known.library.get(bare, set())
        latest = known.tags.get(key((*words, *LATEST)))
        return latest or known.aliases.get(bare, set()) & served or served

    def _may_be_untuned(self, read: Written, model: str) -> bool:
        """Repositories and their files say whether weights are tuned; people do not."""
        silent = read.form == "repository" and not read.words & TUNED
        return silent and model in self._bearers.tuned

    def _is_tuned_further(self, read: Written, model: str) -> bool:
        """Whether the name claims a tuning that the variant has not."""
        added = read.words & TUNED - self._bearers.all_words[model]
        return bool(added) and (read.form == "repository" or model in self._untuned)

    def _refusal(self, text: str, read: Written, found: set[str]) -> UnknownNameError:
        """Why a name has no one variant: a family, several readings, a base, a fine-tune, none."""
        family = self._family(read)
        if family:
            question = f"{text!r} is a family; which of its models?"
            return _ambiguous(question, self._shown(family), family=True)
        if found:
            return _ambiguous(
                f"{text!r} can mean {len(found)} models:",
                self._shown(found),
                self._by_default(read),
            )
        base_words = UNTUNED | {"text"} if read.form == "tag" else UNTUNED
        if tuned := self._found_without(read, base_words) - self._untuned:
            return _untuned(text, self._shown(tuned))
        bases = set().union(*map(self._made_from, read.readings))
        return self._derived(text, read, bases or self._found_without(read, FINE_TUNED))

    def _derived(self, text: str, read: Written, bases: set[str]) -> UnknownNameError:
        """A fine-tune, if its name has a word of its own and not the owner of what is near."""
        published = any(read.owner in self._bearers.owners[model] for model in bases)
        known = UNTUNED.union(*(self._bearers.all_words[model] for model in bases))
        if bases and not published and letters(read.words) - known:
            return _fine_tune(text, self._shown(bases))
        near = self._shown(bases) or (self._close(read) if self._suggests else ())
        return _unknown(text, near)

    def _family(self, read: Written) -> tuple[str, ...]:
        if read.form != "name":
            return ()
        named = (self._families.get(key(words), ()) for words in read.readings)
        return next(filter(None, named), ())

    def _found_without(self, read: Written, left_out: frozenset[str]) -> set[str]:
        shorter = tuple(without(words, left_out) for words in read.readings)
        if shorter == read.readings or not any(shorter):
            return set()
        rest = replace(read, readings=tuple(filter(None, shorter)), form="name")
        return self._found(rest) or set(self._family(rest))

    def _made_from(self, words: Words) -> set[str]:
        """The variants whose names stand in a longer name, with all that such a name fits."""
        within = self._bearers.within(words) or self._bearers.within(in_full(words))
        return set(within).union(*(self._bearers.siblings(*line) for line in within.items()))

    def _by_default(self, read: Written) -> tuple[str, ...]:
        served = [words for words in read.readings if key(words) in self._bearers.library]
        return self._shown(self._default(served[0])) if read.form == "name" and served else ()

    def _shown(self, models: Iterable[str]) -> tuple[str, ...]:
        """The names to show, in the order of the catalogue."""
        wanted = set(models)
        return tuple(name for model, name in self._bearers.shown.items() if model in wanted)

    def _close(self, read: Written) -> tuple[str, ...]:
        """Names of about the same letters, of which some word is about the same."""
        from rapidfuzz import fuzz, process

        spoken = read.readings[0] if read.readings else ()
        alike = {
            match
            for word in letters(spoken) - SILENT
            for match, _, _ in process.extract(
                word,
                self._bearers.vocabulary,
                scorer=fuzz.ratio,
                limit=None,
                score_cutoff=CLOSE_ENOUGH,
            )
        }
        names = self._bearers.bearing(alike)
        matches = process.extract(
            " ".join(spoken),
            [" ".join(words) for _, words in names],
            scorer=fuzz.WRatio,
            limit=20,
            score_cutoff=CLOSE_ENOUGH,
        )
        best = max((score for _, score, _ in matches), default=0.0)
        near = [names[at][0] for _, score, at in matches if score > best - CLOSE_TO_BEST]
        close = dict.fromkeys(self._bearers.shown[model] for model in near)
        return tuple(close)[:MOST_SUGGESTIONS]


def _unknown(text: str, suggestions: tuple[str, ...]) -> UnknownNameError:
    hint = f"; did you mean {' or '.join(suggestions[:MOST_SUGGESTIONS])}?" if suggestions else ""
    return UnknownNameError(f"unknown model {text!r}{hint}", suggestions)


def _ambiguous(
    question: str,
    readings: tuple[str, ...],
    default: tuple[str, ...] = (),
    *,
    family: bool = False,
) -> UnknownNameError:
    hint = f" (Ollama serves {default[0]} by default)" if len(default) == 1 else ""
    message = f"{question} {_listed(readings)}{hint}"
    return UnknownNameError(message, readings=readings, family=family)


def _untuned(text: str, tuned: tuple[str, ...]) -> UnknownNameError:
    return UnknownNameError(
        f"{text!r} looks like weights before any tuning, which are not known here; those after it "
        f"are: {_listed(tuned)}",
        suggestions=tuned,
        tuned=tuned,
    )


def _fine_tune(text: str, bases: tuple[str, ...]) -> UnknownNameError:
    few = len(bases) <= MOST_SUGGESTIONS
    made_from = _listed(bases, " or ") if few else f"one of {_listed(bases)}"
    return UnknownNameError(
        f"unknown model {text!r}; it looks like a fine-tune of {made_from}, whose "
        "terms bind it too, but its own are not known",
        bases=bases,
    )


def _listed(names: tuple[str, ...], between: str = ", ") -> str:
    more = len(names) - MOST_SHOWN
    tail = f" and {more} more" if more > 0 else ""
    return between.join(names[:MOST_SHOWN]) + tail
