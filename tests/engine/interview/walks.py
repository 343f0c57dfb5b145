"""Random walks of an interview, and a small catalogue on which everything can be tried."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from whyllm.engine.catalogue import Catalogue
from whyllm.engine.interview.choice import Interviewer, Question, Reply
from whyllm.engine.interview.session import Answer, Session
from whyllm.engine.need import Need


@dataclass(frozen=True)
class Step:
    """What was asked under a need, and the reply that was drawn."""

    need: Need
    question: Question
    reply: Reply


def walk(interviewer: Interviewer, seed: int) -> tuple[list[Step], Session]:
    """Answer every question by a reply drawn at random, now and then by none."""
    drawn = random.Random(seed)
    session = Session(interviewer.rulebook.id, interviewer.on, Need.of({}))
    steps: list[Step] = []
    while question := interviewer.question(session.need, session.passed):
        reply = drawn.choice(question.replies)
        if drawn.random() < 0.1:
            session = session.with_answer(Answer(question.id, {}))
            continue
        steps.append(Step(session.need, question, reply))
        session = session.with_answer(Answer(question.id, Need.of(reply.sets).stated))
    return steps, session


def sample(models: Catalogue, size: int) -> Catalogue:
    """A catalogue of some variants, spread over the whole."""
    chosen = random.Random(7).sample(list(models.models), size)
    return replace(
        models, models={key: models.models[key] for key in models.models if key in chosen}
    )


def needs_of_walks(interviewer: Interviewer, count: int) -> Iterator[Need]:
    for seed in range(count):
        _, session = walk(interviewer, seed)
        yield session.need
