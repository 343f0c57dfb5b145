"""Single random changes of JSON, each at one place, as a forger or a fault would make them."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

Holder = Any
"""The object or list that holds what is changed."""


def mutated(data: dict[str, Any], chance: random.Random) -> tuple[str, dict[str, Any]]:
    """The name of a change and a copy with it, which differs in a value, a type or an order."""
    copied = copy.deepcopy(data)
    while True:
        place = _place(copied, chance)
        holder, key = place[-1]
        fitting = [change for change in CHANGES if change is not swap or isinstance(holder, list)]
        change = chance.choice(fitting)
        change(holder, key, chance, list(_scalars(data)))
        if repr(copied) != repr(data):  # to which 1, 1.0 and True are three values
            return f"{change.__name__} at {'.'.join(str(key) for _, key in place)}", copied


def _place(data: Any, chance: random.Random) -> list[tuple[Holder, Any]]:
    """A way down from the top: at each step any child, and at each child a chance to stop."""
    place: list[tuple[Holder, Any]] = []
    while True:
        keys = list(data) if isinstance(data, dict) else list(range(len(data)))
        key = chance.choice(keys)
        place.append((data, key))
        data = data[key]
        if not isinstance(data, dict | list) or not data or chance.random() < 0.15:
            return place


def _scalars(data: Any) -> Iterator[Any]:
    """Every value in the data that holds no other."""
    if isinstance(data, dict | list):
        for item in data.values() if isinstance(data, dict) else data:
            yield from _scalars(item)
    else:
        yield data


def another_value(holder: Holder, key: Any, chance: random.Random, values: list[Any]) -> None:
    """A value that stands elsewhere in the data."""
    holder[key] = chance.choice(values)


def another_figure(holder: Holder, key: Any, chance: random.Random, values: list[Any]) -> None:
    """A number or a truth value a little off, a text a letter off, an object emptied."""
    value = holder[key]
    if isinstance(value, bool):
        holder[key] = not value
    elif isinstance(value, int | float):
        holder[key] = chance.choice([value + 1, value - 1, value * 2, -value, value + 1e-9])
    elif isinstance(value, str):
        at = chance.randint(0, len(value))
        holder[key] = value[:at] + chance.choice(["x", "0", " ", "\ud800"]) + value[at + 1 :]
    else:
        holder[key] = type(value)() if value is not None else ""


def another_type(holder: Holder, key: Any, chance: random.Random, values: list[Any]) -> None:
    """1 for 1.0 for true for "1", a value for a list of it, null for anything."""
    value = holder[key]
    others = [None, [value], {"value": value}, str(value), True, False, 10**400]
    if isinstance(value, bool | int | float):
        others += [float(value), int(value), bool(value)] * 3
    holder[key] = chance.choice(others)


def drop(holder: Holder, key: Any, chance: random.Random, values: list[Any]) -> None:
    """An item or a key less."""
    del holder[key]


def swap(holder: Holder, key: Any, chance: random.Random, values: list[Any]) -> None:
    """Two items of a list in each other's place."""
    other = chance.randrange(len(holder))
    holder[key], holder[other] = holder[other], holder[key]


def add(holder: Holder, key: Any, chance: random.Random, values: list[Any]) -> None:
    """An item twice, once with a value changed, or a key more."""
    if isinstance(holder, dict):
        holder[chance.choice(["note", "type", "value", "model"])] = chance.choice(values)
        return
    item = copy.deepcopy(holder[key])
    if isinstance(item, dict) and item and chance.random() < 0.5:
        item[chance.choice(list(item))] = chance.choice(values)
    holder.insert(chance.randint(0, len(holder)), item)


CHANGES: list[Callable[..., None]] = [another_value, another_figure, another_type, drop, swap, add]
