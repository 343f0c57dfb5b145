"""Measurements as the tests want them: some models, and what came of each run."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from whyllm.engine.measuring.figures import figures
from whyllm.kb.measurement_schema import Measurement

BEGAN = dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.UTC)
HERE = "0123456789ab"

Outcome = Mapping[str, Any]
"""What a run is like: any key of it; `passed` says how its checks came out."""


def run(model: str, prompt: str, repeat: int, outcome: Outcome) -> dict[str, Any]:
    """A whole run of a second, but for what the outcome says."""
    outcome = dict(outcome)
    passed: Sequence[bool] = outcome.pop("passed", ())
    output = outcome.get("output", f"{model} on {prompt}")
    return {
        "model": model,
        "prompt": prompt,
        "repeat": repeat,
        "warm_up": False,
        "began": BEGAN.isoformat(),
        "first_token_s": 0.25,
        "first_answer_s": 0.25,
        "seconds": 1.0,
        "tokens": 31,
        "pieces": 31,
        "prompt_tokens": 12,
        "tokens_per_s": 40.0,
        "server_tokens_per_s": None,
        "server_prompt_tokens_per_s": None,
        "server_load_s": None,
        "finish": "stop",
        "output": output,
        "output_digest": hashlib.sha256((output or "").encode()).hexdigest(),
        "thinking_characters": 0,
        "checks": [
            {"check": f"check {n}", "passed": ok, "why": None if ok else "found “no”"}
            for n, ok in enumerate(passed, 1)
        ],
        "fault": None,
        **outcome,
    }


def measured(
    outcomes: Mapping[str, Sequence[Outcome]],
    *,
    votes: Sequence[tuple[str, str]] = (),
    quantisations: Mapping[str, str | None] | None = None,
    candidate: Mapping[str, Mapping[str, Any]] | None = None,
    prompts: Sequence[str] = ("one",),
    **said: Any,
) -> Measurement:
    """A measurement in which each model has these runs: repeat by repeat, prompt by prompt."""
    runs = [
        run(model, prompts[place % len(prompts)], place // len(prompts) + 1, outcome)
        for model, found in outcomes.items()
        for place, outcome in enumerate(found)
    ]
    levels = dict.fromkeys(outcomes, "Q4_K_M") | dict(quantisations or {})
    data = {
        "schema": "whyllm.measurement/1",
        "id": "monday",
        "made": "2026-11-23",
        "began": BEGAN.isoformat(),
        "seconds": 60.0,
        "interrupted": False,
        "machine": {
            "id": HERE,
            "system": "Linux",
            "architecture": "x86_64",
            "processor": "Acme 9000",
            "cores": 8,
            "ram_gb": 32.0,
            "gpus": [{"name": "Acme GPU", "memory_gb": 24.0}],
        },
        "work": {"axis": "modality", "value": "code"},
        "settings": {
            "repeats": max(map(len, outcomes.values())) // len(prompts),
            "timeout_s": 300.0,
            "temperature": 0.0,
            "seed": 0,
            "order": "blocks-rotated",
        },
        "prompts": {
            "digest": "0" * 64,
            "asked": [
                {"id": p, "text": f"Say {p}.", "system": None, "max_tokens": 64, "checks": []}
                for p in prompts
            ],
        },
        "candidates": [
            {
                "model": model,
                "served": f"{model}:latest",
                "endpoint": "http://127.0.0.1:11434",
                "local": True,
                "api": "ollama",
                "server": "Ollama",
                "version": "0.12.3",
                "quantisation": levels[model],
                "quantisation_told_by": "server" if levels[model] else None,
                "digest": "ab" * 32,
                "memory": {"total_gb": 18.2, "gpu_gb": 18.2},
                "fault": None,
                **(candidate or {}).get(model, {}),
            }
            for model in outcomes
        ],
        "runs": runs,
        "votes": [{"prompt": prompt, "choice": choice} for prompt, choice in votes],
        "figures": [],
        **said,
    }
    found = Measurement.model_validate(data)
    told = tuple(figures(model, found.runs, found.votes) for model in outcomes)
    return found.model_copy(update={"figures": told})
