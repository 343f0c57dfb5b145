"""Reads a question in words: models, constraints, and the form that is left of it.

Every word counts: a question of which the grammar holds all but one word is not read, since that
word may be the one that matters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from whyllm.engine.asking.mentions import Resolve, with_models, with_names, without_names
from whyllm.engine.asking.patterns import CONSTRAINT, MODEL, fold, without, words_of
from whyllm.engine.asking.question import AskedInWords, Changes, Kind, UnreadQuestionError
from whyllm.engine.asking.vocabulary import LANGUAGES, Vocabulary, vocabulary
from whyllm.engine.need import AXES, Need, Value
from whyllm.kb.errors import UnknownNameError

LONGEST_QUESTION = 300
MOST_EXAMPLES = 3

MOST_JOINING = 4
"""Connectors before a constraint: *and if I have*."""

LICENCE_AXES = frozenset(
    {"use", "deploy", "fine_tune", "train_on_outputs", "monthly_active_users",
     "annual_revenue_usd", "region"}
)  # fmt: skip
"""What a licence asks about: who may use a model is a question to it where one of these is set."""

_UNKNOWN_NAME = 9
"""Stands, as a model's number, for words that are not known and may be meant as a name."""


def read_question(text: str, resolve: Resolve) -> AskedInWords:
    """The question that a text asks, in any of the languages of the grammar.

    `resolve` maps a name to its variant, as `NameIndex.resolve` does. Raises UnreadQuestionError
    for what the grammar does not hold, UnknownNameError for a name that is no one variant's, and
    NeedError for a value that no axis accepts.
    """
    if len(text) > LONGEST_QUESTION:
        raise UnreadQuestionError(f"a question has at most {LONGEST_QUESTION} characters")
    words = words_of(text)
    if not words:
        raise UnreadQuestionError(f"an empty question asks nothing; {_examples(LANGUAGES[0])}")
    faults: list[tuple[int, Exception]] = []
    for language in LANGUAGES:
        try:
            return _read(text, words, vocabulary(language), resolve)
        except _UnreadError as fault:
            faults.append((fault.unread, fault.error))
    raise min(faults, key=lambda fault: fault[0])[1]


class _UnreadError(Exception):
    """One language cannot read the question: how many words it does not know, and what to say."""

    def __init__(self, unread: int, error: Exception) -> None:
        super().__init__(str(error))
        self.unread = unread
        self.error = error


def _read(text: str, words: list[str], own: Vocabulary, resolve: Resolve) -> AskedInWords:
    try:
        folded, models = with_models(words, own, resolve)
    except UnknownNameError as error:
        unread = [w for w in fold(" ".join(words)).split() if w not in own.words]
        raise _UnreadError(len(unread), error) from None
    named = with_names(without(folded, own.silent), own)
    rest, changes = _constrained(named, own, text)
    rest = own.ends.sub("", without_names(rest))
    rest = rest[len(own.starts.match(rest)[0]) :]  # type: ignore[index]  # it may match nothing
    for kind, asked in _forms(rest, own):
        if kind == "what-if" and not changes:
            continue
        return AskedInWords(
            _kind(kind, changes),
            _in_order(asked, models),
            _with_default(kind, changes),
            own.language,
        )
    raise _UnreadError(*_complaint(text, rest, own, resolve))


def _constrained(folded: str, own: Vocabulary, text: str) -> tuple[str, Changes]:
    """The question with a sign in place of each constraint, and the axes that they set."""
    spans: list[tuple[int, int, str, Value]] = []
    for constraint in own.constraints:
        for found in constraint.expression.finditer(folded):
            value: Value = constraint.value
            if constraint.slot:
                said = found["value"] or found.groupdict().get("other") or ""
                value = own.amounts.value(constraint.slot, said)
            spans.append((found.start(), found.end(), constraint.axis, value))
    changes: dict[str, Value | tuple[Value, ...]] = {}
    taken: list[tuple[int, int]] = []
    for start, end, axis, value in sorted(spans, key=lambda span: (span[0] - span[1], span[0])):
        if any(start < e and s < end for s, e in taken):
            continue
        taken.append((start, end))
        if AXES[axis].repeatable:
            changes[axis] = (*cast(tuple[Value, ...], changes.get(axis, ())), value)
        elif changes.setdefault(axis, value) != value:
            raise UnreadQuestionError(
                f"cannot read {_short(text)}: it sets {axis.replace('_', '-')} twice, to "
                f"{changes[axis]} and to {value}"
            )
    for start, end in sorted(taken, reverse=True):
        folded = f"{folded[:start]}{CONSTRAINT} {folded[end:]}"
    return folded, Need.of(changes).stated


def _forms(rest: str, own: Vocabulary) -> Iterator[tuple[str, list[int]]]:
    """The kinds of question that the rest is, each with the numbers of the models in its order.

    What joins constraints to each other says nothing. What joins them to the question may be words
    of its form (`what if I had #`), so no more of it is left out than must be.
    """
    rest = re.sub(f"(?<={CONSTRAINT} ){own.joining}+(?={CONSTRAINT} )", "", rest)
    for joined in range(MOST_JOINING):
        placed = re.sub(
            f"(?<![^ ]){own.joining}{{0,{joined}}}{CONSTRAINT} ", f"{CONSTRAINT} ", rest
        )
        bare = placed.replace(f"{CONSTRAINT} ", "")
        for form in own.forms:
            if form.expression.fullmatch(placed if form.places_constraints else bare):
                yield form.kind, [int(n) for n in re.findall(rf"{MODEL}(\d+) ", bare)]


def _in_order(asked: list[int], models: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(models[number] for number in asked)


def _kind(kind: str, changes: Changes) -> Kind:
    if kind == "may-use":
        return "licence" if LICENCE_AXES & changes.keys() else "why"
    return cast(Kind, kind)


def _with_default(kind: str, changes: Changes) -> Changes:
    """A question to a licence that names no use asks about commercial use."""
    if kind == "licence" and not LICENCE_AXES & changes.keys():
        return Need.of({**changes, "use": "commercial"}).stated
    return changes


def _complaint(text: str, rest: str, own: Vocabulary, resolve: Resolve) -> tuple[int, Exception]:
    """How many words are not known, and the error to raise: of a name, of a value, of the rest."""
    signs = (CONSTRAINT, MODEL)
    unknown = [w for w in rest.split() if w not in own.words and not w.startswith(signs)]
    for expression, says in own.unclear:
        found = expression.search(rest)
        if found:
            return len(unknown), UnreadQuestionError(
                f"cannot read {_short(text)}: {found[0].strip()!r}: {says}"
            )
    runs = re.findall(
        r"(?:\0[^ ]+ )+",
        re.sub(r"[^ ]+ ", lambda w: f"\0{w[0]}" if w[0].strip() in unknown else w[0], rest),
    )
    for run in runs:
        name = run.replace("\0", "")
        as_model = rest.replace(name, f"{MODEL}{_UNKNOWN_NAME} ")
        if any(True for _ in _forms(as_model, own)):
            try:
                resolve(name.strip())
            except UnknownNameError as error:
                near = error.suggestions or error.readings or error.bases or error.tuned
                said = f"{error}; {_examples(own.language)}"
                return len(unknown), error if near else UnreadQuestionError(said)
    what = f" ({', '.join(map(repr, unknown))} not understood)" if unknown else ""
    said = f"cannot read {_short(text)}{what}; {_examples(own.language)}"
    return len(unknown), UnreadQuestionError(said)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return repr(text if len(text) <= 80 else f"{text[:77]}...")


def _examples(language: str) -> str:
    shown = [examples[0] for examples in vocabulary(language).examples.values()]
    return "ask, for example: " + " | ".join(shown[:MOST_EXAMPLES])
