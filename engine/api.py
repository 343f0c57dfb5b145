"""The functions for Python programs: consult, explain and review; as_json and as_text of each.

A wrong question raises a QuestionError (see errors.py). Any of the functions may be called from
several threads at once.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Required, TypeAlias, TypedDict, Unpack, overload

from whyllm.engine import consulting
from whyllm.engine.consulting import Consultation
from whyllm.engine.explaining import explanation as explaining
from whyllm.engine.explaining.explanation import Explanation
from whyllm.engine.inventory.mention import Fault, Found, Mention, Place
from whyllm.engine.knowledge import loaded
from whyllm.engine.need import Need, NeedError
from whyllm.engine.reviewing.asked import asked_need, asked_review
from whyllm.engine.reviewing.finding import Item, Review, Verdict
from whyllm.engine.reviewing.policy import Policy
from whyllm.engine.reviewing.review import AXES as TERMS
from whyllm.engine.stages import RULEBOOKS

if TYPE_CHECKING:
    from whyllm.engine.render.review.shapes import ReviewJson
    from whyllm.engine.render.shapes import ConsultationJson, ExplanationJson

AnyPath: TypeAlias = str | os.PathLike[str]
Day: TypeAlias = dt.date | str
"""A day, or its text as YYYY-MM-DD."""

ROWS = "inputs"
"""The file, so to speak, of a review's names and rows, whose lines are their numbers."""

Modality = Literal[
    "text", "vision", "speech", "code", "image-generation", "text-to-speech", "embedding"
]
Use = Literal["unrestricted", "commercial", "internal", "research", "personal"]
Deployment = Literal["internal", "product", "hosted", "redistribute"]


class Terms(TypedDict, total=False):
    """The axes of a need that bear on terms; None or False: not stated."""

    use: Use | None
    deploy: Deployment | Sequence[Deployment] | None
    monthly_active_users: int | None
    annual_revenue_usd: int | None
    region: str | None
    fine_tune: bool | None
    train_on_outputs: bool | None


class Axes(Terms, total=False):
    """All axes of a need; memory in gigabytes of 1e9 bytes, context in tokens."""

    modality: Modality | None
    task: Literal["reasoning", "multilingual", "tools", "chat"] | None
    language: str | Sequence[str] | None
    ram: float | None
    vram: float | None
    unified: float | None
    context: int | None
    quant: str | None
    tools: bool | None
    min_context: int | None
    knows_until: str | None


class Row(TypedDict, total=False):
    """A model by name, with what is declared of it: licences, and models it was made from."""

    model: Required[str]
    declared: str | Sequence[str] | None
    base: str | Sequence[str] | None


Input: TypeAlias = str | os.PathLike[str] | Row


@dataclass(frozen=True)
class LicenceReview:
    """A review that was read to its end: an item for each mention, in the order of the inputs.

    `faults` are inputs that could not be read; `failed` counts the items by which it fails.
    """

    items: tuple[Item, ...]
    faults: tuple[Fault, ...]
    summary: Mapping[Verdict, int]
    failed: int
    unused_exceptions: tuple[str, ...]
    source: Review

    def __repr__(self) -> str:
        counts = ", ".join(f"{number} {verdict}" for verdict, number in self.summary.items())
        return f"<LicenceReview: {counts}, {len(self.faults)} not read>"

    @property
    def passed(self) -> bool:
        """Whether all inputs were read and no item fails, as exit code 0 says of the command."""
        return not self.failed and not self.faults

    def again(self) -> Review:
        """The review anew, to be read once more by a renderer."""
        judged: tuple[Item | Fault, ...] = (*self.items, *self.faults)
        counts = dict.fromkeys(Verdict, 0)
        return replace(self.source, judged=judged, faults=[], summary=counts, failed=0)


def consult(
    need: Mapping[str, object] | Need | None = None,
    /,
    *,
    rulebook: str = "expert",
    on: Day | None = None,
    kb: AnyPath | Iterable[AnyPath] = (),
    **axes: Unpack[Axes],
) -> Consultation:
    """Which models serve a need, which fell by which rules, and which nobody can decide on.

    The need is stated by axes, or by a mapping of them over which axes win; an axis that is not
    stated constrains nothing. `on` is the day as of which claims count, today unless given. `kb`
    names folders of your own knowledge, laid over the built-in one and over those of WHYLLM_KB;
    each set of folders is read once in a process.

    Raises NeedError for an axis, a value, a day or a rulebook that cannot be meant, and
    KnowledgeError for a folder that cannot be used.
    """
    if rulebook not in RULEBOOKS:
        raise NeedError(f"rulebook: found {rulebook!r}, expected one of {', '.join(RULEBOOKS)}")
    stated, day = _need(need, axes), _day(on)
    catalogue = loaded(_folders(kb)).catalogue
    # All are examined, so that any model's duties and caveats can be explained afterwards.
    return consulting.consult(stated, catalogue, rulebook, day, examine=catalogue.models)


def explain(consultation: Consultation, model: str, *, to_first: bool = False) -> Explanation:
    """Why a model has its verdict in a consultation: causes, proofs and the smallest changes.

    `consultation` is one of `consult`; one that was made otherwise knows the duties and caveats of
    the models that it examined only. `model` is any name that the command takes: an id, a
    repository, a tag of Ollama. `to_first` searches for the smallest changes of the need by which
    the model would stand first.

    Raises UnknownNameError for a name that no model bears, or that several do.
    """
    found = consultation.catalogue.names.resolve(model)
    return explaining.explain(consultation, found.model, to_first=to_first)


def review(
    inputs: Input | Iterable[Input],
    need: Mapping[str, object] | Need | None = None,
    /,
    *,
    policy: AnyPath | None = None,
    on: Day | None = None,
    kb: AnyPath | Iterable[AnyPath] = (),
    allow_empty: bool = False,
    **terms: Unpack[Terms],
) -> LicenceReview:
    """Whether a use is allowed of each model: allowed, conditional, unknown or forbidden.

    Of the inputs a text is a model's name, a Path a file or a folder that names models, and a
    mapping a Row. The place of a name or a row is line N of `inputs`, counted from 1. A use must be
    stated, here or by the policy, a file whose `need` is overruled by what is stated here. An input
    that cannot be read, or names no model (unless `allow_empty`), is one of the answer's faults.

    Raises NeedError for inputs, a need or a day that cannot be meant, or without a use;
    KnowledgeError for a policy or a folder of knowledge that cannot be used.
    """
    for axis in terms:
        if Need.axis_named(axis) not in TERMS:
            raise NeedError(f"{axis}: bears on no licence, expected some of {', '.join(TERMS)}")
    stated, day = _need(need, terms), _day(on)
    knowledge = loaded(_folders(kb))
    rules = Policy(Need({})) if policy is None else knowledge.policy(Path(policy))
    asked = asked_need(stated, rules)
    judged = asked_review(_found(inputs), knowledge, asked, day, rules, allow_empty=allow_empty)
    items = tuple(judged.items())
    return LicenceReview(
        items,
        tuple(judged.faults),
        judged.summary,
        judged.failed,
        tuple(judged.unused_exceptions),
        judged,
    )


@overload
def as_json(answer: Consultation) -> ConsultationJson: ...
@overload
def as_json(answer: Explanation) -> ExplanationJson: ...
@overload
def as_json(answer: LicenceReview) -> ReviewJson: ...
def as_json(answer: Consultation | Explanation | LicenceReview) -> Any:
    """An answer as the command's JSON; `whyllm schema NOUN` prints its schema."""
    if isinstance(answer, LicenceReview):
        import json

        from whyllm.engine.render.review.items_json import review_json

        return json.loads("".join(review_json(answer.again())))
    from whyllm.engine.render.consultation_json import consultation_json, explanation_json

    if isinstance(answer, Explanation):
        return explanation_json(answer)
    return consultation_json(answer)


def as_text(answer: Consultation | Explanation | LicenceReview, width: int = 100) -> str:
    """An answer as the command's text, in lines of that many columns, without colour."""
    from whyllm.engine.render.console_text import console_text
    from whyllm.engine.render.consultation_text import print_consultation
    from whyllm.engine.render.explanation_text import print_explanation
    from whyllm.engine.render.review.text import print_review

    if isinstance(answer, LicenceReview):
        return console_text(lambda console: print_review(console, answer.again()), width)
    if isinstance(answer, Explanation):
        return console_text(lambda console: print_explanation(console, answer, "short"), width)
    return console_text(lambda console: print_consultation(console, answer, False), width)


def _need(need: Mapping[str, object] | Need | None, axes: Mapping[str, object]) -> Need:
    """The need of a mapping with axes over it."""
    if need is None:
        return Need.of(axes)
    if not isinstance(need, Need | Mapping):
        raise NeedError(f"need: found {need!r}, expected a mapping of axes to values")
    stated = need if isinstance(need, Need) else Need.of(need)
    return stated.with_changes(axes)


def _day(on: Day | None) -> dt.date:
    if on is None:
        return dt.date.today()
    if isinstance(on, dt.datetime):
        return on.date()
    if isinstance(on, dt.date):
        return on
    try:
        return dt.date.fromisoformat(on)
    except (TypeError, ValueError):
        raise NeedError(f"on: found {on!r}, expected a day as YYYY-MM-DD") from None


def _folders(kb: AnyPath | Iterable[AnyPath]) -> list[Path]:
    return [Path(kb)] if isinstance(kb, str | os.PathLike) else [Path(folder) for folder in kb]


def _found(inputs: object) -> list[tuple[str, Iterable[Found]]]:
    """The inputs with what each holds: names and rows that stand together are one."""
    if isinstance(inputs, str | os.PathLike | Mapping):
        inputs = [inputs]
    if not isinstance(inputs, Iterable):
        raise NeedError(f"inputs: found {inputs!r}, expected names of models, paths or rows")
    given: list[tuple[str, Iterable[Found]]] = []
    rows: list[Found] = []
    for number, one in enumerate(inputs, 1):
        if isinstance(one, os.PathLike):
            rows = []
            given.append((os.fspath(one), _in_file(Path(one))))
        else:
            if not rows:
                given.append((ROWS, rows))
            rows.append(_mention(one, number))
    if not given:
        raise NeedError("inputs: found none, expected names of models, paths or rows")
    return given


def _in_file(path: Path) -> Iterator[Found]:
    from whyllm.engine.inventory.inputs import found_in

    yield from found_in(path, str(path))


def _mention(one: object, number: int) -> Mention:
    """A name or a row as a mention of a model."""
    row = one if isinstance(one, Mapping) else {"model": one}
    where = f"inputs, row {number}"
    for key in row:
        if key not in Row.__annotations__:
            known = ", ".join(Row.__annotations__)
            raise NeedError(f"{where}: found the key {key!r}, expected some of {known}")
    name = row.get("model")
    if not isinstance(name, str):
        raise NeedError(f"{where}: found {name!r}, expected the name of a model, or a Path")
    declared = _texts(row.get("declared"), f"{where}: declared")
    bases = _texts(row.get("base"), f"{where}: base")
    return Mention(name, Place(ROWS, number), declared, bases)


def _texts(value: object, where: str) -> tuple[str, ...]:
    """One text or several; none where nothing is said."""
    texts = () if value is None else (value,) if isinstance(value, str) else value
    if not isinstance(texts, Sequence) or not all(isinstance(text, str) for text in texts):
        raise NeedError(f"{where}: found {value!r}, expected a text or a list of texts")
    return tuple(texts)
