"""The shape of every file under kb/data: what an entry may say, and what it must."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

SLUG = r"^[a-z0-9]+(?:[.-][a-z0-9]+)*$"
LICENCE_ID = r"^(?:LicenseRef-)?[A-Za-z0-9][A-Za-z0-9.+-]*$"

Slug = Annotated[str, Field(pattern=SLUG, max_length=80)]
LicenceId = Annotated[str, Field(pattern=LICENCE_ID, max_length=80)]
Text = Annotated[str, Field(min_length=1, max_length=1200)]


def _one_line(value: str) -> str:
    """Refuse a label of several lines: it would break the line or the table that it stands in."""
    if len(value.splitlines()) > 1:
        raise ValueError("expected one line")
    return value


Label = Annotated[str, Field(min_length=1, max_length=160), AfterValidator(_one_line)]

# Strict: YAML's octal, its sexagesimals, its yes and a number in quotes are read as text, and text
# is no number. The limit is beyond any count of tokens, users or dollars.
Whole = Annotated[int, Field(strict=True, le=10**12)]
Number = Annotated[float, Field(strict=True, le=1e12)]
Flag = Annotated[bool, Field(strict=True)]

Confidence = Literal[
    "text-read", "text-excerpt", "model-card", "data-file", "secondary", "calibrated", "from-memory"
]
"""How well a fact is known, best first; `from-memory` never decides a verdict."""

FROM_MEMORY = "from-memory"

Answer = str | int | float | bool


def _partial_date(value: str) -> str:
    """Accept YYYY, YYYY-MM or YYYY-MM-DD: a source often names no day."""
    if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", value):
        raise ValueError("expected a date as YYYY, YYYY-MM or YYYY-MM-DD")
    padded = value + "-01-01"[len(value) - 4 :] if len(value) < 10 else value
    dt.date.fromisoformat(padded)
    return value


PartialDate = Annotated[str, BeforeValidator(str), AfterValidator(_partial_date)]


def later(one: str, other: str) -> bool:
    """Whether a date lies after another, at the coarser precision of the two."""
    length = min(len(one), len(other))
    return one[:length] > other[:length]


class Entry(BaseModel):
    """Anything written in a data file: frozen, and no key goes unread."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Evidence(Entry):
    """Where a fact was read and how well it is known."""

    source: Slug = Field(description="id of the source in sources.yaml")
    confidence: Confidence = Field(description="how well the fact is known")
    note: Text | None = Field(None, description="what the source says, where it matters")

    @property
    def verified(self) -> bool:
        """Whether a fact known so may decide a verdict."""
        return self.confidence != FROM_MEMORY

    @property
    def standing(self) -> int:
        """How well the fact is known, 0 the best: the place in the order of confidences."""
        return get_args(Confidence).index(self.confidence)


class Source(Entry):
    """A text that facts were read in."""

    id: Slug
    title: Label
    url: str | None = Field(None, pattern=r"^https?://", description="where it can be read")
    read: dt.date = Field(description="the day it was read")
    note: Text | None = Field(None, description="what it is good for, and what it is not")


class Term(Entry):
    """One word of the vocabulary."""

    id: str = Field(min_length=1, max_length=60, description="the tag as facts write it")
    label: Label = Field(description="how a person reads it")
    description: Text = Field(description="what it means, in one or two sentences")
    values: tuple[str, ...] | None = Field(
        None, description="for a clause: the values it may take; for a group: its members"
    )
    order: tuple[tuple[str, ...], ...] = Field(
        (), description="for a clause: chains of values, each the mildest first"
    )


class Vocabulary(Entry):
    """terms.yaml: every tag that facts and constraints may use."""

    modality: tuple[Term, ...]
    task: tuple[Term, ...]
    use: tuple[Term, ...]
    deploy: tuple[Term, ...]
    kind: tuple[Term, ...]
    architecture: tuple[Term, ...]
    attention: tuple[Term, ...]
    tuning: tuple[Term, ...]
    confidence: tuple[Term, ...]
    clause: tuple[Term, ...]
    part: tuple[Term, ...]
    counts_in: tuple[Term, ...]
    trigger: tuple[Term, ...]
    measure: tuple[Term, ...]
    basis: tuple[Term, ...]
    effect: tuple[Term, ...]
    movement: tuple[Term, ...]
    topic: tuple[Term, ...]
    licence_group: tuple[Term, ...]
    figure: tuple[Term, ...]
    axis: tuple[Term, ...]


class Publisher(Entry):
    """Who publishes weights, or hosts them."""

    id: Slug
    name: Label
    country: str | None = Field(
        None, pattern=r"^[A-Z]{2}$", description="ISO 3166 country of the lab"
    )
    role: Literal["publisher", "outsider", "hub", "lab"] = Field(
        description="one of the chapter's eight, an outsider it names, a hub, or another lab"
    )
    evidence: Evidence


class Family(Entry):
    """A line of models that share a name, an ancestry and a purpose."""

    id: Slug
    name: Label
    publisher: Slug
    generations: tuple[str, ...] = Field((), description="oldest first")
    specialty: Label | None = Field(None, description="what it is made for, in a few words")
    evidence: Evidence


class Claim(Entry):
    """A statement of a source about a publisher, a family or a model; it may be contradicted."""

    id: Slug
    about: Slug = Field(description="id of a publisher, family or model")
    generations: tuple[str, ...] = Field(
        (), description="the generations of the family that are spoken of; all, if none is named"
    )
    modality: str | None = Field(None, description="only variants that serve it are spoken of")
    topic: str = Field(description="a topic of terms.yaml")
    value: Answer | tuple[str, ...] = Field(description="what is claimed, as a tag or number")
    says: Text = Field(description="the claim in our words")
    made: PartialDate = Field(description="when the claim was made")
    evidence: Evidence


class Attention(Entry):
    """What decides the size of the key-value cache."""

    kind: str = Field(description="an attention kind of terms.yaml")
    layers: Whole = Field(gt=0)
    kv_heads: Whole | None = Field(None, gt=0)
    head_dim: Whole | None = Field(None, gt=0)
    window: Whole | None = Field(None, gt=0, description="tokens that a local layer keeps")
    global_layers: Whole | None = Field(
        None, ge=0, description="layers that keep the whole context"
    )
    latent_dim: Whole | None = Field(None, gt=0, description="values per token and layer (MLA)")


class Dispute(Entry):
    """A second source that says otherwise about one field of a model."""

    field: str
    value: Answer | tuple[str, ...]
    evidence: Evidence


class Model(Entry):
    """One exact variant: one set of weights under one name."""

    id: Slug
    name: Label
    family: Slug
    kind: str = Field(description="a kind of terms.yaml: llm, embedding, diffusion, …")
    weights: Literal["published", "unpublished"]
    released: PartialDate | None = Field(None, description="first public release of these weights")
    generation: Label | None = Field(None, description="as the family lists it")
    params_b: Number | None = Field(None, gt=0, le=20000, description="total parameters, 1e9")
    active_params_b: Number | None = Field(
        None, gt=0, description="parameters active per token, 1e9"
    )
    architecture: str
    attention: Attention | None = None
    context: Whole | None = Field(None, gt=0, description="longest context, tokens")
    modalities: tuple[str, ...] = Field(min_length=1, description="needs it serves")
    tuning: str = Field(description="base, instruct, thinking, …")
    tool_calling: Literal["native", "none", "unknown"]
    languages: tuple[str, ...] | None = Field(None, description="BCP 47; null: not known")
    cutoff: PartialDate | None = Field(None, description="knowledge cutoff")
    hf_repo: str | None = Field(None, pattern=r"^[\w.-]+/[\w.-]+$")
    base_repo: str | None = Field(
        None,
        pattern=r"^[\w.-]+/[\w.-]+$",
        description="repository of the weights before tuning, published under the same licences",
    )
    ollama: str | None = Field(None, pattern=r"^[\w./-]+:[\w.-]+$")
    aliases: tuple[Label, ...] = ()
    file_gb: dict[str, Annotated[Number, Field(gt=0)]] = Field(
        {}, description="published file size by quantisation, 1e9 bytes"
    )
    projector_gb: Number | None = Field(None, gt=0, description="vision projector file, 1e9 bytes")
    licences: tuple[LicenceId, ...] | None = Field(
        None,
        min_length=1,
        description="the licences of the weights, all of which bind; null: not known",
    )
    code_licence: LicenceId | None = Field(None, description="the code's licence, where it differs")
    base: Slug | None = Field(None, description="the model it was made from, if in the catalogue")
    base_licences: tuple[LicenceId, ...] = Field(
        (), description="terms of its bases that bind it too"
    )
    successor: Slug | None = Field(None, description="the variant that replaces it")
    evidence: dict[str, Evidence] = Field(description="`default`, and fields known otherwise")
    disputes: tuple[Dispute, ...] = ()
    notes: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _plausible(self) -> Model:
        if "default" not in self.evidence:
            raise ValueError("evidence needs an entry `default`")
        unknown = set(self.evidence) - set(type(self).model_fields) - {"default"}
        if unknown:
            raise ValueError(f"evidence names no field of a model: {', '.join(sorted(unknown))}")
        if self.params_b and self.active_params_b and self.active_params_b > self.params_b:
            raise ValueError("active_params_b is larger than params_b")
        if self.cutoff and self.released and later(self.cutoff, self.released):
            raise ValueError("cutoff is later than released")
        return self

    def evidence_for(self, field: str) -> Evidence:
        """The evidence of one field: its own, else the variant's default."""
        return self.evidence.get(field, self.evidence["default"])


UNSOURCED = frozenset({"id", "evidence", "disputes", "notes", "aliases"})
"""Fields of a model that need no evidence of their own."""


class Clause(Entry):
    """What a licence says on one point."""

    value: str = Field(description="one of the values that terms.yaml gives for the clause")
    section: str = Field(
        min_length=1, max_length=80, description="section of the text, '-' if silent"
    )
    note: Text | None = None
    confidence: Confidence | None = Field(None, description="where it differs from the licence's")


class Threshold(Entry):
    """A number of users or of revenue above which the terms change."""

    measure: str = Field(description="a measure of terms.yaml")
    limit: Whole = Field(gt=0, description="users, or US dollars in the measure's period")
    basis: Literal["frozen", "rolling"] = Field(
        description="counted once at a date, or at any time"
    )
    date: PartialDate | None = Field(None, description="the day that a frozen count is taken")
    scope: Text = Field(description="whose users or revenue are counted")
    effect: Literal["needs-licence", "ends-licence", "display-duty"]
    counts_in: Literal["any-use", "commercial-use", "model-service"] = Field(
        "any-use",
        description="in every use, in commercial use, or for a business of model services",
    )
    section: str
    confidence: Confidence | None = None

    @model_validator(mode="after")
    def _frozen_has_a_date(self) -> Threshold:
        if self.basis == "frozen" and self.date is None:
            raise ValueError("a frozen threshold needs the date it is counted at")
        return self


class Territory(Entry):
    """Places whose residents the licence does not reach."""

    excludes: tuple[str, ...] = Field(min_length=1, description="ISO 3166 countries, or EU")
    covers: Literal["all", "multimodal"] = Field(description="which models the exclusion touches")
    basis: Text = Field(description="domicile, place of business or place of use")
    section: str
    confidence: Confidence | None = None


class Duty(Entry):
    """What the licence asks in return."""

    id: Slug
    text: Text = Field(description="the duty as an instruction to the user")
    notice: Text | None = Field(
        None,
        description="the line to show or hand on wherever a trigger applies, as `text` quotes it",
    )
    triggers: tuple[str, ...] = Field(min_length=1, description="triggers of terms.yaml")
    section: str

    @model_validator(mode="after")
    def _notice_is_quoted(self) -> Duty:
        if self.notice is not None and f'"{self.notice}"' not in self.text:
            raise ValueError("expected `notice` to stand in `text`, in straight quotation marks")
        return self


class Restriction(Entry):
    """A kind of use that the licence forbids."""

    id: Slug
    text: Text
    section: str


class LicenceTag(Entry):
    """A name that hubs and model cards give a licence, and where it was read."""

    name: Label
    evidence: Evidence


class Licence(Entry):
    """One licence text, clause by clause."""

    id: LicenceId = Field(description="SPDX id, else LicenseRef-…")
    name: Label
    short: Label = Field(description="how people call it")
    version: str | None = None
    url: str | None = Field(None, pattern=r"^https?://")
    osi_approved: Flag
    category: Literal[
        "permissive", "conditional", "use-restricted", "non-commercial", "research-only"
    ]
    evidence: Evidence = Field(description="how the text was read")
    tags: tuple[LicenceTag, ...] = Field(
        (), description="what hubs and cards call it, if that names no other licence as well"
    )
    dated: Flag = Field(
        False, description="whether other texts bear its name, so that only its date tells it"
    )
    ends: Text | None = Field(
        None, description="last words of its text, where what is added after them is often missed"
    )
    clauses: dict[str, Clause]
    thresholds: tuple[Threshold, ...] = ()
    unread: tuple[str, ...] = Field((), description="parts of terms.yaml that were not verified")
    territory: tuple[Territory, ...] = ()
    duties: tuple[Duty, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    caveats: tuple[Text, ...] = ()


class Axis(Entry):
    """One of the nine axes on which the chapter says that models differ."""

    id: Slug
    label: Label
    consequence: Text
    values: tuple[str, ...] = ()
    evidence: Evidence


class Leader(Entry):
    """A family or publisher that leads a dimension."""

    family: Slug | None = None
    publisher: Slug | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Leader:
        if (self.family is None) == (self.publisher is None):
            raise ValueError("name either a family or a publisher")
        return self


class Dimension(Entry):
    """Who dominates one dimension, by whose word and since when."""

    id: Slug
    label: Label
    when: dict[str, tuple[str, ...]] = Field({}, description="constraints that make it matter")
    leaders: tuple[Leader, ...] = Field((), description="who leads by the chapter's table")
    max_params_b: Number | None = Field(None, gt=0, description="largest size the claim is about")
    why: Text | None = Field(None, description="what the chapter says of its leaders")
    made: PartialDate | None = Field(None, description="when the chapter said so")
    evidence: Evidence

    @model_validator(mode="after")
    def _leaders_have_a_date(self) -> Dimension:
        if self.leaders and (self.made is None or self.why is None):
            raise ValueError("leaders need why and made")
        return self


class Standing(Entry):
    """A claim that variants stand first in a dimension, with its evidence and its date."""

    id: Slug
    dimension: Slug
    models: tuple[Slug, ...] = Field(min_length=1, description="in the order of the evidence")
    up_to_b: Number | None = Field(None, gt=0, description="size of the field compared, 1e9")
    why: Text
    made: PartialDate
    evidence: Evidence


class Node(Entry):
    """A node of the chapter's flowchart."""

    id: str = Field(pattern=r"^[A-Za-z]+$")
    shape: Literal["start", "question", "leaf", "end"]
    label: str = Field(description="as the chapter writes it, lines parted by <br/>")
    axis: str | None = Field(None, description="for a question: the axis that answers it")


class Edge(Entry):
    """An edge of the chapter's flowchart."""

    source: str
    target: str
    label: str | None = None
    replies: tuple[str, ...] = Field((), description="values of the axis that take this edge")


class LeafEntry(Entry):
    """The variants that one line of a leaf stands for."""

    node: str
    label: str
    families: tuple[Slug, ...] = ()
    models: tuple[Slug, ...] = ()


class Beside(Entry):
    """Variants that the chapter lists beside its flowchart, for a modality without an edge."""

    modality: str
    models: tuple[Slug, ...]


class Tree(Entry):
    """The chapter's decision tree."""

    made: PartialDate = Field(description="when the chapter was written")
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    leaves: tuple[LeafEntry, ...]
    beside: tuple[Beside, ...] = ()
    evidence: Evidence


class MachineClass(Entry):
    """A class of machine that the chapter's tree asks about."""

    id: Slug
    label: Label
    memory: Literal["ram", "vram"]
    at_least_gb: Number = Field(ge=0)
    stated_gb: Number = Field(gt=0, description="the figure the chapter prints")
    evidence: Evidence


class Constant(Entry):
    """One number that a rule uses, with its unit and where it comes from."""

    id: Slug
    value: Number
    unit: str
    meaning: Text
    evidence: Evidence


class DefaultReply(Entry):
    """What memory is reckoned with where an axis is not stated."""

    axis: Literal["context", "quant"]
    value: Whole | str
    evidence: Evidence


class Hardware(Entry):
    """hardware.yaml: machine classes, what is assumed unstated, constants of the memory formula."""

    classes: tuple[MachineClass, ...]
    defaults: tuple[DefaultReply, ...]
    constants: tuple[Constant, ...]


class Quantisation(Entry):
    """A way to store weights in fewer bits."""

    id: str = Field(pattern=r"^[A-Z0-9_]+$")
    label: Label
    bits_per_weight: Number = Field(gt=0, description="at large sizes, measured")
    small_model_term: Number = Field(0.0, ge=0, description="added bits, divided by sqrt(params_b)")
    rank: Whole = Field(description="1 is the most precise")
    general: Flag = Field(True, description="whether any model can be had in it, not just a few")
    meaning: Text
    evidence: Evidence


class Lesson(Entry):
    """A warning or takeaway of the chapter."""

    id: Slug
    title: Label
    text: Text
    evidence: Evidence


class Misconception(Entry):
    """A mistaken idea that wrong options of a quiz come from."""

    id: Slug = Field(description="the id by which a kind of quiz item names it")
    label: Label = Field(description="the mistake in a few words")
    text: Text = Field(description="what is believed, and why it is wrong")
    evidence: Evidence = Field(description="where the right view, or the mistake, was read")


class Shelf(Entry):
    """How long a kind of fact stays fresh."""

    id: Slug
    months: Whole = Field(gt=0)
    topics: tuple[str, ...] = Field((), description="topics of claims that keep so long")
    fields: tuple[str, ...] = Field((), description="fields of a variant that keep so long")
    meaning: Text
    evidence: Evidence


class Teaching(Entry):
    """lessons.yaml: how to read a benchmark, what to take away, how long facts keep."""

    benchmark_warnings: tuple[Lesson, ...]
    takeaways: tuple[Lesson, ...]
    shelf_life: tuple[Shelf, ...]


class Outside(Entry):
    """A family that is not a language model, and what to use it with."""

    id: Slug
    label: Label
    modality: str
    why: Text
    examples: tuple[str, ...] = Field(description="models, as their makers write them")
    libraries: tuple[str, ...] = ()
    evidence: Evidence


class Criterion(Entry):
    """One criterion of preference; earlier ones decide first."""

    id: Slug
    label: Label
    meaning: Text
    evidence: Evidence


class Preferences(Entry):
    """preferences.yaml: the order of the criteria and the length of a shortlist."""

    criteria: tuple[Criterion, ...]
    shortlist_length: Whole = Field(ge=1, le=10)
    licence_order: tuple[str, ...] = Field(description="licence categories, the lightest first")
    size_classes_b: tuple[float, ...] = Field(
        description="where the size classes begin, billion parameters, ascending from 0"
    )
    size_evidence: Evidence


class Decisive(Entry):
    """The clauses that decide one reply: while one of them is unread, so is the verdict."""

    axis: str = Field(description="an axis of terms.yaml")
    value: str = Field(description="the reply")
    clauses: tuple[str, ...] = Field(description="clauses of terms.yaml")
    triggers: tuple[str, ...] = Field((), description="duties of these triggers are due")


class Place(Entry):
    """A group of countries that licences speak of."""

    id: str = Field(pattern=r"^[A-Z]{2}$")
    label: Label
    members: tuple[str, ...] = Field(description="ISO 3166 countries")
    evidence: Evidence


class Edition(Entry):
    """edition.yaml: which edition of the knowledge this is."""

    version: str
    as_of: dt.date


def plain(entry: Entry) -> dict[str, Any]:
    """The entry as JSON types, for output and caches."""
    return entry.model_dump(mode="json", by_alias=True)
