"""Finds the models that data of keys and values names: settings, manifests, inventories, cards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whyllm.engine.inventory import commands, plain_text
from whyllm.engine.inventory.mention import Mention
from whyllm.engine.inventory.name_shapes import Sense, is_stated, name_in, sense_of
from whyllm.engine.inventory.passage import Aside, Passage
from whyllm.engine.inventory.placed import Placed
from whyllm.engine.inventory.vocabulary import word_list

_RUN = frozenset(word_list("keys_of_commands"))
_NAMES = ("model", "model_id", "repo_id", "hf_repo", "model_name", "id", "name")
"""Under which keys one entry of a list of models bears its name, the surest first."""
_LICENCES = ("license", "licence", "licenses", "licences")
_BASES = ("base_model", "base_models", "base_model_name_or_path", "finetuned_from")
_DEEPEST = 200

Marks = Iterator[Mention | Aside]


def models_in(data: Any, source: Passage, *, a_list: bool = False) -> Marks:
    """The models that one document names; with `a_list`, plain strings of a list are names."""
    if a_list and isinstance(data, list):
        yield from _names(data, Sense.SURE, source)
        data = [item for item in data if not isinstance(item, str)]
    yield from _Walk(source, a_list).value(data, None, 0)


class _Walk:
    """One walk through a document; what an alias repeats is gone through once."""

    def __init__(self, source: Passage, a_list: bool) -> None:
        self.source = source
        self.a_list = a_list
        self._seen: set[int] = set()

    def value(self, data: Any, key: str | None, depth: int, runs: bool = False) -> Marks:
        if isinstance(data, Placed):
            script = (key or "").endswith(".sh") or data.startswith("#!")
            yield from self._text(data, runs or script)
        elif not isinstance(data, dict | list) or id(data) in self._seen or depth > _DEEPEST:
            return
        elif isinstance(data, list):
            self._seen.add(id(data))
            if runs or _is_command(data):
                yield from self._command([item for item in data if isinstance(item, Placed)])
                data = [item for item in data if not isinstance(item, Placed)]
            for item in data:
                yield from self.value(item, key, depth + 1, runs)
        else:
            self._seen.add(id(data))
            yield from self._mapping(data, key, depth)

    def _mapping(self, data: dict[str, Any], key: str | None, depth: int) -> Marks:
        named = yield from self._entry(data, key)
        yield from self._environment(data)
        for inner, value in data.items():
            if isinstance(value, Placed) and id(value) in named:
                continue
            sense = sense_of(inner)
            plain = isinstance(value, Placed) or (
                isinstance(value, list) and all(isinstance(item, Placed) for item in value)
            )
            if sense is not None and plain and not (inner == "model_name" and _aliased(data)):
                values = [value] if isinstance(value, Placed) else value
                yield from _names(values, sense, self.source)
            else:
                yield from self.value(value, inner, depth + 1, inner.lower() in _RUN)

    def _entry(self, data: dict[str, Any], key: str | None) -> Any:
        """The mention of a mapping that describes a model, and the ids of the strings it took."""
        folded = {str(k).lower().replace("-", "_"): v for k, v in data.items()}
        declared, bases = declared_in(folded), strings(folded, _BASES)
        listed = key is not None and sense_of(key) is Sense.LIKELY
        names = _NAMES if listed or self.a_list or bases else _NAMES[:5]
        found = next((folded[k] for k in names if isinstance(folded.get(k), Placed)), None)
        if found is None and bases:
            found = _indexed(folded)
        name = name_in(found, spaced=True) if found is not None else None
        if found is None or name is None or _aliased(data):
            return set()
        sure = bool(declared or bases)
        if not sure and not listed:
            return set()
        yield Mention(
            name,
            self.source.place(found.start + max(found.find(name), 0)),
            declared,
            tuple(map(str, bases)),
            stated=is_stated(Sense.SURE if sure else Sense.FAINT, name),
        )
        yield from (Aside(self.source.place(base.start), str(base)) for base in bases)
        return {id(found), *map(id, bases)}

    def _environment(self, data: dict[str, Any]) -> Marks:
        """`{name: MODEL_ID, value: NAME}`, as manifests write variables."""
        name, value = data.get("name"), data.get("value", data.get("default"))
        if isinstance(name, Placed) and isinstance(value, Placed):
            sense = sense_of(name)
            if sense is not None:
                yield from _names([value], sense, self.source)

    def _text(self, text: Placed, runs: bool) -> Marks:
        if runs or "=" in text or (" " in text and text.startswith(_PROGRAMS)):
            passage = text.passage(self.source)
            yield from commands.in_text(passage)
            yield from plain_text.settings(passage)

    def _command(self, items: list[Placed]) -> Marks:
        """A command written as a list of words, or as several commands one an item."""
        words = []
        for item in items:
            parts = list(commands.commands(item.passage(self.source)))
            if len(parts) == 1:
                words += parts[0]
            else:
                for part in parts:
                    yield from commands.in_words(part)
        yield from commands.in_words(words)


_PROGRAMS = ("ollama ", "vllm ", "hf ", "huggingface-cli ", "llama-server ", "python ", "docker ")


def _is_command(data: list[Any]) -> bool:
    return bool(data) and isinstance(data[0], Placed) and data[0].startswith("--")


def _aliased(data: dict[str, Any]) -> bool:
    """Whether a mapping gives a name of its own making to a model that is named within."""
    return "litellm_params" in data


def _indexed(folded: dict[str, Any]) -> Placed | None:
    """The name in a card's index of results."""
    index = folded.get("model_index")
    first = index[0] if isinstance(index, list) and index else None
    name = first.get("name") if isinstance(first, dict) else None
    return name if isinstance(name, Placed) else None


def _names(values: list[Any], sense: Sense, source: Passage) -> Marks:
    for value in values:
        name = name_in(value, spaced=True) if isinstance(value, Placed) else None
        if name is not None:
            offset = value.start + max(value.find(name), 0)
            yield Mention(name, source.place(offset), stated=is_stated(sense, name))


def strings(folded: dict[str, Any], keys: tuple[str, ...]) -> list[Placed]:
    """The strings under any of the keys, one or a list of them."""
    values = [folded[key] for key in keys if key in folded]
    flat = [item for value in values for item in (value if isinstance(value, list) else [value])]
    return [item for item in flat if isinstance(item, Placed) and item.strip()]


def declared_in(folded: dict[str, Any]) -> tuple[str, ...]:
    """The licences of a mapping; the hub's `other` gives way to the name that it refers to."""
    names = [str(name).strip() for name in strings(folded, ("license_name", "licence_name"))]
    tags = [str(tag).strip() for tag in strings(folded, _LICENCES)]
    return tuple(dict.fromkeys([tag for tag in tags if not (names and tag == "other")] + names))
