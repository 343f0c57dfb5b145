"""A matcher and an agenda for experta engines: indexed, and meaning what CLIPS means.

Any experta engine takes both by two class attributes:

    class Engine(KnowledgeEngine):
        __matcher__ = IndexedMatcher
        __strategy__ = AgendaStrategy

Sources: C. L. Forgy, "Rete" (Artificial Intelligence 19, 1982), for the network; R. B. Doorenbos,
"Production Matching for Large Learning Systems" (CMU-CS-95-113, 1995), for hash-indexed memories,
tree-based removal, negative nodes, conjunctive negations and right unlinking.
"""

from whyllm.engine.rete.agenda import AgendaStrategy, RecentFirst
from whyllm.engine.rete.conditions import ConditionError
from whyllm.engine.rete.conflict_set import Absence, Activation
from whyllm.engine.rete.matcher import IndexedMatcher

__all__ = [
    "Absence",
    "Activation",
    "AgendaStrategy",
    "ConditionError",
    "IndexedMatcher",
    "RecentFirst",
]
