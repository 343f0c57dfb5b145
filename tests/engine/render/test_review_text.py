"""A review for a terminal: every finding once, told by words, readable in 40 columns and in 120."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from whyllm.engine.catalogue import Catalogue
from whyllm.engine.render.review.text import print_review
from whyllm.engine.reviewing.finding import Review

from tests.engine.render.reviews import (
    HOSTILE,
    allowed,
    at,
    conditional,
    forbidden,
    hostile,
    large,
    of_every_verdict,
    review,
)


def told(given: Review, width: int = 120, *, every: bool = False) -> str:
    out = io.StringIO()
    console = Console(file=out, width=width, highlight=False, emoji=False, markup=False)
    print_review(console, given, every=every)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def joined(text: str) -> str:
    """The words of a text, wherever its lines were broken."""
    return "".join(text.split())


@pytest.mark.parametrize("width", [40, 120])
def test_everything_that_is_said_of_a_finding_is_told(models: Catalogue, width: int) -> None:
    text = told(of_every_verdict(models), width)
    for part in (
        "use: commercial use; deployment: in a product or service, redistributed",
        "2026-11-23",
        models.version,
        "policy.yaml",
        "✗ FORBIDDEN  Codestral 22B v0.1",
        "Mistral Non-Production License",
        "grants no commercial use (section 3.2)",
        "https://mistral.ai/licenses/MNPL-0.1.md",
        "Instead: Qwen3 8B",
        "? UNKNOWN  acme/tiny-model",
        "Acme Licence 7 (not recognised)",
        "pilot only (approved by Ada; expired on 2026-01-31: it counts no more)",
        "≈ CONDITIONAL  our-llama",
        "Made from: Llama 3.1 8B Instruct",
        "--monthly-active-users N",
        "our-llama is declared under MIT",
        'Show "Built with Llama" prominently',
        "✓ ALLOWED  Qwen3 8B",
        "Met: Give every recipient a copy of the licence.",
        "Items: 1 forbidden, 1 unknown, 1 conditional, 5 allowed",
        "Could not be read (1):",
        "models/broken.json:3: expected a JSON object, found a list",
        "Exceptions that cover nothing (1):",
        "old-model",
    ):
        assert joined(part) in joined(text), part
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text


def test_equal_findings_are_one_block_in_the_order_of_first_mention(models: Catalogue) -> None:
    given = [at(allowed(), "a", 1), at(forbidden(), "b", 2), at(allowed(), "c", 3)]
    lines = told(review(models, given)).splitlines()
    heads = [line.split("  ")[0] for line in lines if line.startswith(("✓", "✗"))]
    assert heads == ["✓ ALLOWED", "✗ FORBIDDEN"]
    assert "  a:1, c:3" in lines


def test_of_many_places_the_first_are_told_and_the_rest_counted(models: Catalogue) -> None:
    text = told(large(models))
    assert "  src/3.py:3\n" in text
    assert "  src/4.py:4, all.txt:1, all.txt:2 and 1,998 more\n" in text
    assert "all.txt:2000" not in text
    assert "all.txt:2000" in joined(told(large(models), every=True))


def test_duties_that_were_told_above_are_not_told_again(models: Catalogue) -> None:
    given = [at(conditional("one"), "a"), at(conditional("two"), "b")]
    assert told(review(models, list(given))).count("Show") == 1
    assert "Duties: as for one" in told(review(models, list(given)))
    assert told(review(models, list(given)), every=True).count("Show") == 2


def test_an_empty_review_says_so(models: Catalogue) -> None:
    assert "No model was found." in told(review(models, []))


@pytest.mark.parametrize("width", [40, 120])
def test_hostile_names_steer_no_terminal(models: Catalogue, width: int) -> None:
    text = told(hostile(models), width, every=True)
    assert all(char.isprintable() for line in text.splitlines() for char in line)
    assert "\\x1b[31mred" in text
    text.encode()
    for name in HOSTILE:
        if name.isprintable():
            assert joined(name) in joined(text), name


def test_the_same_review_is_told_in_the_same_bytes(models: Catalogue) -> None:
    assert told(hostile(models)) == told(hostile(models))
