"""The fact types: what may stand in working memory, slot by slot, and how each reads in words.

Facts hold ids and values, never sentences. `says` is the template by which a fact is told; its
placeholders are slots; `denies` tells its absence, by the first template whose slots are named. A
`Known` fact carries the id of its source; what was not verified is never
a fact about the world but an `Unverified` or `Unread` one, so that it can decide nothing.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self, get_type_hints

from whyllm.engine.experta_shim import Fact


class WorkingFact(Fact):  # type: ignore[misc]
    """A fact with typed slots; declaring one with a wrong slot or type raises TypeError."""

    says: ClassVar[str] = ""
    denies: ClassVar[tuple[str, ...]] = ()

    def __init__(self, **slots: Any) -> None:
        dict.update(self, slots)  # values are scalars: there is nothing to freeze, as experta does

    @classmethod
    def slots(cls) -> dict[str, Any]:
        """Slot name -> type, in the order of declaration."""
        found: dict[str, Any] | None = cls.__dict__.get("_slots")
        if found is None:
            hints = get_type_hints(cls)
            found = {
                k: t
                for k, t in hints.items()
                if k not in ("says", "denies") and not k.startswith("_")
            }
            cls._slots = found
        return found

    def about(self, model: str) -> Self:
        """The same of another model."""
        other = type(self)()
        dict.update(other, {slot: self[slot] for slot in type(self).slots()})
        dict.__setitem__(other, "model", model)
        return other

    def identity(self) -> tuple[Any, ...]:
        """What tells this fact from every other: type, values and types of the values."""
        values = [self[slot] for slot in type(self).slots()]
        return (type(self), *values, *map(type, values))

    def validate(self) -> None:
        """Check slots and exact types: to experta 1, True and 1.0 would be one value."""
        slots = type(self).slots()
        if self.keys() != slots.keys():
            given = {slot for slot in self if not self.is_special(slot)}
            if given != slots.keys():
                wrong = ", ".join(sorted(map(str, given ^ slots.keys())))
                raise TypeError(f"{type(self).__name__}: missing or unknown slots: {wrong}")
        for name, wanted in slots.items():
            value = self[name]
            if type(value) is not wanted and not _is_exactly(value, wanted):
                raise TypeError(
                    f"{type(self).__name__}.{name}: expected {slots[name]}, got {value!r}"
                )


def _is_exactly(value: object, wanted: Any) -> bool:
    if wanted is Any:
        return True
    options = getattr(wanted, "__args__", (wanted,))
    return type(value) in options


# What the user states


class Stated(WorkingFact):
    """One statement of the user, as it was made; a repeatable axis gives several."""

    says = "you state {axis} = {value}"
    denies = ("you state no {axis} = {value}", "you state nothing on {axis}")
    axis: str
    value: str | int | float | bool


# What is known of models


class Known(WorkingFact):
    """A fact of the knowledge base: `source` is the id of the text it was read in."""

    source: str


class Model(Known):
    """A variant of the catalogue."""

    says = "{model} is a {kind} of the family {family}"
    model: str
    family: str
    kind: str


class Availability(Known):
    """Whether the weights of a variant are published or unpublished."""

    says = "the weights of {model} are {weights}"
    denies = ("nothing says that the weights of {model} are {weights}",)
    model: str
    weights: str


class Serves(Known):
    """A need that a variant serves."""

    says = "{model} serves {modality}"
    denies = ("nothing says that {model} serves {modality}",)
    model: str
    modality: str


class Tuned(Known):
    """How a variant was tuned."""

    says = "{model} is {tuning}"
    model: str
    tuning: str


class ToolCalling(Known):
    """Whether structured tool calls are trained in: native or none."""

    says = "tool calling of {model}: {value}"
    model: str
    value: str


class Speaks(Known):
    """A language that a variant masters (primary subtag of BCP 47)."""

    says = "{model} masters {language}"
    denies = ("{language} is not among the languages of {model}",)
    model: str
    language: str


class ContextLength(Known):
    """The longest context of a variant, in tokens."""

    says = "{model} accepts {tokens} tokens"
    model: str
    tokens: int


class Cutoff(Known):
    """Until when a variant's training data reach: YYYY, YYYY-MM or YYYY-MM-DD."""

    says = "the training data of {model} reach {date}"
    model: str
    date: str


class Parameters(Known):
    """Total and active parameters, 1e9."""

    says = "{model} has {total_b} billion parameters, {active_b} billion of them active"
    model: str
    total_b: float
    active_b: float


class CacheShape(Known):
    """What the key-value cache of a variant is made of; -1 where a figure does not apply."""

    says = "{model} has {layers} layers with {attention} attention"
    denies = ("the cache of {model} is not known in detail",)
    model: str
    attention: str
    layers: int
    kv_heads: int
    head_dim: int
    window: int
    global_layers: int
    latent_dim: int


class FileSize(Known):
    """The published size of a variant's weights and projector in one quantisation, 1e9 bytes."""

    says = "the {quantisation} file of {model} has {gigabytes} GB"
    denies = ("no {quantisation} file of {model} is known",)
    model: str
    quantisation: str
    gigabytes: float


class Unverified(Known):
    """A field of a variant that is not known, or known from memory only."""

    says = "{field} of {model} is not verified"
    denies = ("{field} of {model} needs no verification",)
    model: str
    field: str


class Released(Known):
    """When a variant was first published: YYYY, YYYY-MM or YYYY-MM-DD."""

    says = "{model} dates from {date}"
    model: str
    date: str


class ReplacedBy(Known):
    """The variant that replaces another."""

    says = "{newer} replaces {model}"
    model: str
    newer: str


OWN_CARD = "its own card"
"""Where a variant's licence is read, unless it comes through a base model."""

DECLARED = "a declaration"
"""Through what a licence comes that a file, a card or a bill of materials declares."""


class Licensed(Known):
    """A licence that binds a variant, by its own card, through a base model or as declared."""

    says = "{model} is under {licence}{through}"
    denies = ("{model} is not under {licence}{through}",)
    model: str
    licence: str
    through: str  # OWN_CARD, DECLARED, or the name of the base


# What is known of licences


class LicenceClass(Known):
    """The category of a licence and its rank, 0 the lightest."""

    says = "{licence} is {category}"
    licence: str
    category: str
    rank: int


class Clause(Known):
    """What a licence says on one point."""

    says = "{licence}, {section}: {tag} is {value}"
    licence: str
    tag: str
    value: str
    section: str


class Unread(Known):
    """A clause or part of a licence that was not read, so that it decides nothing."""

    says = "{licence}: what it says on {tag} was not verified"
    licence: str
    tag: str


class Threshold(Known):
    """A number of users or of revenue above which terms change; `date` is '' when rolling."""

    says = "{licence}, {section}: above {limit} {measure} the effect is {effect}"
    licence: str
    measure: str
    limit: int
    basis: str
    date: str
    effect: str
    counts_in: str
    section: str


class Exclusion(Known):
    """A place whose residents a licence does not reach, for all or for multimodal models."""

    says = "{licence}, {section}: not granted in {place} ({covers} models)"
    licence: str
    place: str
    covers: str
    section: str


class Duty(Known):
    """What a licence asks in return when its trigger is met."""

    says = "{licence}, {section}: {duty} on {trigger}"
    licence: str
    duty: str
    trigger: str
    section: str


class Decides(Known):
    """The clause that decides one reply of the user."""

    says = "{tag} decides whether {axis} = {value} is granted"
    axis: str
    value: str | bool
    tag: str


class Triggers(Known):
    """A reply of the user that makes duties of a trigger due."""

    says = "{axis} = {value} makes duties of {trigger} due"
    axis: str
    value: str | bool
    trigger: str


class Within(Known):
    """A place that lies within another, itself included."""

    says = "{place} lies within {group}"
    place: str
    group: str


# What is known of machines and of preference


class QuantisationLevel(Known):
    """A quantisation: bits per weight, the term of small models, its rank (1 the most precise)."""

    says = "{quantisation} stores a weight in {bits} bits"
    quantisation: str
    bits: float
    small_model_term: float
    rank: int
    general: bool


class NextSmaller(Known):
    """A step of the ladder: the quantisation that is considered where another is too large."""

    says = "{smaller} is the next smaller quantisation after {quantisation}"
    quantisation: str
    smaller: str


class LadderEnd(Known):
    """The last step of the ladder that begins at a quantisation; its own where none follows."""

    says = "from {quantisation} the steps go down to {smallest}"
    quantisation: str
    smallest: str


class Default(Known):
    """What is taken for an axis that the user does not state."""

    says = "where no {axis} is stated, {value} is taken"
    axis: str
    value: str | int


class UsableShare(Known):
    """The share of a kind of memory that a model may fill, and whether it is fast or slow."""

    says = "a share of {share} of {memory} is usable, and {pace}"
    memory: str
    share: float
    pace: str


class MemoryModel(Known):
    """The constants of the memory formula (see memory.py): bytes and 1e9 bytes."""

    says = "memory formula: {value_bytes} bytes a cached value, {runtime_gb} GB for the runtime"
    value_bytes: float
    fallback_gb_per_1k_per_b: float
    compute_base_gb: float
    compute_root_factor: float
    runtime_gb: float


class OutsideScope(Known):
    """A kind of model that is not a language model, and the modality it serves."""

    says = "a {kind} is no language model"
    kind: str
    modality: str


class Matters(Known):
    """A reply of the user that makes a dimension matter."""

    says = "{dimension} matters when {axis} = {value}"
    dimension: str
    axis: str
    value: str | bool


class Leads(Known):
    """A claim that a family leads a dimension, up to a size (0.0: any), made at a date."""

    says = "{family} leads {dimension} ({made})"
    dimension: str
    family: str
    max_params_b: float
    made: str


class CourseTable(Known):
    """The chapter's table says who leads a dimension; the date it was made."""

    says = "the course's table says who leads {dimension} ({made})"
    dimension: str
    made: str


class Tops(Known):
    """A claim that a variant stands first in a dimension, made at a date."""

    says = "{model} stands first in {dimension} ({made})"
    dimension: str
    model: str
    made: str


class Session(Known):
    """Variants were put head to head for some work, on a day, on a machine ('' if not known)."""

    says = "{session} was taken on {made} for {axis} = {value}, on machine {machine}"
    session: str
    machine: str
    made: str
    axis: str
    value: str


class Outdid(Known):
    """A variant did better than another in a session, both at one quantisation, by a figure.

    `level`: 2 did better than all others of the session, 1 than some.
    """

    says = "{model} outdid {rival} in {session} at {quantisation}: {figure} {own} to {other}"
    session: str
    model: str
    rival: str
    quantisation: str
    figure: str
    own: float
    other: float
    level: int


class ThisMachine(WorkingFact):
    """The machine on which the question is asked, by the digest of what it tells of itself."""

    says = "this machine is {machine}"
    machine: str


class SizeClass(Known):
    """A class of model sizes: from `at_least_b` billion parameters up to below `below_b`."""

    says = "size class {level}: {at_least_b} to {below_b} billion parameters"
    level: int
    at_least_b: float
    below_b: float


class OpenRecipe(Known):
    """A family whose data and training recipe are published with the weights."""

    says = "{family} publishes data and recipe too"
    family: str


class FamilyClaim(Known):
    """What the course claims of a family's licence."""

    says = "the course says that {family} is under {licence}"
    denies = ("the course claims no licence for {family}",)
    family: str
    licence: str


class LicenceRuling(Known):
    """What the user's policy says of a licence: denied, not-listed or needs-approval."""

    says = "the policy on {licence}: {ruling}"
    licence: str
    ruling: str


class PublisherRuling(Known):
    """What the user's policy says of the publisher of a variant: denied or not-listed."""

    says = "the policy on {publisher}, who publishes {model}: {ruling}"
    model: str
    publisher: str
    ruling: str


class ClaimCovers(Known):
    """A licence that a claimed licence tag stands for."""

    says = "{claimed} stands for {licence}"
    denies = ("{claimed} does not stand for {licence}",)
    claimed: str
    licence: str


class PermissiveClaim(Known):
    """A claimed licence tag that the chapter counts as free: Apache 2.0 or MIT."""

    says = "{licence} counts as free"
    denies = ("{licence} does not count as free",)
    licence: str


class BenchmarkWarning(Known):
    """One of the chapter's warnings about benchmarks."""

    says = "the course warns of {warning}"
    warning: str


class ReasoningCost(Known):
    """How many times more tokens a visible chain of thought takes, at least and at most."""

    says = "thinking takes {at_least} to {at_most} times the tokens"
    at_least: int
    at_most: int


class ShelfLife(Known):
    """How many months a kind of fact stays fresh."""

    says = "{kind} stays fresh for {months} months"
    kind: str
    months: int


class ReadOn(Known):
    """When the text of a licence was read."""

    says = "{licence} was read on {date}"
    licence: str
    date: str


class ThresholdKind(Known):
    """In which use some thresholds count: any use, commercial use, a model service."""

    says = "some thresholds count in {counts_in}"
    counts_in: str


class Today(WorkingFact):
    """The day on which the question is asked (YYYY-MM-DD)."""

    says = "the day is {date}"
    date: str


# The course's tree


class Question(Known):
    """A node of the tree that asks for an axis."""

    says = "the node {node} asks for {axis}"
    node: str
    axis: str


class Branch(Known):
    """An edge of the tree that a reply takes."""

    says = "at {node}, {value} leads to {target}"
    node: str
    axis: str
    value: str
    target: str


class Link(Known):
    """An edge of the tree that asks nothing."""

    says = "{node} leads to {target}"
    node: str
    target: str


class LeafEntry(Known):
    """A variant that a leaf of the tree names, by the place of its line on the leaf."""

    says = "the leaf {node} names {model}"
    node: str
    model: str
    line: int


class Beside(Known):
    """A variant that the chapter lists beside the tree, for a modality without an edge."""

    says = "beside the tree the chapter lists {model} for {modality}"
    modality: str
    model: str
    line: int


class MachineClass(Known):
    """A class of machine: the least memory of it, and the figure the chapter prints, in GB."""

    says = "class {machine}: {memory} of at least {at_least_gb} GB"
    machine: str
    memory: str
    at_least_gb: float
    stated_gb: float


class Above(Known):
    """The order of the machine classes."""

    says = "class {higher} stands above {machine}"
    machine: str
    higher: str


# What rules conclude


class Derived(WorkingFact):
    """A conclusion; its justification is the firing that drew it."""


class Asked(Derived):
    """One constraint on the models, with where it comes from: stated, implied or default."""

    says = "you asked for {axis} = {value}"
    denies = ("you ask for no {axis} = {value}", "you ask for nothing on {axis}")
    axis: str
    value: str | int | float | bool
    origin: str


class Outstripped(Derived):
    """A class of machine that a stated memory goes beyond."""

    says = "the machine goes beyond class {machine}"
    denies = ("no memory goes beyond class {machine}",)
    machine: str


class Counts(Derived):
    """Thresholds of a kind count for the use that was stated, or left open."""

    says = "thresholds for {counts_in} count"
    counts_in: str


class Smallest(Derived):
    """The last step of the ladder from the quantisation asked for."""

    says = "{quantisation} is the smallest quantisation considered"
    quantisation: str


class Excluded(Derived):
    """The variant cannot serve the need. Each firing is a sufficient cause."""

    says = "{model} is excluded"
    denies = ("no rule excludes {model}",)
    model: str


class Undecided(Derived):
    """Whether the variant can serve the need hangs on a fact that is not known."""

    says = "{model} is undecided: {waiting_for} is not known"
    denies = ("nothing leaves {model} undecided",)
    model: str
    waiting_for: str


class Depends(Derived):
    """The verdict would hang on an axis that the user has not stated."""

    says = "{model} depends on {axis}"
    model: str
    axis: str


class Contradicted(Derived):
    """A declared licence that is not, or lighter than, one that is known to bind the variant."""

    says = "{model} is declared {declared} against {licence}"
    model: str
    declared: str
    licence: str


class OutOfScope(Derived):
    """The need is none that a language model serves."""

    says = "{modality} is out of the scope of language models"
    modality: str


class Requires(Derived):
    """The memory that a variant needs in one quantisation, 1e9 bytes."""

    says = "{model} at {quantisation} needs {total_gb} GB"
    denies = ("what {model} needs at {quantisation} is not known",)
    model: str
    quantisation: str
    total_gb: float
    weights_gb: float
    cache_gb: float
    overhead_gb: float


class Usable(Derived):
    """How much of a stated memory a model may fill, 1e9 bytes."""

    says = "{gigabytes} GB of {memory} are usable"
    memory: str
    gigabytes: float


class Weights(Derived):
    """The size of a variant's weights in one quantisation, 1e9 bytes."""

    says = "the weights of {model} at {quantisation} take {gigabytes} GB"
    model: str
    quantisation: str
    gigabytes: float


class Outgrown(Derived):
    """A stated memory of which less is usable than of another one."""

    says = "{memory} is not the roomiest memory"
    denies = ("no roomier memory than {memory} is stated",)
    memory: str


class Fits(Derived):
    """A quantisation of the variant fits into a stated memory."""

    says = "{model} at {quantisation} fits into {memory}"
    denies = (
        "{model} does not fit into {memory} at {quantisation}",
        "{model} does not fit into {memory}",
        "{model} fits nowhere",
    )
    model: str
    quantisation: str
    memory: str


class TooLarge(Derived):
    """A quantisation of the variant does not fit into a stated memory."""

    says = "{model} at {quantisation} is too large for {memory}"
    model: str
    quantisation: str
    memory: str


class Runs(Derived):
    """The quantisation and memory chosen for the variant."""

    says = "{model} runs at {quantisation} in {memory}"
    model: str
    quantisation: str
    memory: str


class Reduced(Derived):
    """A variant that runs below the quantisation asked for."""

    says = "{model} runs at {quantisation}, below {asked}"
    denies = ("{model} need not be quantised further",)
    model: str
    asked: str
    quantisation: str


class Obliged(Derived):
    """A duty that the stated use makes due, or would make due on a trigger not yet stated."""

    says = "{model}: {duty} of {licence} on {trigger}"
    model: str
    licence: str
    duty: str
    trigger: str
    section: str


class Kept(Derived):
    """No rule excluded the variant, and nothing about it is open."""

    says = "{model} is kept"
    model: str


class Merit(Derived):
    """How a kept variant does on one criterion of preference; more is better, 0 is the rest."""

    says = "{model}: {criterion} {level}"
    model: str
    criterion: str
    level: int


class Examined(WorkingFact):
    """A variant whose duties, conditions and caveats are wanted."""

    says = "{model} is looked at closely"
    model: str


class Caveat(Derived):
    """Something to mind about a shortlisted variant, or ('') about the whole answer."""

    says = "mind: {topic}"
    model: str
    topic: str


class At(Derived):
    """A node of the tree that the path passes."""

    says = "the path passes {node}"
    node: str


class Reply(Derived):
    """The reply to an axis that the tree asks for."""

    says = "the reply to {axis} is {value}"
    denies = ("no reply on {axis} is known",)
    axis: str
    value: str


class Meets(Derived):
    """The machine meets the least memory of a class."""

    says = "the machine meets class {machine}"
    machine: str


class Surpassed(Derived):
    """A class of machine above which another one is met."""

    says = "class {machine} is surpassed"
    denies = ("no class above {machine} is met",)
    machine: str


class Ahead(Derived):
    """A node that the path may still reach, since a reply is missing."""

    says = "{node} is still ahead"
    node: str


class Named(Derived):
    """A variant that a leaf, reached or still ahead, names; or a question, for a list beside it."""

    says = "the tree names {model} at {node}"
    denies = ("no leaf names {model}",)
    node: str
    model: str
    line: int
