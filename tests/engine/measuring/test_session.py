"""A session: what is asked in which order, what is taken down of each answer, and what is checked.

The servers are llama.cpp's own, with two tiny models, and one that answers as Ollama does.
"""

from __future__ import annotations

import asyncio
import signal

import httpx
import pytest
from whyllm.engine.measuring.session import ENDED_BY_USER, MOST_FAULTS, measure

from tests.engine.measuring.model_double import (
    EVENTS,
    body,
    chunks,
    event,
    line,
    ollama,
    openai,
    serving,
    stalling,
)
from tests.engine.measuring.sessions import GREETING, contender, plan, session, task
from tests.measuring import Llama

Llamas = tuple[Llama, Llama]


def test_an_answer_is_taken_down_whole(llamas: Llamas) -> None:
    first, second = llamas
    found = session(
        contender("phi-4", first.address, first.name),
        contender("olmo", second.address, second.name),
    )
    for run, llama in zip([r for r in found.runs if not r.warm_up], llamas, strict=True):
        assert run.fault is None
        question = {"model": llama.name, "messages": GREETING.messages, "max_tokens": 12}
        at_once = httpx.post(
            f"{llama.address}/v1/chat/completions", json={**question, "temperature": 0, "seed": 0}
        ).json()
        assert run.output == at_once["choices"][0]["message"]["content"]
        assert run.tokens == at_once["usage"]["completion_tokens"] == 12
        assert run.prompt_tokens == at_once["usage"]["prompt_tokens"]
        assert run.finish == "length"
        assert 1 < run.pieces <= 12
        assert run.first_token_s is not None
        assert 0 < run.first_token_s == run.first_answer_s < run.seconds < 20
        assert run.tokens_per_s is not None
        assert run.tokens_per_s >= 11 / (run.seconds - run.first_token_s)
        assert run.server_tokens_per_s is not None
        assert run.server_tokens_per_s > 0
    outputs = {run.output for run in found.runs if not run.warm_up}
    assert len(outputs) == 2, "the two models have other weights"


def test_what_llama_cpp_tells_of_itself(llamas: Llamas) -> None:
    found = session(*(contender(f"m-{n}", x.address, x.name) for n, x in enumerate(llamas)))
    for candidate, llama in zip(found.candidates, llamas, strict=True):
        assert candidate.model_dump() == {
            "model": candidate.model,
            "served": llama.name,
            "endpoint": llama.address,
            "local": True,
            "api": "openai",
            "server": "llamacpp",
            "version": candidate.version,
            "quantisation": "F32",
            "quantisation_told_by": "server",
            "digest": None,
            "memory": None,
            "fault": None,
        }
        assert candidate.version


def test_candidates_take_turns_in_blocks_that_rotate(llamas: Llamas) -> None:
    first, second = llamas
    told: list[tuple[str, str]] = []
    asked = plan(
        contender("a", first.address, first.name),
        contender("b", second.address, second.name),
        tasks=(task("one"), task("two")),
        repeats=3,
    )
    found = measure(asked, lambda model, prompt: told.append((model, prompt)))
    block = ["warm-up", "one", "two"]
    order = [("a", 1), ("b", 1), ("b", 2), ("a", 2), ("a", 3), ("b", 3)]
    assert [(r.model, r.repeat, r.prompt) for r in found.runs] == [
        (model, repeat, prompt) for model, repeat in order for prompt in block
    ]
    assert told == [(r.model, r.prompt) for r in found.runs]
    assert asked.requests == len(told)
    assert {r.prompt for r in found.runs if r.warm_up} == {"warm-up"}
    assert len({r.output for r in found.runs if r.model == "a" and r.prompt == "one"}) == 1


def test_what_ollama_tells_is_taken_down() -> None:
    says = {"qwen:7b": "a b c d", "phi:latest": "one"}
    with serving(ollama(says)) as server:
        found = session(
            contender("q", server.address, "qwen:7b"), contender("p", server.address, "phi")
        )
    run = next(r for r in found.runs if r.model == "q" and not r.warm_up)
    assert (run.output, run.tokens, run.prompt_tokens, run.finish) == ("a b c d", 4, 20, "stop")
    assert run.pieces == 4
    assert run.server_tokens_per_s == 50.0
    assert run.server_prompt_tokens_per_s == 200.0
    assert run.server_load_s == 0.25
    told = found.candidates[0]
    assert (told.api, told.server, told.version) == ("ollama", "Ollama", "0.12.3")
    assert (told.quantisation, told.quantisation_told_by) == ("Q4_K_M", "server")
    assert told.digest == f"{1:064x}"
    assert told.memory is not None
    assert (told.memory.total_gb, told.memory.gpu_gb) == (3.0, 1.5)
    assert found.candidates[1].served == "phi", "a name without a tag is of the tag latest"
    single = next(r for r in found.runs if r.model == "p" and not r.warm_up)
    assert single.tokens_per_s is None, "one token takes no time after the first"


def test_the_first_name_that_is_served_is_taken() -> None:
    with serving(ollama({"mine:1": "x", "other:1": "y"})) as server:
        found = session(
            contender("m", server.address, "hf.co/acme/mine", "mine:1"),
            contender("o", server.address, "nowhere:1", "nothing:1"),
        )
    assert [c.served for c in found.candidates] == ["mine:1", "nowhere:1"]
    assert found.candidates[1].fault == "it has no model nowhere:1: ollama pull nowhere:1"
    assert {r.model for r in found.runs} == {"m"}


def test_thinking_is_no_part_of_the_answer() -> None:
    answer = [
        event({"role": "assistant", "content": None}),
        event({"reasoning_content": "hmm "}),
        event({"reasoning_content": "yes"}),
        event({"content": "4"}, "stop"),
        event({}, usage={"completion_tokens": 9, "prompt_tokens": 3}),
        b"data: [DONE]\n\n",
    ]
    with serving(openai(chunks(*answer, kind=EVENTS), "m")) as server:
        found = session(
            contender("a", f"{server.address}/v1", "m"), contender("b", server.address, "m")
        )
    run = found.runs[1]
    assert (run.output, run.thinking_characters, run.tokens) == ("4", 7, 9)
    assert run.first_token_s is not None
    assert run.first_answer_s is not None
    assert run.first_token_s <= run.first_answer_s
    assert {c.api for c in found.candidates} == {"openai"}


@pytest.mark.parametrize(
    ("served", "stated", "expected"),
    [
        ("acme/coder-q4_k_m.gguf", "Q8_0", ("Q4_K_M", "name")),
        ("acme/coder", "Q8_0", ("Q8_0", "user")),
        ("acme/coder", None, (None, None)),
        ("acme/coder-7B-Instruct-IQ3_XXS", None, ("IQ3_XXS", "name")),
        ("acme/FreqQ4you", None, (None, None)),
    ],
)
def test_who_tells_the_quantisation(
    served: str, stated: str | None, expected: tuple[str | None, str | None]
) -> None:
    with serving(openai(body({"error": "no"}, 500), served, "other")) as server:
        found = session(
            contender("a", server.address, served),
            contender("b", server.address, "other"),
            quantisation=stated,
        )
    told = found.candidates[0]
    assert (told.quantisation, told.quantisation_told_by) == expected


@pytest.mark.parametrize(("owner", "told"), [("vllm", "vllm"), ("me", "llama-cpp-python")])
def test_a_server_is_called_by_the_owner_of_its_models(owner: str, told: str) -> None:
    with serving(openai(body({"error": "no"}, 500), "one", "other", owner=owner)) as server:
        found = session(
            contender("a", server.address, "one"), contender("b", server.address, "other")
        )
    assert [candidate.server for candidate in found.candidates] == [told, told]


def test_checks_are_made_of_whole_answers_only() -> None:
    with serving(
        ollama({"good:1": "it is 4", "bad:1": body({"error": "out of memory"}, 500)})
    ) as server:
        found = session(
            contender("good", server.address, "good:1"),
            contender("bad", server.address, "bad:1"),
            tasks=(task("sum", {"contains": "4"}, {"equals": "4"}),),
        )
    checks = {
        r.model: [(c.check, c.passed, c.why) for c in r.checks] for r in found.runs if not r.warm_up
    }
    assert checks == {
        "good": [("contains 4", True, None), ("equals 4", False, "found “it is 4”")],
        "bad": [],
    }


def test_a_candidate_that_keeps_failing_is_given_up() -> None:
    says = {"good:1": "yes", "bad:1": body({"error": "broken"}, 500)}
    with serving(ollama(says)) as server:
        found = session(
            contender("good", server.address, "good:1"),
            contender("bad", server.address, "bad:1"),
            tasks=tuple(task(f"t-{n}") for n in range(9)),
            repeats=2,
        )
    assert len([r for r in found.runs if r.model == "bad"]) == MOST_FAULTS
    assert found.candidates[1].fault == "given up after 3 faults in a row"
    assert len([r for r in found.runs if r.model == "good" and r.fault is None]) == 20


def test_ctrl_c_keeps_what_was_measured() -> None:
    """Pressed in this thread, where a terminal's Ctrl-C arrives, while the second answer stalls."""

    def told(model: str, _: str) -> None:
        if model == "slow":
            asyncio.get_running_loop().call_later(0.2, signal.raise_signal, signal.SIGINT)

    with serving(ollama({"good:1": "yes", "slow:1": stalling(line("so"))})) as server:
        contenders = [contender(name, server.address, f"{name}:1") for name in ("good", "slow")]
        found = measure(plan(*contenders), told)
    assert found.interrupted
    assert [(r.model, r.fault) for r in found.runs] == [
        ("good", None),
        ("good", None),
        ("slow", ENDED_BY_USER),
    ]
    assert [c.fault for c in found.candidates] == [None, None]


def test_an_api_key_is_sent_and_stands_nowhere() -> None:
    key = "sk-secret-123"
    says = {"good:1": "yes", "bad:1": body({"error": f"wrong key {key}"}, 401)}
    with serving(ollama(says)) as server:
        found = session(
            contender("good", server.address, "good:1"),
            contender("bad", server.address, "bad:1"),
            key=key,
        )
    assert {headers["Authorization"] for _, headers in server.requests} == {f"Bearer {key}"}
    assert found.runs[-1].fault == "it answers with status 401: wrong key [the API key]"
    assert key not in repr(found)
    echo = chunks(line("your key: "), line(key), b'{"error": "bad key ' + key.encode() + b'"}\n')
    with serving(ollama({"good:1": f"it is {key}", "bad:1": echo})) as server:
        found = session(
            contender("good", server.address, "good:1"),
            contender("bad", server.address, "bad:1"),
            key=key,
        )
    assert [r.output for r in found.runs[:2]] == ["it is [the API key]"] * 2
    assert found.runs[-1].fault == "it says: bad key [the API key]"
    assert key not in repr(found)


def test_proxies_are_not_asked_about_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with serving(ollama({"a:1": "x", "b:1": "y"})) as server:
        found = session(
            contender("a", server.address, "a:1"), contender("b", server.address, "b:1")
        )
    assert [r.fault for r in found.runs] == [None] * 4
