"""What the tools take: an argument for each axis of the need, exactly; what is wrong, in a line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationError, create_model
from pydantic.json_schema import GenerateJsonSchema, WithJsonSchema
from whyllm.cli.desk import MOST_NAMES, Desk, day_of, rulebook_of
from whyllm.cli.exits import WrongQuestionError
from whyllm.cli.suggestions import did_you_mean
from whyllm.engine.need import AXES, Axis, Need, NeedError
from whyllm.engine.reviewing.review import AXES as TERMS
from whyllm.engine.stages import RULEBOOKS

LONGEST_VALUE = 40
LONGEST_NAME = 200
LONGEST_TEXT = 500_000
MOST_VALUES = 20
"""Of one repeatable axis."""

Fields = dict[str, Any]


class Arguments(BaseModel):
    """The arguments of a call. Values of axes are checked by the need itself, in its own words."""

    model_config = ConfigDict(extra="forbid")

    def need(self) -> Need:
        """The need that they state; NeedError for a wrong value."""
        return Need.of(_within_bounds({name: value for name, value in self if name in AXES}))


class _Schema(GenerateJsonSchema):
    """Without titles, which only repeat the names."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


@dataclass(frozen=True)
class Forms:
    """The arguments of each tool, made from the axes of the need and what the desk knows."""

    desk: Desk

    def recommend(self) -> type[Arguments]:
        """A need."""
        return _form("Need", self._need())

    def why(self) -> type[Arguments]:
        """A model, and a need."""
        first = (
            Annotated[StrictBool | None, WithJsonSchema({"type": "boolean"})],
            _stated_or_not(
                "Search also for the smallest changes by which it would stand first (slower)."
            ),
        )
        return _form("Why", {"model": _model("The model."), "first": first, **self._need()})

    def what_if(self) -> type[Arguments]:
        """Changes, and the need that they change."""
        each = {name: {"anyOf": [self._schema(AXES[name]), {"type": "null"}]} for name in AXES}
        schema = {
            "type": "object",
            "properties": each,
            "minProperties": 1,
            "additionalProperties": False,
        }
        changes = (
            Annotated[dict[str, Any], WithJsonSchema(schema)],
            Field(
                description="The axes to set anew, as in the need; null: state that axis no longer."
            ),
        )
        return _form("WhatIf", {"set": changes, **self._need()})

    def compare(self) -> type[Arguments]:
        """Two models, and a need."""
        pair = {"a": _model("A model."), "b": _model("Another model.")}
        return _form("Pair", {**pair, **self._need()})

    def review(self) -> type[Arguments]:
        """A text that names models, and the use that is made of them."""
        text = (
            Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)],
            Field(description="Names of models one a line, or the content of a file that names "
                  "them: a requirements list, a Modelfile, a model card, YAML, JSON, code, a bill "
                  f"of materials (CycloneDX, SPDX). At most {MOST_NAMES:,} mentions."),
        )  # fmt: skip
        terms = self._axes(TERMS)
        kind, described = terms.pop("use")
        described = Field(description=described.description)
        return _form("Review", {"text": text, "use": (kind, described), **terms, "on": _ON})

    def show(self) -> type[Arguments]:
        """A name."""
        return _form("Entry", {"name": _model("A model, licence, family or publisher.")})

    def _need(self) -> Fields:
        return {**self._axes(AXES), "rulebook": _RULEBOOK, "on": _ON}

    def _axes(self, names: Iterable[str]) -> Fields:
        return {name: self._axis(AXES[name]) for name in names}

    def _axis(self, axis: Axis) -> tuple[Any, Any]:
        """The field of an axis; its value is for the need to check, in the command's words."""
        accepted = f"Expected: {axis.number.expected}." if axis.number else ""
        described = " ".join(filter(None, [axis.help, accepted, *self._meanings(axis)]))
        return Annotated[Any, WithJsonSchema(self._schema(axis))], _stated_or_not(described)

    def _schema(self, axis: Axis) -> dict[str, Any]:
        """The JSON Schema of the axis."""
        schema = self._values(axis)
        if axis.repeatable:
            return {"type": "array", "items": schema, "maxItems": MOST_VALUES}
        return schema

    def _values(self, axis: Axis) -> dict[str, Any]:
        """The JSON Schema of one value of the axis."""
        if axis.flag:
            return {"type": "boolean"}
        if axis.number is not None:
            kind = "integer" if axis.number.whole else "number"
            return {"type": kind, "minimum": axis.number.least}
        known = [*self.desk.catalogue.quantisations] if axis.name == "quant" else axis.choices
        if known:
            return {"type": "string", "enum": [*known]}
        return {"type": "string", "maxLength": LONGEST_VALUE}

    def _meanings(self, axis: Axis) -> list[str]:
        """What each choice means, from the vocabulary of the knowledge."""
        described = {
            term.id: term.description for term in getattr(self.desk.kb.terms, axis.name, ())
        }
        return [f"{choice}: {described[choice]}" for choice in axis.choices if choice in described]


def _stated_or_not(description: str) -> Any:
    return Field(default_factory=lambda: None, description=description)


def _model(description: str) -> tuple[Any, Any]:
    return (
        Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)],
        Field(description=description + " Any spelling: a name, a repository, a tag of Ollama."),
    )


_RULEBOOK = (
    Annotated[Any, WithJsonSchema({"type": "string", "enum": [*RULEBOOKS]})],
    _stated_or_not("Which rules judge: expert (default), by clause, memory and evidence; course, "
                   "the chapter's tree to the letter, for teaching."),
)  # fmt: skip
_ON = (
    Annotated[str | None, WithJsonSchema({"type": "string", "format": "date"})],
    _stated_or_not("Judge as of that day, YYYY-MM-DD.  [today]"),
)


def _form(name: str, fields: Fields) -> type[Arguments]:
    return create_model(name, __base__=Arguments, **fields)


def input_schema(form: type[Arguments]) -> dict[str, Any]:
    """The JSON Schema of the arguments; nothing else may be stated."""
    schema = form.model_json_schema(schema_generator=_Schema)
    schema.pop("title")
    return schema


@dataclass(frozen=True)
class Asked:
    """A call whose arguments hold: the need, who judges it, as of which day, and what else."""

    need: Need
    rulebook: str
    on: dt.date
    other: Any

    @classmethod
    def of(cls, form: type[Arguments], given: Mapping[str, Any], today: dt.date) -> Asked:
        """Read the arguments of a call; WrongQuestionError or NeedError says what is wrong."""
        try:
            read = form.model_validate(given)
        except ValidationError as error:
            raise WrongQuestionError(_line(error, form)) from None
        for name, field in form.model_fields.items():
            if field.is_required() and getattr(read, name) is None:
                raise WrongQuestionError(_missing(name))
        day = getattr(read, "on", None)
        return cls(
            need=read.need(),
            rulebook=rulebook_of(getattr(read, "rulebook", None) or RULEBOOKS[0]),
            on=today if day is None else day_of(day),
            other=read,
        )

    def changes(self) -> dict[str, object]:
        """The axes that are set anew; None where one is stated no longer."""
        changes: dict[str, object] = self.other.set
        if not changes:
            raise WrongQuestionError("set: found nothing, expected an axis, such as use: research")
        for name in changes:
            if name not in AXES:
                raise WrongQuestionError(_unknown(f"set.{name}", name, AXES))
        return _within_bounds(changes)


def _within_bounds(stated: dict[str, Any]) -> dict[str, Any]:
    """The values of axes as they are; NeedError for more of them, or longer ones, than allowed."""
    for name, value in stated.items():
        values = value if isinstance(value, list) else [value]
        if len(values) > MOST_VALUES:
            raise NeedError(f"{name}: found {len(values)} values, expected at most {MOST_VALUES}")
        longest = max((len(each) for each in values if isinstance(each, str)), default=0)
        if longest > LONGEST_VALUE and not AXES[name].choices:
            raise NeedError(f"{name}: found {longest} characters, expected at most {LONGEST_VALUE}")
    return stated


def _line(error: ValidationError, form: type[Arguments]) -> str:
    """The first thing that is wrong with the arguments, in a line."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "arguments"
    name = str(first["loc"][-1]) if first["loc"] else ""
    if first["type"] == "extra_forbidden":
        return _unknown(where, name, form.model_fields)
    if first["type"] == "missing":
        return _missing(where)
    return f"{where}: {first['msg']}"


def _missing(name: str) -> str:
    choices = AXES[name].choices if name in AXES else ()
    expected = f"one of {', '.join(choices)}" if choices else "a value"
    return f"{name}: found nothing, expected {expected}"


def _unknown(where: str, name: str, known: Iterable[str]) -> str:
    names = [*known]
    hint = did_you_mean(name, names) or f"; expected some of {', '.join(names)}"
    return f"unknown argument {where!r}{hint}"
