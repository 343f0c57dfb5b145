"""Which question to ask next: the one whose replies are expected to leave the fewest models.

With the expert rulebook it is chosen by information gain: over the replies, taken as equally
likely, the mean of log2(candidates now / candidates after), as decision trees are grown (Quinlan,
Machine Learning 1, 1986). With the course rulebook the tree itself says what comes next. A question
whose replies all leave the same models is never asked.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from whyllm.engine.catalogue import Catalogue, QuestionEntry
from whyllm.engine.explaining.dependence import Dependence
from whyllm.engine.interview.course_tree import CourseTree
from whyllm.engine.interview.standings import JUDGEMENTS, Standing, Standings
from whyllm.engine.need import Need, Value
from whyllm.engine.rulebook import RuleCard
from whyllm.engine.stages import rulebook as rulebook_named


@dataclass(frozen=True)
class Reply:
    """A reply to choose from: the axes it states, and the ids of the models that it leaves.

    `id` counts from 1 within the question. A reply that sets nothing constrains nothing.
    """

    id: int
    label: str
    sets: Mapping[str, Value]
    kept: tuple[str, ...]
    undecided: tuple[str, ...]

    @property
    def candidates(self) -> int:
        """How many models are left, those included that wait for a fact."""
        return len(self.kept) + len(self.undecided)


@dataclass(frozen=True)
class Question:
    """A question whose replies leave different models.

    `rules` are the ids of those that judge by it, `typed` is the axis that a value typed freely
    states, `gain` is in bits.
    """

    id: str
    text: str
    explains: str
    typed: str | None
    replies: tuple[Reply, ...]
    rules: tuple[str, ...]
    gain: float


class Interviewer:
    """Knows what to ask next about a need. Not for several threads at once."""

    def __init__(
        self, catalogue: Catalogue, rulebook: str = "expert", on: dt.date | None = None
    ) -> None:
        self.catalogue = catalogue
        self.rulebook = rulebook_named(rulebook)
        self.on = on or dt.date.today()
        self._standings = Standings(catalogue, self.rulebook, self.on)
        self._tree = CourseTree(catalogue, self.on) if rulebook == "course" else None

    def remaining(self, need: Need) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The ids of the models that the need keeps, and of those that wait for a fact.

        NeedError for a value that the catalogue does not know.
        """
        standing = self._standings.of(need)
        return self._standings.ids(standing.kept), self._standings.ids(standing.undecided)

    def question(self, need: Need, passed: Collection[str] = ()) -> Question | None:
        """The question that decides most; None when none decides anything more.

        `passed` are the ids of questions that were answered without stating anything.
        """
        return next(iter(self.questions(need, passed)), None)

    def questions(self, need: Need, passed: Collection[str] = ()) -> tuple[Question, ...]:
        """All questions that still decide something, the most deciding first.

        In the course's tree that is one at most: the question at which the path stops.
        """
        if self._standings.of(need).outside:
            return ()
        if self._tree is not None:
            return tuple(self._at_the_node(need, passed, self._tree))
        found = [
            question
            for entry in self.catalogue.questions
            if entry.id not in passed and not axes_of(entry) & need.stated.keys()
            for question in self._deciding(need, entry)
        ]
        return tuple(sorted(found, key=lambda question: -question.gain))

    def _at_the_node(
        self, need: Need, passed: Collection[str], tree: CourseTree
    ) -> Iterator[Question]:
        """What the tree asks, also where the replies leave the same models: the leaves differ."""
        entry = tree.question(need)
        if entry is not None and entry.id not in passed:
            yield self._question(need, entry, self._after(need, entry))

    def _after(self, need: Need, entry: QuestionEntry) -> list[Standing]:
        return [self._standings.of(need.with_changes(sets)) for _, sets in entry.replies]

    def _deciding(self, need: Need, entry: QuestionEntry) -> Iterator[Question]:
        """The question, if its replies lead to different standings."""
        after = self._after(need, entry)
        if len(set(after)) > 1:
            yield self._question(need, entry, after)

    def _question(self, need: Need, entry: QuestionEntry, after: list[Standing]) -> Question:
        before = self._standings.of(need).candidates.bit_count()
        left = [standing.candidates.bit_count() for standing in after]
        ids = self._standings.ids
        return Question(
            id=entry.id,
            text=entry.text,
            explains=entry.explains,
            typed=entry.typed,
            replies=tuple(
                Reply(place, label, sets, ids(standing.kept), ids(standing.undecided))
                for place, ((label, sets), standing) in enumerate(
                    zip(entry.replies, after, strict=True), 1
                )
            ),
            rules=tuple(card.id for card in self._asking(entry)),
            gain=gain(before, left),
        )

    def _asking(self, entry: QuestionEntry) -> Iterator[RuleCard]:
        """The rules that judge models by an axis of the question."""
        axes = axes_of(entry)
        for card, read in self._judging.items():
            if axes & read:
                yield card

    @cached_property
    def _judging(self) -> dict[RuleCard, frozenset[str]]:
        dependence = Dependence(self.rulebook, self.catalogue)
        return {
            card: dependence.read_by(card)
            for card in self.rulebook.cards
            if JUDGEMENTS & set(card.concludes)
        }


def axes_of(entry: QuestionEntry) -> frozenset[str]:
    """The axes that the replies to a question state."""
    typed = () if entry.typed is None else (entry.typed,)
    return frozenset([*typed, *(axis for _, sets in entry.replies for axis in sets)])


def gain(before: int, after: Collection[int]) -> float:
    """The bits that a reply tells of the candidates, in the mean over the replies.

    One is added to each count, so that a reply that leaves nothing can be reckoned with.
    """
    return math.log2(before + 1) - sum(math.log2(left + 1) for left in after) / len(after)
