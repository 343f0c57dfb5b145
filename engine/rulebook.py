"""Rule cards, stages and rulebooks: everything that is known of a rule stands on its card."""

from __future__ import annotations

import inspect
import re
import string
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from whyllm.engine.conditions import (
    bound_variables,
    is_plain,
    negated_patterns,
    positive_patterns,
    test_variables,
    tests,
    variables,
)
from whyllm.engine.facts import WorkingFact

Body = Callable[..., Iterator[WorkingFact]]
STAGE_STEP = 100


class RuleError(Exception):
    """A rule that cannot mean anything, or a body that yields what its card does not declare."""


@dataclass(frozen=True)
class RuleCard:
    """One rule: condition, sentence, conclusions, sources and teaching text together.

    `because` is the sentence of a firing; its placeholders are variables that the positive
    patterns bind, or slots of a concluded type. The docstring of the body is the teaching text:
    a first paragraph, then the sections `## Example` and `## Does not say`.
    """

    id: str
    title: str
    stage: str
    when: tuple[Any, ...]
    because: str
    concludes: tuple[type[WorkingFact], ...]
    sources: tuple[str, ...]
    body: Body

    @property
    def teaching(self) -> dict[str, str]:
        """Sections of the docstring by heading; '' is the text before the first heading."""
        parts = re.split(r"^## (.+)$", inspect.getdoc(self.body) or "", flags=re.MULTILINE)
        texts = [" ".join(part.split()) for part in parts[2::2]]
        return {"": " ".join(parts[0].split()), **dict(zip(parts[1::2], texts, strict=True))}

    @property
    def placeholders(self) -> list[str]:
        """The placeholders of the sentence, in order."""
        return [name for _, name, _, _ in string.Formatter().parse(self.because) if name]

    @property
    def reads(self) -> list[type[WorkingFact]]:
        """The fact types of the positive patterns, in order."""
        return [type(pattern) for pattern in positive_patterns(self.when)]

    @property
    def negates(self) -> list[type[WorkingFact]]:
        """The fact types of the negated patterns, in order."""
        return [type(pattern) for pattern in negated_patterns(self.when)]

    def check(self) -> None:
        """Raise RuleError when the card contradicts itself."""
        for element in self.when:
            if not is_plain(element):
                raise RuleError(f"{self.id}: a condition is a fact, NOT of one fact, or a TEST")
        bound = bound_variables(self.when)
        slots = {slot for fact in self.concludes for slot in fact.slots()}
        for name in self.placeholders:
            if name not in bound and name not in slots:
                raise RuleError(f"{self.id}: nothing binds the placeholder {{{name}}}")
        for test in tests(self.when):
            for name in test_variables(test):
                if name not in bound:
                    raise RuleError(f"{self.id}: nothing binds {name!r}, which a TEST reads")
        for pattern in (*positive_patterns(self.when), *negated_patterns(self.when)):
            for slot in pattern:
                if not pattern.is_special(slot) and slot not in type(pattern).slots():
                    raise RuleError(f"{self.id}: {type(pattern).__name__} has no slot {slot!r}")
        for pattern in negated_patterns(self.when):
            for name in variables(pattern):
                if name not in bound:
                    raise RuleError(f"{self.id}: nothing binds {name!r}, which a NOT reads")
        parameters = list(inspect.signature(self.body).parameters)
        if parameters != bound:
            raise RuleError(f"{self.id}: the body takes {parameters}, the condition binds {bound}")


@dataclass(frozen=True)
class Stage:
    """A step of the judgement: one module, one question, one prefix of rule ids."""

    id: str
    prefix: str
    question: str
    cards: list[RuleCard] = field(default_factory=list)

    def rule(
        self,
        rule_id: str,
        title: str,
        *,
        when: Sequence[Any],
        because: str,
        concludes: Sequence[type[WorkingFact]],
        sources: Sequence[str] = (),
    ) -> Callable[[Body], Body]:
        """Decorate a generator of facts as a rule of this stage; raise RuleError if it is unsound.

        `sources` names texts beside those of the premises, which count by themselves.
        """

        def register(body: Body) -> Body:
            card = RuleCard(
                rule_id,
                title,
                self.id,
                tuple(when),
                because,
                tuple(concludes),
                tuple(sources),
                body,
            )
            card.check()
            if not re.fullmatch(rf"{self.prefix}-\d{{3}}", rule_id):
                raise RuleError(f"{rule_id}: a rule of stage {self.id} is named {self.prefix}-nnn")
            if any(other.id == rule_id for other in self.cards):
                raise RuleError(f"{rule_id}: the id is taken")
            self.cards.append(card)
            return body

        return register


@dataclass(frozen=True)
class Rulebook:
    """An ordered set of stages. Earlier stages fire first."""

    id: str
    title: str
    stages: tuple[Stage, ...]

    @property
    def cards(self) -> list[RuleCard]:
        """All rules in the order in which they fire."""
        return [card for stage in self.stages for card in stage.cards]

    def card(self, rule_id: str) -> RuleCard:
        """The rule of that id; KeyError when there is none."""
        for card in self.cards:
            if card.id == rule_id:
                return card
        raise KeyError(rule_id)

    def salience(self, card: RuleCard) -> int:
        """The salience of a rule: that of its stage."""
        position = [stage.id for stage in self.stages].index(card.stage)
        return (len(self.stages) - position) * STAGE_STEP
