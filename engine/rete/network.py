"""From rules to the network: every branch a chain of nodes, equal beginnings shared."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any, TypeVar

from whyllm.engine.experta_shim import Fact, FieldConstraint, KnowledgeEngine, L, P, Rule, W, freeze
from whyllm.engine.rete.alpha import MISSING, AlphaMemory, AlphaNetwork, Predicate, slot_reader
from whyllm.engine.rete.beta import (
    ConjunctiveNegation,
    JoinNode,
    NegativeNode,
    Node,
    Partner,
    Residual,
    Root,
    TestNode,
    Token,
    Values,
    ValueTest,
    below,
)
from whyllm.engine.rete.conditions import (
    ConditionError,
    Element,
    Negation,
    Pattern,
    Test,
    branches,
    conjuncts,
    field_variables,
    holds,
    identity,
)
from whyllm.engine.rete.conflict_set import ConflictSet, Scope, Terminal
from whyllm.engine.rete.index import Index

Shared = TypeVar("Shared", bound=Node)


class Network:
    """The nodes of an engine's rules, and the memories of what they matched.

    `tokens_of` finds the tokens that a fact supports, by the identity of the fact. Raises
    ConditionError for a rule that cannot mean anything.
    """

    def __init__(self, engine: KnowledgeEngine) -> None:
        self.alpha = AlphaNetwork()
        self.root = Root()
        self.conflict_set = ConflictSet()
        self.tokens_of: Index[Token] = Index()
        for order, rule in enumerate(_declared_rules(engine)):
            try:
                self._add_rule(rule, order)
            except ConditionError as error:
                raise ConditionError(f"rule {rule.__name__}: {error}") from None
        self._nodes = list(below(self.root))

    def clear(self) -> None:
        """Forget every fact, token and activation; the nodes stay."""
        self.alpha.clear()
        self.tokens_of.clear()
        self.conflict_set.clear()
        for node in self._nodes:
            node.clear()

    def _add_rule(self, rule: Rule, order: int) -> None:
        for number, branch in enumerate(branches(tuple(rule))):
            scope: Scope = {}
            node = self._chain(self.root, branch, scope)
            end = Terminal(node, self.conflict_set, rule, order, number, branch, scope)
            node.children.append(end)
            self.conflict_set.terminals.append(end)

    def _chain(self, node: Node, sequence: tuple[Element, ...], scope: Scope) -> Node:
        """Append nodes for a sequence; `scope` gains the variables that it binds."""
        place = 0
        while place < len(sequence):
            element = sequence[place]
            place += 1
            if isinstance(element, Pattern):
                tests: list[Test] = []
                while place < len(sequence) and isinstance(test := sequence[place], Test):
                    tests.append(test)
                    place += 1
                node = self._join(node, element, tests, scope)
            elif isinstance(element, Test):
                key, value_test = _value_test(element, scope)
                node = _shared(node, key) or _attach(node, key, TestNode(node, value_test))
            else:
                node = self._negation(node, element, scope)
        return node

    def _join(self, parent: Node, pattern: Pattern, tests: list[Test], scope: Scope) -> Node:
        join = _Join(pattern, scope, self.alpha)
        scope.update(join.new)
        binds_fact = pattern.name is not None
        value_tests = [_value_test(test, scope) for test in tests]
        key = ("join", *join.identity, join.binds, binds_fact, *(key for key, _ in value_tests))
        return _shared(parent, key) or _attach(
            parent,
            key,
            JoinNode(
                parent,
                *join.right_input,
                join.binds,
                binds_fact,
                [test for _, test in value_tests],
                self.tokens_of,
            ),
        )

    def _negation(self, parent: Node, negation: Negation, scope: Scope) -> Node:
        sequence = negation.sequence
        if len(sequence) == 1 and isinstance(sequence[0], Pattern):
            join = _Join(sequence[0], dict(scope), self.alpha)
            key = ("not", *join.identity)
            return _shared(parent, key) or _attach(
                parent, key, NegativeNode(parent, *join.right_input)
            )
        # The subnetwork is built, and so fed, before the negation: a token's matches are known
        # by the time that it arrives there.
        conjunction = ConjunctiveNegation(parent)
        last = self._chain(parent, sequence, dict(scope))
        last.children.append(Partner(last, conjunction))
        parent.children.append(conjunction)
        conjunction.depth = last.depth + 1
        return conjunction


def _shared(parent: Node, key: Hashable) -> Node | None:
    """The node below a parent that does the same; None when there is none yet."""
    return parent.shared.get(key)


def _attach(parent: Node, key: Hashable, node: Shared) -> Shared:
    parent.children.append(node)
    parent.shared[key] = node
    return node


def _value_test(test: Test, scope: Scope) -> tuple[Hashable, ValueTest]:
    """A TEST over the values of a token, and what two equal ones have in common."""
    positions = {name: scope[name] for name in test.parameters if name in scope}
    for name in test.parameters:
        if name not in scope and name not in test.defaults:
            raise ConditionError(f"nothing binds {name!r}, which a TEST reads")
    function, places = test.function, tuple(positions.items())
    return ("test", id(function), places), lambda values: bool(
        function(**{name: values[at] for name, at in places})
    )


class _Join:
    """A pattern taken apart: alpha tests, join keys, tests that remain, and what it binds."""

    def __init__(self, pattern: Pattern, scope: Scope, alpha: AlphaNetwork) -> None:
        self._scope = scope
        self._constants: dict[Any, Any] = {}
        self._predicates: dict[Hashable, Predicate] = {}
        self._keys: list[tuple[int, Any]] = []
        self._bound: dict[str, Any] = {}
        self._residuals: list[tuple[Hashable, Residual]] = []
        for slot, constraint in pattern.fields:
            for part in conjuncts(constraint):
                self._bind(slot, getattr(part, "__bind__", None))
                if isinstance(part, L):
                    self._compare(slot, freeze(part.value))
                elif not isinstance(part, W):
                    self._test(slot, part)
        if pattern.name is not None and (pattern.name in scope or pattern.name in self._bound):
            raise ConditionError(f"{pattern.name!r} is captured twice")
        presence = self._presence([slot for slot, _ in pattern.fields])
        self._memory = alpha.memory(
            pattern.fact_type, self._constants, {**presence, **self._predicates}
        )
        self.binds = tuple(self._bound.values())
        names = [*self._bound, *([] if pattern.name is None else [pattern.name])]
        self.new: Scope = {name: len(scope) + place for place, name in enumerate(names)}

    @property
    def right_input(
        self,
    ) -> tuple[AlphaMemory, tuple[int, ...], tuple[Any, ...], list[Residual]]:
        """Alpha memory, positions in the token, slots of the fact, residual tests."""
        return (
            self._memory,
            tuple(position for position, _ in self._keys),
            tuple(slot for _, slot in self._keys),
            [residual for _, residual in self._residuals],
        )

    @property
    def identity(self) -> tuple[Hashable, ...]:
        """What two patterns have in common when they join alike."""
        return (id(self._memory), tuple(self._keys), tuple(key for key, _ in self._residuals))

    def _bind(self, slot: Any, name: str | None) -> None:
        """A name in a field: the first captures, a later one joins."""
        if name is None:
            return
        if name in self._bound:
            first, second = slot_reader(self._bound[name]), slot_reader(slot)
            self._predicates["same", slot, self._bound[name]] = lambda fact: (
                first(fact) == second(fact)
            )
        elif name in self._scope:
            self._keys.append((self._scope[name], slot))
        else:
            self._bound[name] = slot

    def _compare(self, slot: Any, value: Any) -> None:
        """A literal is found by hashing; a second one in the field that differs fits no fact."""
        if self._constants.setdefault(slot, value) != value:
            self._predicates["never"] = lambda _: False

    def _test(self, slot: Any, part: FieldConstraint) -> None:
        """Any other constraint: a test of the fact alone, or of the fact against variables."""
        own = getattr(part, "__bind__", None)
        variables = tuple(name for name in field_variables(part) if name != own)
        for name in variables:
            if name not in self._bound and name not in self._scope:
                raise ConditionError(f"{name!r} is tested before it is captured")
        read = slot_reader(slot)
        if not variables:
            bare = P(part.match) if isinstance(part, P) else part  # its name is bound already
            self._predicates[slot, identity(bare)] = lambda fact: holds(
                bare, read(fact), _no_variable
            )
            return
        readers = {
            name: slot_reader(self._bound[name]) for name in variables if name in self._bound
        }
        positions = {name: self._scope[name] for name in variables if name not in self._bound}

        def test(values: Values, fact: Fact) -> bool:
            return holds(
                part,
                read(fact),
                lambda name: readers[name](fact) if name in readers else values[positions[name]],
            )

        places = tuple(self._bound.get(name, positions.get(name)) for name in variables)
        self._residuals.append(((slot, id(part), places), test))

    def _presence(self, slots: list[Any]) -> dict[Hashable, Predicate]:
        """The slots that are named must be there; it comes before the tests that read them."""
        needed = tuple(slot for slot in slots if slot not in self._constants)
        if not needed:
            return {}
        names, readers = frozenset(needed), tuple(map(slot_reader, needed))
        return {
            ("has", needed): lambda fact: (
                names <= fact.keys() or all(read(fact) is not MISSING for read in readers)
            )
        }


def _no_variable(name: str) -> Any:
    raise ConditionError(f"{name!r} has no value here")


def _declared_rules(engine: KnowledgeEngine) -> Iterator[Rule]:
    """The engine's rules in the order of their declaration, base classes first."""
    found: dict[str, Rule] = {}
    for owner in reversed(type(engine).__mro__):
        for name, value in vars(owner).items():
            if isinstance(value, Rule):
                found[name] = value
            elif name in found:
                del found[name]
    return iter(found.values())
