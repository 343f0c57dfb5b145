"""The JSON that others rely on, as types that the renderers fill and `whyllm schema` prints."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict  # pydantic asks for it below Python 3.12
from whyllm.engine.render.explanation_shapes import StandingJson


class CauseJson(TypedDict):
    """One firing for or against a model."""

    rule: str
    stage: str
    text: str
    sources: list[str]


class PremiseJson(TypedDict):
    """A fact that a firing rests on; `source` is null for a derived fact."""

    fact: dict[str, Any]
    text: str
    source: str | None


class FullCauseJson(CauseJson):
    """A cause with what it rests on."""

    premises: list[PremiseJson]
    absences: list[str]


class ReasonJson(TypedDict):
    """A reason for a place on the shortlist."""

    rule: str
    text: str


class DutyJson(TypedDict):
    """What a licence asks in return."""

    id: str
    text: str
    licence: str
    section: str
    trigger: str


class CandidateJson(TypedDict):
    """One model of the shortlist; memory in 1e9 bytes, null where the size is not known."""

    model: str
    name: str
    family: str
    quantisation: str
    memory_gb: float | None
    licences: list[str]
    pull: str | None
    because: list[ReasonJson]
    duties: list[DutyJson]
    depends_on: list[ReasonJson]
    caveats: list[ReasonJson]


class ExcludedJson(TypedDict):
    """An excluded model with every cause."""

    model: str
    causes: list[CauseJson]


class UndecidedJson(TypedDict):
    """A model that an unknown fact leaves open."""

    model: str
    waiting_for: list[str]
    causes: list[CauseJson]


class InsteadJson(TypedDict):
    """What to use for a need that no language model serves."""

    label: str
    why: str
    examples: list[str]
    libraries: list[str]


class KnowledgeJson(TypedDict):
    """Which knowledge answered."""

    version: str
    digest: str


class ConsultationJson(TypedDict):
    """`whyllm.consultation/1`: the answer to a need."""

    schema: str
    rulebook: str
    on: str
    need: dict[str, Any]
    assumed: dict[str, Any]
    outcome: str
    path: list[str]
    leaf: list[str]
    shortlist: list[CandidateJson]
    kept: list[str]
    excluded: list[ExcludedJson]
    undecided: list[UndecidedJson]
    caveats: list[ReasonJson]
    instead: InsteadJson | None
    kb: KnowledgeJson


class FixJson(TypedDict):
    """A smallest change of the need; null states an axis no longer."""

    set: dict[str, Any]
    text: str


class ExplanationJson(StandingJson):
    """`whyllm.explanation/1`: why one model has its verdict."""

    schema: str
    rulebook: str
    on: str
    need: dict[str, Any]
    model: str
    name: str
    verdict: str
    causes: list[FullCauseJson]
    fixes: list[FixJson]
    instead: list[str]
    duties: list[DutyJson]
    depends_on: list[ReasonJson]
    caveats: list[ReasonJson]
    proof: list[dict[str, Any]]
    kb: KnowledgeJson


class RuleJson(TypedDict):
    """`whyllm.rule/1`: a rule's card."""

    schema: str
    id: str
    title: str
    stage: str
    rulebook: str
    because: str
    condition: list[str]
    concludes: list[str]
    text: str
    example: str
    does_not_say: str


class RulesJson(TypedDict):
    """`whyllm.rules/1`: a rulebook."""

    schema: str
    rulebook: str
    rules: list[RuleJson]


class ClaimJson(TypedDict):
    """One field of an entry, with where it was read and how well it is known."""

    field: str
    value: Any
    source: str
    confidence: str
    note: str | None


class OverlaidJson(TypedDict):
    """A field that a folder of `--kb` or WHYLLM_KB said; its evidence is `given` or `missing`."""

    field: str
    folder: str
    evidence: str


class ModelJson(TypedDict):
    """`whyllm.model/1`: a variant, each field with its claim."""

    schema: str
    id: str
    name: str
    family: str
    publisher: str
    kind: str
    weights: str
    released: str | None
    params_b: float | None
    active_params_b: float | None
    architecture: str
    attention: dict[str, Any] | None
    context: int | None
    modalities: list[str]
    tuning: str
    tool_calling: str
    languages: list[str] | None
    cutoff: str | None
    licences: list[str]
    inherited_licences: dict[str, str]
    code_licence: str | None
    hf_repo: str | None
    base_repo: str | None
    ollama: str | None
    aliases: list[str]
    file_gb: dict[str, float]
    base: str | None
    successor: str | None
    claims: list[ClaimJson]
    course_claims: list[ClaimJson]
    disputes: list[ClaimJson]
    notes: list[str]
    repackaging: str | None
    overlaid: list[OverlaidJson]


class EntryJson(TypedDict):
    """`whyllm.licence/1`, `whyllm.publisher/1`, `whyllm.family/1`: an entry as its file has it."""

    schema: str
    id: str
    name: str
    entry: dict[str, Any]
    claims: list[ClaimJson]
    overlaid: list[OverlaidJson]


class CheckJson(TypedDict):
    """`whyllm.check/1`: counts of entries, and of facts by confidence; a share is of 1."""

    schema: str
    version: str
    digest: str
    counts: dict[str, int]
    facts: int
    confidence: dict[str, int]
    from_memory_share: float


class RememberedJson(TypedDict):
    """A remembered consultation: `back` as `why --back` counts, `asked` in UTC."""

    back: int
    asked: str
    command: str
    need: dict[str, Any]
    rulebook: str
    on: str | None
    kb_folders: list[str]


class HistoryJson(TypedDict):
    """`whyllm.history/1`: the remembered consultations, the newest first."""

    schema: str
    questions: list[RememberedJson]
