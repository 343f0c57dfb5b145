"""The beta network: tokens, and the nodes that join, test and negate them.

A node receives tokens from its parent on the left and facts from an alpha memory on the right. A
token is a partial match; it knows its children, so that a retracted fact takes its whole subtree
with it (tree-based removal, Doorenbos 1995, section 2.5).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterator, Sequence
from operator import itemgetter
from typing import Any

from whyllm.engine.experta_shim import Fact
from whyllm.engine.rete.alpha import AlphaMemory, Reader, key_reader, values_reader
from whyllm.engine.rete.index import Index

Values = tuple[Any, ...]
"""What the variables of a branch are bound to so far, in the order in which they were bound."""

Residual = Callable[[Values, Fact], bool]
"""A join test that hashing cannot make: over the values of a token and a fact."""

ValueTest = Callable[[Values], bool]
"""A TEST, over the values of the token that it lets pass."""


class Token:
    """A partial match: the token it extends, the fact it adds (if any), the values bound so far.

    Its children hang on it as a doubly linked list, which costs less than a container in each.
    """

    __slots__ = (
        "alive", "fact", "first_child", "next_sibling", "node", "parent", "previous_sibling",
        "values",
    )  # fmt: skip

    def __init__(self, node: Node, parent: Token | None, fact: Fact | None, values: Values) -> None:
        self.node = node
        self.parent = parent
        self.fact = fact
        self.values = values
        self.alive = True
        self.first_child: Token | None = None
        self.previous_sibling: Token | None = None
        self.next_sibling: Token | None = None
        if parent is not None:
            eldest = self.next_sibling = parent.first_child
            if eldest is not None:
                eldest.previous_sibling = self
            parent.first_child = self

    def facts(self) -> list[Fact]:
        """The matched facts in pattern order."""
        found = []
        token: Token | None = self
        while token is not None:
            if token.fact is not None:
                found.append(token.fact)
            token = token.parent
        found.reverse()
        return found

    def delete(self) -> None:
        """Take the token and its whole subtree out of every memory."""
        self.alive = False
        while self.first_child is not None:
            self.first_child.delete()
        for node in self.node.children:
            node.left_remove(self)
        self.node.released(self)
        self._unlink()

    def _unlink(self) -> None:
        before, after = self.previous_sibling, self.next_sibling
        if after is not None:
            after.previous_sibling = before
        if before is not None:
            before.next_sibling = after
        elif self.parent is not None:
            self.parent.first_child = after


class Node:
    """A node of the beta network; its output goes to each child."""

    def __init__(self, parent: Node | None) -> None:
        self.parent = parent
        self.depth: int = 0 if parent is None else parent.depth + 1
        self.children: list[Node] = []
        self.shared: dict[Hashable, Node] = {}

    def left_add(self, token: Token) -> None:
        """Take in a token of the parent."""
        raise TypeError(f"{type(self).__name__} takes no token, was given {token!r}")

    def left_remove(self, token: Token) -> None:
        """Forget a token of the parent, which is being deleted with all that it led to."""

    def released(self, token: Token) -> None:
        """Learn that a token which this node emitted is deleted."""

    def clear(self) -> None:
        """Forget everything."""

    def emit(self, token: Token) -> None:
        """Hand a token to every child."""
        for child in self.children:
            child.left_add(token)


class Root(Node):
    """The source of all branches: one token, which stands while there is an InitialFact."""

    def __init__(self) -> None:
        super().__init__(None)
        self._token: Token | None = None
        self._initial_fact: Fact | None = None

    def start(self, initial_fact: Fact) -> None:
        """Let the first tokens flow; a second start is none."""
        if self._token is None:
            self._token, self._initial_fact = Token(self, None, None, ()), initial_fact
            self.emit(self._token)

    def stop(self, initial_fact: Fact) -> None:
        """Take everything back, when it is the fact that started it."""
        if self._token is not None and initial_fact is self._initial_fact:
            self._token.delete()
            self.clear()

    def clear(self) -> None:
        self._token = self._initial_fact = None


def _token_key(positions: tuple[int, ...]) -> Callable[[Token], Hashable]:
    """A function that reads the key of a token, in the form of `key_reader`."""
    if not positions:
        return lambda _: ()
    at_once = itemgetter(*positions)
    return lambda token: at_once(token.values)


class RightInput(Node, ABC):
    """A node that also listens to an alpha memory: left tokens indexed by the joined values."""

    def __init__(
        self,
        parent: Node,
        memory: AlphaMemory,
        positions: tuple[int, ...],
        slots: tuple[Any, ...],
        residuals: Sequence[Residual],
    ) -> None:
        super().__init__(parent)
        self.memory = memory
        self.key_of = _token_key(positions)
        self.read_key: Reader = key_reader(slots)
        self.facts = memory.index_by(slots)
        self.residuals = tuple(residuals)
        self.left: Index[Token] = Index()
        memory.successors.append(self)

    def left_remove(self, token: Token) -> None:
        self.left.discard(self.key_of(token), token)

    def matching_facts(self, key: Hashable, token: Token) -> Sequence[Fact]:
        facts = self.facts.find(key)
        if not self.residuals or not facts:
            return facts
        return [f for f in facts if all(test(token.values, f) for test in self.residuals)]

    def matching_tokens(self, fact: Fact) -> Sequence[Token]:
        tokens = self.left.find(self.read_key(fact))
        if not self.residuals or not tokens:
            return tokens
        return [t for t in tokens if all(test(t.values, fact) for test in self.residuals)]

    @abstractmethod
    def right_add(self, fact: Fact) -> None:
        """Take in a fact that entered the alpha memory."""

    def right_remove(self, fact: Fact) -> None:
        """Learn that a fact has left the alpha memory."""

    def clear(self) -> None:
        self.left.clear()


class JoinNode(RightInput):
    """A positive pattern, with the TESTs that follow it: extends left tokens by matching facts."""

    def __init__(
        self,
        parent: Node,
        memory: AlphaMemory,
        positions: tuple[int, ...],
        slots: tuple[Any, ...],
        residuals: Sequence[Residual],
        binds: tuple[Any, ...],
        binds_fact: bool,
        tests: Sequence[ValueTest],
        tokens_of: Index[Token],
    ) -> None:
        super().__init__(parent, memory, positions, slots, residuals)
        self.read_bound: Callable[[Fact], Values] | None = values_reader(binds) if binds else None
        self.binds_fact = binds_fact
        self.tests = tuple(tests)
        self.tokens_of = tokens_of

    def left_add(self, token: Token) -> None:
        key = self.key_of(token)
        self.left.add(key, token)
        for fact in self.matching_facts(key, token):
            self._extend(token, fact)

    def right_add(self, fact: Fact) -> None:
        for token in self.matching_tokens(fact):
            self._extend(token, fact)

    def _extend(self, token: Token, fact: Fact) -> None:
        values = token.values
        if self.read_bound is not None:
            values += self.read_bound(fact)
        if self.binds_fact:
            values += (fact,)
        for test in self.tests:
            if not test(values):
                return
        new = Token(self, token, fact, values)
        self.tokens_of.add(id(fact), new)
        self.emit(new)

    def released(self, token: Token) -> None:
        """A token of this node was deleted: its fact no longer supports it."""
        self.tokens_of.discard(id(token.fact), token)


class TestNode(Node):
    """A TEST that follows no pattern: lets a token pass when it is true of the bound values."""

    __test__ = False

    def __init__(self, parent: Node, test: ValueTest) -> None:
        super().__init__(parent)
        self.test = test

    def left_add(self, token: Token) -> None:
        if self.test(token.values):
            self.emit(Token(self, token, None, token.values))


class NegativeNode(RightInput):
    """NOT of one pattern: lets a token pass while no fact matches it (a count for each token)."""

    def __init__(
        self,
        parent: Node,
        memory: AlphaMemory,
        positions: tuple[int, ...],
        slots: tuple[Any, ...],
        residuals: Sequence[Residual],
    ) -> None:
        super().__init__(parent, memory, positions, slots, residuals)
        self.blocked: dict[int, int] = {}  # identity of a token -> how many facts match it
        self.passed: dict[int, Token] = {}  # identity of a token that none matches -> its child

    def left_add(self, token: Token) -> None:
        key = self.key_of(token)
        self.left.add(key, token)
        count = len(self.matching_facts(key, token))
        if count:
            self.blocked[id(token)] = count
        else:
            self._let_pass(token)

    def left_remove(self, token: Token) -> None:
        super().left_remove(token)
        self.blocked.pop(id(token), None)
        self.passed.pop(id(token), None)

    def right_add(self, fact: Fact) -> None:
        for token in self.matching_tokens(fact):
            count = self.blocked.get(id(token), 0)
            self.blocked[id(token)] = count + 1
            if not count:
                self.passed.pop(id(token)).delete()

    def right_remove(self, fact: Fact) -> None:
        for token in self.matching_tokens(fact):
            count = self.blocked.pop(id(token)) - 1
            if count:
                self.blocked[id(token)] = count
            else:
                self._let_pass(token)

    def _let_pass(self, token: Token) -> None:
        passed = self.passed[id(token)] = Token(self, token, None, token.values)
        self.emit(passed)

    def clear(self) -> None:
        super().clear()
        self.blocked.clear()
        self.passed.clear()


class ConjunctiveNegation(Node):
    """NOT of a sequence: lets a token pass while the subnetwork below it has no match.

    The subnetwork hangs on the same parent; its end reports to `Partner`, which finds the token
    that a match belongs to by walking up to the parent's tokens (Doorenbos 1995, section 2.8).
    """

    def __init__(self, parent: Node) -> None:
        super().__init__(parent)
        self.matches: dict[int, int] = {}  # identity of a token -> matches of its subnetwork
        self.passed: dict[int, Token] = {}

    def left_add(self, token: Token) -> None:
        if id(token) not in self.matches:
            self._let_pass(token)

    def left_remove(self, token: Token) -> None:
        self.matches.pop(id(token), None)
        self.passed.pop(id(token), None)

    def matched(self, owner: Token) -> None:
        """The subnetwork found a match for a token."""
        self.matches[id(owner)] = self.matches.get(id(owner), 0) + 1
        passed = self.passed.pop(id(owner), None)
        if passed is not None:
            passed.delete()

    def unmatched(self, owner: Token) -> None:
        """A match of the subnetwork is gone."""
        if not owner.alive:
            return
        count = self.matches.pop(id(owner)) - 1
        if count:
            self.matches[id(owner)] = count
        else:
            self._let_pass(owner)

    def _let_pass(self, token: Token) -> None:
        passed = self.passed[id(token)] = Token(self, token, None, token.values)
        self.emit(passed)

    def clear(self) -> None:
        self.matches.clear()
        self.passed.clear()


class Partner(Node):
    """The end of a subnetwork: tells its negation of each match."""

    def __init__(self, parent: Node, negation: ConjunctiveNegation) -> None:
        super().__init__(parent)
        self.negation = negation

    def left_add(self, token: Token) -> None:
        self.negation.matched(self._owner(token))

    def left_remove(self, token: Token) -> None:
        self.negation.unmatched(self._owner(token))

    def _owner(self, token: Token) -> Token:
        while token.node is not self.negation.parent:
            assert token.parent is not None
            token = token.parent
        return token


def below(node: Node) -> Iterator[Node]:
    """The node and all nodes below it, each once."""
    seen: set[int] = set()
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if id(current) not in seen:
            seen.add(id(current))
            yield current
            waiting.extend(current.children)
