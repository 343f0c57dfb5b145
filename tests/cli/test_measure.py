"""`whyllm measure`: the whole way on real servers, the answer in every format, votes, faults."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pexpect
import pytest
from whyllm.cli.measure import keeping
from whyllm.cli.schema import json_schema
from whyllm.engine.measuring.result import as_json, without_texts
from whyllm.engine.measuring.votes import lettered, votable
from whyllm.kb.measurement_schema import Measurement

from tests.cli.runner import Command
from tests.cli.terminal import pressed
from tests.engine.measuring.made import measured
from tests.engine.measuring.model_double import body, line, ollama, openai, serving, stalling
from tests.measuring import Llama

PROMPTS = """\
max_tokens: 12
prompts:
  - id: letters
    prompt: hi there
    checks:
      - regex: "^[a-z .]*$"
  - Say something else.
"""
CODE = "def reverse(s): return s[::-1]"
TALK = "You can reverse a string"
NEED = ("--modality", "code", "--use", "commercial", "--vram", "24", "--on", "2026-11-29")


@pytest.fixture
def prompts(tmp_path: Path) -> str:
    path = tmp_path / "prompts.yaml"
    path.write_text(PROMPTS)
    return str(path)


@pytest.fixture
def code_prompts(tmp_path: Path) -> str:
    path = tmp_path / "code.json"
    path.write_text(json.dumps([{"prompt": "Reverse.", "checks": [{"contains": "def reverse"}]}]))
    return str(path)


def saved(folder: Path, measurement: Measurement) -> str:
    path = folder / "result.json"
    path.write_text(json.dumps(as_json(measurement)))
    return str(path)


def test_the_whole_way_on_real_servers(
    whyllm: Command, llamas: tuple[Llama, Llama], prompts: str
) -> None:
    first, second = llamas
    words = (
        f"phi-4={first.name}@{first.address}",
        f"qwen2.5-coder:7b={second.name}@{second.address}",
    )
    shown = whyllm("measure", *words, "--prompts", prompts, "--repeats", "2", "--task", "chat",
                   "--format", "json")  # fmt: skip
    assert (shown.code, shown.err) == (0, "")
    data = json.loads(shown.out)
    jsonschema.validate(data, json_schema("measurement"))
    assert [c["model"] for c in data["candidates"]] == ["phi-4", "qwen2.5-coder-7b-instruct"]
    assert [(c["served"], c["quantisation"]) for c in data["candidates"]] == [
        (llama.name, "F32") for llama in llamas
    ]
    runs = [r for r in data["runs"] if not r["warm_up"]]
    assert [(r["fault"], r["tokens"], len(r["output"]) > 0) for r in runs] == [(None, 12, True)] * 8
    assert [r["checks"] for r in runs if r["prompt"] == "letters"] == [
        [{"check": "regex ^[a-z .]*$", "passed": True, "why": None}]
    ] * 4
    assert data["work"] == {"axis": "task", "value": "chat"}
    assert data["machine"]["cores"] >= 1
    for told in data["figures"]:
        assert (told["runs"], told["faults"], told["checks_passed"]) == (4, 0, 2)
        assert told["tokens_per_s"]["count"] == 4
    (kept,) = whyllm.measurements.iterdir()
    assert kept.name == f"{data['id']}.json"
    text = kept.read_text()
    for secret in ("hi there", "Say something else", *(r["output"] for r in runs)):
        assert secret not in text
    assert json.loads(text)["figures"] == data["figures"]


def test_recommend_prefers_what_was_measured(whyllm: Command, code_prompts: str) -> None:
    """The shortlist is measured without naming it; then the one that did better comes first."""
    before = json.loads(whyllm("recommend", *NEED, "--format", "json").out)
    names = [item["name"] for item in before["shortlist"]]
    tags = [
        item["pull"].removeprefix("ollama pull ")
        for item in before["shortlist"][:2]
        if item["pull"]
    ]
    with serving(ollama({tags[0]: TALK, tags[1]: CODE})) as server:
        shown = whyllm("measure", "--prompts", code_prompts, "--endpoint", server.address,
                       "--repeats", "1", "--format", "json")  # fmt: skip
    assert shown.code == 1, "a check failed, and the third of the shortlist is not there"
    assert shown.err == f"whyllm: the first 3 of the shortlist are measured, {names[3]} is not\n"
    faults = [c["fault"] for c in json.loads(shown.out)["candidates"]]
    assert faults[:2] == [None, None]
    assert faults[2].startswith("it has no model ")
    after = json.loads(whyllm("recommend", *NEED, "--format", "json").out)
    assert [item["name"] for item in after["shortlist"][:3]] == [names[1], names[0], names[2]]
    made = json.loads(shown.out)["made"]
    assert after["shortlist"][0]["because"][0] == {
        "rule": "PREF-160",
        "text": f"{names[1]} outdid {names[0]} on your own prompts (checks passed in a hundred: "
        f"100 to 0), measured on this machine on {made} at Q4_K_M.",
    }


GOOD: dict[str, Any] = {"passed": [True, True]}
FAIR: dict[str, Any] = {
    "passed": [True, False],
    "tokens_per_s": 25.0,
    "output": "Bold **claim** | <b>\nsecond \x1b[2Jline",
}
LATE: dict[str, Any] = {"fault": "no whole answer within 1 s", "output": "so fa"}


def two(**said: Any) -> Measurement:
    """Two models, two prompts, two repeats; the second fails a check and once to answer."""
    return measured(
        {
            "phi-4": [GOOD, {**GOOD, "seconds": 2.0}, GOOD, GOOD],
            "gemma-4-31b-it": [FAIR, LATE, FAIR, FAIR],
        },
        prompts=("one", "two"),
        candidate={"gemma-4-31b-it": {"memory": None, "quantisation_told_by": "name"}},
        **said,
    )


TEXT = r"""Measured on 2026-11-23 · 2 prompts, twice each · for modality code
Acme 9000, 8 cores, 32 GB, Acme GPU 24 GB, Linux; median (first to third quartile)

                  Phi-4 14B                                Gemma 4 31B IT
served as         phi-4:latest                             gemma-4-31b-it:latest
server            Ollama 0.12.3 at http://127.0.0.1:11434  Ollama 0.12.3 at http://127.0.0.1:11434
quantisation      Q4_K_M                                   Q4_K_M (by its name)
digest            abababababababababa                      abababababababababa
memory            18.2 GB, 18.2 on the GPU                 not told
runs              4                                        4, 1 faulty
first token, s    0.25                                     0.25
tokens a second   40                                       25
whole answer, s   1 (1 to 1.25)                            1
tokens an answer  31                                       31
checks passed     8 of 8                                   3 of 6
votes             1 of 2                                   0 of 2

Phi-4 14B outdid Gemma 4 31B IT: checks passed in a hundred 100 to 50.

one  voted best: Phi-4 14B
   Say one.
   Phi-4 14B                                         Gemma 4 31B IT
   phi-4 on one                                      Bold **claim** | <b>
   ✓ check 1 (2 of 2)                                second \x1b[2Jline
   ✓ check 2 (2 of 2)                                ✓ check 1 (2 of 2)
                                                     ✗ check 2 (0 of 2): found “no”

two  voted best: none is better
   Say two.
   Phi-4 14B                                         Gemma 4 31B IT
   phi-4 on two                                      Bold **claim** | <b>
   ✓ check 1 (2 of 2)                                second \x1b[2Jline
   ✓ check 2 (2 of 2)                                ✓ check 1
                                                     ✗ check 2: found “no”

Faults:
  Gemma 4 31B IT, two, repeat 1: no whole answer within 1 s
"""


def test_a_saved_result_as_text(whyllm: Command, tmp_path: Path) -> None:
    result = saved(tmp_path, two(votes=[("one", "phi-4"), ("two", "tie")]))
    shown = whyllm("measure", "--result", result)
    assert (shown.out, shown.err, shown.code) == (TEXT, "", 1)
    assert not whyllm.measurements.exists(), "what is only shown may be another's"


def test_a_saved_result_as_markdown(whyllm: Command, tmp_path: Path) -> None:
    """Outputs stand in fences, and nothing of them is read as Markdown."""
    from markdown_it import MarkdownIt

    hostile = "``` \n# no heading\n<script>alert(1)</script>\n[x](http://example.com)\n````"
    result = saved(
        tmp_path,
        measured({"phi-4": [{**GOOD, "output": hostile}], "gemma-4-31b-it": [FAIR]}),
    )
    shown = whyllm("measure", "--result", result, "--no-keep", "--format", "md")
    tokens = MarkdownIt("gfm-like", {"html": True, "linkify": True}).parse(shown.out)
    titles = [tokens[i + 1].content for i, t in enumerate(tokens) if t.type == "heading_open"]
    assert titles == [
        "Measured on 2026-11-23 · 1 prompt, once each · for modality code",
        "one",
        "Phi-4 14B",
        "Gemma 4 31B IT",
    ]
    fences = [t.content for t in tokens if t.type == "fence"]
    assert fences == ["Say one.\n", f"{hostile}\n", "Bold **claim** | <b>\nsecond \\x1b[2Jline\n"]
    inline = [child.type for t in tokens if t.type == "inline" for child in t.children or ()]
    assert {"link_open", "html_inline", "image"}.isdisjoint(inline)
    assert "html_block" not in {t.type for t in tokens}


def test_json_is_written_and_read_back_the_same(whyllm: Command, tmp_path: Path) -> None:
    result = saved(tmp_path, two())
    again = tmp_path / "again.json"
    assert whyllm("measure", "--result", result, "--format", "json", "-o", str(again)).code == 1
    assert json.loads(again.read_text()) == json.loads(Path(result).read_text())


def test_votes_that_the_page_saved_count(whyllm: Command, tmp_path: Path) -> None:
    """They are read back on the kept measurement, which has no texts, and kept with it."""
    told = measured({"phi-4": [GOOD], "gemma-4-31b-it": [{**GOOD}]})
    whyllm.measurements.mkdir(parents=True)
    (whyllm.measurements / "monday.json").write_text(json.dumps(as_json(without_texts(told))))
    letters = lettered(told, "one")
    choice = next(letter for letter, model in letters.items() if model == "gemma-4-31b-it")
    votes = tmp_path / "votes.json"
    said = {
        "schema": "whyllm.votes/1",
        "session": "monday",
        "votes": [{"prompt": "one", "choice": choice}],
    }
    votes.write_text(json.dumps(said))
    jsonschema.validate(said, json_schema("votes"))
    shown = whyllm("measure", "--votes", str(votes))
    assert shown.code == 0
    assert "Gemma 4 31B IT outdid Phi-4 14B: votes 1 to 0." in shown.out
    assert "(kept without texts)" in shown.out
    (kept,) = whyllm.measurements.iterdir()
    assert json.loads(kept.read_text())["votes"] == [{"prompt": "one", "choice": "gemma-4-31b-it"}]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"session": "tuesday"}, "session: found 'tuesday', expected votes on 'monday'"),
        ({"votes": [{"prompt": "nine", "choice": "A"}]},
         "votes.0.prompt: no prompt 'nine' to vote on"),
        ({"votes": [{"prompt": "one", "choice": "C"}]}, "votes.0.choice: no output C to 'one'"),
        ({"votes": [{"prompt": "one", "choice": "D"}]},
         "votes.0.choice: input should be 'A', 'B', 'C' or 'tie' (found 'D')"),
        ({"votes": [{"prompt": "one", "choice": "A"}] * 2},
         "votes.1.prompt: a second vote on 'one'"),
        ({"schema": "other"}, "expected votes that the page has saved: JSON of whyllm.votes/1"),
        ({"more": 1}, "more: extra inputs are not permitted (found '1')"),
    ],
)  # fmt: skip
def test_wrong_votes(
    whyllm: Command, tmp_path: Path, change: dict[str, object], complaint: str
) -> None:
    votes = tmp_path / "votes.json"
    votes.write_text(
        json.dumps({"schema": "whyllm.votes/1", "session": "monday", "votes": [], **change})
    )
    result = saved(tmp_path, measured({"phi-4": [GOOD], "gemma-4-31b-it": [GOOD]}))
    shown = whyllm("measure", "--result", result, "--votes", str(votes))
    assert (shown.out, shown.err, shown.code) == ("", f"whyllm: {votes}: {complaint}\n", 2)


TWO = ("phi-4", "gemma-4-31b-it")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (TWO, "--prompts FILE: what is to be put to the models?"),
        (("phi-4", "--prompts", "P"), "found 1 model, expected 2 to 3 to put head to head"),
        (("phi-4", "phi-4:14b", "--prompts", "P"), "Phi-4 14B is named twice"),
        ((*TWO, "--prompts", "none.yaml"), "none.yaml: cannot be read: No such file or directory"),
        ((*TWO, "--prompts", "P", "--endpoint", "ftp://x"),
         "ftp://x: expected an address such as http://127.0.0.1:11434"),
        ((*TWO, "--prompts", "P", "--endpoint", "http://me:pw@x"),
         "http://x: an address must not hold a password; an API key is read from the environment"),
        ((*TWO, "--prompts", "P", "--key-from", "NO_SUCH_KEY"),
         "--key-from NO_SUCH_KEY: the environment has no such variable"),
        (("--prompts", "P"), "no consultation is remembered: name two or three models, or ask "
                             "`whyllm recommend` first"),
        (("--result", "none.json", "phi-4"),
         "--result shows what was measured; give no MODEL or --prompts"),
        (("--result", "none.json"), "none.json: cannot be read: No such file or directory"),
        ((*TWO, "--prompts", "P", "--vote"),
         "--vote: standard input is no terminal; --format html gives a page to vote on"),
        ((*TWO, "--prompts", "P", "--votes", "v.json"),
         "--votes: votes are on what was measured before; name --result"),
        (("phi-4=", "gemma", "--prompts", "P"),
         "phi-4=: expected MODEL, MODEL=NAME, MODEL@URL or MODEL=NAME@URL"),
    ],
)  # fmt: skip
def test_a_wrong_question(
    whyllm: Command,
    prompts: str,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    complaint: str,
) -> None:
    monkeypatch.setattr(sys, "stdin", open(os.devnull))  # noqa: SIM115
    shown = whyllm("measure", *(prompts if word == "P" else word for word in words))
    assert (shown.out, shown.err, shown.code) == ("", f"whyllm: {complaint}\n", 2)


@pytest.mark.parametrize("missing", ["httpx", "httpx_sse", "jsonschema_rs", "regex"])
def test_a_missing_library_is_named(missing: str) -> None:
    script = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "from whyllm.cli.program import main; main(['measure', '--prompts', 'p.yaml'])"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    line = f"whyllm: measure: needs the library {missing}: pip install 'whyllm[measure]'\n"
    assert (shown.returncode, shown.stdout, shown.stderr) == (2, "", line)


def test_no_server_is_an_answer_in_the_negative(whyllm: Command, prompts: str) -> None:
    with serving({}) as server:
        address = server.address
    shown = whyllm("measure", *TWO, "--prompts", prompts, "--endpoint", address, "--format", "json")
    data = json.loads(shown.out)
    assert shown.code == 1
    assert {c["fault"] for c in data["candidates"]} == {
        "no server can be reached there: All connection attempts failed"
    }
    assert data["runs"] == []
    assert not whyllm.measurements.exists(), "what measured nothing is not kept"


def test_what_could_not_be_written_is_refused_before_it_is_measured(
    whyllm: Command, prompts: str, tmp_path: Path
) -> None:
    with serving(ollama({"a:1": "x", "b:1": "y"})) as server:
        words = ("measure", "phi-4=a:1", "gemma-4-31b-it=b:1", "--prompts", prompts)
        for output in (tmp_path / "no-folder" / "out.json", tmp_path):
            shown = whyllm(*words, "--endpoint", server.address, "-o", str(output))
            complaint = f"{output}: cannot be written; expected a file in a folder of yours"
            assert (shown.out, shown.err, shown.code) == ("", f"whyllm: {complaint}\n", 2)
    assert server.requests == []


def test_a_disk_that_fills_up_meanwhile_costs_nothing(
    whyllm: Command, code_prompts: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("whyllm.cli.output.replace_file", full)
    out = tmp_path / "out.json"
    with serving(ollama({"a:1": CODE, "b:1": TALK})) as server:
        shown = whyllm("measure", "phi-4=a:1", "gemma-4-31b-it=b:1", "--prompts", code_prompts,
                       "--endpoint", server.address, "--no-keep", "--repeats", "1",
                       "--format", "json", "-o", str(out))  # fmt: skip
    assert shown.err == f"whyllm: {out}: cannot be written: No space left on device\n"
    assert shown.code == 2
    runs = json.loads(shown.out)["runs"]
    assert [r["output"] for r in runs if not r["warm_up"]] == [CODE, TALK]


def test_a_key_comes_from_the_environment_alone(
    whyllm: Command, prompts: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = "sk-0123456789"
    monkeypatch.setenv("MY_KEY", key)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another-server")
    answer = body({"error": {"message": f"bad key {key}"}}, 403)
    with serving(openai(answer, "a", "b")) as server:
        shown = whyllm("measure", "phi-4=a", "gemma-4-31b-it=b", "--prompts", prompts, "--endpoint",
                       f"{server.address}/v1", "--key-from", "MY_KEY")  # fmt: skip
    assert shown.code == 1
    assert {headers["Authorization"] for _, headers in server.requests} == {f"Bearer {key}"}
    assert "bad key [the API key]" in shown.out
    assert key not in shown.out + shown.err


def test_what_is_kept_stays_within_limits(
    whyllm: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = whyllm.measurements
    for number in range(5):
        keeping.keep(measured({"phi-4": [GOOD], "gemma-4-31b-it": [GOOD]}, id=f"day-{number}"))
    sizes = {path.stem: path.stat().st_size for path in folder.iterdir()}
    assert sorted(sizes) == [f"day-{number}" for number in range(5)]
    monkeypatch.setattr(keeping, "LARGEST_OF_ALL", 3 * sizes["day-0"] + 10)
    keeping.keep(measured({"phi-4": [GOOD], "gemma-4-31b-it": [GOOD]}, id="day-5"))
    assert sorted(path.stem for path in folder.iterdir()) == ["day-3", "day-4", "day-5"]
    monkeypatch.setattr(keeping, "LARGEST", 100)
    keeping.keep(measured({"phi-4": [GOOD], "gemma-4-31b-it": [GOOD]}, id="day-6"))
    assert not (folder / "day-6.json").exists()


def test_without_a_work_it_is_said_that_it_serves_nothing(
    whyllm: Command, code_prompts: str, tmp_path: Path
) -> None:
    with serving(ollama({"a:1": CODE, "b:1": CODE})) as server:
        shown = whyllm("measure", "phi-4=a:1", "gemma-4-31b-it=b:1", "--prompts", code_prompts,
                       "--endpoint", server.address, "-o", str(tmp_path / "out.txt"))  # fmt: skip
    assert (shown.out, shown.code) == ("", 0)
    assert shown.err == (
        "whyllm: `recommend` uses it for nothing: state --task or --modality when measuring\n"
    )


def test_ctrl_c_writes_what_was_measured(prompts: str, tmp_path: Path) -> None:
    """A process of its own, interrupted while the second candidate stalls."""
    out = tmp_path / "out.json"
    with serving(ollama({"a:1": "fine", "b:1": stalling(line("so"))})) as server:
        words = ["measure", "phi-4=a:1", "gemma-4-31b-it=b:1", "--prompts", prompts,
                 "--endpoint", server.address, "--format", "json", "-o", str(out)]  # fmt: skip
        process = subprocess.Popen(
            [sys.executable, "-m", "whyllm.cli", *words],
            env={**os.environ, "XDG_DATA_HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path)},
            stderr=subprocess.PIPE,
            text=True,
        )
        asked_last = ("/api/chat", 4)
        while [path for path, _ in server.requests].count(asked_last[0]) < asked_last[1]:
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert err == "whyllm: the measurement was ended early and is not kept\n"
    assert not list(tmp_path.rglob("measurements"))
    data = json.loads(out.read_text())
    assert data["interrupted"] is True
    *whole, last = data["runs"]
    assert [(r["model"], r["output"], r["fault"]) for r in whole] == [("phi-4", "fine", None)] * 3
    assert (last["model"], last["fault"]) == ("gemma-4-31b-it", "ended by the user")
    assert last["output"] in ("", "so"), "as far as it had come"


def test_votes_at_a_terminal_are_blind_and_count(tmp_path: Path, code_prompts: str) -> None:
    told = two()
    result, out = saved(tmp_path, told), tmp_path / "out.json"
    environment = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}
    child = pexpect.spawn(
        sys.executable,
        ["-m", "whyllm.cli", "measure", "--result", result, "--vote", "--format", "json",
         "-o", str(out)],
        env={**environment, "XDG_DATA_HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path),
             "TERM": "xterm"},
        dimensions=(60, 100),
        encoding="utf-8",
        timeout=60,
    )  # fmt: skip
    child.expect("Which is best")
    shown = child.before
    assert "Say one." in shown
    assert "Phi-4" not in shown
    assert r"second \x1b[2Jline" in shown
    letter = next(x for x, model in lettered(told, "one").items() if model == "gemma-4-31b-it")
    pressed(child, lambda: child.sendline("Z"), "Which is best")
    pressed(child, lambda: child.sendline(letter.lower()), "Prompt 2 of 2")
    child.expect("Which is best")
    child.sendline("=")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 1, "a check had failed"
    assert votable(told) == ["one", "two"]
    assert json.loads(out.read_text())["votes"] == [
        {"prompt": "one", "choice": "gemma-4-31b-it"},
        {"prompt": "two", "choice": "tie"},
    ]
