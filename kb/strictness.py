"""Which of two values of a clause is the stricter, where the vocabulary puts them in an order."""

from __future__ import annotations

from collections.abc import Mapping

from whyllm.kb.schema import Term


def stricter(clause: Term, one: str, other: str) -> bool:
    """Whether `one` stands after `other` in a chain of the clause; an unknown value in none."""
    return any(
        one in chain and other in chain and chain.index(one) > chain.index(other)
        for chain in clause.order
    )


def strictest(clause: Term, values: Mapping[str, str]) -> list[str]:
    """The keys of the strictest value, if it is comparable with all others; none if all are equal.

    `values` maps a licence's id to the value of its clause.
    """
    if len(set(values.values())) < 2:
        return []
    tops = [
        value
        for value in dict.fromkeys(values.values())
        if all(other == value or stricter(clause, value, other) for other in values.values())
    ]
    return [key for key, value in values.items() if value in tops]
