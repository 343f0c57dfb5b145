"""The parameters of the API, made from the axes of the need, so that its document is exact."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model
from whyllm.engine.need import AXES, Axis
from whyllm.engine.stages import RULEBOOKS

MOST_VALUES = 20
"""Values of one repeatable axis."""


def _one_of(values: tuple[str, ...]) -> Any:
    """The type of which these are the values."""
    return Literal.__getitem__(values)


def _type(axis: Axis) -> Any:
    if axis.flag:
        return bool
    if axis.choices:
        return _one_of(axis.choices)
    return Annotated[str, Field(max_length=40)]


def _fields() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for axis in AXES.values():
        kind: Any = _type(axis)
        if axis.repeatable:
            several: Any = Annotated[list.__class_getitem__(kind), Field(max_length=MOST_VALUES)]
            found[axis.name] = (several, Field(default_factory=list, description=axis.help))
        else:
            found[axis.name] = (kind | None, Field(None, description=axis.help))
    return found


class _Strict(BaseModel):
    """Refuses a parameter that it does not know."""

    model_config = ConfigDict(extra="forbid")


_JUDGED: dict[str, Any] = {
    "rulebook": (_one_of(RULEBOOKS), Field("expert", description="Which rules judge.")),
    "on": (
        Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None,
        Field(None, description="Judge as of that day.  [today]"),
    ),
}

NeedQuery = create_model("NeedQuery", __base__=_Strict, **_fields(), **_JUDGED)

ChangeQuery = create_model(
    "ChangeQuery",
    __base__=_Strict,
    **_fields(),
    **_JUDGED,
    set=(
        Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=MOST_VALUES)],
        Field(default_factory=list, description="AXIS=VALUE, repeatable; no value: state no more."),
    ),
)

PairQuery = create_model(
    "PairQuery",
    __base__=_Strict,
    **_fields(),
    **_JUDGED,
    a=(Annotated[str, Field(max_length=200)], Field(description="A model.")),
    b=(Annotated[str, Field(max_length=200)], Field(description="Another model.")),
)


RulesQuery = create_model("RulesQuery", __base__=_Strict, rulebook=_JUDGED["rulebook"])


class ReviewRequest(_Strict):
    """What to review: names one a line, or any text that `whyllm licence review` reads."""

    text: str = Field(max_length=500_000)
    need: dict[str, Any] = Field(description="The stated use, as axes and values.")
    on: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = None


class ErrorJson(BaseModel):
    """A wrong question, in one line."""

    error: str
