"""The notice to ship: the lines that licences prescribe, unbroken, and only what is covered."""

from __future__ import annotations

import pytest
from pydantic import ValidationError
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.inventory.mention import Fault, Place
from whyllm.engine.render.review.notice import CUT, notice
from whyllm.engine.reviewing.finding import Condition, DutyDue, Finding, Verdict
from whyllm.kb.knowledge import KnowledgeBase
from whyllm.kb.schema import Duty

from tests.engine.render.reviews import (
    LLAMA,
    allowed,
    at,
    conditional,
    forbidden,
    hostile,
    of_every_verdict,
    review,
    unknown,
)

NOTICE_LINE = (
    "Llama 3.1 is licensed under the Llama 3.1 Community License, Copyright © Meta Platforms, Inc. "
    "All Rights Reserved."
)


def llama(name: str = "Llama 3.1 8B Instruct", duty: str = "notice-file") -> Finding:
    due = DutyDue(f"{LLAMA}/{duty}", "Keep this line.", LLAMA, "1.b.iii", "distribution", True)
    model = "llama-3.1-8b-instruct"
    return Finding(name, model, Verdict.ALLOWED, licences=(LLAMA,), duties=(due,))


def parts(pieces: str) -> tuple[str, str]:
    to_ship, _, to_do = pieces.partition(f"\n{CUT}\n")
    assert to_do
    return to_ship, to_do


def test_prescribed_lines_stand_unbroken_and_once(models: Catalogue) -> None:
    given = [at(llama(), "a"), at(llama("other"), "b"), at(conditional(), "c")]
    to_ship, _ = parts("".join(notice(review(models, given))))
    assert to_ship.splitlines().count(NOTICE_LINE) == 1
    assert to_ship.splitlines().count("Built with Llama") == 1


def test_a_line_whose_duty_is_not_due_is_not_there(models: Catalogue) -> None:
    to_ship, _ = parts("".join(notice(review(models, [at(llama(duty="use-policy"), "a")]))))
    assert "Llama 3.1 is licensed" not in to_ship
    assert "Built with" not in to_ship


def test_each_licence_names_its_models_and_where_its_text_is(models: Catalogue) -> None:
    to_ship, _ = parts("".join(notice(of_every_verdict(models))))
    assert "  - Qwen3 8B (https://huggingface.co/Qwen/Qwen3-8B)\n" in to_ship
    made = models.models["llama-3.1-8b-instruct"]
    assert (
        f"  - our-llama (made from {made.name}, https://huggingface.co/{made.hf_repo})\n" in to_ship
    )
    copies = to_ship.partition("Copies of licences\n")[2]
    assert "Apache License 2.0: https://www.apache.org/licenses/LICENSE-2.0\n" in copies
    assert "Llama 3.1 Community License Agreement: https://" in copies
    assert "Mistral" not in copies


def test_what_is_forbidden_or_unknown_is_not_to_be_shipped(models: Catalogue) -> None:
    nameless = Finding("no-terms", None, Verdict.ALLOWED)
    unread = Finding("half-read", None, Verdict.UNKNOWN, licences=("MIT",))
    out = (forbidden(), unknown(), unread, nameless)
    given = [*(at(finding, "a") for finding in out), at(allowed(), "b")]
    to_ship, to_do = parts("".join(notice(review(models, given))))
    assert "  - Qwen3 8B" in to_ship
    left_out = to_do.partition("NOT COVERED: DO NOT SHIP")[2]
    for name in ("Codestral 22B v0.1", "acme/tiny-model", "half-read", "no-terms"):
        assert name not in to_ship
        assert f"  - {name} (" in left_out


def test_open_duties_conditions_and_faults_are_told_beneath_the_cut(models: Catalogue) -> None:
    strange = Finding(
        "half-known", None, Verdict.CONDITIONAL, licences=("MIT",), unrecognised=("Acme 7",),
        depends_on=(Condition("region", "It excludes the EU.", "LIC-130"),),
    )  # fmt: skip
    given = [
        at(conditional(), "a"),
        at(allowed(), "b"),
        at(strange, "c"),
        Fault(Place("x.json", 3), "expected a list"),
    ]
    to_ship, to_do = parts("".join(notice(review(models, given))))
    assert "half-known: --region CC: It excludes the EU." in to_do
    assert "half-known: Acme 7" in to_do
    assert 'Show "Built with Llama" prominently' in to_do
    assert "Give every recipient" not in to_do  # the policy says that it is met
    assert "x.json:3: expected a list" in to_do
    assert "expected a list" not in to_ship


def test_a_notice_of_nothing_says_so(models: Catalogue) -> None:
    to_ship, _ = parts("".join(notice(review(models, [at(forbidden(), "a")]))))
    assert "uses no model that this notice covers" in to_ship


def test_hostile_names_write_no_line_of_their_own(models: Catalogue) -> None:
    text = "".join(notice(hostile(models)))
    assert all(char.isprintable() for line in text.split("\n") for char in line)
    assert text.count(CUT) == 1
    entries = [line for line in text.split("\n") if line.startswith("  - \\x1b[31mred (")]
    assert len(entries) == 5  # allowed and conditional above the cut, the others beneath


def test_every_literal_line_is_quoted_by_its_duty(kb: KnowledgeBase, models: Catalogue) -> None:
    """The lines are what the entries of licences quote, and the display duties have theirs."""
    texts = {f"{key}/{d.id}": d.text for key, one in kb.licences.items() for d in one.duties}
    lines = models.labels["notice"]
    assert lines
    for duty, line in lines.items():
        assert f'"{line}"' in texts[duty]
    for text, line in (
        ("Llama-4-Community/display", "Built with Llama"),
        ("Llama-3-Community/display", "Built with Meta Llama 3"),
        ("Gemma-ToU/notice-file",
         "Gemma is provided under and subject to the Gemma Terms of Use found at "
         "ai.google.dev/gemma/terms"),
    ):  # fmt: skip
        assert lines[f"LicenseRef-{text}"] == line


def test_lines_that_hang_on_more_than_a_trigger_are_left_to_the_duty(models: Catalogue) -> None:
    """Qwen's display is owed for models made with it; Kanana's line was read at second hand."""
    lines = models.labels["notice"]
    for duty in (
        "Qwen-License-2024/display",
        "Kanana-Open/notice-file",
        "Kimi-Modified-MIT/display",
    ):
        assert f"LicenseRef-{duty}" not in lines


def test_a_line_that_its_duty_does_not_quote_is_refused() -> None:
    given = {"id": "x", "text": 'Show "Built with A".', "triggers": ["use"], "section": "1"}
    assert Duty(**given, notice="Built with A").notice == "Built with A"
    with pytest.raises(ValidationError, match="expected `notice` to stand in `text`"):
        Duty(**given, notice="Built with B")
