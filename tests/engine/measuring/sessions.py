"""Sessions by keyword, for the tests of measuring."""

from __future__ import annotations

from whyllm.engine.measuring.prompts import Check, Task, Tasks
from whyllm.engine.measuring.server import Api, endpoint
from whyllm.engine.measuring.session import Contender, Measured, Plan, measure

GREETING = Task("greeting", "hi there", None, 12, ())


def contender(model: str, address: str, *names: str, api: Api | None = None) -> Contender:
    return Contender(model, names or (model,), endpoint(address), api)


def plan(
    *contenders: Contender,
    tasks: tuple[Task, ...] = (GREETING,),
    repeats: int = 1,
    seconds: float = 20.0,
    key: str | None = None,
    quantisation: str | None = None,
) -> Plan:
    return Plan(
        contenders, Tasks("0" * 64, tasks), repeats, 0, seconds, quantisation=quantisation, key=key
    )


def session(*contenders: Contender, **settings: object) -> Measured:
    return measure(plan(*contenders, **settings), lambda _, __: None)  # type: ignore[arg-type]


def task(name: str, *checks: dict[str, object], text: str = "hi there") -> Task:
    return Task(name, text, None, 12, tuple(Check.model_validate(check) for check in checks))
