"""What follows from what the user states, and what is taken where nothing is stated?

Two stages in one module: what a statement means by itself, then what only all of them together
tell of the machine.
"""

from __future__ import annotations

from collections.abc import Iterator

from whyllm.engine.experta_shim import MATCH, NOT, TEST, L
from whyllm.engine.facts import (
    Asked,
    Default,
    MachineClass,
    Outstripped,
    Stated,
    WorkingFact,
)
from whyllm.engine.rulebook import Stage

statements = Stage("need", "NEED", "What do your statements ask for?")
machine = Stage("need-machine", "NEED", "What do they tell of your machine?")

stages = (statements, machine)

STATED = "stated"
IMPLIED = "implied"
DEFAULT = "default"


def primary_subtag(tag: str) -> str:
    """The language of a BCP 47 tag without region and script: fr-CA -> fr."""
    return tag.split("-")[0].lower()


@statements.rule(
    "NEED-010",
    "What is stated is asked for",
    when=[Stated(axis=MATCH.axis & ~L("language"), value=MATCH.value)],
    because="You asked for {axis} = {value}.",
    concludes=[Asked],
)
def stated(axis: str, value: str | int | float | bool) -> Iterator[WorkingFact]:
    """Each statement is a constraint of its own, so that a cause names those it rests on.

    ## Example
    Commercial use and 24 GB of GPU memory are two constraints.

    ## Does not say
    Anything of an axis that is not stated: it constrains nothing.
    """
    yield Asked(axis=axis, value=value, origin=STATED)


@statements.rule(
    "NEED-020",
    "A language is asked for without its region",
    when=[Stated(axis="language", value=MATCH.tag)],
    because="You asked for the language {tag}.",
    concludes=[Asked],
)
def stated_language(tag: str) -> Iterator[WorkingFact]:
    """Publishers list languages, seldom their regional forms.

    ## Example
    The French of Québec, fr-CA, is asked for as French.

    ## Does not say
    That a model knows the words of the region.
    """
    yield Asked(axis="language", value=primary_subtag(tag), origin=STATED)


@statements.rule(
    "NEED-030",
    "A kind of text work implies text",
    when=[Stated(axis="task", value=MATCH.task), NOT(Stated(axis="modality"))],
    because="Work such as {task} is done on text.",
    concludes=[Asked],
)
def task_implies_text(task: str) -> Iterator[WorkingFact]:
    """The course's tree asks for the task below text only.

    ## Example
    Reasoning is asked for, so models that only transcribe speech fall.

    ## Does not say
    That a model for images cannot reason: state the modality to ask for both.
    """
    yield Asked(axis="modality", value="text", origin=IMPLIED)


@statements.rule(
    "NEED-040",
    "A language alone implies multilingual text",
    when=[
        Stated(axis="language", value=MATCH.tag),
        NOT(Stated(axis="task")),
        NOT(Stated(axis="modality")),
    ],
    because="A language is named and nothing else of the work, so it is multilingual text.",
    concludes=[Asked],
)
def language_implies_text(tag: str) -> Iterator[WorkingFact]:
    """Who names a language wants to read and write it.

    ## Example
    French, and no word of the task: the tree's multilingual branch is taken.

    ## Does not say
    That speech in that language is meant; state the modality for that.
    """
    yield Asked(axis="modality", value="text", origin=IMPLIED)
    yield Asked(axis="task", value="multilingual", origin=IMPLIED)


@statements.rule(
    "NEED-050",
    "A language for text implies multilingual work",
    when=[
        Stated(axis="language", value=MATCH.tag),
        Stated(axis="modality", value="text"),
        NOT(Stated(axis="task")),
    ],
    because="Text in a named language is multilingual work.",
    concludes=[Asked],
)
def language_implies_multilingual(tag: str) -> Iterator[WorkingFact]:
    """The tree's branch for other languages than English is taken where no task is stated.

    ## Example
    Text in German, with no task named.

    ## Does not say
    That another task would be wrong: state it, and the language stays a constraint.
    """
    yield Asked(axis="task", value="multilingual", origin=IMPLIED)


@statements.rule(
    "NEED-060",
    "Multilingual work means French unless a language is named",
    when=[Stated(axis="task", value="multilingual"), NOT(Stated(axis="language"))],
    because="No language is named; the course's own is French.",
    concludes=[Asked],
)
def french_by_default() -> Iterator[WorkingFact]:
    """The course asks "French important?" at this branch.

    ## Example
    Multilingual work without a language keeps the models that master French.

    ## Does not say
    That French is all you need: name your languages.
    """
    yield Asked(axis="language", value="fr", origin=DEFAULT)


@statements.rule(
    "NEED-070",
    "Where nothing is stated, a default is taken",
    when=[Default(axis=MATCH.axis, value=MATCH.value), NOT(Stated(axis=MATCH.axis))],
    because="No {axis} is stated, so {value} is taken.",
    concludes=[Asked],
)
def default_taken(axis: str, value: str | int) -> Iterator[WorkingFact]:
    """Memory cannot be reckoned without a context and a quantisation.

    ## Example
    A context of 4,096 tokens, as a chat needs it.

    ## Does not say
    That a default excludes a model with a shorter context: only a stated one does.
    """
    yield Asked(axis=axis, value=value, origin=DEFAULT)


@statements.rule(
    "NEED-080",
    "A memory above the smallest class's figure outstrips that class",
    when=[
        Stated(axis=MATCH.memory & (L("ram") | L("vram") | L("unified")), value=MATCH.stated),
        MachineClass(machine=MATCH.machine, at_least_gb=0.0, stated_gb=MATCH.figure),
        TEST(lambda stated, figure: stated > figure),
    ],
    because="{stated} GB of {memory} are more than the {figure} GB of class {machine}.",
    concludes=[Outstripped],
)
def outstrips_smallest_class(
    memory: str, stated: float, machine: str, figure: float
) -> Iterator[WorkingFact]:
    """One roomy memory is enough: the machine is then no modest one.

    ## Example
    A GPU of 24 GB in a computer with 8 GB of main memory.

    ## Does not say
    Which class the machine belongs to.
    """
    yield Outstripped(machine=machine)


@machine.rule(
    "NEED-090",
    "A machine whose memories all stay within the smallest class is of that class",
    when=[
        Stated(axis=MATCH.memory & (L("ram") | L("vram") | L("unified")), value=MATCH.stated),
        MachineClass(machine=MATCH.machine, at_least_gb=0.0),
        NOT(Outstripped(machine=MATCH.machine)),
    ],
    because="{stated} GB of {memory}, and no memory above it: a machine of class {machine}.",
    concludes=[Asked],
)
def smallest_machine(memory: str, stated: float, machine: str) -> Iterator[WorkingFact]:
    """Who leads on small machines is a dimension of its own.

    ## Example
    A laptop with 8 GB of main memory.

    ## Does not say
    That only small models fit: that is reckoned.
    """
    yield Asked(axis="machine", value=machine, origin=IMPLIED)
