"""The beta network: tokens, joins, tests, negations and the ends where activations arise.

A node receives tokens from its parent on the left and facts from an alpha memory on the right. A
token is a partial match; it knows its children, so that a retracted fact takes its whole subtree
with it (tree-based removal).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import Any

from whyllm.engine.experta_shim import Fact
from whyllm.engine.rete.alpha import AlphaMemory, Key, Reader, key_reader, slot_reader

Residual = Callable[[tuple[Any, ...], Fact], bool]
"""A join test that hashing cannot make: over the values of a token and a fact."""


class Token:
    """A partial match: the token it extends, the fact it adds (if any), the values bound so far."""

    __slots__ = ("alive", "children", "fact", "node", "parent", "values")

    def __init__(
        self, node: Node, parent: Token | None, fact: Fact | None, values: tuple[Any, ...]
    ) -> None:
        self.node = node
        self.parent = parent
        self.fact = fact
        self.values = values
        self.children: dict[int, Token] = {}
        self.alive = True
        if parent is not None:
            parent.children[id(self)] = self

    def facts(self) -> list[Fact]:
        """The matched facts in pattern order."""
        found = []
        token: Token | None = self
        while token is not None:
            if token.fact is not None:
                found.append(token.fact)
            token = token.parent
        return found[::-1]


class Node:
    """A node of the beta network; its output goes to each child."""

    def __init__(self, parent: Node | None) -> None:
        self.parent = parent
        self.depth: int = 0 if parent is None else parent.depth + 1
        self.children: list[Node] = []
        self.shared: dict[Any, Node] = {}

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
            if not token.alive:
                return
            child.left_add(token)


def delete(token: Token) -> None:
    """Take a token and its whole subtree out of every memory."""
    token.alive = False
    for child in list(token.children.values()):
        if child.alive:
            delete(child)
    for node in token.node.children:
        node.left_remove(token)
    token.node.released(token)
    if token.parent is not None:
        token.parent.children.pop(id(token), None)


class Root(Node):
    """The source of all branches: one token, which stands while the engine has been reset."""

    def __init__(self) -> None:
        super().__init__(None)
        self.token: Token | None = None

    def start(self) -> None:
        """Let the first tokens flow."""
        self.token = Token(self, None, None, ())
        self.emit(self.token)

    def stop(self) -> None:
        """Take everything back."""
        if self.token is not None:
            delete(self.token)
            self.token = None


def _token_key(positions: tuple[int, ...]) -> Callable[[Token], Key]:
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
        self.index = memory.index_by(slots)
        self.residuals = tuple(residuals)
        self.left: dict[Key, dict[int, Token]] = {}
        memory.successors.append(self)

    def remember(self, key: Key, token: Token) -> None:
        self.left.setdefault(key, {})[id(token)] = token

    def left_remove(self, token: Token) -> None:
        key = self.key_of(token)
        bucket = self.left.get(key)
        if bucket is not None and bucket.pop(id(token), None) is not None and not bucket:
            del self.left[key]

    def matching_facts(self, key: Key, token: Token) -> list[Fact]:
        facts = self.index.get(key)
        if not facts:
            return []
        if not self.residuals:
            return list(facts.values())
        return [f for f in facts.values() if all(r(token.values, f) for r in self.residuals)]

    def matching_tokens(self, fact: Fact) -> list[Token]:
        tokens = self.left.get(self.read_key(fact))
        if not tokens:
            return []
        if not self.residuals:
            return list(tokens.values())
        return [t for t in tokens.values() if all(r(t.values, fact) for r in self.residuals)]

    @abstractmethod
    def right_add(self, fact: Fact) -> None:
        """Take in a fact that entered the alpha memory."""

    def right_remove(self, fact: Fact) -> None:
        """Learn that a fact has left the alpha memory."""

    def clear(self) -> None:
        self.left.clear()


class JoinNode(RightInput):
    """A positive pattern: extends each left token by each matching fact."""

    def __init__(
        self,
        parent: Node,
        memory: AlphaMemory,
        positions: tuple[int, ...],
        slots: tuple[Any, ...],
        residuals: Sequence[Residual],
        binds: tuple[Any, ...],
        binds_fact: bool,
        tokens_of: dict[int, dict[int, Token]],
    ) -> None:
        super().__init__(parent, memory, positions, slots, residuals)
        self.bind_readers: tuple[Reader, ...] = tuple(map(slot_reader, binds))
        self.binds_fact = binds_fact
        self.tokens_of = tokens_of

    def left_add(self, token: Token) -> None:
        key = self.key_of(token)
        self.remember(key, token)
        for fact in self.matching_facts(key, token):
            self._extend(token, fact)

    def right_add(self, fact: Fact) -> None:
        for token in self.matching_tokens(fact):
            if token.alive:
                self._extend(token, fact)

    def _extend(self, token: Token, fact: Fact) -> None:
        values = token.values + tuple([read(fact) for read in self.bind_readers])
        if self.binds_fact:
            values += (fact,)
        new = Token(self, token, fact, values)
        self.tokens_of.setdefault(id(fact), {})[id(new)] = new
        self.emit(new)

    def released(self, token: Token) -> None:
        """A token of this node was deleted: its fact no longer supports it."""
        self.tokens_of[id(token.fact)].pop(id(token), None)


class TestNode(Node):
    """A TEST: lets a token pass when its function is true of the bound values."""

    __test__ = False

    def __init__(
        self, parent: Node, function: Callable[..., Any], positions: dict[str, int]
    ) -> None:
        super().__init__(parent)
        self.function = function
        self.positions = positions

    def left_add(self, token: Token) -> None:
        values = token.values
        if self.function(**{name: values[at] for name, at in self.positions.items()}):
            self.emit(Token(self, token, None, values))


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
        self.counts: dict[int, int] = {}
        self.passed: dict[int, Token] = {}

    def left_add(self, token: Token) -> None:
        key = self.key_of(token)
        self.remember(key, token)
        count = self.counts[id(token)] = len(self.matching_facts(key, token))
        if count == 0:
            self._let_pass(token)

    def left_remove(self, token: Token) -> None:
        super().left_remove(token)
        self.counts.pop(id(token), None)
        self.passed.pop(id(token), None)

    def right_add(self, fact: Fact) -> None:
        for token in self.matching_tokens(fact):
            if not token.alive:
                continue
            self.counts[id(token)] += 1
            if self.counts[id(token)] == 1:
                delete(self.passed.pop(id(token)))

    def right_remove(self, fact: Fact) -> None:
        for token in self.matching_tokens(fact):
            if not token.alive:
                continue
            self.counts[id(token)] -= 1
            if self.counts[id(token)] == 0:
                self._let_pass(token)

    def _let_pass(self, token: Token) -> None:
        passed = self.passed[id(token)] = Token(self, token, None, token.values)
        self.emit(passed)

    def clear(self) -> None:
        super().clear()
        self.counts.clear()
        self.passed.clear()


class ConjunctiveNegation(Node):
    """NOT of a sequence: lets a token pass while the subnetwork below it has no match.

    The subnetwork hangs on the same parent; its end reports to `Partner`, which finds the token
    that a match belongs to by walking up to the parent's tokens.
    """

    def __init__(self, parent: Node) -> None:
        super().__init__(parent)
        self.tokens: dict[int, Token] = {}
        self.matches: dict[int, int] = {}
        self.passed: dict[int, Token] = {}

    def left_add(self, token: Token) -> None:
        self.tokens[id(token)] = token
        if not self.matches.get(id(token)):
            self._let_pass(token)

    def left_remove(self, token: Token) -> None:
        for memory in (self.tokens, self.matches, self.passed):
            memory.pop(id(token), None)

    def matched(self, owner: Token) -> None:
        """The subnetwork found a match for a token."""
        self.matches[id(owner)] = self.matches.get(id(owner), 0) + 1
        passed = self.passed.pop(id(owner), None)
        if passed is not None:
            delete(passed)

    def unmatched(self, owner: Token) -> None:
        """A match of the subnetwork is gone."""
        if not owner.alive:
            return
        self.matches[id(owner)] -= 1
        if self.matches[id(owner)] == 0 and id(owner) in self.tokens:
            self._let_pass(owner)

    def _let_pass(self, token: Token) -> None:
        passed = self.passed[id(token)] = Token(self, token, None, token.values)
        self.emit(passed)

    def clear(self) -> None:
        for memory in (self.tokens, self.matches, self.passed):
            memory.clear()


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


class Terminal(Node):
    """The end of a branch: every token that arrives is an activation of the rule."""

    def __init__(
        self,
        parent: Node,
        added: Callable[[Terminal, Token], None],
        removed: Callable[[Terminal, Token], None],
    ) -> None:
        super().__init__(parent)
        self._added = added
        self._removed = removed

    def left_add(self, token: Token) -> None:
        self._added(self, token)

    def left_remove(self, token: Token) -> None:
        self._removed(self, token)


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
