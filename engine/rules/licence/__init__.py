"""Do the licences that bind the model permit the stated use?

Every licence counts that binds the weights: the model's own, and those of what it was made from.
Duties do not exclude; they are told beside the answer (stage duty). One file answers one part of
the question; the rules fire in the order of their ids, whichever file they stand in.
"""

from whyllm.engine.rules.licence import (  # noqa: F401  (each adds its rules to the stage)
    counts,
    deployment,
    policy,
    territory,
    thresholds,
    training,
    unread,
    unrestricted,
    uses,
)
from whyllm.engine.rules.licence.licence_stage import stage

stage.cards.sort(key=lambda card: card.id)
