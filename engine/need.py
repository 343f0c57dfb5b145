"""The need: the axes that a user states, read from options or a file, checked value by value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whyllm.kb.errors import QuestionError

Value = str | int | float | bool


class NeedError(QuestionError):
    """A need that cannot be meant; one line says what, where and what was expected."""


@dataclass(frozen=True)
class Axis:
    """One axis of the need: its name, what it accepts, and how often it may be stated."""

    name: str
    parse: Callable[[str, object], Value]
    choices: tuple[str, ...] = ()
    repeatable: bool = False
    metavar: str = ""
    help: str = ""

    @property
    def flag(self) -> bool:
        """Whether the axis is stated or not, without a value."""
        return self.parse is _flag

    @property
    def number(self) -> Number | None:
        """What the number may be, of an axis whose value is one."""
        return self.parse if isinstance(self.parse, Number) else None


def _fault(axis: str, found: object, expected: str) -> NeedError:
    return NeedError(f"{axis}: found {found!r}, expected {expected}")


def _choice(*choices: str) -> Callable[[str, object], Value]:
    def parse(axis: str, value: object) -> Value:
        if isinstance(value, str) and value.strip().lower() in choices:
            return value.strip().lower()
        from rapidfuzz import process

        close = process.extractOne(str(value).lower(), choices, score_cutoff=60)
        hint = f"; did you mean {close[0]}?" if close else ""
        raise _fault(axis, value, f"one of {', '.join(choices)}{hint}")

    return parse


@dataclass(frozen=True)
class Number:
    """Reads a number: at least `least`, and `whole` or not."""

    expected: str
    least: float
    whole: bool

    def __call__(self, axis: str, value: object) -> Value:
        """The number; NeedError for anything else."""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise _fault(axis, value, self.expected)
        text = str(value).strip()
        # 700,000,000; but 7,5 is no number
        if self.whole and re.fullmatch(r"\d{1,3}(,\d{3})+", text):
            text = text.replace(",", "")
        try:
            number = float(text)
        except ValueError:
            raise _fault(axis, value, self.expected) from None
        if not self.least <= number < 1e15 or (self.whole and number != int(number)):
            raise _fault(axis, value, self.expected)
        return int(number) if self.whole else number


def _flag(axis: str, value: object) -> Value:
    if isinstance(value, bool):
        return value
    raise _fault(axis, value, "true or false")


def _language(axis: str, value: object) -> Value:
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", value):
        return value.replace("_", "-")
    raise _fault(axis, value, "a BCP 47 language tag such as fr or pt-BR")


def _date(axis: str, value: object) -> Value:
    text = str(value)
    if re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", text):
        return text
    raise _fault(axis, value, "a date as YYYY, YYYY-MM or YYYY-MM-DD")


def _region(axis: str, value: object) -> Value:
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z]{2}", value.strip()):
        code = value.strip().upper()
        return "GB" if code == "UK" else code
    raise _fault(axis, value, "a two-letter ISO 3166 country such as FR, or EU")


def _quantisation(axis: str, value: object) -> Value:
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9_]{2,12}", value.strip()):
        return value.strip().upper()
    raise _fault(axis, value, "a quantisation such as Q4_K_M")


MODALITIES = (
    "text", "vision", "speech", "code", "image-generation", "text-to-speech", "embedding",
)  # fmt: skip
TASKS = ("reasoning", "multilingual", "tools", "chat")
USES = ("unrestricted", "commercial", "internal", "research", "personal")
DEPLOYMENTS = ("internal", "product", "hosted", "redistribute")
MEMORIES = ("vram", "unified", "ram")

_GB = Number("a number of gigabytes greater than 0", 0.001, whole=False)
_TOKENS = Number("a whole number of tokens, at least 1", 1, whole=True)

AXES: Mapping[str, Axis] = {
    axis.name: axis
    for axis in (
        Axis("modality", _choice(*MODALITIES), MODALITIES, help="What goes in and comes out."),
        Axis("task", _choice(*TASKS), TASKS, help="Kind of text work (implies --modality text)."),
        Axis("language", _language, repeatable=True, metavar="TAG",
             help="Language to master, BCP 47; repeatable."),
        Axis("ram", _GB, metavar="GB", help="Main memory; the model runs on the processor."),
        Axis("vram", _GB, metavar="GB", help="Memory of a dedicated GPU."),
        Axis("unified", _GB, metavar="GB", help="Memory shared by processor and GPU."),
        Axis("context", _TOKENS, metavar="TOKENS",
             help="Tokens held in memory at once.  [default: 4096]"),
        Axis("quant", _quantisation, metavar="NAME", help="Quantisation.  [default: Q4_K_M]"),
        Axis("use", _choice(*USES), USES, help="What it is used for, in the licence's eyes."),
        Axis("deploy", _choice(*DEPLOYMENTS), DEPLOYMENTS, repeatable=True,
             help="How others meet the model; repeatable."),
        Axis("fine_tune", _flag, help="The weights will be adapted."),
        Axis("train_on_outputs", _flag, help="Outputs will train another model."),
        Axis("monthly_active_users", Number("a whole number of users, at least 0", 0, whole=True),
             metavar="N", help="Users of all your products in a month."),
        Axis("annual_revenue_usd", Number("an amount in US dollars, at least 0", 0, whole=True),
             metavar="USD", help="Yearly revenue, affiliates included."),
        Axis("region", _region, metavar="CC",
             help="ISO country of domicile or main place of business, or EU."),
        Axis("tools", _flag, help="Native tool calling is required."),
        Axis("min_context", _TOKENS, metavar="TOKENS", help="Context the model must accept."),
        Axis("knows_until", _date, metavar="DATE", help="Its training data must reach this date."),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Need:
    """What the user states. `stated` maps an axis to its value, or to a tuple where repeatable."""

    stated: Mapping[str, Value | tuple[Value, ...]]

    @classmethod
    def of(cls, values: Mapping[str, object], where: str = "") -> Need:
        """Check each value; None, False and empty lists are as good as unstated.

        Raises NeedError; `where` is put before its message.
        """
        stated: dict[str, Value | tuple[Value, ...]] = {}
        for name, value in values.items():
            try:
                axis = _axis(name)
                checked = _checked(axis, value)
            except NeedError as error:
                raise NeedError(f"{where}{error}") from None
            except ValueError:  # Python writes no number of more than some thousand digits
                raise NeedError(f"{where}{name}: found a number of too many digits") from None
            if checked is not None:
                stated[axis.name] = checked
        return cls({name: stated[name] for name in AXES if name in stated})

    @staticmethod
    def axis_named(name: str) -> str:
        """The axis of that name, written with hyphens or underscores; NeedError for another."""
        return _axis(name.strip()).name

    @classmethod
    def from_file(cls, path: Path) -> Need:
        """Read a YAML or JSON mapping of axes to values; raises NeedError."""
        from whyllm.kb.errors import KnowledgeError
        from whyllm.kb.yaml_file import read_yaml

        try:
            file = read_yaml(path)
        except KnowledgeError as error:
            raise NeedError(str(error)) from None
        if not isinstance(file.data, dict):
            raise NeedError(f"{path}:1: expected a mapping of axes to values")
        for name, value in file.data.items():
            cls.of({name: value}, where=f"{path}:{file.line_of((name,))}: ")
        return cls.of(file.data)

    def with_changes(self, changes: Mapping[str, object]) -> Need:
        """The need with some axes set anew; None states an axis no longer."""
        return Need.of({**self.stated, **changes})

    def values(self, axis: str) -> tuple[Value, ...]:
        """The values stated for an axis; empty when it is not stated."""
        value = self.stated.get(axis)
        if value is None:
            return ()
        return value if isinstance(value, tuple) else (value,)

    def as_json(self) -> dict[str, Any]:
        """The stated axes as JSON types."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in self.stated.items()}

    def as_options(self) -> list[str]:
        """The need as command-line options."""
        words: list[str] = []
        for name in self.stated:
            for value in self.values(name):
                option = "--" + name.replace("_", "-")
                words += [option] if value is True else [option, _plain(value)]
        return words


def _plain(value: Value) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _axis(name: str) -> Axis:
    key = str(name).replace("-", "_")
    if key in AXES:
        return AXES[key]
    from rapidfuzz import process

    close = process.extractOne(key, list(AXES), score_cutoff=60)
    hint = f"; did you mean {close[0]}?" if close else f" (axes: {', '.join(AXES)})"
    raise NeedError(f"unknown axis {name!r}{hint}")


def _checked(axis: Axis, value: object) -> Value | tuple[Value, ...] | None:
    if value is None or value is False:
        return None
    if axis.repeatable:
        items = value if isinstance(value, list | tuple) else [value]
        checked = tuple(dict.fromkeys(axis.parse(axis.name, item) for item in items))
        return checked or None
    return axis.parse(axis.name, value)
