"""Do the licences that bind the model permit the stated use?

Every licence counts that binds the weights: the model's own, and those of what it was made from.
Duties do not exclude; they are told beside the answer (stage duty).
"""

from __future__ import annotations

from collections.abc import Iterator

from whyllm.engine.experta_shim import MATCH, NOT, TEST, L
from whyllm.engine.facts import (
    Asked,
    Clause,
    Counts,
    Decides,
    Excluded,
    Exclusion,
    Licensed,
    Serves,
    Threshold,
    ThresholdKind,
    Undecided,
    Unread,
    Unverified,
    Within,
    WorkingFact,
)
from whyllm.engine.rulebook import Stage
from whyllm.kb.dates import MONTHS_A_YEAR

stage = Stage("licence", "LIC", "Do its licences permit the stated use?")


@stage.rule(
    "LIC-010",
    "An unverified licence leaves the model undecided for any stated use",
    when=[
        Asked(
            axis=MATCH.axis & (L("use") | L("deploy") | L("fine_tune") | L("train_on_outputs")),
            value=MATCH.value,
        ),
        Unverified(model=MATCH.model, field=MATCH.field & (L("licences") | L("base_licences"))),
    ],
    because="The {field} of {model} was not verified, so {axis} = {value} is open.",
    concludes=[Undecided],
)
def licence_unknown(axis: str, value: str, model: str, field: str) -> Iterator[WorkingFact]:
    """Without the licence there is no permission to rely on.

    ## Example
    A model whose licence tag is only remembered stays open for commercial use.

    ## Does not say
    That the use is forbidden; reading the licence file settles it.
    """
    yield Undecided(model=model, waiting_for=field)


@stage.rule(
    "LIC-020",
    "A licence without commercial use rules out commercial use",
    when=[
        Asked(axis="use", value="commercial"),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Clause(licence=MATCH.licence, tag="commercial_use", value="no", section=MATCH.section),
    ],
    because="{model} is under {licence}{through}, which grants no commercial use ({section}).",
    concludes=[Excluded],
)
def commercial_use_not_granted(
    model: str, licence: str, through: str, section: str
) -> Iterator[WorkingFact]:
    """Non-commercial terms bind the use, not the user.

    ## Example
    Codestral 22B may be tested by a company, and not be supplied in the course of its business.

    ## Does not say
    That no agreement can be had: many publishers sell another licence.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-030",
    "A licence for tests and evaluation only rules out commercial use",
    when=[
        Asked(axis="use", value="commercial"),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Clause(licence=MATCH.licence, tag="production_use", value="no", section=MATCH.section),
    ],
    because="{model} is under {licence}{through}, which grants no use in production ({section}).",
    concludes=[Excluded],
)
def commercial_production_not_granted(
    model: str, licence: str, through: str, section: str
) -> Iterator[WorkingFact]:
    """Production and commerce are two questions; some licences answer both with no.

    ## Example
    The Mistral Non-Production Licence confines the model to environments that are not production.

    ## Does not say
    Where evaluation ends and production begins; the licence's own definition does.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-040",
    "Unrestricted use needs every grant: commerce, production, hosting, passing on",
    when=[
        Asked(axis="use", value="unrestricted"),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Clause(licence=MATCH.licence, tag=MATCH.tag & (L("commercial_use") | L("production_use")
               | L("redistribution") | L("derivatives") | L("hosting")),
               value="no", section=MATCH.section),
    ],
    because="{model} is under {licence}{through}, which answers no to {tag} ({section}).",
    concludes=[Excluded],
)  # fmt: skip
def unrestricted_not_granted(
    model: str, licence: str, through: str, tag: str, section: str
) -> Iterator[WorkingFact]:
    """Who wants to ship without limits needs the grants first of all.

    ## Example
    A Creative Commons licence with the NC element grants no commercial use.

    ## Does not say
    That attribution is a limit: permissive licences ask for it too.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-050",
    "Unrestricted use allows no threshold of users or revenue",
    when=[
        Asked(axis="use", value="unrestricted"),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Threshold(licence=MATCH.licence, measure=MATCH.measure, limit=MATCH.limit,
                  section=MATCH.section),
    ],
    because="{model} is under {licence}{through}, whose terms change above {limit} "
    "{measure} ({section}).",
    concludes=[Excluded],
)  # fmt: skip
def unrestricted_meets_threshold(
    model: str, licence: str, through: str, measure: str, limit: int, section: str
) -> Iterator[WorkingFact]:
    """A licence that ends or changes with success is not unrestricted.

    ## Example
    The Llama licences stop at 700 million monthly users.

    ## Does not say
    That the threshold is ever reached; state commercial use to have it judged by your numbers.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-060",
    "Unrestricted use allows no list of forbidden uses",
    when=[
        Asked(axis="use", value="unrestricted"),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Clause(licence=MATCH.licence, tag="acceptable_use", value="policy", section=MATCH.section),
    ],
    because="{model} is under {licence}{through}, which forbids fields of use ({section}).",
    concludes=[Excluded],
)
def unrestricted_meets_use_policy(
    model: str, licence: str, through: str, section: str
) -> Iterator[WorkingFact]:
    """A list of forbidden fields of use must be passed on to customers, and may change.

    ## Example
    The DeepSeek licence of 2023 and the OpenRAIL licences carry such a list in an attachment.

    ## Does not say
    That your use is on the list.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-070",
    "Unrestricted use allows no excluded territory",
    when=[
        Asked(axis="use", value="unrestricted"),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Exclusion(licence=MATCH.licence, place=MATCH.place, covers="all", section=MATCH.section),
    ],
    because="{model} is under {licence}{through}, which grants nothing in {place} ({section}).",
    concludes=[Excluded],
)
def unrestricted_meets_territory(
    model: str, licence: str, through: str, place: str, section: str
) -> Iterator[WorkingFact]:
    """A product that may not be used somewhere is not free of limits.

    ## Example
    The Hunyuan licence leaves out the European Union, the United Kingdom and South Korea.

    ## Does not say
    Anything of export law.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-080",
    "Unrestricted use of a multimodal model allows no excluded territory for such models",
    when=[
        Asked(axis="use", value="unrestricted"),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Exclusion(licence=MATCH.licence, place=MATCH.place, covers="multimodal",
                  section=MATCH.section),
        Serves(model=MATCH.model, modality="vision"),
    ],
    because="{model} reads images; {licence}{through} grants nothing for such models in "
    "{place} ({section}).",
    concludes=[Excluded],
)  # fmt: skip
def unrestricted_meets_multimodal_territory(
    model: str, licence: str, through: str, place: str, section: str
) -> Iterator[WorkingFact]:
    """Some licences exclude a territory for models that read images, and only for them.

    ## Example
    Llama 3.2 Vision, but not the text models of Llama 3.2.

    ## Does not say
    That users of a finished product are touched; the clause spares them.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-090",
    "A licence for tests and evaluation only rules out internal use",
    when=[
        Asked(axis="use", value="internal"),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Clause(licence=MATCH.licence, tag="production_use", value="no", section=MATCH.section),
    ],
    because="{model} is under {licence}{through}, which grants no production use, inside a "
    "company or out ({section}).",
    concludes=[Excluded],
)
def internal_production_not_granted(
    model: str, licence: str, through: str, section: str
) -> Iterator[WorkingFact]:
    """Working with a model every day inside a company is production, even if nothing is sold.

    ## Example
    The Mistral licences for research and non-production name such use and exclude it.

    ## Does not say
    That a company may not evaluate the model.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-100",
    "A licence without research use rules out research and personal use",
    when=[
        Asked(axis="use", value=MATCH.use & (L("research") | L("personal"))),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Clause(licence=MATCH.licence, tag="research_use", value="no", section=MATCH.section),
    ],
    because="{model} is under {licence}{through}, which does not grant {use} ({section}).",
    concludes=[Excluded],
)
def research_not_granted(
    use: str, model: str, licence: str, through: str, section: str
) -> Iterator[WorkingFact]:
    """Hardly any open-weight licence denies research; the rule is there for one that does.

    ## Example
    A licence for paying customers only.

    ## Does not say
    Anything of what may be published about the model.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-110",
    "A licence that grants no hosting rules out a hosted model",
    when=[
        Asked(axis="deploy", value="hosted"),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Clause(licence=MATCH.licence, tag="hosting", value="no", section=MATCH.section),
    ],
    because="{model} is under {licence}{through}, which grants no hosting for third parties "
    "({section}).",
    concludes=[Excluded],
)
def hosting_not_granted(
    model: str, licence: str, through: str, section: str
) -> Iterator[WorkingFact]:
    """Serving a model to others over a network is a use that licences name apart.

    ## Example
    Falcon 180B needs a separate agreement before it is offered as a service.

    ## Does not say
    That a product which merely uses the model is hosting it.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-120",
    "A licence that grants no redistribution rules out passing weights on",
    when=[
        Asked(axis="deploy", value="redistribute"),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Clause(licence=MATCH.licence, tag=MATCH.tag & (L("redistribution") | L("derivatives")),
               value="no", section=MATCH.section),
    ],
    because="{model} is under {licence}{through}, which answers no to {tag} ({section}).",
    concludes=[Excluded],
)  # fmt: skip
def redistribution_not_granted(
    model: str, licence: str, through: str, tag: str, section: str
) -> Iterator[WorkingFact]:
    """Passing on copies needs a grant of its own.

    ## Example
    A licence whose weights may be used after registration, by the registered party only.

    ## Does not say
    Which duties come with redistribution where it is granted.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-130",
    "A licence for tests and evaluation only rules out use in a product",
    when=[
        Asked(axis="deploy", value="product"),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Clause(licence=MATCH.licence, tag="production_use", value="no", section=MATCH.section),
    ],
    because="{model} is under {licence}{through}, which grants no use in a product ({section}).",
    concludes=[Excluded],
)
def product_not_granted(
    model: str, licence: str, through: str, section: str
) -> Iterator[WorkingFact]:
    """A product that customers meet is production, whether it earns money or not.

    ## Example
    A free demonstration for the public, built on a model for research only.

    ## Does not say
    Anything of a demonstration inside the laboratory.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-140",
    "A licence that grants no fine-tuning rules it out",
    when=[
        Asked(axis="fine_tune", value=True),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Clause(licence=MATCH.licence, tag="fine_tuning", value="no", section=MATCH.section),
    ],
    because="{model} is under {licence}{through}, which grants no fine-tuning ({section}).",
    concludes=[Excluded],
)
def fine_tuning_not_granted(
    model: str, licence: str, through: str, section: str
) -> Iterator[WorkingFact]:
    """Adapting the weights makes a derivative work.

    ## Example
    A licence that grants use of the weights as they are.

    ## Does not say
    What the fine-tuned model may be called or how it may be released.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-150",
    "A ban on training other models with outputs rules that out",
    when=[
        Asked(axis="train_on_outputs", value=True),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Clause(licence=MATCH.licence, tag="training_on_outputs", value="no-other-models",
               section=MATCH.section),
    ],
    because="{model} is under {licence}{through}, which forbids improving other models with "
    "its outputs ({section}).",
    concludes=[Excluded],
)  # fmt: skip
def training_on_outputs_banned(
    model: str, licence: str, through: str, section: str
) -> Iterator[WorkingFact]:
    """Distillation uses the outputs of one model to teach another.

    ## Example
    Llama 2 and 3 forbid it; from Llama 3.1 on a naming duty takes its place.

    ## Does not say
    That a fine-tune of the same model is touched: derivatives of it are spared.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-160",
    "A ban on training competing models leaves training on outputs undecided",
    when=[
        Asked(axis="train_on_outputs", value=True),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Clause(licence=MATCH.licence, tag="training_on_outputs", value="no-competing",
               section=MATCH.section),
    ],
    because="{model} is under {licence}{through}, which forbids training competing models "
    "({section}); whether yours competes is open.",
    concludes=[Undecided],
)  # fmt: skip
def training_may_compete(
    model: str, licence: str, through: str, section: str
) -> Iterator[WorkingFact]:
    """Whether a model competes hangs on what it is for, which no option states.

    ## Example
    A small classifier trained on outputs may be no competitor; a chat model is.

    ## Does not say
    How a court would draw the line.
    """
    yield Undecided(model=model, waiting_for="whether the trained model competes")


@stage.rule(
    "LIC-170",
    "A ban on commercial training with outputs rules it out for gain",
    when=[
        Asked(axis="train_on_outputs", value=True),
        Asked(axis="use", value=L("commercial") | L("unrestricted")),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Clause(
            licence=MATCH.licence,
            tag="training_on_outputs",
            value="no-commercial",
            section=MATCH.section,
        ),
    ],
    because="{model} is under {licence}{through}, which forbids commercial training on outputs "
    "({section}).",
    concludes=[Excluded],
)
def commercial_training_banned(
    model: str, licence: str, through: str, section: str
) -> Iterator[WorkingFact]:
    """Some licences let everybody distil but those who do it for gain.

    ## Example
    Synthetic data made for sale with a model of Cohere.

    ## Does not say
    Anything of outputs that train nothing.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-180",
    "More monthly users than a licence allows rule the model out",
    when=[
        Asked(axis="monthly_active_users", value=MATCH.users),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Threshold(
            licence=MATCH.licence,
            measure="monthly-active-users",
            limit=MATCH.limit,
            basis="rolling",
            effect=MATCH.effect & ~L("display-duty"),
            counts_in=MATCH.counts_in,
            section=MATCH.section,
        ),
        Counts(counts_in=MATCH.counts_in),
        TEST(lambda users, limit: users > limit),
    ],
    because="{model} is under {licence}{through}, which ends at {limit} monthly users "
    "({section}); you have {users}.",
    concludes=[Excluded],
)
def too_many_users(
    users: int,
    model: str,
    licence: str,
    through: str,
    limit: int,
    effect: str,
    counts_in: str,
    section: str,
) -> Iterator[WorkingFact]:
    """A rolling threshold is counted at any time: growth can end the licence.

    ## Example
    The Qwen licence asks for a new agreement above 100 million monthly users.

    ## Does not say
    That the publisher would refuse one.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-190",
    "More monthly users than allowed on the licence's day rule the model out",
    when=[
        Asked(axis="monthly_active_users", value=MATCH.users),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Threshold(
            licence=MATCH.licence,
            measure="monthly-active-users",
            limit=MATCH.limit,
            basis="frozen",
            date=MATCH.date,
            effect=MATCH.effect & ~L("display-duty"),
            counts_in=MATCH.counts_in,
            section=MATCH.section,
        ),
        Counts(counts_in=MATCH.counts_in),
        TEST(lambda users, limit: users > limit),
    ],
    because="{model} is under {licence}{through}, which grants nothing above {limit} "
    "monthly users on {date} ({section}); you state {users}.",
    concludes=[Excluded],
)
def too_many_users_on_the_day(
    users: int,
    model: str,
    licence: str,
    through: str,
    limit: int,
    date: str,
    effect: str,
    counts_in: str,
    section: str,
) -> Iterator[WorkingFact]:
    """A frozen threshold is counted once. The number you state is taken as that of the day.

    ## Example
    Llama 3.1 counts the users of the month before 23 July 2024.

    ## Does not say
    That later growth counts: whoever was below on the day stays licensed.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-200",
    "More yearly revenue than a licence allows rules the model out",
    when=[
        Asked(axis="annual_revenue_usd", value=MATCH.revenue),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Threshold(
            licence=MATCH.licence,
            measure="annual-revenue-usd",
            limit=MATCH.limit,
            effect=MATCH.effect & ~L("display-duty"),
            counts_in=MATCH.counts_in,
            section=MATCH.section,
        ),
        Counts(counts_in=MATCH.counts_in),
        TEST(lambda revenue, limit: revenue > limit),
    ],
    because="{model} is under {licence}{through}, which ends at {limit} US dollars a year "
    "({section}); you have {revenue}.",
    concludes=[Excluded],
)
def too_much_revenue(
    revenue: int,
    model: str,
    licence: str,
    through: str,
    limit: int,
    effect: str,
    counts_in: str,
    section: str,
) -> Iterator[WorkingFact]:
    """Revenue counts with affiliates, whatever it was earned with.

    ## Example
    The Stability AI Community Licence ends at one million US dollars a year.

    ## Does not say
    What the paid licence costs.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-210",
    "Yearly revenue that must break a monthly limit rules the model out",
    when=[
        Asked(axis="annual_revenue_usd", value=MATCH.revenue),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Threshold(
            licence=MATCH.licence,
            measure="monthly-revenue-usd",
            limit=MATCH.limit,
            effect=MATCH.effect & ~L("display-duty"),
            counts_in=MATCH.counts_in,
            section=MATCH.section,
        ),
        Counts(counts_in=MATCH.counts_in),
        TEST(lambda revenue, limit: revenue > limit * MONTHS_A_YEAR),
    ],
    because="{model} is under {licence}{through}, which ends at {limit} US dollars a month "
    "({section}); {revenue} a year must pass that.",
    concludes=[Excluded],
)
def too_much_monthly_revenue(
    revenue: int,
    model: str,
    licence: str,
    through: str,
    limit: int,
    effect: str,
    counts_in: str,
    section: str,
) -> Iterator[WorkingFact]:
    """Above twelve times the limit, at least one month lies above it.

    ## Example
    The modified MIT licence of Mistral AI ends at 20 million US dollars a month.

    ## Does not say
    Anything of a year between the limit and twelve times the limit: that stays open.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-220",
    "Yearly revenue that may break a monthly limit leaves the model undecided",
    when=[
        Asked(axis="annual_revenue_usd", value=MATCH.revenue),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Threshold(
            licence=MATCH.licence,
            measure="monthly-revenue-usd",
            limit=MATCH.limit,
            effect=MATCH.effect & ~L("display-duty"),
            counts_in=MATCH.counts_in,
            section=MATCH.section,
        ),
        Counts(counts_in=MATCH.counts_in),
        TEST(lambda revenue, limit: limit < revenue <= limit * MONTHS_A_YEAR),
    ],
    because="{model} is under {licence}{through}, which ends at {limit} US dollars a month "
    "({section}); {revenue} a year may pass that.",
    concludes=[Undecided],
)
def monthly_revenue_unknown(
    revenue: int,
    model: str,
    licence: str,
    through: str,
    limit: int,
    effect: str,
    counts_in: str,
    section: str,
) -> Iterator[WorkingFact]:
    """A yearly figure does not tell the best month.

    ## Example
    Thirty million a year, earned in one season, pass a limit of twenty million a month.

    ## Does not say
    That the limit is passed.
    """
    yield Undecided(model=model, waiting_for="revenue of the preceding month")


@stage.rule(
    "LIC-230",
    "A licence that leaves out your region rules the model out",
    when=[
        Asked(axis="region", value=MATCH.region),
        Within(place=MATCH.region, group=MATCH.place),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Exclusion(licence=MATCH.licence, place=MATCH.place, covers="all", section=MATCH.section),
    ],
    because="{model} is under {licence}{through}, which grants nothing in {place} "
    "({section}); you state {region}.",
    concludes=[Excluded],
)
def region_excluded(
    region: str, place: str, model: str, licence: str, through: str, section: str
) -> Iterator[WorkingFact]:
    """Residence, place of business or place of use counts, as the clause says.

    ## Example
    A firm in Lyon and a licence that leaves out the European Union.

    ## Does not say
    That a branch elsewhere is free: where use itself is what counts, it is not.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-240",
    "A licence that leaves out your region for multimodal models rules such a model out",
    when=[
        Asked(axis="region", value=MATCH.region),
        Within(place=MATCH.region, group=MATCH.place),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Exclusion(licence=MATCH.licence, place=MATCH.place, covers="multimodal",
                  section=MATCH.section),
        Serves(model=MATCH.model, modality="vision"),
    ],
    because="{model} reads images; {licence}{through} grants nothing for such models in "
    "{place} ({section}).",
    concludes=[Excluded],
)  # fmt: skip
def region_excluded_for_multimodal(
    region: str, place: str, model: str, licence: str, through: str, section: str
) -> Iterator[WorkingFact]:
    """The exclusion follows the model: text models of the same generation are free of it.

    ## Example
    Llama 3.2 11B Vision in France, where Llama 3.2 3B may be used.

    ## Does not say
    That users of a product which contains the model are touched.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-250",
    "An unread clause that decides a reply leaves the model undecided",
    when=[
        Asked(axis=MATCH.axis, value=MATCH.value),
        Decides(axis=MATCH.axis, value=MATCH.value, tag=MATCH.tag),
        Unread(licence=MATCH.licence, tag=MATCH.tag),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
    ],
    because="{model} is under {licence}{through}; what it says on {tag} was not verified.",
    concludes=[Undecided],
)
def deciding_clause_unread(
    axis: str, value: str, tag: str, licence: str, model: str, through: str
) -> Iterator[WorkingFact]:
    """A clause that nobody has read is not a permission.

    ## Example
    A licence whose text could not be had, and whose summary is silent on hosting.

    ## Does not say
    That the use is forbidden. The text settles it.
    """
    yield Undecided(model=model, waiting_for=f"{licence}: {tag}")


@stage.rule(
    "LIC-260",
    "A ban on commercial training leaves training inside a company undecided",
    when=[
        Asked(axis="train_on_outputs", value=True),
        Asked(axis="use", value="internal"),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Clause(
            licence=MATCH.licence,
            tag="training_on_outputs",
            value="no-commercial",
            section=MATCH.section,
        ),
    ],
    because="{model} is under {licence}{through}, which forbids commercial training on outputs "
    "({section}); whether internal training is commercial is open.",
    concludes=[Undecided],
)
def internal_training_may_be_commercial(
    model: str, licence: str, through: str, section: str
) -> Iterator[WorkingFact]:
    """A company trains for its own ends, and whether that is for gain the licence must say.

    ## Example
    A classifier for a company's own letters, trained on outputs.

    ## Does not say
    How a court would draw the line.
    """
    yield Undecided(model=model, waiting_for="whether internal training is commercial")


@stage.rule(
    "LIC-270",
    "Training on outputs for research only rules out every other use",
    when=[
        Asked(axis="train_on_outputs", value=True),
        Asked(axis="use", value=MATCH.use & ~L("research")),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Clause(
            licence=MATCH.licence,
            tag="training_on_outputs",
            value="research-only",
            section=MATCH.section,
        ),
    ],
    because="{model} is under {licence}{through}, which allows training on outputs for research "
    "only ({section}), not for {use}.",
    concludes=[Excluded],
)
def training_for_research_only(
    use: str, model: str, licence: str, through: str, section: str
) -> Iterator[WorkingFact]:
    """Some licences let researchers distil and nobody else.

    ## Example
    Outputs of a model under a research licence that would train a product.

    ## Does not say
    Anything of outputs that train nothing.
    """
    yield Excluded(model=model)


@stage.rule(
    "LIC-280",
    "Monthly users that may break a daily limit leave the model undecided",
    when=[
        Asked(axis="monthly_active_users", value=MATCH.users),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Threshold(
            licence=MATCH.licence,
            measure="daily-active-users",
            limit=MATCH.limit,
            effect=MATCH.effect & ~L("display-duty"),
            counts_in=MATCH.counts_in,
            section=MATCH.section,
        ),
        Counts(counts_in=MATCH.counts_in),
        TEST(lambda users, limit: users > limit),
    ],
    because="{model} is under {licence}{through}, which ends at {limit} daily users ({section}); "
    "{users} a month may pass that.",
    concludes=[Undecided],
)
def daily_users_unknown(
    users: int,
    model: str,
    licence: str,
    through: str,
    limit: int,
    effect: str,
    counts_in: str,
    section: str,
) -> Iterator[WorkingFact]:
    """A month counts each user once, however many come on its busiest day.

    ## Example
    The MiniCPM licence counts the users of a day.

    ## Does not say
    That the limit is passed: fewer monthly users than the limit can never pass it.
    """
    yield Undecided(model=model, waiting_for="daily active users")


@stage.rule(
    "LIC-290",
    "Non-commercial terms leave use inside a company undecided",
    when=[
        Asked(axis="use", value="internal"),
        Licensed(model=MATCH.model, licence=MATCH.licence, through=MATCH.through),
        Clause(licence=MATCH.licence, tag="commercial_use", value="no", section=MATCH.section),
        Clause(licence=MATCH.licence, tag="production_use", value=MATCH.production & ~L("no")),
    ],
    because="{model} is under {licence}{through}, which grants no commercial use ({section}); "
    "whether internal use is commercial is open.",
    concludes=[Undecided],
)
def internal_use_may_be_commercial(
    model: str, licence: str, through: str, section: str, production: str
) -> Iterator[WorkingFact]:
    """Use inside a firm earns nothing directly, and may still serve its gain.

    ## Example
    Command R under a non-commercial licence, used by the staff of a company.

    ## Does not say
    That a charity or a school is touched.
    """
    yield Undecided(model=model, waiting_for="whether internal use is commercial")


@stage.rule(
    "LIC-300",
    "Some thresholds count in any use",
    when=[ThresholdKind(counts_in="any-use")],
    because="Some thresholds count whatever the use.",
    concludes=[Counts],
)
def counts_in_any_use() -> Iterator[WorkingFact]:
    """A licence that names no kind of use means all of them.

    ## Example
    The Llama licences count the users of whoever uses the materials.

    ## Does not say
    Which licences count so; each threshold says it.
    """
    yield Counts(counts_in="any-use")


@stage.rule(
    "LIC-310",
    "Thresholds for commercial use count unless the use is research or personal",
    when=[
        ThresholdKind(counts_in="commercial-use"),
        NOT(Asked(axis="use", value="research")),
        NOT(Asked(axis="use", value="personal")),
    ],
    because="Nothing says that the use is research or personal, so it may be commercial.",
    concludes=[Counts],
)
def counts_in_commercial_use() -> Iterator[WorkingFact]:
    """A use that is left open may be for gain; inside a company it mostly is.

    ## Example
    Users stated, and no word of the use: the Qwen licence's threshold counts.

    ## Does not say
    That internal use is commercial in every licence's eyes.
    """
    yield Counts(counts_in="commercial-use")


@stage.rule(
    "LIC-320",
    "Thresholds for model services count while the deployment is open",
    when=[
        ThresholdKind(counts_in="model-service"),
        NOT(Asked(axis="use", value="research")),
        NOT(Asked(axis="use", value="personal")),
        NOT(Asked(axis="use", value="internal")),
        NOT(Asked(axis="deploy")),
    ],
    because="No deployment is stated, so the model may be offered as a service.",
    concludes=[Counts],
)
def counts_for_a_possible_service() -> Iterator[WorkingFact]:
    """What is not stated is not ruled out: the model may be hosted for others.

    ## Example
    Yearly revenue stated, and no word of how the model is offered.

    ## Does not say
    That you host it: state the deployment, and the threshold counts only if it is hosting.
    """
    yield Counts(counts_in="model-service")


@stage.rule(
    "LIC-330",
    "Thresholds for model services count where the model is hosted",
    when=[
        ThresholdKind(counts_in="model-service"),
        Asked(axis="deploy", value="hosted"),
        NOT(Asked(axis="use", value="research")),
        NOT(Asked(axis="use", value="personal")),
        NOT(Asked(axis="use", value="internal")),
    ],
    because="The model is hosted for others, so thresholds for model services count.",
    concludes=[Counts],
)
def counts_for_a_service() -> Iterator[WorkingFact]:
    """Some licences ask more of those who sell the model itself as a service.

    ## Example
    An interface to the model, offered by a firm with a large revenue.

    ## Does not say
    Anything of a product that merely contains the model.
    """
    yield Counts(counts_in="model-service")
