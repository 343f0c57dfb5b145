"""Was the model made for the task, the languages, the context and the date?"""

from __future__ import annotations

from collections.abc import Iterator

from whyllm.engine.experta_shim import MATCH, NOT, TEST, L
from whyllm.engine.facts import (
    Asked,
    ContextLength,
    Cutoff,
    Excluded,
    Model,
    Speaks,
    ToolCalling,
    Tuned,
    Undecided,
    Unverified,
    WorkingFact,
)
from whyllm.engine.rulebook import Stage

stage = Stage("task", "TASK", "Was it made for the task, the languages, the context and the date?")


def too_early(cutoff: str, wanted: str) -> bool:
    """Whether a cutoff surely lies before a wanted date, at the coarser precision of the two."""
    length = min(len(cutoff), len(wanted))
    return cutoff[:length] < wanted[:length]


def too_coarse(cutoff: str, wanted: str) -> bool:
    """Whether a cutoff is told too roughly to say if it reaches a wanted date: 2024 and 2024-12."""
    return len(cutoff) < len(wanted) and wanted.startswith(cutoff)


@stage.rule(
    "TASK-010",
    "Reasoning needs a model that thinks before it answers",
    when=[
        Asked(axis="task", value="reasoning"),
        Tuned(model=MATCH.model, tuning=MATCH.tuning & ~L("thinking") & ~L("hybrid")),
    ],
    because="Reasoning needs a thinking model; {model} is {tuning}.",
    concludes=[Excluded],
)
def not_a_thinking_model(model: str, tuning: str) -> Iterator[WorkingFact]:
    """Models that write out a chain of thought solve mathematics and logic much better.

    ## Example
    DeepSeek-R1 and its distillations stay; Llama 3.1 8B Instruct answers at once and falls.

    ## Does not say
    That other models cannot reason at all. The course's branch names thinking models only.
    """
    yield Excluded(model=model)


@stage.rule(
    "TASK-020",
    "A task needs a model tuned to follow instructions",
    when=[
        Asked(axis="task", value=MATCH.task & ~L("reasoning")),
        Tuned(model=MATCH.model, tuning=MATCH.tuning & (L("base") | L("task"))),
    ],
    because="For {task} a model must follow instructions; {model} is {tuning}.",
    concludes=[Excluded],
)
def not_instruction_tuned(task: str, model: str, tuning: str) -> Iterator[WorkingFact]:
    """A base model continues text; it takes fine-tuning before it answers a request.

    ## Example
    Grok-1 was published as a base model, so it is out for conversation.

    ## Does not say
    That base models are useless: they are where fine-tuning starts.
    """
    yield Excluded(model=model)


@stage.rule(
    "TASK-030",
    "An agent needs native tool calling",
    when=[
        Asked(axis="task", value="tools"),
        ToolCalling(model=MATCH.model, value="none"),
    ],
    because="An agent needs tool calls that are trained in; {model} has none.",
    concludes=[Excluded],
)
def agent_without_tool_calling(model: str) -> Iterator[WorkingFact]:
    """Structured tool calls are fine-tuned into a model. Without them a parser must guess.

    ## Example
    Gemma 2 and Phi-3 need a fallback parser; Llama 3.1 and Qwen2.5 do not.

    ## Does not say
    How reliable the calls are: small models often misform them.
    """
    yield Excluded(model=model)


@stage.rule(
    "TASK-040",
    "Unverified tool calling leaves the model undecided for an agent",
    when=[
        Asked(axis="task", value="tools"),
        Unverified(model=MATCH.model, field="tool_calling"),
    ],
    because="Whether {model} has native tool calling was not verified.",
    concludes=[Undecided],
)
def agent_tool_calling_unknown(model: str) -> Iterator[WorkingFact]:
    """Unknown is neither allowed nor excluded in silence.

    ## Example
    A model whose template was not seen and whose library page carries no tag stays open.

    ## Does not say
    That it cannot call tools: a look at its chat template would settle it.
    """
    yield Undecided(model=model, waiting_for="tool_calling")


@stage.rule(
    "TASK-050",
    "Required tool calling rules out models without it",
    when=[
        Asked(axis="tools", value=True),
        ToolCalling(model=MATCH.model, value="none"),
    ],
    because="You require native tool calling; {model} has none.",
    concludes=[Excluded],
)
def tools_required(model: str) -> Iterator[WorkingFact]:
    """The requirement can be stated for any modality, not only for the agent's branch.

    ## Example
    A model that reads images and must also call tools: Gemma 3 falls, Mistral Small 3.2 stays.

    ## Does not say
    Anything of the format of the calls, which differs between families.
    """
    yield Excluded(model=model)


@stage.rule(
    "TASK-060",
    "Unverified tool calling leaves the model undecided where it is required",
    when=[
        Asked(axis="tools", value=True),
        Unverified(model=MATCH.model, field="tool_calling"),
    ],
    because="You require native tool calling; that of {model} was not verified.",
    concludes=[Undecided],
)
def required_tools_unknown(model: str) -> Iterator[WorkingFact]:
    """As for the agent's branch: what was not verified decides nothing.

    ## Example
    A distillation whose base calls tools may or may not have kept the skill.

    ## Does not say
    That the requirement is unmet.
    """
    yield Undecided(model=model, waiting_for="tool_calling")


@stage.rule(
    "TASK-070",
    "A language that the model is not said to master rules it out",
    when=[
        Asked(axis="language", value=MATCH.language),
        Model(model=MATCH.model),
        NOT(Unverified(model=MATCH.model, field="languages")),
        NOT(Speaks(model=MATCH.model, language=MATCH.language)),
    ],
    because="You need the language {language}, which is not among those published for {model}.",
    concludes=[Excluded],
)
def language_not_mastered(language: str, model: str) -> Iterator[WorkingFact]:
    """Publishers list the languages that they trained and tested for.

    ## Example
    OLMo 2 is made for English, so it is out when French is needed.

    ## Does not say
    That the model knows no word of it. Quality outside the list is nobody's promise.
    """
    yield Excluded(model=model)


@stage.rule(
    "TASK-080",
    "Unverified languages leave the model undecided",
    when=[
        Asked(axis="language", value=MATCH.language),
        Unverified(model=MATCH.model, field="languages"),
    ],
    because="Which languages {model} masters was not verified, so the language {language} is open.",
    concludes=[Undecided],
)
def languages_unknown(language: str, model: str) -> Iterator[WorkingFact]:
    """A list of languages that nobody has read decides nothing.

    ## Example
    An old variant whose card lists no language stays open when German is needed.

    ## Does not say
    That it lacks the language; a test on your own text tells quickly.
    """
    yield Undecided(model=model, waiting_for="languages")


@stage.rule(
    "TASK-090",
    "A context shorter than required rules the model out",
    when=[
        Asked(axis="min_context", value=MATCH.wanted),
        ContextLength(model=MATCH.model, tokens=MATCH.tokens),
        TEST(lambda wanted, tokens: tokens < wanted),
    ],
    because="You require {wanted} tokens of context; {model} accepts {tokens}.",
    concludes=[Excluded],
)
def context_too_short(wanted: int, model: str, tokens: int) -> Iterator[WorkingFact]:
    """What lies outside the context window is not seen.

    ## Example
    Gemma 2 accepts 8,192 tokens, so a need of 32,768 rules it out.

    ## Does not say
    How well the model uses a long context, nor what memory it takes there.
    """
    yield Excluded(model=model)


@stage.rule(
    "TASK-100",
    "A planned context beyond the model's own rules it out",
    when=[
        Asked(axis="context", value=MATCH.wanted, origin="stated"),
        ContextLength(model=MATCH.model, tokens=MATCH.tokens),
        TEST(lambda wanted, tokens: tokens < wanted),
    ],
    because="You plan {wanted} tokens in memory; {model} accepts {tokens}.",
    concludes=[Excluded],
)
def planned_context_too_long(wanted: int, model: str, tokens: int) -> Iterator[WorkingFact]:
    """The context that memory is sized for must be one that the model can use.

    ## Example
    Sizing for 16,384 tokens rules out Llama 3 8B, which accepts 8,192.

    ## Does not say
    Anything when the context is left at its default.
    """
    yield Excluded(model=model)


@stage.rule(
    "TASK-110",
    "An unverified context leaves the model undecided",
    when=[
        Asked(axis=MATCH.axis & (L("min_context") | L("context")), value=MATCH.wanted,
              origin="stated"),
        Unverified(model=MATCH.model, field="context"),
    ],
    because="You ask for {wanted} tokens; the context of {model} was not verified.",
    concludes=[Undecided],
)  # fmt: skip
def context_unknown(axis: str, wanted: int, model: str) -> Iterator[WorkingFact]:
    """A context length known from memory only decides nothing.

    ## Example
    A variant whose configuration was not seen stays open when a long context is required.

    ## Does not say
    That the context is short.
    """
    yield Undecided(model=model, waiting_for="context")


@stage.rule(
    "TASK-120",
    "Training data that end too early rule the model out",
    when=[
        Asked(axis="knows_until", value=MATCH.wanted),
        Cutoff(model=MATCH.model, date=MATCH.date),
        TEST(lambda wanted, date: too_early(date, wanted)),
    ],
    because="You need knowledge until {wanted}; the training data of {model} reach {date}.",
    concludes=[Excluded],
)
def cutoff_too_early(wanted: str, model: str, date: str) -> Iterator[WorkingFact]:
    """A model knows nothing of what happened after its cutoff; retrieval must supply it.

    ## Example
    Llama 3.1 ends in December 2023, so a need for mid-2024 rules it out.

    ## Does not say
    That everything before the cutoff is known well.
    """
    yield Excluded(model=model)


@stage.rule(
    "TASK-130",
    "An unverified cutoff leaves the model undecided",
    when=[
        Asked(axis="knows_until", value=MATCH.wanted),
        Unverified(model=MATCH.model, field="cutoff"),
    ],
    because="You need knowledge until {wanted}; the cutoff of {model} was not verified.",
    concludes=[Undecided],
)
def cutoff_unknown(wanted: str, model: str) -> Iterator[WorkingFact]:
    """Most publishers do not say precisely until when their data reach.

    ## Example
    Mistral 7B has no published cutoff, so it stays open.

    ## Does not say
    That its knowledge is old.
    """
    yield Undecided(model=model, waiting_for="cutoff")


@stage.rule(
    "TASK-140",
    "An unverified tuning leaves the model undecided for a task",
    when=[
        Asked(axis="task", value=MATCH.task),
        Unverified(model=MATCH.model, field="tuning"),
    ],
    because="How {model} was tuned was not verified, so {task} is open.",
    concludes=[Undecided],
)
def tuning_unknown(task: str, model: str) -> Iterator[WorkingFact]:
    """Whether a model follows instructions or thinks first cannot be guessed from its name.

    ## Example
    A checkpoint whose card was not seen.

    ## Does not say
    That it is a base model.
    """
    yield Undecided(model=model, waiting_for="tuning")


@stage.rule(
    "TASK-150",
    "A cutoff told too roughly leaves the model undecided",
    when=[
        Asked(axis="knows_until", value=MATCH.wanted),
        Cutoff(model=MATCH.model, date=MATCH.date),
        TEST(lambda wanted, date: too_coarse(date, wanted)),
    ],
    because="You need knowledge until {wanted}; of {model} only {date} is known.",
    concludes=[Undecided],
)
def cutoff_too_coarse(wanted: str, model: str, date: str) -> Iterator[WorkingFact]:
    """A year does not tell whether its last month is reached.

    ## Example
    A cutoff given as 2024, and a need for December 2024.

    ## Does not say
    That the date is not reached.
    """
    yield Undecided(model=model, waiting_for="cutoff")
