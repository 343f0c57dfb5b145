"""The conflict set: the ends of the branches, and the activations that stand there.

One call of the matcher is one change, however many facts it adds and removes: an activation that
holds before and after it has not changed, whatever came and went in between.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from whyllm.engine.experta_shim import Activation as ExpertaActivation
from whyllm.engine.experta_shim import Fact, L, Rule, W
from whyllm.engine.rete.beta import Node, Token
from whyllm.engine.rete.conditions import Branch, Negation, Pattern, conjuncts

Scope = dict[str, int]
"""Variable -> its position in the values of a token."""


@dataclass(frozen=True)
class Absence:
    """What had to be absent for an activation: these patterns, matched together.

    `patterns` are pairs of fact type and slots with the values they were compared with; a slot
    tested in another way is left out. `unless` are the negations inside the negation: for
    EXISTS(a) the one pattern a, and for FORALL(a, b) what makes an a harmless.
    """

    patterns: tuple[tuple[type[Fact], dict[Any, Any]], ...]
    unless: tuple[Absence, ...] = ()


class Activation(ExpertaActivation):  # type: ignore[misc]
    """A rule that may fire: the end of one of its branches, and the token that reached it.

    `ages` are the numbers of the matched facts in pattern order; `key` is its place on the agenda
    while it is `pending` there. The rest is read off the token, which stays readable when deleted.
    """

    __slots__ = ("_token", "ages", "end", "key", "pending")

    def __init__(self, end: Terminal, token: Token) -> None:
        self.end = end
        self._token = token
        self.ages: tuple[int, ...] = tuple([fact["__factid__"] for fact in token.facts()])
        self.key: tuple[Any, ...] = ()
        self.pending = False

    @property
    def rule(self) -> Rule:
        """The rule, not bound to an engine: experta's `run` passes the engine itself."""
        return self.end.rule

    @property
    def premises(self) -> list[Fact]:
        """The matched facts in pattern order."""
        return self._token.facts()

    @property
    def facts(self) -> list[Fact]:
        """The premises, by the name that experta's log reads."""
        return self._token.facts()

    @property
    def context(self) -> dict[str, Any]:
        """The bindings: variable -> value."""
        values = self._token.values
        return {name: values[position] for name, position in self.end.scope.items()}

    @property
    def absences(self) -> tuple[Absence, ...]:
        """What had to be absent, one for each NOT, EXISTS and FORALL, in their order."""
        return _absences(self.end.branch, self.context) if self.end.negates else ()

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)


class Terminal(Node):
    """The end of one branch of a rule: every token that arrives is an activation."""

    def __init__(
        self,
        parent: Node,
        conflict_set: ConflictSet,
        rule: Rule,
        order: int,
        number: int,
        branch: Branch,
        scope: Scope,
    ) -> None:
        super().__init__(parent)
        self.rule = rule.new_conditions(*rule)
        self.order = order
        self.number = number
        self.branch = branch
        self.negates = any(isinstance(element, Negation) for element in branch)
        self.scope = scope
        self.activations: dict[int, Activation] = {}
        self._conflict_set = conflict_set

    def left_add(self, token: Token) -> None:
        activation = self.activations[id(token)] = Activation(self, token)
        self._conflict_set.arisen[id(activation)] = activation

    def left_remove(self, token: Token) -> None:
        activation = self.activations.pop(id(token), None)
        if activation is not None and self._conflict_set.arisen.pop(id(activation), None) is None:
            self._conflict_set.gone.append(activation)

    def restore(self, activation: Activation, successor: Activation) -> None:
        """Put an activation back in the place of an equal one that arose after it had gone."""
        activation._token = successor._token
        self.activations[id(successor._token)] = activation

    def clear(self) -> None:
        self.activations.clear()


class ConflictSet:
    """What arose and what went since the last change was taken, and all that stands."""

    def __init__(self) -> None:
        self.terminals: list[Terminal] = []
        self.arisen: dict[int, Activation] = {}
        self.gone: list[Activation] = []

    def __iter__(self) -> Iterator[Activation]:
        """All activations that stand, fired or not."""
        for terminal in self.terminals:
            yield from terminal.activations.values()

    def take(self) -> tuple[list[Activation], list[Activation]]:
        """The activations that arose and that went; one that did both has not changed."""
        arisen, gone = self.arisen, self.gone
        self.arisen, self.gone = {}, []
        if not arisen or not gone:
            return list(arisen.values()), gone
        before = {(id(activation.end), activation.ages): activation for activation in gone}
        new = []
        for activation in arisen.values():
            same = before.pop((id(activation.end), activation.ages), None)
            if same is None:
                new.append(activation)
            else:
                activation.end.restore(same, activation)
        return new, list(before.values())

    def clear(self) -> None:
        """Forget every change; the terminals forget their activations by themselves."""
        self.arisen, self.gone = {}, []


def _absences(branch: Branch, context: dict[str, Any]) -> tuple[Absence, ...]:
    return tuple(
        Absence(
            tuple(
                (part.fact_type, _instantiated(part, context))
                for part in element.sequence
                if isinstance(part, Pattern)
            ),
            _absences(element.sequence, context),
        )
        for element in branch
        if isinstance(element, Negation)
    )


def _instantiated(pattern: Pattern, context: dict[str, Any]) -> dict[Any, Any]:
    """The slots of a pattern that a literal or a bound variable gives a value."""
    slots = {}
    for slot, constraint in pattern.fields:
        for part in conjuncts(constraint):
            if isinstance(part, L):
                slots[slot] = part.value
            elif isinstance(part, W) and part.__bind__ in context:
                slots[slot] = context[part.__bind__]
    return slots
