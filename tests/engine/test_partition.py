"""Whatever is asked, each model has one verdict; the answer can be told, explained and drawn."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable

import jsonschema
import pytest
from whyllm.cli.schema import json_schema
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.consulting import Consultant, Consultation, consult
from whyllm.engine.graph.run import run_graph
from whyllm.engine.need import Need
from whyllm.engine.render.consultation_json import consultation_json
from whyllm.engine.trace import Trace

from tests.conftest import DAY
from tests.engine.graph.judged import says_what_was_judged
from tests.engine.needs import random_need

Ask = Callable[..., Consultation]
BATCH = 10


@pytest.mark.seeds("answers", BATCH)
def test_kept_excluded_and_undecided_are_the_whole_catalogue(
    ask: Ask, models: Catalogue, seed: int
) -> None:
    check = jsonschema.Draft202012Validator(json_schema("consultation"))
    for need in range(seed, seed + BATCH):
        answer = ask("course" if need % 4 == 3 else "expert", **random_need(need))
        verdicts = [*answer.kept, *answer.excluded, *answer.undecided]
        assert sorted(verdicts) == sorted(models.models), need
        assert set(answer.shortlist) <= set(answer.kept)
        assert (answer.outcome == "shortlist") == bool(answer.kept)
        assert bool(answer.shortlist) == bool(answer.kept)
        data = json.loads(json.dumps(consultation_json(answer)))
        if need % 3 == 0:  # the shape is checked on fewer: that takes as long as the answer
            check.validate(data)
        texts = [c["text"] for item in data["excluded"] for c in item["causes"]]
        assert not [text for text in texts if "{" in text or "LicenseRef" in text], need
        says_what_was_judged(run_graph(answer), answer)


@pytest.mark.seeds("answers", 30)
def test_a_trace_survives_its_json(ask: Ask, seed: int) -> None:
    trace = ask(**random_need(seed)).trace
    assert Trace.from_json(json.loads(json.dumps(trace.as_json()))) == trace


def test_the_trace_is_the_same_in_every_process() -> None:
    script = (
        "import hashlib, json, datetime as dt\n"
        "from whyllm.kb.loader import load\n"
        "from whyllm.engine.cataloguing import catalogue\n"
        "from whyllm.engine.consulting import consult\n"
        "from whyllm.engine.need import Need\n"
        "need = Need.of({'ram': 64, 'vram': 24, 'unified': 16, 'use': 'commercial'})\n"
        "answer = consult(need, catalogue(load()), on=dt.date(2026, 11, 23))\n"
        "print(hashlib.sha256(json.dumps(answer.trace.as_json()).encode()).hexdigest())"
    )
    traces = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in range(3)
    }
    assert len(traces) == 1


@pytest.mark.seeds("answers", 30)
def test_models_are_judged_alone(ask: Ask, models: Catalogue, seed: int) -> None:
    """Until preference, a model's verdict does not hang on the other models."""
    axes = random_need(seed)
    together = ask(**axes)
    for model in list(models.models)[:: len(models.models) // 15]:
        alone = Consultant(models, only={model}).consult(Need.of(axes), DAY)
        assert alone.excluded.get(model) == together.excluded.get(model)
        assert alone.undecided.get(model) == together.undecided.get(model)


@pytest.mark.parametrize("rulebook", ["expert", "course"])
def test_a_consultant_answers_as_one_made_for_the_need(
    ask: Ask, models: Catalogue, rulebook: str
) -> None:
    """What is left out for a single need bears on nothing; what is taken back leaves no trace."""
    for seed in range(0, 180, 30):
        axes = random_need(seed)
        alone = consult(Need.of(axes), models, rulebook, DAY)
        assert alone.trace == ask(rulebook, **axes).trace


@pytest.mark.seeds("answers", 15)
def test_a_model_runs_at_one_quantisation_in_a_memory(ask: Ask, seed: int) -> None:
    runs = [
        (fact["model"], fact["memory"])
        for _, fact in ask(**{**random_need(seed), "vram": 14, "quant": "Q8_0"}).trace.concluding(
            "Runs"
        )
    ]
    assert len(runs) == len(set(runs))
