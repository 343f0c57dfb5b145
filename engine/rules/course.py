"""The course's decision tree, walked to the letter with the course's own claims.

Several stages in one module, since the tree is one chapter: the machine's class, the replies,
the walk, what the leaf names, the licence branch, and the advice at the end.
"""

from __future__ import annotations

from collections.abc import Iterator

from whyllm.engine.experta_shim import MATCH, NOT, TEST, L
from whyllm.engine.facts import (
    Above,
    Ahead,
    Asked,
    At,
    Availability,
    Beside,
    Branch,
    Caveat,
    Examined,
    Excluded,
    FamilyClaim,
    LeafEntry,
    Link,
    MachineClass,
    Meets,
    Model,
    Named,
    OutOfScope,
    OutsideScope,
    PermissiveClaim,
    Question,
    Reply,
    Surpassed,
    WorkingFact,
)
from whyllm.engine.rulebook import Stage

machine = Stage("course-machine", "CRS", "Which classes of machine does the user's meet?")
replies = Stage("course-replies", "CRS", "What are the replies to the tree's questions?")
walk = Stage("course-walk", "CRS", "Which path do the replies take?")
leaves = Stage("course-leaves", "CRS", "What do the leaves name?")
licence = Stage("course-licence", "CRS", "What does the licence branch leave?")

advice = Stage("course-advice", "CRS", "What does the chapter advise in the end?")

stages = (machine, replies, walk, leaves, licence)

START = "Start"
FREE = "FreeLic"
WHOLE_ANSWER = ""


@machine.rule(
    "CRS-010",
    "A machine meets a class when it has the class's least memory",
    when=[
        Asked(axis=MATCH.memory, value=MATCH.stated),
        MachineClass(machine=MATCH.machine, memory=MATCH.memory, at_least_gb=MATCH.least),
        TEST(lambda stated, least: stated >= least),
    ],
    because="{stated} GB of {memory} meet class {machine}, which starts at {least} GB.",
    concludes=[Meets],
)
def meets_class(memory: str, stated: float, machine: str, least: float) -> Iterator[WorkingFact]:
    """The chapter names 8 GB, 16 GB and a GPU of 24 GB; between them the lower class holds.

    ## Example
    A laptop with 12 GB meets the small class and not the middle one.

    ## Does not say
    What exactly fits: the chapter counts classes, not gigabytes.
    """
    yield Meets(machine=machine)


@machine.rule(
    "CRS-020",
    "Unified memory counts as main memory",
    when=[
        Asked(axis="unified", value=MATCH.stated),
        MachineClass(machine=MATCH.machine, memory="ram", at_least_gb=MATCH.least),
        TEST(lambda stated, least: stated >= least),
    ],
    because="{stated} GB of unified memory, read as main memory, meet class {machine}.",
    concludes=[Meets],
)
def unified_counts_as_ram(stated: float, machine: str, least: float) -> Iterator[WorkingFact]:
    """The chapter asks for a dedicated GPU in its largest class; unified memory is not one.

    ## Example
    A computer with 64 GB of unified memory stays in the middle class.

    ## Does not say
    That it could not run more: the expert rulebook judges that.
    """
    yield Meets(machine=machine)


@machine.rule(
    "CRS-030",
    "A machine of which only the GPU is known meets the smallest class",
    when=[
        Asked(axis="vram", value=MATCH.stated),
        NOT(Asked(axis="ram")),
        NOT(Asked(axis="unified")),
        MachineClass(machine=MATCH.machine, memory="ram", at_least_gb=0.0),
    ],
    because="{stated} GB of GPU memory and no word of main memory: class {machine} is met.",
    concludes=[Meets],
)
def any_machine_is_small(stated: float, machine: str) -> Iterator[WorkingFact]:
    """The smallest class has no least memory, so every machine is at least small.

    ## Example
    A GPU of 12 GB is too small for the class with a GPU, and nothing is known of the rest.

    ## Does not say
    That such a machine is modest.
    """
    yield Meets(machine=machine)


@machine.rule(
    "CRS-040",
    "A class is surpassed when a higher one is met",
    when=[
        Meets(machine=MATCH.machine),
        Above(machine=MATCH.machine, higher=MATCH.higher),
        Meets(machine=MATCH.higher),
    ],
    because="Class {higher} is met too, and stands above {machine}.",
    concludes=[Surpassed],
)
def surpassed_class(machine: str, higher: str) -> Iterator[WorkingFact]:
    """The tree asks for one class, so the highest counts.

    ## Example
    A computer with 32 GB and a GPU of 24 GB belongs to the class with a GPU.

    ## Does not say
    That small models run worse there.
    """
    yield Surpassed(machine=machine)


@replies.rule(
    "CRS-050",
    "A stated axis is the reply to the question that asks for it",
    when=[
        Question(node=MATCH.node, axis=MATCH.axis & ~L("machine")),
        Asked(axis=MATCH.axis, value=MATCH.value),
    ],
    because="At {node} the reply is {value}.",
    concludes=[Reply],
)
def stated_reply(node: str, axis: str, value: str) -> Iterator[WorkingFact]:
    """Modality, task and use are asked as the user states them.

    ## Example
    Modality text answers the tree's first question.

    ## Does not say
    Anything of the machine, whose class is worked out.
    """
    yield Reply(axis=axis, value=value)


@replies.rule(
    "CRS-060",
    "The highest class that the machine meets is the reply on the machine",
    when=[Meets(machine=MATCH.machine), NOT(Surpassed(machine=MATCH.machine))],
    because="The machine meets class {machine} and none above it.",
    concludes=[Reply],
)
def machine_reply(machine: str) -> Iterator[WorkingFact]:
    """One class answers the tree's question on the machine.

    ## Example
    16 GB of main memory answer with the middle class.

    ## Does not say
    Anything while no memory is stated: the question then stays open.
    """
    yield Reply(axis="machine", value=machine)


@replies.rule(
    "CRS-070",
    "Memory between two classes is a gap that the chapter leaves open",
    when=[
        Meets(machine=MATCH.machine),
        NOT(Surpassed(machine=MATCH.machine)),
        MachineClass(machine=MATCH.machine, memory="ram", stated_gb=MATCH.figure),
        Asked(axis=MATCH.memory & (L("ram") | L("unified")), value=MATCH.stated),
        TEST(lambda figure, stated: stated > figure),
    ],
    because="The chapter says nothing of {stated} GB; its class {machine}, for {figure} GB, is "
    "taken.",
    concludes=[Caveat],
)
def gap_between_classes(
    machine: str, figure: float, memory: str, stated: float
) -> Iterator[WorkingFact]:
    """The chapter's classes are 8 GB or less, 16 GB, and a GPU of 24 GB or more.

    ## Example
    12 GB lie between the first two; the first is taken.

    ## Does not say
    That a larger model would not run.
    """
    yield Caveat(model=WHOLE_ANSWER, topic="machine-gap")


@replies.rule(
    "CRS-080",
    "The chapter knows two replies on commercial use",
    when=[Asked(axis="use", value=MATCH.use & ~L("unrestricted") & ~L("internal"))],
    because="The chapter asks for commercial use with two replies only; {use} is read as the "
    "nearer one.",
    concludes=[Caveat],
)
def two_replies_on_use(use: str) -> Iterator[WorkingFact]:
    """Yes, unrestricted; or no, internal only. Everything else must be read as one of them.

    ## Example
    Commercial use with conditions is read as yes; research and personal use as no.

    ## Does not say
    That the licences agree: the expert rulebook reads their clauses.
    """
    yield Caveat(model=WHOLE_ANSWER, topic="two-replies")


@walk.rule(
    "CRS-100",
    "The path begins at the start",
    when=[Link(node=START, target=MATCH.target)],
    because="The path begins, and comes to {target}.",
    concludes=[At],
)
def begin(target: str) -> Iterator[WorkingFact]:
    """Start at the top, says the chapter, and follow your constraints.

    ## Example
    The first question is always the modality.

    ## Does not say
    That the order is the only one possible; it is the chapter's.
    """
    yield At(node=START)
    yield At(node=target)


@walk.rule(
    "CRS-110",
    "A reply takes its edge",
    when=[
        At(node=MATCH.node),
        Question(node=MATCH.node, axis=MATCH.axis),
        Reply(axis=MATCH.axis, value=MATCH.value),
        Branch(node=MATCH.node, axis=MATCH.axis, value=MATCH.value, target=MATCH.target),
    ],
    because="At {node} the reply {value} leads to {target}.",
    concludes=[At],
)
def take_edge(node: str, axis: str, value: str, target: str) -> Iterator[WorkingFact]:
    """Each question has an edge for each reply it knows.

    ## Example
    At the task, reasoning leads to the thinking models.

    ## Does not say
    What happens to a reply without an edge.
    """
    yield At(node=target)


@walk.rule(
    "CRS-120",
    "A node that asks nothing leads on",
    when=[At(node=MATCH.node), Link(node=MATCH.node, target=MATCH.target)],
    because="{node} leads on to {target}.",
    concludes=[At],
)
def lead_on(node: str, target: str) -> Iterator[WorkingFact]:
    """Most leaves lead to the question on commercial use; speech recognition does not.

    ## Example
    The leaf of code models leads to the licence question.

    ## Does not say
    That the leaf's models pass it.
    """
    yield At(node=target)


@walk.rule(
    "CRS-130",
    "A question without a reply leaves its edges ahead",
    when=[
        At(node=MATCH.node),
        Question(node=MATCH.node, axis=MATCH.axis),
        NOT(Reply(axis=MATCH.axis)),
        Branch(node=MATCH.node, target=MATCH.target),
    ],
    because="{axis} is not stated: from {node}, {target} is still ahead.",
    concludes=[Ahead],
)
def leave_ahead(node: str, axis: str, target: str) -> Iterator[WorkingFact]:
    """What is not stated constrains nothing: every edge of the question stays possible.

    ## Example
    Text is stated and no task: all four task branches are still ahead.

    ## Does not say
    Which of them fits best.
    """
    yield Ahead(node=target)


@walk.rule(
    "CRS-140",
    "Ahead, an unanswered question keeps all its edges",
    when=[
        Ahead(node=MATCH.node),
        Question(node=MATCH.node, axis=MATCH.axis),
        NOT(Reply(axis=MATCH.axis)),
        Branch(node=MATCH.node, target=MATCH.target),
    ],
    because="{target} lies behind {node}, which is still ahead.",
    concludes=[Ahead],
)
def further_ahead(node: str, axis: str, target: str) -> Iterator[WorkingFact]:
    """The open part of the tree is followed to its leaves.

    ## Example
    With nothing stated, every leaf is ahead.

    ## Does not say
    That all of them will be reached.
    """
    yield Ahead(node=target)


@walk.rule(
    "CRS-150",
    "Ahead, a known reply takes its edge",
    when=[
        Ahead(node=MATCH.node),
        Question(node=MATCH.node, axis=MATCH.axis),
        Reply(axis=MATCH.axis, value=MATCH.value),
        Branch(node=MATCH.node, axis=MATCH.axis, value=MATCH.value, target=MATCH.target),
    ],
    because="Once at {node}, the reply {value} will lead to {target}.",
    concludes=[Ahead],
)
def reply_ahead(node: str, axis: str, value: str, target: str) -> Iterator[WorkingFact]:
    """A reply given early counts when its question comes.

    ## Example
    A laptop of 8 GB and no task: of the machine's three leaves only the small one is ahead.

    ## Does not say
    That its question will come.
    """
    yield Ahead(node=target)


@walk.rule(
    "CRS-160",
    "A need that the tree sends to other kinds of model is out of scope",
    when=[
        Reply(axis="modality", value=MATCH.modality),
        OutsideScope(modality=MATCH.modality, kind=MATCH.kind),
    ],
    because="{modality} takes a {kind}, which the chapter puts out of the scope of language "
    "models.",
    concludes=[OutOfScope],
)
def out_of_the_tree(modality: str, kind: str) -> Iterator[WorkingFact]:
    """The chapter draws the line twice: in the flowchart for images, in its text for speech.

    ## Example
    Image generation ends at the diffusion models.

    ## Does not say
    That they are hard to use.
    """
    yield OutOfScope(modality=modality)


@leaves.rule(
    "CRS-200",
    "The leaf reached names its models",
    when=[
        At(node=MATCH.node),
        LeafEntry(node=MATCH.node, model=MATCH.model, line=MATCH.line),
    ],
    because="The leaf {node} names {model}.",
    concludes=[Named],
)
def named_by_leaf(node: str, model: str, line: int) -> Iterator[WorkingFact]:
    """A line of a leaf stands for the exact variants that bear its name.

    ## Example
    "Llama 3.2:3b" is one variant; "Codestral" is Codestral 22B.

    ## Does not say
    That other models would not do.
    """
    yield Named(node=node, model=model, line=line)


@leaves.rule(
    "CRS-210",
    "A leaf still ahead names its models too",
    when=[
        Ahead(node=MATCH.node),
        LeafEntry(node=MATCH.node, model=MATCH.model, line=MATCH.line),
    ],
    because="The leaf {node}, still ahead, names {model}.",
    concludes=[Named],
)
def named_ahead(node: str, model: str, line: int) -> Iterator[WorkingFact]:
    """While a question is open, the models of all its leaves stay.

    ## Example
    With text stated and no task, the thinking models stay beside the small ones.

    ## Does not say
    That they suit the task that will be stated.
    """
    yield Named(node=node, model=model, line=line)


@leaves.rule(
    "CRS-220",
    "What the chapter lists beside the tree counts where the tree has no edge",
    when=[
        Question(node=MATCH.node, axis="modality"),
        Reply(axis="modality", value=MATCH.modality),
        Beside(modality=MATCH.modality, model=MATCH.model, line=MATCH.line),
    ],
    because="The tree has no edge for {modality}; the chapter lists {model} beside it.",
    concludes=[Named],
)
def named_beside(node: str, modality: str, model: str, line: int) -> Iterator[WorkingFact]:
    """Embedding models stand in the chapter's text, not in its flowchart.

    ## Example
    nomic-embed-text, bge-m3 and mxbai-embed-large.

    ## Does not say
    Under which conditions they may be used; the path does not reach the licence question.
    """
    yield Named(node=node, model=model, line=line)


@licence.rule(
    "CRS-300",
    "A model that no leaf reached or ahead names is out",
    when=[Model(model=MATCH.model), NOT(Named(model=MATCH.model))],
    because="No leaf that the path reaches names {model}.",
    concludes=[Excluded],
)
def not_named(model: str) -> Iterator[WorkingFact]:
    """The tree ends in three or four candidates; it does so by naming few.

    ## Example
    IBM Granite is a serious outsider, and no leaf names it.

    ## Does not say
    That it would serve worse.
    """
    yield Excluded(model=model)


@licence.rule(
    "CRS-310",
    "The chapter's leaf of diffusion models holds no language models",
    when=[
        OutsideScope(kind=MATCH.kind),
        Model(model=MATCH.model, kind=MATCH.kind),
        Named(model=MATCH.model),
    ],
    because="{model} is a {kind}, which the chapter puts out of the scope of language models.",
    concludes=[Excluded],
)
def named_but_out_of_scope(kind: str, model: str) -> Iterator[WorkingFact]:
    """The flowchart names them to say that they are something else.

    ## Example
    Stable Diffusion and FLUX.

    ## Does not say
    That they are of no use.
    """
    yield Excluded(model=model)


@licence.rule(
    "CRS-320",
    "Unrestricted use keeps what the chapter counts as Apache 2.0 or MIT",
    when=[
        Reply(axis="use", value=MATCH.use),
        Branch(node=MATCH.question, axis="use", value=MATCH.use, target=FREE),
        Link(node=MATCH.leaf, target=MATCH.question),
        Named(node=MATCH.leaf, model=MATCH.model),
        Model(model=MATCH.model, family=MATCH.family),
        FamilyClaim(family=MATCH.family, licence=MATCH.claimed),
        NOT(PermissiveClaim(licence=MATCH.claimed)),
    ],
    because="The chapter puts {family} under {claimed}, which is neither Apache 2.0 nor MIT.",
    concludes=[Excluded],
)
def claimed_otherwise(
    use: str, question: str, leaf: str, model: str, family: str, claimed: str
) -> Iterator[WorkingFact]:
    """The chapter judges families by its own claims.

    ## Example
    Codestral has a commercial licence of its own, so it falls; DeepSeek-Coder counts as MIT.

    ## Does not say
    What the variant's own card says. Where it differs, the expert rulebook goes by the card.
    """
    yield Excluded(model=model)


@licence.rule(
    "CRS-330",
    "Without a claim of Apache 2.0 or MIT nothing is kept for unrestricted use",
    when=[
        Reply(axis="use", value=MATCH.use),
        Branch(node=MATCH.question, axis="use", value=MATCH.use, target=FREE),
        Link(node=MATCH.leaf, target=MATCH.question),
        Named(node=MATCH.leaf, model=MATCH.model),
        Model(model=MATCH.model, family=MATCH.family),
        NOT(FamilyClaim(family=MATCH.family)),
    ],
    because="The chapter names no licence for {family}, so it counts as neither Apache 2.0 nor "
    "MIT.",
    concludes=[Excluded],
)
def nothing_claimed(
    use: str, question: str, leaf: str, model: str, family: str
) -> Iterator[WorkingFact]:
    """Unknown is never treated as allowed, in the chapter's rulebook either.

    ## Example
    A family that a leaf names and no table gives a licence for.

    ## Does not say
    That its licence forbids the use.
    """
    yield Excluded(model=model)


@licence.rule(
    "CRS-340",
    "Any open model works, and only an open one",
    when=[Availability(model=MATCH.model, weights="unpublished"), Named(model=MATCH.model)],
    because="The weights of {model} are not published, so it is no open model.",
    concludes=[Excluded],
)
def not_an_open_model(model: str) -> Iterator[WorkingFact]:
    """A leaf's line can stand for a family of which one variant was never published.

    ## Example
    Mistral Small of February 2024 was offered through an interface only.

    ## Does not say
    Anything of its siblings.
    """
    yield Excluded(model=model)


@advice.rule(
    "CRS-400",
    "The candidates are where measuring starts",
    when=[Examined(model=MATCH.model)],
    because="Keep three candidates, measure them on your own prompts, then choose.",
    concludes=[Caveat],
)
def measure_then_choose(model: str) -> Iterator[WorkingFact]:
    """Follow the tree, keep three candidates, test, measure, choose: the chapter's last step.

    ## Example
    The same twenty prompts, on your own machine, to each candidate.

    ## Does not say
    How to measure; the next chapter does.
    """
    yield Caveat(model=WHOLE_ANSWER, topic="measure")
