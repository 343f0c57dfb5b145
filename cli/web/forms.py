"""Forms for a need: a field for each axis, and sliders for the figures that people try."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from whyllm.engine.catalogue import Catalogue
from whyllm.engine.need import AXES, Axis, Need

NUMBERS = ("ram", "vram", "unified", "context", "min_context", "monthly_active_users",
           "annual_revenue_usd")  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One axis in a form: what is stated, parted by commas, and `options`, values with labels."""

    axis: str
    label: str
    help: str
    kind: str
    value: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Slider:
    """A figure that can be tried; a logarithmic one moves by factors."""

    axis: str
    label: str
    unit: str
    least: int
    most: int
    logarithmic: bool = False

    def at(self, need: Need, to: str | None) -> dict[str, Any]:
        """The slider with the stated value and the one that is tried."""
        stated = need.stated.get(self.axis)
        return {
            "axis": self.axis, "label": self.label, "unit": self.unit, "least": self.least,
            "most": self.most, "logarithmic": self.logarithmic,
            "stated": "" if stated is None else f"{stated:,g}", "to": to or "",
        }  # fmt: skip


SLIDERS = (
    Slider("vram", "GPU memory", "GB", 2, 192),
    Slider("ram", "Main memory", "GB", 2, 512),
    Slider("unified", "Memory shared by processor and GPU", "GB", 8, 512),
    Slider("monthly_active_users", "Monthly active users", "people", 1, 2_000_000_000, True),
    Slider("annual_revenue_usd", "Yearly revenue", "US dollars", 1, 100_000_000_000, True),
)


def fields(catalogue: Catalogue, need: Need, axes: Sequence[str]) -> list[Field]:
    """A field for each of the axes, filled with what the need states."""
    return [_field(catalogue, need, AXES[name]) for name in axes]


def _field(catalogue: Catalogue, need: Need, axis: Axis) -> Field:
    labels = catalogue.labels.get(axis.name, {})
    choices: tuple[str, ...] = ()
    if axis.flag:
        kind = "flag"
    elif axis.choices:
        kind, choices = "choices" if axis.repeatable else "choice", axis.choices
    elif axis.name == "quant":
        kind, choices = "choice", catalogue.quantisations
    else:
        kind = "number" if axis.name in NUMBERS else "text"
    return Field(
        axis=axis.name,
        label=catalogue.labels["axis"][axis.name],
        help=axis.help,
        kind=kind,
        value=",".join(_shown(value) for value in need.values(axis.name)),
        options=tuple((choice, labels.get(choice, choice)) for choice in choices),
    )


def _shown(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
