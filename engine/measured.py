"""From measurements to facts: the sessions that stand, and who outdid whom in each of them."""

from __future__ import annotations

from collections.abc import Iterator

from whyllm.engine import facts as f
from whyllm.engine.measuring.comparison import answered, placed
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.measurement_schema import Measurement

ELSEWHERE = ""
"""The machine of a session of which some server was not the machine that measured."""


def measured_facts(kb: KnowledgeBase) -> Iterator[f.WorkingFact]:
    """A fact for each session, and for each pair of variants of which one did better.

    Without a stated work a session says for nothing what it is good for, and gives no fact. A pair
    at two quantisations, or at one that is not known, is no comparison of the models alone. Models
    that the catalogue does not know are passed over: a measurement may outlive its catalogue.
    """
    for session in _standing(list(kb.measurements.values())):
        if session.work is None:
            continue
        local = all(candidate.local for candidate in session.candidates)
        yield f.Session(
            session=session.id,
            machine=session.machine.id if local else ELSEWHERE,
            made=session.made,
            axis=session.work.axis,
            value=session.work.value,
            source=session.id,
        )
        level = {c.model: c.quantisation for c in session.candidates if c.model in kb.models}
        for place in placed(session):
            pair = place.better
            quantisation = level.get(pair.model)
            if quantisation is not None and quantisation == level.get(pair.rival):
                yield f.Outdid(
                    session=session.id,
                    model=pair.model,
                    rival=pair.rival,
                    quantisation=quantisation,
                    figure=pair.figure,
                    own=pair.own,
                    other=pair.other,
                    level=place.level,
                    source=session.id,
                )


def session_titles(kb: KnowledgeBase) -> dict[str, str]:
    """Each session as a source is called."""
    return {
        key: f"your measurement of {session.made} ({key})"
        for key, session in kb.measurements.items()
    }


def _standing(sessions: list[Measurement]) -> list[Measurement]:
    """The sessions that no later one replaces, oldest first.

    A later one for the same work on the same machine replaces those that share a model with it:
    what was measured in two sessions is not compared. One that was ended early, or in which fewer
    than two candidates answered, replaces nothing and stands for nothing.
    """
    standing: list[Measurement] = []
    for session in sorted(sessions, key=lambda s: (s.began, s.id)):
        models = answered(session)
        if session.interrupted or len(models) < 2:
            continue
        standing = [
            earlier
            for earlier in standing
            if (earlier.work, earlier.machine.id) != (session.work, session.machine.id)
            or set(models).isdisjoint(answered(earlier))
        ]
        standing.append(session)
    return standing
