"""What should the user mind about the answer, and which unstated axis would change it?"""

from __future__ import annotations

from collections.abc import Iterator

from whyllm.engine.experta_shim import MATCH, NOT, TEST, L
from whyllm.engine.facts import (
    DECLARED,
    OWN_CARD,
    Asked,
    BenchmarkWarning,
    Caveat,
    ClaimCovers,
    Clause,
    Contradicted,
    Counts,
    CourseTable,
    Depends,
    Examined,
    Exclusion,
    FamilyClaim,
    LicenceClass,
    Licensed,
    Matters,
    Merit,
    Model,
    Outdid,
    ReadOn,
    ReasoningCost,
    Requires,
    Runs,
    Serves,
    Session,
    ShelfLife,
    ThisMachine,
    Threshold,
    Today,
    Tuned,
    WorkingFact,
)
from whyllm.engine.rulebook import Stage
from whyllm.kb.dates import months_between

stage = Stage("caveat", "CAV", "What should the user mind, and what would change the answer?")

WHOLE_ANSWER = ""


@stage.rule(
    "CAV-010",
    "A visible chain of thought has a price",
    when=[
        Examined(model=MATCH.model),
        Tuned(model=MATCH.model, tuning="thinking"),
        ReasoningCost(at_least=MATCH.least, at_most=MATCH.most),
    ],
    because="{model} thinks aloud: expect {least} to {most} times the tokens, and the wait.",
    concludes=[Caveat],
)
def thinking_costs(model: str, least: int, most: int) -> Iterator[WorkingFact]:
    """Thinking models are slow, since they write much before they answer.

    ## Example
    DeepSeek-R1 writes pages of reasoning before a short answer.

    ## Does not say
    That the price is not worth paying for mathematics and logic.
    """
    yield Caveat(model=model, topic="thinking")


@stage.rule(
    "CAV-020",
    "A smaller quantisation than asked for costs quality",
    when=[
        Examined(model=MATCH.model),
        Asked(axis="quant", value=MATCH.asked),
        Runs(model=MATCH.model, quantisation=MATCH.quantisation, memory=MATCH.memory),
        TEST(lambda asked, quantisation: asked != quantisation),
    ],
    because="{model} fits at {quantisation} only, not at {asked}: expect some loss of quality.",
    concludes=[Caveat],
)
def quantised_further(
    model: str, asked: str, quantisation: str, memory: str
) -> Iterator[WorkingFact]:
    """Fewer bits a weight mean less memory and less precision.

    ## Example
    A model of 70 billion parameters squeezed into 36 GB.

    ## Does not say
    How much is lost on your task.
    """
    yield Caveat(model=model, topic="quantisation")


@stage.rule(
    "CAV-030",
    "On the processor a model is slow",
    when=[Examined(model=MATCH.model), Runs(model=MATCH.model, memory="ram")],
    because="{model} runs on the processor: it works, slowly.",
    concludes=[Caveat],
)
def processor_only(model: str) -> Iterator[WorkingFact]:
    """Main memory feeds a processor far more slowly than a GPU's memory feeds the GPU.

    ## Example
    A few tokens a second for 7 billion parameters on a laptop.

    ## Does not say
    That mixtures of experts suffer as much: few of their parameters are active.
    """
    yield Caveat(model=model, topic="processor")


@stage.rule(
    "CAV-040",
    "Where the course and the variant's own card disagree, the card prevails",
    when=[
        Examined(model=MATCH.model),
        Model(model=MATCH.model, family=MATCH.family),
        FamilyClaim(family=MATCH.family, licence=MATCH.claimed),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=OWN_CARD),
        NOT(ClaimCovers(claimed=MATCH.claimed, licence=MATCH.licence)),
    ],
    because="The course puts {family} under {claimed}; {model} itself is under {licence}, which "
    "prevails here.",
    concludes=[Caveat],
)
def course_disagrees(model: str, family: str, claimed: str, licence: str) -> Iterator[WorkingFact]:
    """A statement about a family is general; the card of a variant is specific.

    ## Example
    The course calls DeepSeek-Coder MIT; that holds for its code, not for its weights.

    ## Does not say
    That the course is wrong in the large: it speaks of families.
    """
    yield Caveat(model=model, topic="course-disagrees")


@stage.rule(
    "CAV-050",
    "A claim of leadership past its shelf life is history",
    when=[
        Asked(axis=MATCH.axis, value=MATCH.value),
        Matters(dimension=MATCH.dimension, axis=MATCH.axis, value=MATCH.value),
        CourseTable(dimension=MATCH.dimension, made=MATCH.made),
        ShelfLife(kind="dominance", months=MATCH.months),
        Today(date=MATCH.date),
        TEST(lambda made, months, date: months_between(made, date) >= months),
    ],
    because="Who leads {dimension} by the course's table was said in {made}; {months} months on, "
    "that is history and counts no more.",
    concludes=[Caveat],
)
def leadership_is_stale(
    axis: str, value: str, dimension: str, made: str, months: int, date: str
) -> Iterator[WorkingFact]:
    """The course says that a benchmark of six months ago is stale; its own table is no exception.

    ## Example
    In December 2026 the table of May 2026 is history.

    ## Does not say
    That the claim has become wrong.
    """
    yield Caveat(model=WHOLE_ANSWER, topic="stale-leadership")


@stage.rule(
    "CAV-060",
    "A licence read long ago should be read again",
    when=[
        Examined(model=MATCH.model),
        Licensed(model=MATCH.model, licence=MATCH.licence),
        ReadOn(licence=MATCH.licence, date=MATCH.read),
        ShelfLife(kind="licence-reading", months=MATCH.months),
        Today(date=MATCH.date),
        TEST(lambda read, months, date: months_between(read, date) >= months),
    ],
    because="{licence} was read on {read}, at least {months} months ago: read it again.",
    concludes=[Caveat],
)
def licence_reading_is_stale(
    model: str, licence: str, read: str, months: int, date: str
) -> Iterator[WorkingFact]:
    """Publishers change terms, and some licences say that they may.

    ## Example
    A use policy on a web page that the licence incorporates.

    ## Does not say
    That anything has changed.
    """
    yield Caveat(model=model, topic="stale-licence")


@stage.rule(
    "CAV-070",
    "Terms that can move should be watched",
    when=[
        Examined(model=MATCH.model),
        Licensed(model=MATCH.model, licence=MATCH.licence),
        Clause(
            licence=MATCH.licence,
            tag="moving_terms",
            value=MATCH.movement & ~L("none") & ~L("on-breach"),
            section=MATCH.section,
        ),
    ],
    because="{licence}: {movement} ({section}).",
    concludes=[Caveat],
)
def terms_can_move(model: str, licence: str, movement: str, section: str) -> Iterator[WorkingFact]:
    """Some licences give the publisher a hand on the switch.

    ## Example
    Gemma's terms let Google restrict use that it believes breaks them.

    ## Does not say
    That the publisher ever did so.
    """
    yield Caveat(model=model, topic="moving-terms")


@stage.rule(
    "CAV-080",
    "A ranking by leadership inherits the weaknesses of benchmarks",
    when=[
        Examined(model=MATCH.model),
        Merit(model=MATCH.model, criterion="dominance"),
        Asked(axis=MATCH.axis, value=MATCH.value),
        Matters(dimension=MATCH.dimension, axis=MATCH.axis, value=MATCH.value),
        BenchmarkWarning(warning=MATCH.warning),
    ],
    because="Who leads {dimension} rests on benchmarks. Ask of each: {warning}?",
    concludes=[Caveat],
)
def benchmarks_mislead(
    model: str, axis: str, value: str, dimension: str, warning: str
) -> Iterator[WorkingFact]:
    """The course gives four warnings: date, metric, contamination and inference.

    ## Example
    A lead of two points measured in 16 bits may vanish at Q4 on a laptop.

    ## Does not say
    That benchmarks are worthless.
    """
    yield Caveat(model=WHOLE_ANSWER, topic=f"benchmark-{warning}")


@stage.rule(
    "CAV-090",
    "With no use stated, a licence that limits commerce may change the answer",
    when=[
        Examined(model=MATCH.model),
        NOT(Asked(axis="use")),
        Licensed(model=MATCH.model, licence=MATCH.licence),
        Clause(
            licence=MATCH.licence,
            tag=MATCH.tag & (L("commercial_use") | L("production_use")),
            value=MATCH.answer & ~L("yes"),
            section=MATCH.section,
        ),
    ],
    because='State --use: {licence} answers "{answer}" to {tag} ({section}).',
    concludes=[Depends],
)
def depends_on_use(
    model: str, licence: str, tag: str, answer: str, section: str
) -> Iterator[WorkingFact]:
    """An axis that is not stated constrains nothing, and may still matter.

    ## Example
    Codestral 22B is shortlisted for code until commercial use is stated.

    ## Does not say
    That your use is commercial.
    """
    yield Depends(model=model, axis="use")


@stage.rule(
    "CAV-100",
    "With no number of users stated, a threshold of users stays a condition",
    when=[
        Examined(model=MATCH.model),
        Asked(axis="use"),
        NOT(Asked(axis="monthly_active_users")),
        Licensed(model=MATCH.model, licence=MATCH.licence),
        Threshold(
            licence=MATCH.licence,
            measure=MATCH.measure & (L("monthly-active-users") | L("daily-active-users")),
            limit=MATCH.limit,
            basis=MATCH.basis,
            effect=MATCH.effect & ~L("display-duty"),
            counts_in=MATCH.counts_in,
            section=MATCH.section,
        ),
        Counts(counts_in=MATCH.counts_in),
    ],
    because="{licence} holds up to {limit} {measure}, {basis} ({section}); above, {effect}.",
    concludes=[Depends],
)
def depends_on_users(
    model: str,
    licence: str,
    measure: str,
    limit: int,
    basis: str,
    effect: str,
    counts_in: str,
    section: str,
) -> Iterator[WorkingFact]:
    """A conditional permission is told with its condition.

    ## Example
    Llama 3.1 is free for all but firms of 700 million monthly users.

    ## Does not say
    That you are near the threshold.
    """
    yield Depends(model=model, axis="monthly_active_users")


@stage.rule(
    "CAV-110",
    "With no revenue stated, a threshold of revenue stays a condition",
    when=[
        Examined(model=MATCH.model),
        Asked(axis="use"),
        NOT(Asked(axis="annual_revenue_usd")),
        Licensed(model=MATCH.model, licence=MATCH.licence),
        Threshold(
            licence=MATCH.licence,
            measure=MATCH.measure & (L("annual-revenue-usd") | L("monthly-revenue-usd")),
            limit=MATCH.limit,
            effect=MATCH.effect & ~L("display-duty"),
            counts_in=MATCH.counts_in,
            section=MATCH.section,
        ),
        Counts(counts_in=MATCH.counts_in),
    ],
    because="{licence} holds up to {limit} {measure} ({section}); above, {effect}.",
    concludes=[Depends],
)
def depends_on_revenue(
    model: str,
    licence: str,
    measure: str,
    limit: int,
    effect: str,
    counts_in: str,
    section: str,
) -> Iterator[WorkingFact]:
    """A licence for small firms must name what is small.

    ## Example
    The Stability AI Community Licence holds up to a million US dollars a year.

    ## Does not say
    What the paid licence costs.
    """
    yield Depends(model=model, axis="annual_revenue_usd")


@stage.rule(
    "CAV-120",
    "With no region stated, an excluded territory stays a condition",
    when=[
        Examined(model=MATCH.model),
        NOT(Asked(axis="region")),
        Licensed(model=MATCH.model, licence=MATCH.licence),
        Exclusion(licence=MATCH.licence, place=MATCH.place, covers="all", section=MATCH.section),
    ],
    because="State --region: {licence} grants nothing in {place} ({section}).",
    concludes=[Depends],
)
def depends_on_region(model: str, licence: str, place: str, section: str) -> Iterator[WorkingFact]:
    """Where one lives or does business can decide.

    ## Example
    A licence that leaves out the European Union.

    ## Does not say
    That you are there.
    """
    yield Depends(model=model, axis="region")


@stage.rule(
    "CAV-130",
    "With no region stated, a territory excluded for multimodal models stays a condition",
    when=[
        Examined(model=MATCH.model),
        NOT(Asked(axis="region")),
        Licensed(model=MATCH.model, licence=MATCH.licence),
        Exclusion(licence=MATCH.licence, place=MATCH.place, covers="multimodal",
                  section=MATCH.section),
        Serves(model=MATCH.model, modality="vision"),
    ],
    because="State --region: {licence} grants nothing for multimodal models in {place} "
    "({section}).",
    concludes=[Depends],
)  # fmt: skip
def depends_on_region_for_multimodal(
    model: str, licence: str, place: str, section: str
) -> Iterator[WorkingFact]:
    """The same, for models that read images.

    ## Example
    Llama 3.2 Vision in the European Union.

    ## Does not say
    That text models of the same generation are touched.
    """
    yield Depends(model=model, axis="region")


@stage.rule(
    "CAV-140",
    "With no memory stated, whether it runs is the user's to check",
    when=[
        Examined(model=MATCH.model),
        NOT(Asked(axis="vram")),
        NOT(Asked(axis="unified")),
        NOT(Asked(axis="ram")),
        Asked(axis="quant", value=MATCH.quantisation),
        Requires(model=MATCH.model, quantisation=MATCH.quantisation, total_gb=MATCH.needed),
    ],
    because="State --vram, --unified or --ram: {model} needs {needed} GB at {quantisation}.",
    concludes=[Depends],
)
def depends_on_memory(model: str, quantisation: str, needed: float) -> Iterator[WorkingFact]:
    """Without a machine every size is allowed, and the largest come first.

    ## Example
    A model of 671 billion parameters on the shortlist of a laptop's owner who named no machine.

    ## Does not say
    That a machine of that memory exists at hand.
    """
    yield Depends(model=model, axis="vram")


@stage.rule(
    "CAV-150",
    "With no modality stated, models of every kind compete",
    when=[Examined(model=MATCH.model), NOT(Asked(axis="modality"))],
    because="State --modality: models for text, images, speech, code and embeddings compete here.",
    concludes=[Depends],
)
def depends_on_modality(model: str) -> Iterator[WorkingFact]:
    """The tree asks for the modality first, since nothing else cuts so deep.

    ## Example
    A speech recogniser beside a model for code.

    ## Does not say
    Which of them you want.
    """
    yield Depends(model=model, axis="modality")


@stage.rule(
    "CAV-160",
    "With no deployment stated, a refused deployment stays a condition",
    when=[
        Examined(model=MATCH.model),
        NOT(Asked(axis="deploy")),
        NOT(Asked(axis="use", value="internal")),
        NOT(Asked(axis="use", value="research")),
        NOT(Asked(axis="use", value="personal")),
        Licensed(model=MATCH.model, licence=MATCH.licence),
        Clause(
            licence=MATCH.licence,
            tag=MATCH.tag & (L("hosting") | L("redistribution") | L("derivatives")),
            value="no",
            section=MATCH.section,
        ),
    ],
    because="State --deploy: {licence} answers no to {tag} ({section}).",
    concludes=[Depends],
)  # fmt: skip
def depends_on_deployment(
    model: str, licence: str, tag: str, section: str
) -> Iterator[WorkingFact]:
    """What is free to use may not be free to pass on or to serve.

    ## Example
    A model that may be used in a product and not be offered as a service.

    ## Does not say
    That you plan either.
    """
    yield Depends(model=model, axis="deploy")


@stage.rule(
    "CAV-170",
    "Above a threshold of users a display duty falls due",
    when=[
        Examined(model=MATCH.model),
        Asked(axis="monthly_active_users", value=MATCH.users),
        Licensed(model=MATCH.model, licence=MATCH.licence),
        Threshold(licence=MATCH.licence, measure="monthly-active-users", limit=MATCH.limit,
                  effect="display-duty", section=MATCH.section),
        TEST(lambda users, limit: users > limit),
    ],
    because="{licence}: above {limit} monthly users its display duty is due ({section}).",
    concludes=[Caveat],
)  # fmt: skip
def display_duty_due(
    model: str, users: int, licence: str, limit: int, section: str
) -> Iterator[WorkingFact]:
    """Some thresholds end nothing and only add a duty.

    ## Example
    Showing the model's name in the product above 100 million monthly users.

    ## Does not say
    That rights are lost.
    """
    yield Caveat(model=model, topic="display-duty")


@stage.rule(
    "CAV-180",
    "The shortlist is where measuring starts",
    when=[Examined(model=MATCH.model), Today(date=MATCH.date)],
    because="Test the candidates on your own prompts and your own machine, measure, then choose.",
    concludes=[Caveat],
)
def measure_then_choose(model: str, date: str) -> Iterator[WorkingFact]:
    """The only benchmark that counts is your own task on your own machine.

    ## Example
    Pull two or three candidates and give them the same twenty prompts.

    ## Does not say
    Which of them will win; `whyllm measure` puts two or three head to head.
    """
    yield Caveat(model=WHOLE_ANSWER, topic="measure")


@stage.rule(
    "CAV-190",
    "With no use stated, a limit on training with outputs may change the answer",
    when=[
        Examined(model=MATCH.model),
        Asked(axis="train_on_outputs", value=True),
        NOT(Asked(axis="use")),
        Licensed(model=MATCH.model, licence=MATCH.licence),
        Clause(
            licence=MATCH.licence,
            tag="training_on_outputs",
            value=L("no-commercial") | L("research-only"),
            section=MATCH.section,
        ),
    ],
    because="State --use: {licence} limits what training on outputs may be for ({section}).",
    concludes=[Depends],
)
def training_depends_on_use(model: str, licence: str, section: str) -> Iterator[WorkingFact]:
    """Whether outputs may train another model can hang on what that model is for.

    ## Example
    A research licence, outputs that train a classifier, and no word of its use.

    ## Does not say
    That the use is commercial.
    """
    yield Depends(model=model, axis="use")


@stage.rule(
    "CAV-200",
    "A declared licence that is not the model's own contradicts it",
    when=[
        Examined(model=MATCH.model),
        Licensed(model=MATCH.model, licence=MATCH.declared, through=DECLARED),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=OWN_CARD),
        NOT(Licensed(model=MATCH.model, licence=MATCH.declared, through=OWN_CARD)),
        NOT(ClaimCovers(claimed=MATCH.declared, licence=MATCH.licence)),
    ],
    because="{model} is declared to be under {declared}, but its publisher gives it under "
    "{licence}.",
    concludes=[Contradicted],
)
def declared_against_own(model: str, declared: str, licence: str) -> Iterator[WorkingFact]:
    """Whoever packs weights anew cannot change their terms, whatever the new card says.

    ## Example
    A repackaging of Codestral 22B with the tag apache-2.0.

    ## Does not say
    Which of the two is right: both count, so that the stricter prevails.
    """
    yield Contradicted(model=model, declared=declared, licence=licence)


@stage.rule(
    "CAV-210",
    "A declared licence lighter than that of the base contradicts it",
    when=[
        Examined(model=MATCH.model),
        Licensed(model=MATCH.model, licence=MATCH.declared, through=DECLARED),
        Licensed(
            model=MATCH.model,
            licence=MATCH.licence,
            through=MATCH.through & ~L(OWN_CARD) & ~L(DECLARED),
        ),
        LicenceClass(licence=MATCH.declared, rank=MATCH.lighter),
        LicenceClass(licence=MATCH.licence, rank=MATCH.rank),
        TEST(lambda lighter, rank: lighter < rank),
    ],
    because="{model} is declared to be under {declared}, but {licence} binds it{through}.",
    concludes=[Contradicted],
)
def declared_against_base(
    model: str, declared: str, licence: str, through: str, lighter: int, rank: int
) -> Iterator[WorkingFact]:
    """A derivative may add terms of its own; it cannot shed those of what it was made from.

    ## Example
    A fine-tune of Llama 3.1 whose card says MIT.

    ## Does not say
    That the declared licence is void: it counts beside the other.
    """
    yield Contradicted(model=model, declared=declared, licence=licence)


@stage.rule(
    "CAV-220",
    "With neither deployment nor revenue stated, a threshold for model services hangs on both",
    when=[
        Examined(model=MATCH.model),
        Asked(axis="use"),
        NOT(Asked(axis="deploy")),
        NOT(Asked(axis="annual_revenue_usd")),
        Licensed(model=MATCH.model, licence=MATCH.licence),
        Threshold(
            licence=MATCH.licence,
            measure=MATCH.measure & (L("annual-revenue-usd") | L("monthly-revenue-usd")),
            limit=MATCH.limit,
            effect=MATCH.effect & ~L("display-duty"),
            counts_in="model-service",
            section=MATCH.section,
        ),
        Counts(counts_in="model-service"),
    ],
    because="State --deploy: {limit} {measure} count where the model is hosted for others, by "
    "{licence} ({section}).",
    concludes=[Depends],
)
def depends_on_service(
    model: str, licence: str, measure: str, limit: int, effect: str, section: str
) -> Iterator[WorkingFact]:
    """Who offers no model as a service is free of what is asked of those who do.

    ## Example
    Kimi K3 in a product of a large firm, which hosts no model for others.

    ## Does not say
    That a product which contains the model is such a service.
    """
    yield Depends(model=model, axis="deploy")


@stage.rule(
    "CAV-230",
    "A measurement past its shelf life is history",
    when=[
        Asked(axis=MATCH.axis, value=MATCH.value),
        Session(session=MATCH.session, made=MATCH.made, axis=MATCH.axis, value=MATCH.value),
        ShelfLife(kind="measurement", months=MATCH.months),
        Today(date=MATCH.date),
        TEST(lambda made, months, date: months_between(made, date) >= months),
    ],
    because="{session} was taken at least {months} months ago: it decides nothing; measure again.",
    concludes=[Caveat],
)
def measurement_is_stale(
    axis: str, value: str, session: str, made: str, months: int, date: str
) -> Iterator[WorkingFact]:
    """What one measured ages as published benchmarks do: servers, drivers and files change.

    ## Example
    A session of May counts in the autumn, and no more in December.

    ## Does not say
    That the order would come out another way today.
    """
    yield Caveat(model=WHOLE_ANSWER, topic="stale-measurement")


@stage.rule(
    "CAV-240",
    "A measurement of another machine decides nothing on this one",
    when=[
        Asked(axis=MATCH.axis, value=MATCH.value),
        Session(session=MATCH.session, machine=MATCH.machine, axis=MATCH.axis, value=MATCH.value),
        ThisMachine(machine=MATCH.here),
        TEST(lambda machine, here: machine != here),
    ],
    because="{session} was taken on another machine than this one: it decides nothing here.",
    concludes=[Caveat],
)
def measured_elsewhere(
    axis: str, value: str, session: str, machine: str, here: str
) -> Iterator[WorkingFact]:
    """A model that wins on one machine can collapse on another.

    ## Example
    A folder of knowledge that a colleague with a larger GPU has shared; or a server that is not
    this machine.

    ## Does not say
    That the outputs would differ; speed and what fits do.
    """
    yield Caveat(model=WHOLE_ANSWER, topic="measured-elsewhere")


@stage.rule(
    "CAV-250",
    "A measurement at another quantisation decides nothing",
    when=[
        Asked(axis=MATCH.axis, value=MATCH.value),
        Session(session=MATCH.session, axis=MATCH.axis, value=MATCH.value),
        Outdid(session=MATCH.session, quantisation=MATCH.quantisation),
        Asked(axis="quant", value=MATCH.asked),
        TEST(lambda quantisation, asked: quantisation != asked),
    ],
    because="{session} was taken at {quantisation}; you ask for {asked}: it decides nothing here.",
    concludes=[Caveat],
)
def measured_at_another_quantisation(
    axis: str, value: str, session: str, quantisation: str, asked: str
) -> Iterator[WorkingFact]:
    """A model that wins at 16 bits can collapse at Q4.

    ## Example
    Measured at Q8_0, while nothing is stated, which asks for Q4_K_M.

    ## Does not say
    That it would come out another way; state --quant to let the measurement decide.
    """
    yield Caveat(model=WHOLE_ANSWER, topic="measured-at-another-quantisation")
