"""The checker accepts every genuine certificate, and nothing that differs from one."""

from __future__ import annotations

import ast
import copy
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from whyllm.engine import checker
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.cataloguing import catalogue
from whyllm.engine.checker import check, read_json
from whyllm.engine.consulting import Consultation, consult
from whyllm.engine.need import Need
from whyllm.engine.stages import RULEBOOKS
from whyllm.kb.loader import load

from tests.conftest import DAY
from tests.engine.certified import Verifier, rules, saved, saved_verdict
from tests.engine.mutations import mutated
from tests.engine.needs import random_need

Ask = Callable[..., Consultation]
BATCHES = 4
LARGE = 25_000
"""Characters of a certificate that takes longer to check than is well spent on mutations."""

CODESTRAL = {"modality": "code", "use": "commercial"}


@pytest.fixture(scope="session")
def verifier(models: Catalogue) -> Verifier:
    return Verifier(models)


@pytest.fixture
def codestral(models: Catalogue) -> dict[str, Any]:
    return saved_verdict(models, "expert", CODESTRAL, "codestral-22b-v0.1")


def test_it_needs_the_standard_library_only_and_stays_small() -> None:
    text = Path(checker.__file__).read_text()
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(text))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or "whyllm"]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= sys.stdlib_module_names
    assert not {"importlib", "pickle", "subprocess"} & imported
    assert not {"eval", "exec", "compile", "__import__"} & {
        node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)
    }
    assert len([line for line in text.splitlines() if line.strip()]) < 300


# What is genuine


@pytest.mark.parametrize("book", RULEBOOKS)
def test_verdicts_on_single_models_are_accepted(
    ask: Ask, verifier: Verifier, models: Catalogue, book: str
) -> None:
    """Ten needs, and for each a few models of every verdict against them."""
    verdicts = set()
    for seed in range(10):
        axes = random_need(seed)
        answer, chance = ask(book, **axes), random.Random(seed)
        for against in (list(answer.excluded), list(answer.undecided)):
            for model in chance.sample(against, min(3, len(against))):
                certificate = saved_verdict(models, book, axes, model)
                assert verifier.problems(certificate, book) == []
                assert certificate["scope"] == "model"
                assert len(certificate["proof"]) == len(answer.about(model, "Excluded")) or (
                    model in answer.undecided
                )
                verdicts.add(certificate["verdict"])
    assert verdicts == ({"excluded", "undecided"} if book == "expert" else {"excluded"})


@pytest.mark.parametrize("seed", [1, 4, 11])
@pytest.mark.parametrize("book", RULEBOOKS)
def test_whole_consultations_are_accepted(
    models: Catalogue, verifier: Verifier, book: str, seed: int
) -> None:
    """And at a bounded share of what the consultation itself costs."""
    began = time.process_time()
    answer = consult(Need.of(random_need(seed)), models, book, DAY)
    judged = time.process_time() - began
    certificate = saved(answer)
    began = time.process_time()
    assert verifier.problems(certificate, book) == []
    assert time.process_time() - began < 20 * judged
    told = [*certificate["kept"], *certificate["excluded"], *certificate["undecided"]]
    assert sorted(told) == sorted(verifier.catalogue.models)


@pytest.mark.parametrize(
    ("model", "verdict"),
    [("devstral-small-2-24b-instruct-2512", "shortlisted"), ("codestral-22b-v0.1", "excluded")],
)
def test_a_kept_models_certificate_holds_the_whole_consultation(
    models: Catalogue, verifier: Verifier, model: str, verdict: str
) -> None:
    certificate = saved_verdict(models, "expert", {**CODESTRAL, "vram": 24.0}, model)
    assert certificate["verdict"] == verdict
    assert certificate["scope"] == ("catalogue" if verdict == "shortlisted" else "model")
    assert (len(certificate["shortlist"]) == 4) == (verdict == "shortlisted")
    assert verifier.problems(certificate, "expert") == []


def test_a_proof_leads_down_to_the_clause_and_the_need(codestral: dict[str, Any]) -> None:
    tree = codestral["proof"][0]
    assert codestral["trace"][tree["firing"]]["rule"] == "LIC-020"
    asked, licensed, clause = tree["premises"]
    assert codestral["trace"][asked["firing"]]["rule"] == "NEED-010"
    assert asked["premises"] == [{"fact": {"type": "Stated", "axis": "use", "value": "commercial"}}]
    assert licensed["fact"]["type"] == "Licensed"
    assert clause["fact"]["section"] == "3.2"


# How a shortlist is ordered


def ranked(by: str, *facts: dict[str, Any]) -> list[str]:
    """The shortlist of at most two of the models a, b and c, of which a and c are one family."""
    found = checker.Chaining()
    family = {"a": "x", "b": "y", "c": "x"}
    found.add({"type": "Model", "model": m, "family": family[m]} for m in family)
    found.add(facts)
    known = {"criteria": ["fit", "size"], "shortlist_length": 2}
    return checker.shortlist(["a", "b", "c"], found, {"shortlist_by": by}, known)


def merit(model: str, criterion: str, level: int) -> dict[str, Any]:
    return {"type": "Merit", "model": model, "criterion": criterion, "level": level}


def named(model: str, line: int) -> dict[str, Any]:
    return {"type": "Named", "model": model, "line": line, "node": "n"}


def test_the_first_criterion_on_which_two_differ_decides_then_the_id() -> None:
    assert ranked("merits") == ["a", "b"]
    assert ranked("merits", merit("b", "size", 1)) == ["b", "a"]
    assert ranked("merits", merit("b", "size", 9), merit("c", "fit", 1)) == ["c", "b"]


def test_of_several_merits_on_one_criterion_the_least_counts() -> None:
    assert ranked("merits", merit("b", "fit", 2), merit("b", "fit", -1)) == ["a", "b"]


def test_in_the_tree_the_first_line_that_names_a_model_is_its_place() -> None:
    assert ranked("leaf", named("a", 1), named("b", 0), named("c", 2)) == ["b", "a"]
    assert ranked("leaf", named("a", 0), named("b", 1), named("a", 2), named("c", 3)) == ["a", "b"]


def test_in_a_line_the_newest_of_the_largest_comes_first() -> None:
    size = {"type": "Parameters", "active_b": 1.0}
    sizes = [{**size, "model": "a", "total_b": 1.0}, {**size, "model": "c", "total_b": 7.0}]
    assert ranked("leaf", *sizes) == ["c", "b"]
    replaced = {"type": "ReplacedBy", "model": "c", "newer": "a"}
    assert ranked("leaf", *sizes, replaced) == ["a", "b"]


# What is not


@pytest.mark.parametrize("batch", range(BATCHES))
def test_single_mutations_are_rejected(
    ask: Ask, verifier: Verifier, batch: int, request: pytest.FixtureRequest
) -> None:
    """Every one of them: no change of a value, a type or an order leaves a certificate genuine."""
    chance = random.Random(batch)
    originals = []
    for number in range(8):
        book = "course" if number % 3 == 2 else "expert"  # whose rules say more of one model
        axes = random_need(chance.randrange(10**6))
        answer = ask(book, **axes)
        against = list(answer.undecided if number % 3 == 0 else answer.excluded)
        if against:
            original = saved_verdict(verifier.catalogue, book, axes, chance.choice(against))
            if len(json.dumps(original)) < LARGE:
                originals.append((book, original))
    assert len(originals) > 1
    for number in range(int(request.config.getoption("--mutations")) // BATCHES):
        book, original = originals[number % len(originals)]
        change, certificate = mutated(original, chance)
        assert verifier.problems(certificate, book), f"{change} of {original}"


@pytest.mark.parametrize("book", RULEBOOKS)
def test_mutations_of_a_whole_consultation_are_rejected(
    ask: Ask, verifier: Verifier, book: str
) -> None:
    original = saved(ask(book, modality="vision", vram=8, use="unrestricted"))
    assert len(original["shortlist"]) > 1
    chance = random.Random(book)
    swapped = copy.deepcopy(original)
    swapped["shortlist"][:2] = reversed(swapped["shortlist"][:2])
    for certificate in (swapped, mutated(original, chance)[1]):
        assert verifier.problems(certificate, book)


def changed(certificate: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return {**certificate, **parts}


def test_each_reason_is_one_line_that_names_the_part(
    codestral: dict[str, Any], verifier: Verifier
) -> None:
    digest = codestral["kb"]["digest"]
    cases = {
        "certificate.kb.digest: found": changed(codestral, kb={**codestral["kb"], "digest": "0"}),
        "certificate.trace: is missing": changed(codestral, trace=codestral["trace"][1:]),
        "certificate.trace: in another order": changed(codestral, trace=codestral["trace"][::-1]),
        "certificate.proof: does not follow": changed(codestral, proof=[{"firing": 0}]),
        "certificate.verdict: found": changed(codestral, verdict="kept"),
        "certificate.note: found": changed(codestral, note=1),
        "certificate.schema: found": changed(codestral, schema="whyllm.certificate/2"),
        "certificate.given: does not follow": changed(codestral, given=[{"type": "Kept"}]),
        "cannot be followed: ValueError: about": changed(codestral, about="codestral"),
        "cannot be followed: KeyError: 'about'": {
            key: codestral[key] for key in codestral if key != "about"
        },
    }
    for start, certificate in cases.items():
        problems = verifier.problems(certificate, "expert")
        assert problems, start
        assert any(line.startswith(start) for line in problems), problems
        assert not any("\n" in line for line in problems)
    (line,) = verifier.problems(cases["certificate.kb.digest: found"], "expert")
    assert '"0"' in line
    assert digest in line


def test_a_kept_model_cannot_be_certified_alone(models: Catalogue, verifier: Verifier) -> None:
    """Alone it would top a shortlist of one."""
    axes = {**CODESTRAL, "vram": 24}
    kept = saved_verdict(models, "expert", axes, "devstral-small-2-24b-instruct-2512")
    (line,) = verifier.problems(changed(kept, scope="model"), "expert")
    assert "hangs on the whole catalogue" in line


def test_an_absence_must_hold_to_the_end() -> None:
    """A rule that fires for want of what a later stage concludes proves nothing."""
    hasty = {"rule": "A", "when": [{"fact": "Model", "slots": {"model": {"var": "m"}}},
                                   {"no": "Tuned", "slots": {"model": {"var": "m"}}}],
             "concludes": [{"type": "Excluded", "slots": {"model": "m"}}]}  # fmt: skip
    late = {"rule": "B", "when": [{"fact": "Model", "slots": {"model": {"var": "m"}}}],
            "concludes": [{"type": "Tuned", "slots": {"model": "m"}}]}  # fmt: skip
    stages = [{"stage": "1", "rules": [hasty]}, {"stage": "2", "rules": [late]}]
    book = {"rulebook": "x", "shortlist_by": "merits", "axes": {}, "stages": stages}
    model = {"type": "Model", "model": "a", "family": "a"}
    known = {"of_model": {"a": [model]}, "of_licence": {}, "common": [], "criteria": []}
    question = {"need": {}, "on": "2026-11-23", "about": None, "scope": "catalogue"}
    (line,) = check(question, book, known)
    assert "concluded later" in line


# What has changed since


def test_a_changed_rule_makes_old_certificates_fall(
    codestral: dict[str, Any], verifier: Verifier
) -> None:
    """LIC-020 asks for another tag: its firing no longer follows, and the digest tells as much."""
    book = copy.deepcopy(rules("expert"))
    (rule,) = [r for stage in book["stages"] for r in stage["rules"] if r["rule"] == "LIC-020"]
    (clause,) = [e for e in rule["when"] if e.get("fact") == "Clause"]
    clause["slots"]["tag"] = {"is": "hosting"}
    known = verifier.known
    problems = check(codestral, book, known)
    assert any(line.startswith("certificate.rules_digest: found") for line in problems)
    assert any(line.startswith("certificate.trace: does not follow") and "LIC-020" in line
               for line in problems)  # fmt: skip


def test_a_changed_threshold_makes_old_certificates_fall(models: Catalogue, tmp_path: Path) -> None:
    """With ten times the usable share of memory, what was too large fits."""
    axes = {"vram": 24}
    old = saved_verdict(models, "expert", axes, "llama-3.1-405b-instruct")
    assert old["verdict"] == "excluded"
    known = copy.deepcopy(Verifier(models).known)
    (share,) = [fact for fact in known["common"]
                if fact["type"] == "UsableShare" and fact["memory"] == "vram"]  # fmt: skip
    share["share"] *= 100
    problems = check(old, rules("expert"), known)
    assert any(line.startswith("certificate.facts: does not follow") for line in problems) or (
        problems == ["cannot be followed: ValueError: scope: whether a model is kept hangs on the "
                     "whole catalogue"]
    )  # fmt: skip


def test_changed_knowledge_makes_old_certificates_fall(models: Catalogue, tmp_path: Path) -> None:
    """An overlay that shortens a context: the digest differs, and so does the verdict's trace."""
    axes = {"min_context": 131_073}
    old = saved_verdict(models, "expert", axes, "phi-4")
    read = {"source": "course", "confidence": "secondary"}
    overlay = tmp_path / "models" / "x.yaml"
    overlay.parent.mkdir()
    overlay.write_text(
        json.dumps([{"id": "phi-4", "context": 8192, "evidence": {"context": read}}])
    )
    problems = Verifier(catalogue(load([tmp_path]))).problems(old, "expert")
    assert any(line.startswith("certificate.kb.digest: found") for line in problems)
    assert any("TASK-090" in line for line in problems)


# What is hostile


def nested(depth: int) -> Any:
    data: Any = 1
    for _ in range(depth):
        data = [data]
    return data


def circle() -> Any:
    data: list[Any] = []
    data.append(data)
    return data


@pytest.mark.parametrize(
    "part",
    [nested(10**5), circle(), float("nan"), float("inf"), 10**5000, "x" * 10**6, None, True, -1,
     [], {}, [[]], [{}], [None], [{"type": []}], [{"firing": True, "premises": []}],
     {"vram": [[]]}, {"vram": 1e308}, {"use": {}}, {"language": ["fr"] * 10**5}, "\ud800",
     "9999-99-99", {1: 2, "a": 3}],
    ids=lambda part: type(part).__name__,
)  # fmt: skip
def test_hostile_parts_are_rejected_in_time(
    codestral: dict[str, Any], verifier: Verifier, part: Any
) -> None:
    began = time.process_time()
    assert check(codestral, rules("expert"), verifier.known) == []
    genuine = time.process_time() - began
    began = time.process_time()
    for key in codestral:
        certificate = changed(codestral, **{key: part})
        problems = check(certificate, rules("expert"), verifier.known)
        assert bool(problems) != (codestral[key] == part), key
        assert all(len(line) < 1500 and "\n" not in line for line in problems), key
        for line in problems:
            line.encode()
    assert time.process_time() - began < 50 * len(codestral) * genuine


def test_a_need_is_stated_in_the_axes_words(codestral: dict[str, Any], verifier: Verifier) -> None:
    """What the checker itself asks of a need, whoever reads it before."""
    cases = {
        "an unknown axis": {"usage": "commercial"},
        "need.use": {"use": "commerce"},
        "need.vram": {"vram": None},
        "need.ram": {"ram": [8.0]},
        "too much": {"language": [f"x{n}" for n in range(101)]},
    }
    for said, need in cases.items():
        certificate = changed(codestral, need=need)
        (line,) = check(certificate, rules("expert"), verifier.known)
        assert said in line


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b'{"a": 1, "a": 2}', "an object says a key twice"),
        (b'{"a": NaN}', "not JSON compliant"),
        (b'{"a": 1e999}', "not JSON compliant"),
        (b"\xff\xfe\xfa", "decode"),
        (b'{"a": ', "Expecting value"),
        (b"1" * 5000, "limit"),
    ],
)
def test_only_strict_json_is_read(tmp_path: Path, text: bytes, said: str) -> None:
    (tmp_path / "x").write_bytes(text)
    with pytest.raises(ValueError, match=said):
        read_json(str(tmp_path / "x"))


@pytest.mark.parametrize(("end", "code", "said"), [(0, 0, "accepted"), (1, 1, "verdict")])
def test_the_file_alone_checks_files(
    codestral: dict[str, Any], verifier: Verifier, tmp_path: Path, end: int, code: int, said: str
) -> None:
    """Without the package: the interpreter is told to see neither it nor any other."""
    alone = tmp_path / "checker.py"
    alone.write_text(Path(checker.__file__).read_text())
    known = verifier.known
    forged = changed(codestral, verdict="kept") if end else codestral
    for name, data in (("c", forged), ("r", rules("expert")), ("k", known)):
        (tmp_path / name).write_text(json.dumps(data))
    words = [sys.executable, "-I", "-S", str(alone), "c", "r", "k"]
    ran = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (code, "")
    assert said in ran.stdout
    missing = subprocess.run([*words[:-1], "none"], cwd=tmp_path, capture_output=True, text=True)
    assert missing.returncode == 2
