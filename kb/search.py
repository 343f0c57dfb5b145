"""Finds entries by words in their names, ids, notes and clauses, the best match first.

Every word of the question must occur in an entry, as it is, as the beginning of a word, or misspelt
by a letter or so. A word in a name counts for more than one in a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.schema import Licence, Model

LIKE_ENOUGH = 84
"""Similarity of two words, in percent, from which one is taken for a misspelling of the other."""

BEGINNING = 92
"""What the beginning of a word is worth, where the whole word is worth 100."""

SHORTEST_BEGINNING = 3
NAMED, TOLD = 1.0, 0.6
"""What a match is worth in a name, and in a text."""

_WORD = re.compile(r"[^\W_]+(?:\.[^\W_]+)*")
_MIXED = re.compile(r"[^\W\d_]{2,}\d+(?:\.\d+)*")
_PART = re.compile(r"[^\W\d_]+|\d+(?:\.\d+)*")


@dataclass(frozen=True)
class Passage:
    """A text of an entry: the field that holds it, and what a match in it is worth."""

    field: str
    text: str
    worth: float

    @property
    def topic(self) -> str:
        """What the field is about, in words: of `clauses.commercial_use`, commercial use."""
        return self.field.partition(".")[2].replace("_", " ")


@dataclass(frozen=True)
class Document:
    """An entry as the search reads it."""

    kind: str
    id: str
    name: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Hit:
    """An entry that was found; `passage` is the text that matched best."""

    document: Document
    score: float
    passage: Passage


def search(kb: KnowledgeBase, text: str) -> list[Hit]:
    """All entries that hold every word of the text; none when the text holds no word."""
    asked = list(dict.fromkeys(words_of(text)))
    if not asked:
        return []
    read = [(document, _words_in(document)) for document in documents(kb)]
    vocabulary = sorted({word for _, passages in read for words in passages for word in words})
    likeness = [_likeness(word, vocabulary) for word in asked]
    hits = [hit for document, words in read if (hit := _hit(document, words, likeness))]
    return sorted(hits, key=lambda hit: -hit.score)


def documents(kb: KnowledgeBase) -> Iterator[Document]:
    """Every entry that can be found, models first."""
    for model in kb.models.values():
        yield Document("model", model.id, model.name, tuple(_of_model(model)))
    for licence in kb.licences.values():
        yield Document("licence", licence.id, licence.short, tuple(_of_licence(licence)))
    for family in kb.families.values():
        told = [("specialty", family.specialty), ("note", family.evidence.note)]
        yield Document("family", family.id, family.name, _passages(family.id, family.name, told))
    for publisher in kb.publishers.values():
        note = [("note", publisher.evidence.note)]
        passages = _passages(publisher.id, publisher.name, note)
        yield Document("publisher", publisher.id, publisher.name, passages)
    for source in kb.sources.values():
        told = [("url", source.url), ("note", source.note)]
        yield Document("source", source.id, source.title, _passages(source.id, source.title, told))
    for claim in kb.claims.values():
        told = [("says", claim.says), ("note", claim.evidence.note)]
        yield Document("claim", claim.id, claim.says, _passages(claim.id, None, told))


def _passages(
    key: str, name: str | None, told: list[tuple[str, str | None]]
) -> tuple[Passage, ...]:
    named = [Passage("name", name, NAMED)] if name else []
    texts = [Passage(field, text, TOLD) for field, text in told if text]
    return (*named, Passage("id", key, NAMED), *texts)


def _of_model(model: Model) -> Iterator[Passage]:
    yield from _passages(
        model.id, model.name, [("hf_repo", model.hf_repo), ("base_repo", model.base_repo)]
    )
    for alias in (model.ollama, *model.aliases):
        if alias:
            yield Passage("alias", alias, NAMED)
    for note in model.notes:
        yield Passage("note", note, TOLD)
    for field, evidence in model.evidence.items():
        if evidence.note:
            yield Passage(f"evidence.{field}", evidence.note, TOLD)
    for dispute in model.disputes:
        if dispute.evidence.note:
            yield Passage(f"disputes.{dispute.field}", dispute.evidence.note, TOLD)


def _of_licence(licence: Licence) -> Iterator[Passage]:
    yield from _passages(licence.id, licence.name, [("note", licence.evidence.note)])
    yield Passage("short", licence.short, NAMED)
    for tag, clause in licence.clauses.items():
        if clause.note:
            yield Passage(f"clauses.{tag}", clause.note, TOLD)
    for field in ("duties", "restrictions"):
        for item in getattr(licence, field):
            yield Passage(f"{field}.{item.id}", item.text, TOLD)
    for threshold in licence.thresholds:
        yield Passage("thresholds", threshold.scope, TOLD)
    for territory in licence.territory:
        yield Passage("territory", territory.basis, TOLD)
    for caveat in licence.caveats:
        yield Passage("caveats", caveat, TOLD)


def words_of(text: str) -> list[str]:
    """The words of a text, in lower case; a version such as 3.1 is one."""
    return _WORD.findall(text.casefold())


def _words_in(document: Document) -> list[frozenset[str]]:
    """The words of each passage; qwen2.5 is also qwen and 2.5, as people write it."""
    return [
        frozenset(
            part
            for word in words_of(f"{passage.topic} {passage.text}")
            for part in (word, *(_PART.findall(word) if _MIXED.fullmatch(word) else ()))
        )
        for passage in document.passages
    ]


def _likeness(asked: str, vocabulary: list[str]) -> dict[str, float]:
    """The known words that may be meant, each with how much it is like the word asked for."""
    from rapidfuzz import fuzz, process

    like = {
        word: score
        for word, score, _ in process.extract(
            asked, vocabulary, scorer=fuzz.ratio, limit=None, score_cutoff=LIKE_ENOUGH
        )
        if not any(map(str.isdigit, asked)) or word == asked
    }
    if len(asked) >= SHORTEST_BEGINNING:
        for word in vocabulary:
            if word.startswith(asked):
                like[word] = max(like.get(word, 0), BEGINNING)
    if asked in vocabulary:
        like[asked] = 100.0
    return like


def _hit(
    document: Document, words: list[frozenset[str]], likeness: Sequence[Mapping[str, float]]
) -> Hit | None:
    gained = [0.0] * len(document.passages)
    total = 0.0
    for like in likeness:
        scores = [
            passage.worth * max((like.get(word, 0.0) for word in held), default=0.0)
            for passage, held in zip(document.passages, words, strict=True)
        ]
        if max(scores) == 0:
            return None
        total += max(scores)
        gained = [one + other for one, other in zip(gained, scores, strict=True)]
    best = max(range(len(gained)), key=gained.__getitem__)
    return Hit(document, round(total / len(likeness), 1), document.passages[best])
