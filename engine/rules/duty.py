"""What do the licences of a closely examined model ask in return?"""

from __future__ import annotations

from collections.abc import Iterator

from whyllm.engine.experta_shim import MATCH, NOT, L
from whyllm.engine.facts import Asked, Duty, Examined, Licensed, Obliged, Triggers, WorkingFact
from whyllm.engine.rulebook import Stage

stage = Stage("duty", "DUTY", "What do its licences ask in return?")


@stage.rule(
    "DUTY-010",
    "Some duties bind every use",
    when=[
        Examined(model=MATCH.model),
        Licensed(model=MATCH.model, licence=MATCH.licence),
        Duty(licence=MATCH.licence, duty=MATCH.duty, trigger="use", section=MATCH.section),
    ],
    because="{licence} asks ({section}): {duty}",
    concludes=[Obliged],
)
def due_on_any_use(model: str, licence: str, duty: str, section: str) -> Iterator[WorkingFact]:
    """Using the model is enough to be bound.

    ## Example
    Keeping to the acceptable use policy of a Llama licence.

    ## Does not say
    How the duty is to be proved.
    """
    yield Obliged(model=model, licence=licence, duty=duty, trigger="use", section=section)


@stage.rule(
    "DUTY-020",
    "A stated use or deployment makes the duties of its trigger due",
    when=[
        Examined(model=MATCH.model),
        Asked(axis=MATCH.axis, value=MATCH.value),
        Triggers(axis=MATCH.axis, value=MATCH.value, trigger=MATCH.trigger),
        Licensed(model=MATCH.model, licence=MATCH.licence),
        Duty(licence=MATCH.licence, duty=MATCH.duty, trigger=MATCH.trigger, section=MATCH.section),
    ],
    because="{licence} asks ({section}): {duty}",
    concludes=[Obliged],
)
def due_on_reply(
    model: str, axis: str, value: str, trigger: str, licence: str, duty: str, section: str
) -> Iterator[WorkingFact]:
    """Licences tie duties to what one does: distribute, host, build a product, publish.

    ## Example
    Redistributing Llama weights calls for a copy of the licence and a fixed notice line.

    ## Does not say
    That other duties never fall due; state more of your use to see them.
    """
    yield Obliged(model=model, licence=licence, duty=duty, trigger=trigger, section=section)


@stage.rule(
    "DUTY-030",
    "While no deployment is stated, its duties are told with their trigger",
    when=[
        Examined(model=MATCH.model),
        Asked(axis="use", value=L("commercial") | L("unrestricted")),
        NOT(Asked(axis="deploy")),
        Licensed(model=MATCH.model, licence=MATCH.licence),
        Duty(
            licence=MATCH.licence,
            duty=MATCH.duty,
            trigger=MATCH.trigger & (L("distribution") | L("product") | L("hosting")),
            section=MATCH.section,
        ),
    ],
    because="On {trigger}, {licence} asks ({section}): {duty}",
    concludes=[Obliged],
)
def due_on_deployment(
    model: str, licence: str, duty: str, trigger: str, section: str
) -> Iterator[WorkingFact]:
    """Commercial use ends in some deployment; its duties are better known early.

    ## Example
    Apache 2.0 asks for a licence copy as soon as weights are passed on.

    ## Does not say
    That these duties are due now.
    """
    yield Obliged(model=model, licence=licence, duty=duty, trigger=trigger, section=section)
