"""IndexedMatcher: builds the network of an engine's rules and turns changes into activations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from whyllm.engine.experta_shim import Fact, InitialFact, KnowledgeEngine, L, Matcher, Rule, W
from whyllm.engine.rete.agenda import Activation
from whyllm.engine.rete.alpha import MISSING, AlphaMemory, AlphaNetwork, slot_reader
from whyllm.engine.rete.beta import (
    ConjunctiveNegation,
    JoinNode,
    NegativeNode,
    Node,
    Partner,
    Residual,
    Root,
    Terminal,
    TestNode,
    Token,
    below,
    delete,
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

Scope = dict[str, int]
"""Variable -> its position in the values of a token."""


class IndexedMatcher(Matcher):  # type: ignore[misc]
    """A matcher for `__matcher__` of any experta engine.

    Raises ConditionError when the engine is built with a rule that cannot mean anything: a
    variable tested that nothing binds before, a FORALL of one pattern.
    """

    def __init__(self, engine: KnowledgeEngine) -> None:
        super().__init__(engine)
        self._alpha = AlphaNetwork()
        self._root = Root()
        # Facts by identity; the fact itself is kept, so that no other can take its identity.
        self._memories_of: dict[int, tuple[Fact, list[AlphaMemory]]] = {}
        self._tokens_of: dict[int, dict[int, Token]] = {}
        self._activations: dict[tuple[int, int], Activation] = {}
        self._added: dict[int, Activation] = {}
        self._removed: list[Activation] = []
        self._ends: dict[Terminal, _End] = {}
        for order, rule in enumerate(_declared_rules(engine)):
            self._build(rule, order)
        self._nodes = list(below(self._root))

    def reset(self) -> None:
        """Forget every fact and activation; the network stays."""
        self._alpha.clear()
        self._root.token = None
        for node in self._nodes:
            node.clear()
        for memory in (self._memories_of, self._tokens_of, self._activations, self._added):
            memory.clear()
        self._removed = []

    def changes(
        self, adding: list[Fact] | None = None, deleting: list[Fact] | None = None
    ) -> tuple[list[Activation], list[Activation]]:
        """Apply changes to working memory; return the activations that arose and that went.

        A fact that was declared and retracted since the last call leaves no trace; one that was
        retracted and declared again is new.
        """
        unseen = Counter(id(fact) for fact in deleting or () if id(fact) not in self._memories_of)
        for fact in deleting or ():
            if id(fact) in self._memories_of:
                self._remove(fact)
        for fact in adding or ():
            if unseen[id(fact)]:  # declared and retracted since the last call
                unseen[id(fact)] -= 1
            elif id(fact) not in self._memories_of:
                self._add(fact)
        added, removed = list(self._added.values()), self._removed
        self._added, self._removed = {}, []
        return added, removed

    def _add(self, fact: Fact) -> None:
        if type(fact) is InitialFact and self._root.token is None:
            self._root.start()
        memories = self._alpha.memories_of(fact)
        self._memories_of[id(fact)] = (fact, memories)
        for memory in memories:
            memory.add(fact)
        # Deepest first: a shallower node's new tokens then find the fact in the deeper memories.
        # A node without left tokens has nothing to join yet (right unlinking).
        successors = [node for memory in memories for node in memory.successors if node.left]
        for node in sorted(successors, key=_depth, reverse=True):
            node.right_add(fact)

    def _remove(self, fact: Fact) -> None:
        _, memories = self._memories_of.pop(id(fact))
        for memory in memories:
            memory.remove(fact)
        # Deepest first here too: what a shallower negation then lets pass is counted without the
        # fact further down. Tokens that hold the fact go last, with all that was let through.
        successors = [node for memory in memories for node in memory.successors if node.left]
        for node in sorted(successors, key=_depth, reverse=True):
            node.right_remove(fact)
        for token in list(self._tokens_of.get(id(fact), {}).values()):
            if token.alive:
                delete(token)
        self._tokens_of.pop(id(fact), None)
        if type(fact) is InitialFact:
            self._root.stop()

    def _activated(self, end: Terminal, token: Token) -> None:
        activation = self._ends[end].activation(token)
        self._activations[id(end), id(token)] = activation
        self._added[id(activation)] = activation

    def _deactivated(self, end: Terminal, token: Token) -> None:
        activation = self._activations.pop((id(end), id(token)), None)
        if activation is not None and self._added.pop(id(activation), None) is None:
            self._removed.append(activation)

    def _build(self, rule: Rule, order: int) -> None:
        try:
            alternatives = branches(tuple(rule))
            for number, branch in enumerate(alternatives):
                scope: Scope = {}
                node = self._chain(self._root, branch, scope)
                end = Terminal(node, self._activated, self._deactivated)
                node.children.append(end)
                self._ends[end] = _End(rule, order, number, branch, scope)
        except ConditionError as error:
            raise ConditionError(f"rule {rule.__name__}: {error}") from None

    def _chain(self, node: Node, sequence: tuple[Element, ...], scope: Scope) -> Node:
        """Append nodes for a sequence; `scope` gains the variables that it binds."""
        for element in sequence:
            if isinstance(element, Pattern):
                node = self._join(node, element, scope)
            elif isinstance(element, Test):
                node = _test(node, element, scope)
            else:
                node = self._negation(node, element, scope)
        return node

    def _join(self, parent: Node, pattern: Pattern, scope: Scope) -> Node:
        parts = self._parts(pattern, scope)
        identity_ = ("join", id(parts.memory), parts.positions, parts.slots, parts.binds,
                     parts.residual_keys, pattern.name is not None)  # fmt: skip
        node = parent.shared.get(identity_)
        if node is None:
            node = JoinNode(
                parent, parts.memory, parts.positions, parts.slots, parts.residuals,
                parts.binds, pattern.name is not None, self._tokens_of,
            )  # fmt: skip
            parent.children.append(node)
            parent.shared[identity_] = node
        scope.update(parts.new)
        return node

    def _negation(self, parent: Node, negation: Negation, scope: Scope) -> Node:
        sequence = negation.sequence
        if len(sequence) == 1 and isinstance(sequence[0], Pattern):
            parts = self._parts(sequence[0], dict(scope))
            key = ("not", id(parts.memory), parts.positions, parts.slots, parts.residual_keys)
            node = parent.shared.get(key)
            if node is None:
                node = NegativeNode(
                    parent, parts.memory, parts.positions, parts.slots, parts.residuals
                )
                parent.children.append(node)
                parent.shared[key] = node
            return node
        # The subnetwork is built, and so fed, before the negation: a token's matches are known
        # by the time that it arrives there.
        conjunction = ConjunctiveNegation(parent)
        last = self._chain(parent, sequence, dict(scope))
        last.children.append(Partner(last, conjunction))
        parent.children.append(conjunction)
        conjunction.depth = last.depth + 1
        return conjunction

    def _parts(self, pattern: Pattern, scope: Scope) -> _Parts:
        return _Parts(pattern, scope, self._alpha)


class _Parts:
    """A pattern taken apart: alpha tests, join keys, tests that remain, and what it binds."""

    def __init__(self, pattern: Pattern, scope: Scope, alpha: AlphaNetwork) -> None:
        constants: dict[Any, Any] = {}
        predicates: dict[Any, Any] = {}
        keys: list[tuple[int, Any]] = []
        binds: dict[str, Any] = {}
        residuals: list[tuple[Any, Residual]] = []
        for slot, constraint in pattern.fields:
            read = slot_reader(slot)
            for part in conjuncts(constraint):
                name = getattr(part, "__bind__", None)
                if name is not None:
                    if name in binds:
                        first = slot_reader(binds[name])
                        predicates[("same", slot, binds[name])] = lambda fact, a=read, b=first: (
                            a(fact) == b(fact)
                        )
                    elif name in scope:
                        keys.append((scope[name], slot))
                    else:
                        binds[name] = slot
                if isinstance(part, W):
                    continue
                if isinstance(part, L):
                    if slot in constants and constants[slot] != part.value:
                        predicates[("never",)] = lambda _: False
                    constants.setdefault(slot, part.value)
                    continue
                inner = [v for v in field_variables(part) if v != name]
                for variable in inner:
                    if variable not in binds and variable not in scope:
                        raise ConditionError(f"{variable!r} is tested before it is captured")
                if not inner:
                    bare = _without_name(part)
                    predicates[(slot, identity(bare))] = lambda fact, read=read, bare=bare: holds(
                        bare, read(fact), _no_variable
                    )
                else:
                    residuals.append(_residual(slot, part, dict(scope), dict(binds)))
        needed = tuple(slot for slot, _ in pattern.fields if slot not in constants)
        if needed:
            readers = tuple(map(slot_reader, needed))
            names = frozenset(needed)
            there = {
                ("has", needed): lambda fact: (
                    names <= fact.keys() or all(read(fact) is not MISSING for read in readers)
                )
            }
            predicates = {**there, **predicates}  # the other tests read slots that are there
        self.memory = alpha.memory(pattern.fact_type, constants, predicates)
        self.positions = tuple(position for position, _ in keys)
        self.slots = tuple(slot for _, slot in keys)
        self.binds = tuple(binds.values())
        self.residuals = [residual for _, residual in residuals]
        self.residual_keys = tuple(key for key, _ in residuals)
        start = len(scope)
        self.new: Scope = {name: start + i for i, name in enumerate(binds)}
        if pattern.name is not None:
            if pattern.name in scope or pattern.name in binds:
                raise ConditionError(f"{pattern.name!r} is captured twice")
            self.new[pattern.name] = start + len(binds)


def _without_name(constraint: Any) -> Any:
    """A predicate without the variable that it binds, which is bound apart."""
    from whyllm.engine.experta_shim import P

    return P(constraint.match) if isinstance(constraint, P) else constraint


def _no_variable(name: str) -> Any:
    raise ConditionError(f"{name!r} has no value here")


def _residual(slot: Any, part: Any, scope: Scope, binds: dict[str, Any]) -> tuple[Any, Residual]:
    """A test of a field against variables, as in `~MATCH.x`: its identity and its function."""
    read = slot_reader(slot)
    readers = {name: slot_reader(bound) for name, bound in binds.items()}

    def test(values: tuple[Any, ...], fact: Fact) -> bool:
        def variable(name: str) -> Any:
            return readers[name](fact) if name in readers else values[scope[name]]

        return holds(part, read(fact), variable)

    variables = tuple(field_variables(part))
    places = tuple(binds[v] if v in binds else scope[v] for v in variables)
    return (slot, id(part), places), test


def _test(parent: Node, test: Test, scope: Scope) -> Node:
    for name in test.parameters:
        if name not in scope:
            raise ConditionError(f"nothing binds {name!r}, which a TEST reads")
    positions = {name: scope[name] for name in test.parameters}
    key = ("test", id(test.function), tuple(positions.items()))
    node = parent.shared.get(key)
    if node is None:
        node = TestNode(parent, test.function, positions)
        parent.children.append(node)
        parent.shared[key] = node
    return node


class _End:
    """What a terminal needs to make an activation of its rule."""

    def __init__(
        self, rule: Rule, order: int, number: int, branch: tuple[Element, ...], scope: Scope
    ) -> None:
        self.rule = rule.new_conditions(*rule)  # unbound: experta's run() passes the engine itself
        self.order = order
        self.number = number
        self.scope = scope
        self.absent = [
            element.sequence[0]
            for element in branch
            if isinstance(element, Negation)
            and len(element.sequence) == 1
            and isinstance(element.sequence[0], Pattern)
        ]

    def activation(self, token: Token) -> Activation:
        values = token.values
        context = {name: values[position] for name, position in self.scope.items()}
        absences = tuple((pattern.fact_type, _filled(pattern, context)) for pattern in self.absent)
        return Activation(self.rule, token.facts(), context, absences, self.order, self.number)


def _filled(pattern: Pattern, context: dict[str, Any]) -> dict[Any, Any]:
    """A negated pattern with its literals and bound variables as values; the rest is left out."""
    slots = {}
    for slot, constraint in pattern.fields:
        if isinstance(constraint, L):
            slots[slot] = constraint.value
        elif isinstance(constraint, W) and constraint.__bind__ in context:
            slots[slot] = context[constraint.__bind__]
    return slots


def _depth(node: Node) -> int:
    return node.depth


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
