"""The functions for Python programs: they say what the commands say, and refuse in one line."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
import typing
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import whyllm.engine
from whyllm.engine import api, as_json, as_text, consult, explain, review
from whyllm.engine.consulting import Consultation
from whyllm.engine.errors import KnowledgeError, NeedError, QuestionError, UnknownNameError
from whyllm.engine.knowledge import loaded
from whyllm.engine.need import AXES
from whyllm.engine.reviewing.finding import Verdict
from whyllm.engine.reviewing.review import AXES as TERMS

from tests.cli.runner import Command

DAY = "2026-11-23"
CODE = {"modality": "code", "use": "commercial", "vram": 24}
OPTIONS = ("--modality", "code", "--use", "commercial", "--vram", "24", "--on", DAY)


@pytest.fixture
def whyllm_(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    return Command(monkeypatch, tmp_path / "state")


@pytest.fixture(scope="module")
def answer() -> Consultation:
    return consult(CODE, on=DAY)


def test_a_consultation_is_that_of_the_command(answer: Consultation, whyllm_: Command) -> None:
    assert as_json(answer) == json.loads(whyllm_("recommend", *OPTIONS, "--format", "json").out)
    assert as_text(answer).startswith(
        "expert rulebook · --modality code --vram 24 --use commercial"
    )


def test_an_explanation_is_that_of_the_command(answer: Consultation, whyllm_: Command) -> None:
    """Of a model that is not on the shortlist, whose duties and caveats are told all the same."""
    found = explain(answer, "bartowski/Codestral-22B-v0.1-GGUF")
    assert found.verdict == "excluded"
    assert as_text(found) == whyllm_("why", "codestral", *OPTIONS).out
    kept = explain(answer, "qwen2.5-coder:7b")
    told = whyllm_("why", "qwen2.5-coder:7b", *OPTIONS, "--format", "json").out
    assert as_json(kept) == json.loads(told)


def test_what_would_put_a_model_first_is_searched_for_on_request(answer: Consultation) -> None:
    best = answer.shortlist[0]
    assert explain(answer, best).first is None
    assert explain(answer, best, to_first=True).first is not None


def test_a_review_of_files_is_that_of_the_command(
    whyllm_: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("models.csv").write_text("model,license,base_model\nacme/coder,mit,phi4:14b\n")
    found = review([Path("models.csv"), Path("gone.txt")], use="commercial", on=DAY)
    told = ("licence", "review", "models.csv", "gone.txt", "--use", "commercial", "--on", DAY)
    assert as_json(found) == json.loads(whyllm_(*told, "--format", "json").out)
    assert as_text(found).startswith("use: commercial use · 2026-11-23 · knowledge ")
    assert [item.finding.verdict for item in found.items] == ["allowed"]
    assert [str(fault) for fault in found.faults] == ["gone.txt: no such file or folder"]
    assert (found.failed, found.passed) == (0, False)


def test_names_and_rows_are_reviewed_where_they_stand() -> None:
    rows: list[api.Input] = [
        "qwen2.5-coder:7b",
        {"model": "acme/coder", "declared": "mit", "base": ["codestral"]},
        {"model": "acme/coder", "declared": ["mit", "apache-2.0"]},
        "models.txt",
    ]
    found = review(rows, use="commercial", on=DAY)
    assert [str(item.mention.place) for item in found.items] == [
        f"inputs:{n}" for n in (1, 2, 3, 4)
    ]
    own, tuned, adrift, unknown = (item.finding for item in found.items)
    assert (own.verdict, own.model) == (Verdict.ALLOWED, "qwen2.5-coder-7b-instruct")
    assert (tuned.verdict, tuned.made_from) == (Verdict.FORBIDDEN, ("codestral-22b-v0.1",))
    assert (adrift.verdict, adrift.licences) == (Verdict.UNKNOWN, ("MIT", "Apache-2.0"))
    assert unknown.verdict is Verdict.UNKNOWN  # the name of a file, which is no Path, is not read
    assert found.summary == {"allowed": 1, "conditional": 0, "unknown": 2, "forbidden": 1}
    assert not found.passed
    assert repr(found) == (
        "<LicenceReview: 1 allowed, 0 conditional, 2 unknown, 1 forbidden, 0 not read>"
    )


def test_a_policy_states_a_need_that_the_call_overrules(tmp_path: Path) -> None:
    """And a need may hold axes that bear on no terms, as that of a consultation does."""
    policy = tmp_path / "ours.yaml"
    policy.write_text("need: {use: commercial, region: FR}\n")
    one: api.Row = {"model": "phi4:14b", "declared": "mit"}
    found = review(one, {"use": "research", "vram": 24}, policy=policy, on=DAY)
    assert found.source.need.as_json() == {"use": "research", "region": "FR"}
    assert found.passed


def test_axes_win_over_a_mapping_and_none_states_no_longer() -> None:
    """Here in the course's rulebook, which walks its tree."""
    found = consult(CODE, vram=8, use=None, rulebook="course", on=DAY)
    assert found.need.as_json() == {"modality": "code", "vram": 8.0}
    assert found.path[:2] == ("Start", "Modal")


def test_a_folder_is_laid_over_the_knowledge_and_read_once(
    answer: Consultation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "ours.yaml").write_text("- id: phi-4\n  name: Phi-4 of ours\n")
    ours = consult(CODE, kb=str(tmp_path), on=DAY)
    assert explain(ours, "Phi-4 of ours").model == "phi-4"
    assert loaded().catalogue is answer.catalogue
    assert loaded([tmp_path / "models" / ".."]).catalogue is ours.catalogue
    monkeypatch.setenv("WHYLLM_KB", str(tmp_path))
    assert loaded().catalogue is ours.catalogue


def test_a_folder_that_was_mended_is_read_again(answer: Consultation, tmp_path: Path) -> None:
    """And as long as it is broken, no other answer suffers."""
    (tmp_path / "models").mkdir()
    file = tmp_path / "models" / "ours.yaml"
    file.write_text("- id: phi-4\n  licences: [MTI]\n")
    for _ in range(2):
        with pytest.raises(KnowledgeError, match=r"ours.yaml:2: licences.0: no licence 'MTI'"):
            consult(CODE, kb=tmp_path, on=DAY)
    assert explain(answer, "codestral").verdict == "excluded"
    file.write_text("- id: phi-4\n  name: Phi-4 of ours\n")
    assert loaded([tmp_path]).catalogue.models["phi-4"].name == "Phi-4 of ours"


def test_threads_do_not_disturb_each_other(answer: Consultation) -> None:
    with ThreadPoolExecutor(2) as threads:
        other = threads.submit(consult, {"modality": "speech"}, on=DAY)
        same = threads.submit(consult, CODE, on=DAY)
    assert as_json(same.result()) == as_json(answer)
    assert other.result().need.as_json() == {"modality": "speech"}


@pytest.mark.parametrize(
    ("wrong", "error", "line"),
    [
        (lambda _: consult(vrma=24), NeedError, "unknown axis 'vrma'; did you mean vram?"),
        (lambda _: consult({"use": "comercial"}), NeedError,
         "use: found 'comercial', expected one of unrestricted, commercial, internal, research, "
         "personal; did you mean commercial?"),
        (lambda _: consult(["code"]), NeedError,
         "need: found ['code'], expected a mapping of axes to values"),
        (lambda _: consult(quant="Q9"), NeedError, None),
        (lambda _: consult(rulebook="mine"), NeedError,
         "rulebook: found 'mine', expected one of expert, course"),
        (lambda _: consult(on="yesterday"), NeedError,
         "on: found 'yesterday', expected a day as YYYY-MM-DD"),
        (lambda _: consult(on=20261123), NeedError,
         "on: found 20261123, expected a day as YYYY-MM-DD"),
        (lambda _: consult(kb="no/such"), KnowledgeError, "no/such: no such folder of knowledge"),
        (lambda answer: explain(answer, "codestrel"), UnknownNameError,
         "unknown model 'codestrel'; did you mean Codestral 22B v0.1 or Codestral Mamba 7B v0.1?"),
        (lambda answer: explain(answer, ""), UnknownNameError, "an empty name names no model"),
        (lambda _: review(["phi4"]), NeedError,
         "use: found nothing, expected --use, or `need: {use: …}` in the policy"),
        (lambda _: review([], use="research"), NeedError,
         "inputs: found none, expected names of models, paths or rows"),
        (lambda _: review(7, use="research"), NeedError,
         "inputs: found 7, expected names of models, paths or rows"),
        (lambda _: review(["phi4", 7], use="research"), NeedError,
         "inputs, row 2: found 7, expected the name of a model, or a Path"),
        (lambda _: review([{"model": "phi4", "license": "mit"}], use="research"), NeedError,
         "inputs, row 1: found the key 'license', expected some of model, declared, base"),
        (lambda _: review([{"declared": "mit"}], use="research"), NeedError,
         "inputs, row 1: found None, expected the name of a model, or a Path"),
        (lambda _: review([{"model": "phi4", "declared": 7}], use="research"), NeedError,
         "inputs, row 1: declared: found 7, expected a text or a list of texts"),
        (lambda _: review(["phi4"], use="research", vram=24), NeedError,
         "vram: bears on no licence, expected some of use, deploy, monthly_active_users, "
         "annual_revenue_usd, region, fine_tune, train_on_outputs"),
        (lambda _: review(["phi4"], policy="gone.yaml"), KnowledgeError, None),
    ],
)  # fmt: skip
def test_a_wrong_question_is_refused_in_one_line(
    answer: Consultation, wrong: Callable[[Any], object], error: type[Exception], line: str | None
) -> None:
    with pytest.raises(error) as refused:
        wrong(answer)
    assert isinstance(refused.value, QuestionError)
    said = str(refused.value)
    assert said == line if line else said and "\n" not in said


def test_the_types_name_every_axis_and_choice() -> None:
    hints = typing.get_type_hints(api.Axes)
    assert set(hints) == set(AXES)
    assert set(typing.get_type_hints(api.Terms)) == set(TERMS)
    for name, axis in AXES.items():
        text = str(hints[name])
        assert all(repr(choice) in text for choice in axis.choices), name
        assert ("Sequence" in text) == axis.repeatable, name


def test_all_is_said_of_each_function() -> None:
    for name in whyllm.engine.__all__:
        function = getattr(whyllm.engine, name)
        assert inspect.getdoc(function), name
        assert name in dir(whyllm.engine)
    with pytest.raises(AttributeError, match="has no attribute 'recommend'"):
        whyllm.engine.recommend  # noqa: B018


def run(script: str) -> str:
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stderr == ""
    return done.stdout


def test_a_module_of_the_engine_is_imported_without_the_functions() -> None:
    loaded = "print(sorted(m for m in sys.modules if m.startswith('whyllm')))"
    alone = run(f"import sys, whyllm.engine.trace; {loaded}")
    assert alone == "['whyllm', 'whyllm.engine', 'whyllm.engine.trace']\n"


def test_the_functions_need_no_command_line() -> None:
    script = (
        "import sys\nfrom whyllm.engine import as_json, consult, explain, review\n"
        "as_json(explain(consult(use='research'), 'codestral'))\n"
        "print([m for m in sys.modules if m in ('click', 'rich', 'networkx', 'whyllm.cli')])"
    )
    assert run(script) == "[]\n"
