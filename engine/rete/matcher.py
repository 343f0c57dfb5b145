"""The matcher: takes facts in and out of the network, and gives experta the changed activations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from whyllm.engine.experta_shim import Fact, InitialFact, KnowledgeEngine, Matcher
from whyllm.engine.rete.alpha import Route
from whyllm.engine.rete.conflict_set import Activation
from whyllm.engine.rete.network import Network


class IndexedMatcher(Matcher):  # type: ignore[misc]
    """A matcher for `__matcher__` of any experta engine.

    Raises ConditionError when the engine is built with a rule that cannot mean anything: a
    variable tested that nothing binds before, a FORALL of one pattern.
    """

    def __init__(self, engine: KnowledgeEngine) -> None:
        super().__init__(engine)
        self._network = Network(engine)
        # By identity. A fact that no memory takes is not here; one that is here is held by them
        # (an InitialFact by the root), so that no other fact can take its identity.
        self._route_of: dict[int, Route] = {}
        self._broken_by: Exception | None = None

    def reset(self) -> None:
        """Forget every fact and activation; the network stays."""
        self._network.clear()
        self._route_of.clear()
        self._broken_by = None

    def activations(self) -> Iterator[Activation]:
        """All activations that the facts support, whether they have fired or not."""
        return iter(self._network.conflict_set)

    def changes(
        self, adding: list[Fact] | None = None, deleting: list[Fact] | None = None
    ) -> tuple[list[Activation], list[Activation]]:
        """Apply changes to working memory; return the activations that arose and that went.

        All changes of a call are one: a fact declared and retracted since the last call leaves no
        trace, an activation that holds before and after is the same and does not fire again. A
        fact that was retracted and declared again is a new one. When a predicate or a TEST raises,
        the matches are incomplete, and every later call raises RuntimeError until `reset`.
        """
        if self._broken_by is not None:
            raise RuntimeError(
                f"the matches are incomplete since a condition raised {self._broken_by!r}; "
                "reset the engine"
            )
        try:
            self._apply(adding or [], deleting or [])
        except Exception as error:
            self._broken_by = error
            raise
        return self._network.conflict_set.take()

    def _apply(self, adding: list[Fact], deleting: list[Fact]) -> None:
        unseen: dict[int, int] = {}
        if deleting:
            unseen = Counter(id(fact) for fact in deleting if id(fact) not in self._route_of)
            for fact in deleting:
                if id(fact) in self._route_of:
                    self._remove(fact)
        for fact in adding:
            if unseen.get(id(fact)):  # declared and retracted since the last call
                unseen[id(fact)] -= 1
            elif id(fact) not in self._route_of:
                self._add(fact)

    def _add(self, fact: Fact) -> None:
        network = self._network
        route = network.alpha.route(fact)
        if route.memories or type(fact) is InitialFact:
            self._route_of[id(fact)] = route
        for memory in route.memories:
            memory.add(fact)
        for node in route.successors:
            if node.left:  # without tokens there is nothing to join yet (right unlinking)
                node.right_add(fact)
        if type(fact) is InitialFact:
            network.root.start(fact)

    def _remove(self, fact: Fact) -> None:
        network = self._network
        route = self._route_of.pop(id(fact))
        for memory in route.memories:
            memory.remove(fact)
        # Deepest first here too: what a shallower negation then lets pass is counted without the
        # fact further down. Tokens that hold the fact go last, with all that was let through.
        for node in route.successors:
            if node.left:
                node.right_remove(fact)
        for token in network.tokens_of.pop(id(fact)):
            if token.alive:
                token.delete()
        if type(fact) is InitialFact:
            network.root.stop(fact)
